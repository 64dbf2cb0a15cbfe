using System.Globalization;
using System.Numerics;
using SslModule.Engine.Oids;

namespace SslModule.Engine.Crypto;

/// <summary>Checks points against the equation of a NIST curve, y^2 = x^3 - 3x + b (FIPS 186-4 appendix D.1.2).</summary>
internal sealed class WeierstrassCurve
{
    private static readonly WeierstrassCurve P256 = new(
        (BigInteger.One << 256) - (BigInteger.One << 224) + (BigInteger.One << 192) + (BigInteger.One << 96) - 1,
        "5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B");

    private static readonly WeierstrassCurve P384 = new(
        (BigInteger.One << 384) - (BigInteger.One << 128) - (BigInteger.One << 96) + (BigInteger.One << 32) - 1,
        "B3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF");

    private static readonly WeierstrassCurve P521 = new(
        (BigInteger.One << 521) - 1,
        "051953EB9618E1C9A1F929A21A0B68540EEA2DA725B99B315F3B8B489918EF109E156193951EC7E937B1652C0BD3BB1BF073573DF883D2C34F1EF451FD46B503F00");

    private readonly BigInteger _prime;
    private readonly BigInteger _constant;

    private WeierstrassCurve(BigInteger prime, string constant)
    {
        _prime = prime;
        _constant = BigInteger.Parse("0" + constant, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    /// <summary>Finds a curve by its identifier, one of those that <see cref="EcCurves.NativeBits"/> knows.</summary>
    public static WeierstrassCurve Find(string oid) => oid switch
    {
        KnownOids.P256 => P256,
        KnownOids.P384 => P384,
        _ => P521,
    };

    /// <summary>True when an uncompressed point is on the curve. The cofactor is 1, so the point also has the curve's order.</summary>
    public bool IsOnCurve(ReadOnlySpan<byte> point)
    {
        int size = (point.Length - 1) / 2;
        var x = new BigInteger(point.Slice(1, size), isUnsigned: true, isBigEndian: true);
        var y = new BigInteger(point[(1 + size)..], isUnsigned: true, isBigEndian: true);
        return x < _prime && y < _prime && (((((x * x) - 3) * x) + _constant - (y * y)) % _prime).IsZero;
    }
}
