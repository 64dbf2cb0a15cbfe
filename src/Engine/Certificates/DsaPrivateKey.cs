using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Certificates;

/// <summary>A DSA private key, for TLS 1.2 and before.</summary>
internal sealed class DsaPrivateKey : PrivateKey
{
    private readonly DsaPrivateKeyParameters _key;
    private readonly DsaPublicKey _public;

    /// <summary>Makes a key from its secret; malformed when that is out of range.</summary>
    public DsaPrivateKey(DsaParameters group, BigInteger x)
    {
        if (x.SignValue <= 0 || x.CompareTo(group.Q) >= 0)
        {
            throw new AsnContentException();
        }

        _key = new DsaPrivateKeyParameters(x, group);
        _public = DsaPublicKey.Create(group.G.ModPow(x, group.P), group);
    }

    /// <inheritdoc/>
    public override KeyKind Kind => KeyKind.Dsa;

    /// <inheritdoc/>
    public override int Bits => _public.Bits;

    /// <inheritdoc/>
    public override byte[] SignHash(HashAlgorithmName? hash, ReadOnlySpan<byte> hashValue, bool pss = false)
    {
        if (pss)
        {
            throw TlsError.Ssl("SSL", "WRONG_SIGNATURE_TYPE");
        }

        var signer = new DsaSigner();
        signer.Init(true, new ParametersWithRandom(_key, new SecureRandom()));
        BigInteger[] pair = signer.GenerateSignature(hashValue.ToArray());
        return EcdsaSignature.Write(pair[0], pair[1]);
    }

    /// <inheritdoc/>
    public override bool Matches(PublicKey publicKey)
        => publicKey is DsaPublicKey other && other.Y.Equals(_public.Y) && other.Group.Equals(_public.Group);

    /// <inheritdoc/>
    public override void Dispose()
    {
    }
}
