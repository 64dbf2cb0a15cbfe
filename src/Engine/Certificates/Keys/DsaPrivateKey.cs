using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Certificates;

/// <summary>A DSA private key, for TLS 1.2 and earlier.</summary>
internal sealed class DsaPrivateKey : PrivateKey
{
    private readonly DsaPrivateKeyParameters _key;
    private readonly DsaPublicKey _public;

    /// <summary>Creates a key from its secret value; throws when that or the domain parameters are out of range.</summary>
    public DsaPrivateKey(DsaGroup group, System.Numerics.BigInteger secret)
    {
        if (!group.IsUsable || group.G <= System.Numerics.BigInteger.One || group.G >= group.P || secret.Sign <= 0 || secret >= group.Q)
        {
            throw new AsnContentException();
        }

        var parameters = new DsaParameters(Number(group.P), Number(group.Q), Number(group.G));
        BigInteger x = Number(secret);
        _key = new DsaPrivateKeyParameters(x, parameters);
        _public = new DsaPublicKey(new System.Numerics.BigInteger(parameters.G.ModPow(x, parameters.P).ToByteArrayUnsigned(), isUnsigned: true, isBigEndian: true), group);
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
        => publicKey is DsaPublicKey other && other.Y == _public.Y && other.Group == _public.Group;

    /// <inheritdoc/>
    public override void Dispose()
    {
    }

    private static BigInteger Number(System.Numerics.BigInteger number)
    {
        byte[] bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        try
        {
            return new BigInteger(1, bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
