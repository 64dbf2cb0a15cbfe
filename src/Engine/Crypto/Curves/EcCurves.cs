using System.Collections.Concurrent;
using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Parameters;
using SslModule.Engine.Oids;
using BigInteger = Org.BouncyCastle.Math.BigInteger;
using ECAlgorithms = Org.BouncyCastle.Math.EC.ECAlgorithms;
using ECFieldElement = Org.BouncyCastle.Math.EC.ECFieldElement;

namespace SslModule.Engine.Crypto;

/// <summary>The named elliptic curves.</summary>
internal static class EcCurves
{
    private static readonly ConcurrentDictionary<string, ECDomainParameters> Cache = new();

    /// <summary>The field size in bits of a curve that .NET supports on every platform; null for others.</summary>
    public static int? NativeBits(string oid) => oid switch
    {
        KnownOids.P256 => 256,
        KnownOids.P384 => 384,
        KnownOids.P521 => 521,
        _ => null,
    };

    /// <summary>
    /// BouncyCastle's parameters of a named curve; null for an unknown one. The parameters are cached because creating them is
    /// slower than using them.
    /// </summary>
    public static ECDomainParameters? Domain(string oid)
    {
        if (Cache.TryGetValue(oid, out ECDomainParameters? made))
        {
            return made;
        }

        if (!DerObjectIdentifier.TryFromID(oid, out DerObjectIdentifier identifier)
            || (CustomNamedCurves.GetByOid(identifier) ?? ECNamedCurveTable.GetByOid(identifier)) is not { } parameters)
        {
            return null;
        }

        return Cache.GetOrAdd(oid, new ECNamedDomainParameters(identifier, parameters));
    }

    /// <summary>
    /// Checks the form and length of an encoded point (SEC 1 section 2.3.3) and, for an uncompressed point, the curve equation.
    /// A compressed point is not decompressed here, because that takes a square root.
    /// </summary>
    public static bool IsPlausiblePoint(ECDomainParameters domain, ReadOnlySpan<byte> point)
    {
        int size = (domain.Curve.FieldSize + 7) / 8;
        switch (point)
        {
            case [0]:
                return true;
            case [2 or 3, ..]:
                return point.Length == 1 + size && domain.Curve.IsValidFieldElement(new BigInteger(1, point[1..]));
            case [6 or 7, ..] when ((point[0] ^ point[^1]) & 1) != 0 && !ECAlgorithms.IsF2mCurve(domain.Curve):
                // In the hybrid form the prefix repeats the lowest bit of y. On binary curves that bit comes from a quotient
                // and is not checked here.
                return false;
            case [4 or 6 or 7, ..] when point.Length == 1 + (2 * size):
                return SatisfiesEquation(domain.Curve, point.Slice(1, size), point[(1 + size)..]);
            default:
                return false;
        }
    }

    private static bool SatisfiesEquation(Org.BouncyCastle.Math.EC.ECCurve curve, ReadOnlySpan<byte> xBytes, ReadOnlySpan<byte> yBytes)
    {
        BigInteger xNumber = new(1, xBytes), yNumber = new(1, yBytes);
        if (!curve.IsValidFieldElement(xNumber) || !curve.IsValidFieldElement(yNumber))
        {
            return false;
        }

        ECFieldElement x = curve.FromBigInteger(xNumber), y = curve.FromBigInteger(yNumber);
        ECFieldElement right = ECAlgorithms.IsF2mCurve(curve)
            ? x.Add(curve.A).Multiply(x.Square()).Add(curve.B)
            : x.Square().Add(curve.A).Multiply(x).Add(curve.B);
        ECFieldElement left = ECAlgorithms.IsF2mCurve(curve) ? y.Add(x).Multiply(y) : y.Square();
        return left.Equals(right);
    }

    /// <summary>Creates a .NET key from an uncompressed point and, for a private key, its scalar.</summary>
    public static ECDsa Import(string oid, ReadOnlySpan<byte> point, byte[]? scalar)
    {
        int size = (point.Length - 1) / 2;
        try
        {
            return ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.CreateFromValue(oid),
                Q = new ECPoint { X = point.Slice(1, size).ToArray(), Y = point.Slice(1 + size, size).ToArray() },
                D = scalar,
            });
        }
        catch (CryptographicException error)
        {
            throw new AsnContentException(null, error);
        }
    }
}
