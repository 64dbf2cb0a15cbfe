using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;

namespace SslModule.Engine.Certificates;

/// <summary>The group of DSA keys (RFC 3279 section 2.3.2), as it was read: whatever numbers they are.</summary>
internal sealed record DsaGroup(BigInteger P, BigInteger Q, BigInteger G)
{
    // OpenSSL's limits against primes that only cost time.
    private const int MaximumBits = 10000;

    /// <summary>True when signatures are computed in this group at all; what is no group only makes them wrong.</summary>
    public bool IsUsable => P.Sign > 0 && Q.Sign > 0 && G.Sign > 0 && !P.IsEven && !Q.IsEven && P.GetBitLength() <= MaximumBits
        && Q.GetBitLength() is 160 or 224 or 256;

    /// <summary>Reads Dss-Parms; inherited parameters are not supported.</summary>
    public static DsaGroup Read(AlgorithmIdentifier algorithm)
    {
        AsnReader fields = Asn1.Reader(algorithm.Parameters ?? throw new AsnContentException()).ReadSequence();
        var group = new DsaGroup(fields.ReadInteger(), fields.ReadInteger(), fields.ReadInteger());
        fields.ThrowIfNotEmpty();
        return group;
    }
}

/// <summary>
/// A DSA key, for TLS 1.2 and before. Reading one computes nothing: BouncyCastle's own key raises y to the power of q, which a
/// peer would have done for every certificate that it sends.
/// </summary>
internal sealed class DsaPublicKey : PublicKey
{
    private const int LeastUsefulOrder = 160;

    /// <summary>A key from its value.</summary>
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
    public override long VerificationCost => Group.IsUsable ? 2 * KeyWork.Power(Bits, Length(Group.Q)) : 0;

    /// <summary>The public value.</summary>
    public BigInteger Y { get; }

    /// <summary>The group.</summary>
    public DsaGroup Group { get; }

    /// <summary>Parses a key with its group.</summary>
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

        // FIPS 186-4 section 4.7. All of this is public.
        KeyWork.Count(VerificationCost);
        var message = new BigInteger(hashValue[..Math.Min(hashValue.Length, Length(q) / 8)], isUnsigned: true, isBigEndian: true);
        BigInteger inverse = BigInteger.ModPow(s, q - 2, q);
        BigInteger ofGenerator = BigInteger.ModPow(g, message * inverse % q, p);
        BigInteger ofKey = BigInteger.ModPow(Y, r * inverse % q, p);
        return ofGenerator * ofKey % p % q == r;
    }

    private static int Length(BigInteger number) => (int)BigInteger.Abs(number).GetBitLength();
}
