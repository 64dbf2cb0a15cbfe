using SslModule.Engine.Platform;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Crypto.KeyAgreement;

/// <summary>ML-KEM (FIPS 203) by .NET, which has it since .NET 10 where the platform's library does.</summary>
/// <param name="set">The number in the parameter set's name: 512, 768 or 1024.</param>
internal sealed class PlatformMlKemShare(int set) : KeyShare
{
    private PlatformMlKem? _key;

    /// <inheritdoc/>
    public override void WritePublicValue(ByteBuffer output)
    {
        _key = PlatformMlKem.Generate(set);
        output.Append(_key.EncapsulationKey());
    }

    /// <inheritdoc/>
    public override byte[] DeriveSecret(ReadOnlySpan<byte> answer)
    {
        byte[] secret = _key!.Decapsulate(answer) ?? throw InvalidValue();
        Dispose();
        return secret;
    }

    /// <inheritdoc/>
    public override byte[] Respond(ReadOnlySpan<byte> offer, ByteBuffer output)
    {
        using PlatformMlKem peer = PlatformMlKem.Import(set, offer) ?? throw InvalidValue();
        byte[] secret = peer.Encapsulate(out byte[] ciphertext);
        output.Append(ciphertext);
        return secret;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _key?.Dispose();
        _key = null;
    }
}
