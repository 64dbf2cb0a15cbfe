using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;

namespace SslModule.Engine.Certificates;

/// <summary>A DSA key (RFC 3279 section 2.3.2), for TLS 1.2 and before.</summary>
internal sealed class DsaPublicKey : PublicKey
{
    // OpenSSL's limits against primes that only cost time.
    private const int MaximumBits = 10000;
    private static readonly int[] SubgroupBits = [160, 224, 256];

    private readonly DsaPublicKeyParameters _key;

    private DsaPublicKey(DsaPublicKeyParameters key) => _key = key;

    /// <inheritdoc/>
    public override KeyKind Kind => KeyKind.Dsa;

    /// <inheritdoc/>
    public override int Bits => _key.Parameters.P.BitLength;

    /// <inheritdoc/>
    public override int SecurityBits => Math.Min(RsaStrength.SecurityBits(Bits), _key.Parameters.Q.BitLength / 2);

    /// <summary>The public value, for comparing with a private key.</summary>
    public BigInteger Y => _key.Y;

    /// <summary>The group.</summary>
    public DsaParameters Group => _key.Parameters;

    /// <summary>Parses a key with its group; inherited parameters are not supported.</summary>
    public static DsaPublicKey Parse(AlgorithmIdentifier algorithm, byte[] key)
    {
        DsaParameters group = ReadGroup(algorithm);
        AsnReader reader = Asn1.Reader(key);
        var y = new BigInteger(reader.ReadIntegerBytes().ToArray());
        reader.ThrowIfNotEmpty();
        return Create(y, group);
    }

    /// <summary>A key from its value.</summary>
    public static DsaPublicKey Create(BigInteger y, DsaParameters group) => new(new DsaPublicKeyParameters(y, group));

    /// <summary>Dss-Parms, within sane sizes.</summary>
    public static DsaParameters ReadGroup(AlgorithmIdentifier algorithm)
    {
        if (algorithm.Parameters is not { } parameters)
        {
            throw new AsnContentException();
        }

        AsnReader fields = Asn1.Reader(parameters).ReadSequence();
        var p = new BigInteger(fields.ReadIntegerBytes().ToArray());
        var q = new BigInteger(fields.ReadIntegerBytes().ToArray());
        var g = new BigInteger(fields.ReadIntegerBytes().ToArray());
        fields.ThrowIfNotEmpty();
        return CheckedGroup(p, q, g);
    }

    /// <summary>A group of these numbers; malformed when they are out of range.</summary>
    public static DsaParameters CheckedGroup(BigInteger p, BigInteger q, BigInteger g)
    {
        bool sane = p.SignValue > 0 && q.SignValue > 0 && g.SignValue > 0 && p.BitLength <= MaximumBits && SubgroupBits.Contains(q.BitLength)
            && p.TestBit(0) && q.TestBit(0) && g.CompareTo(p) < 0 && g.CompareTo(BigInteger.One) > 0;
        return sane ? new DsaParameters(p, q, g) : throw new AsnContentException();
    }

    /// <inheritdoc/>
    public override bool VerifyHash(HashAlgorithmName? hash, ReadOnlySpan<byte> hashValue, ReadOnlySpan<byte> signature, bool pss = false)
    {
        if (pss || !EcdsaSignature.TryRead(signature, out BigInteger r, out BigInteger s))
        {
            return false;
        }

        var signer = new DsaSigner();
        signer.Init(false, _key);
        return signer.VerifySignature(hashValue.ToArray(), r, s);
    }
}
