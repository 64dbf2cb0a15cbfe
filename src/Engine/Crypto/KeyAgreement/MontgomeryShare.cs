using System.Security.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc7748;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Crypto.KeyAgreement;

/// <summary>X25519 and X448 (RFC 7748, RFC 8446 section 7.4.2) by BouncyCastle.</summary>
/// <param name="group">The code point of X25519 or X448.</param>
internal sealed class MontgomeryShare(int group) : KeyShare
{
    private readonly byte[] _privateKey = new byte[group == NamedGroup.x448 ? X448.ScalarSize : X25519.ScalarSize];

    /// <inheritdoc/>
    public override void WritePublicValue(ByteBuffer output)
    {
        Randomness.RandomSource.Fill(_privateKey);
        Span<byte> value = output.Reserve(_privateKey.Length)[.._privateKey.Length];
        if (group == NamedGroup.x448)
        {
            X448.ScalarMultBase(_privateKey, value);
        }
        else
        {
            X25519.ScalarMultBase(_privateKey, value);
        }

        output.Commit(value.Length);
    }

    /// <inheritdoc/>
    public override byte[] DeriveSecret(ReadOnlySpan<byte> answer)
    {
        if (answer.Length != _privateKey.Length)
        {
            throw InvalidValue();
        }

        // False for a point of small order, whose shared secret is zero (RFC 7748 section 6).
        byte[] secret = new byte[_privateKey.Length];
        bool agreed = group == NamedGroup.x448
            ? X448.CalculateAgreement(_privateKey, answer, secret)
            : X25519.CalculateAgreement(_privateKey, answer, secret);
        Dispose();
        return agreed ? secret : throw InvalidValue();
    }

    /// <inheritdoc/>
    public override void Dispose() => CryptographicOperations.ZeroMemory(_privateKey);
}
