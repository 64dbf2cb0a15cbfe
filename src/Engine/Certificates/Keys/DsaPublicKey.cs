using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using SslModule.Engine.Crypto;

namespace SslModule.Engine.Certificates;

/// <summary>The domain parameters of DSA keys (RFC 3279 section 2.3.2), not validated when read.</summary>
internal sealed record DsaGroup(BigInteger P, BigInteger Q, BigInteger G)
{
    // OpenSSL's limits, against oversized primes that only cost time.
    private const int MaximumBits = 10000;

    /// <summary>True when verification is attempted with these parameters; otherwise every signature is invalid.</summary>
    public bool IsUsable => P.Sign > 0 && Q.Sign > 0 && G.Sign > 0 && !P.IsEven && !Q.IsEven && P.GetBitLength() <= MaximumBits
        && Q.GetBitLength() is 160 or 224 or 256;

    /// <summary>Parses Dss-Parms; inherited parameters are not supported.</summary>
    public static DsaGroup Read(AlgorithmIdentifier algorithm)
    {
        AsnReader fields = Asn1.Reader(algorithm.Parameters ?? throw new AsnContentException()).ReadSequence();
        var group = new DsaGroup(fields.ReadInteger(), fields.ReadInteger(), fields.ReadInteger());
        fields.ThrowIfNotEmpty();
        return group;
    }
}

/// <summary>
/// A DSA key, for TLS 1.2 and earlier. Parsing computes nothing: BouncyCastle's key type checks y^q, which a peer could trigger
/// with every certificate that it sends.
/// </summary>
internal sealed class DsaPublicKey : PublicKey
{
    private const int LeastUsefulOrder = 160;

    /// <summary>Creates a key from its public value.</summary>
    public DsaPublicKey(BigInteger y, DsaGroup group)
    {
        Y = y;
        Group = group;
        Bits = Length(group.P);
    }

    /// <inheritdoc/>
    public override KeyKind Kind => KeyKind.Dsa;

    /// <inheritdoc/>
    public override int Bits { get; }

    /// <inheritdoc/>
    public override int SecurityBits
    {
        get
        {
            int byPrime = Bits switch { >= 15360 => 256, >= 7680 => 192, >= 3072 => 128, >= 2048 => 112, >= 1024 => 80, _ => 0 };
            return Length(Group.Q) < LeastUsefulOrder ? 0 : Math.Min(byPrime, Length(Group.Q) / 2);
        }
    }

    /// <inheritdoc/>
    public override long VerificationCost => Group.IsUsable ? 2 * KeyOperationCost.Power(Bits, Length(Group.Q)) : 0;

    /// <summary>The public value.</summary>
    public BigInteger Y { get; }

    /// <summary>The domain parameters.</summary>
    public DsaGroup Group { get; }

    /// <summary>Parses a key with its domain parameters.</summary>
    public static DsaPublicKey Parse(AlgorithmIdentifier algorithm, byte[] key)
        => new(Asn1.Reader(key).ReadInteger(), DsaGroup.Read(algorithm));

    /// <inheritdoc/>
    public override bool VerifyHash(HashAlgorithmName? hash, ReadOnlySpan<byte> hashValue, ReadOnlySpan<byte> signature, bool pss = false)
    {
        (BigInteger p, BigInteger q, BigInteger g) = Group;
        if (pss || !Group.IsUsable || Y.Sign <= 0 || !EcdsaSignature.TryRead(signature, out ReadOnlySpan<byte> rBytes, out ReadOnlySpan<byte> sBytes))
        {
            return false;
        }

        var r = new BigInteger(rBytes, isUnsigned: true, isBigEndian: true);
        var s = new BigInteger(sBytes, isUnsigned: true, isBigEndian: true);
        if (r >= q || s >= q)
        {
            return false;
        }

        KeyOperationCost.Count(VerificationCost);
        if (PlatformCryptography.IsOnly)
        {
            return DsaVerification.Verify(Y, Group, hashValue[..Math.Min(hashValue.Length, Length(q) / 8)], signature);
        }

        // FIPS 186-4 section 4.7. All inputs are public.
        var message = new BigInteger(hashValue[..Math.Min(hashValue.Length, Length(q) / 8)], isUnsigned: true, isBigEndian: true);
        BigInteger inverse = BigInteger.ModPow(s, q - 2, q);
        BigInteger ofGenerator = BigInteger.ModPow(g, message * inverse % q, p);
        BigInteger ofKey = BigInteger.ModPow(Y, r * inverse % q, p);
        return ofGenerator * ofKey % p % q == r;
    }

    private static int Length(BigInteger number) => (int)BigInteger.Abs(number).GetBitLength();
}
