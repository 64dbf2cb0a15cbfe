using System.Security.Cryptography;
using SslModule.Engine.Crypto.Curve25519;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Crypto.KeyAgreement;

/// <summary>X25519 (RFC 8446 section 7.4.2) by <see cref="X25519"/>.</summary>
internal sealed class X25519Share : KeyShare
{
    private readonly byte[] _privateKey = new byte[X25519.Length];

    /// <inheritdoc/>
    public override void WritePublicValue(ByteBuffer output)
    {
        Randomness.RandomSource.Fill(_privateKey);
        X25519.PublicKey(_privateKey, output.Reserve(X25519.Length)[..X25519.Length]);
        output.Commit(X25519.Length);
    }

    /// <inheritdoc/>
    public override byte[] DeriveSecret(ReadOnlySpan<byte> answer)
    {
        if (answer.Length != X25519.Length)
        {
            throw InvalidValue();
        }

        byte[] secret = new byte[X25519.Length];
        bool agreed = X25519.TryDeriveSecret(_privateKey, answer, secret);
        Dispose();
        return agreed ? secret : throw InvalidValue();
    }

    /// <inheritdoc/>
    public override void Dispose() => CryptographicOperations.ZeroMemory(_privateKey);
}
