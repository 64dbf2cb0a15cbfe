using System.Security.Cryptography;
using SslModule.Engine.Crypto.MlKem;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Crypto.KeyAgreement;

/// <summary>ML-KEM-768, alone (draft-ietf-tls-mlkem) or as a component of the hybrid groups (draft-ietf-tls-ecdhe-mlkem), by <see cref="MlKem768"/>.</summary>
internal sealed class MlKemShare : KeyShare
{
    private DecapsulationKey? _key;

    /// <inheritdoc/>
    public override void WritePublicValue(ByteBuffer output)
    {
        Span<byte> seed = stackalloc byte[DecapsulationKey.SeedLength];
        Randomness.RandomSource.Fill(seed);
        _key = DecapsulationKey.Generate(seed, output.Reserve(MlKem768.EncapsulationKeyLength)[..MlKem768.EncapsulationKeyLength]);
        output.Commit(MlKem768.EncapsulationKeyLength);
        CryptographicOperations.ZeroMemory(seed);
    }

    /// <inheritdoc/>
    public override byte[] DeriveSecret(ReadOnlySpan<byte> answer)
    {
        byte[] secret = new byte[MlKem768.SecretLength];
        return _key!.TryDecapsulate(answer, secret) ? secret : throw InvalidValue();
    }

    /// <inheritdoc/>
    public override byte[] Respond(ReadOnlySpan<byte> offer, ByteBuffer output)
    {
        Span<byte> random = stackalloc byte[MlKem768.RandomLength];
        Randomness.RandomSource.Fill(random);
        byte[] secret = new byte[MlKem768.SecretLength];
        bool valid = MlKem768.TryEncapsulate(offer, random, output.Reserve(MlKem768.CiphertextLength)[..MlKem768.CiphertextLength], secret);
        CryptographicOperations.ZeroMemory(random);
        if (!valid)
        {
            throw InvalidValue();
        }

        output.Commit(MlKem768.CiphertextLength);
        return secret;
    }

    /// <inheritdoc/>
    public override void Dispose() => _key?.Clear();
}
