using System.Security.Cryptography;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Crypto.KeyAgreement;

/// <summary>A hybrid key exchange that concatenates the values and secrets of two components (draft-ietf-tls-hybrid-design section 3).</summary>
/// <param name="first">The first component.</param>
/// <param name="second">The second component.</param>
/// <param name="split">The offset of the second component in the peer's value, whose length has been checked.</param>
internal sealed class HybridShare(KeyShare first, KeyShare second, int split) : KeyShare
{
    /// <inheritdoc/>
    public override void WritePublicValue(ByteBuffer output)
    {
        first.WritePublicValue(output);
        second.WritePublicValue(output);
    }

    /// <inheritdoc/>
    public override byte[] DeriveSecret(ReadOnlySpan<byte> answer)
        => answer.Length > split ? Concatenate(first.DeriveSecret(answer[..split]), second.DeriveSecret(answer[split..])) : throw InvalidValue();

    /// <inheritdoc/>
    public override byte[] Respond(ReadOnlySpan<byte> offer, ByteBuffer output)
        => offer.Length > split ? Concatenate(first.Respond(offer[..split], output), second.Respond(offer[split..], output)) : throw InvalidValue();

    /// <inheritdoc/>
    public override void Dispose()
    {
        first.Dispose();
        second.Dispose();
    }

    private static byte[] Concatenate(byte[] one, byte[] other)
    {
        byte[] both = [.. one, .. other];
        CryptographicOperations.ZeroMemory(one);
        CryptographicOperations.ZeroMemory(other);
        return both;
    }
}
