using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using SslModule.Engine.Errors;
using SslModule.Engine.Randomness;

namespace SslModule.Engine.Certificates;

/// <summary>An ML-DSA private key (RFC 9881). BouncyCastle's keys cannot be zeroed.</summary>
internal sealed class MlDsaPrivateKey(KeyKind kind, MLDsaPrivateKeyParameters key) : PrivateKey
{
    private readonly MlDsaSet _set = MlDsaSet.Of(kind);
    private readonly byte[] _public = key.GetPublicKeyEncoded();

    /// <inheritdoc/>
    public override KeyKind Kind => kind;

    /// <inheritdoc/>
    public override int Bits => 8 * _set.PublicKeySize;

    /// <inheritdoc/>
    public override byte[] SignHash(HashAlgorithmName? hash, ReadOnlySpan<byte> hashValue, bool pss = false)
        => throw TlsError.Ssl("SSL", "WRONG_SIGNATURE_TYPE");

    /// <summary>Makes a pure, hedged ML-DSA signature with an empty context string.</summary>
    public override byte[] SignMessage(ReadOnlySpan<byte> data)
    {
        var signer = new MLDsaSigner(_set.Parameters, deterministic: false);
        signer.Init(forSigning: true, new ParametersWithRandom(key, RandomSource.BouncyCastle));
        signer.BlockUpdate(data);
        return signer.GenerateSignature();
    }

    /// <inheritdoc/>
    public override bool Matches(PublicKey publicKey)
        => publicKey is MlDsaPublicKey other && other.Kind == Kind && other.Encoded.AsSpan().SequenceEqual(_public);

    /// <inheritdoc/>
    public override void Dispose()
    {
    }
}
