using System.Formats.Asn1;
using System.Numerics;
using SslModule.Engine.Certificates;
using PublicKey = SslModule.Engine.Certificates.PublicKey;

namespace SslModule.Engine.Tests.Certificates.Chains;

internal static partial class ChainTable
{
    private const string BinaryCurve = "1.3.132.0.16";

    private static readonly string[] OddCurves = ["1.3.132.0.10", "1.3.36.3.3.2.8.1.1.7", BinaryCurve];

    /// <summary>Keys that are odd, or none at all, on a leaf and on an issuer.</summary>
    private static IEnumerable<(string, Func<ChainCase>)> Keys()
        => [.. OnLeafAndRoot("P-256", EcForms(TestKey.Named("P-256"))), .. OddCurves.SelectMany(curve => OnLeafAndRoot(curve, EcForms(TestKey.Named(curve)))), .. OnLeafAndRoot("DSA-1024", DsaForms()), .. PssSalts()];

    private static IEnumerable<(string, Func<ChainCase>)> OnLeafAndRoot(string kind, IEnumerable<(string Name, byte[] Info)> forms)
    {
        foreach ((string name, byte[] info) in forms)
        {
            TestKey key = TestKey.Named(kind).WithPublicKey(info);
            for (int level = 0; level <= 1; level++)
            {
                int asked = level;
                yield return ($"keys: a leaf's {kind} key, {name}, level {level}", () => Case(Root.Issue(End() with { Key = key }), [], Root) with { SecurityLevel = asked });
                yield return ($"keys: a root's {kind} key, {name}, level {level}", () => (Ca("CN=r") with { Key = key }).SelfSign() is var root ? Case(root.Issue(End()), [], root) with { SecurityLevel = asked } : null!);
            }
        }
    }

    private static IEnumerable<(string Name, byte[] Info)> EcForms(TestKey key)
    {
        AsnReader fields = new AsnReader(key.PublicKeyInfo, AsnEncodingRules.DER).ReadSequence();
        byte[] algorithm = fields.ReadEncodedValue().ToArray();
        byte[] point = fields.ReadBitString(out _);
        int size = (point.Length - 1) / 2;
        byte[] x = point[1..(1 + size)], y = point[(1 + size)..];
        int odd = y[^1] & 1;
        var parsed = (EcPublicKey)PublicKey.Parse(key.PublicKeyInfo);
        (string, byte[])[] forms =
        [
            ("unused bits", Der.Bits(7, point)), ("too many unused bits", Der.Bits(8, point)), ("in pieces", Der.Tagged(0x23, Der.Bits(0, point))), ("compressed", Der.Bits(0, [(byte)(2 + odd), .. x])),
            ("off the curve", Der.Bits(0, [.. point[..^1], (byte)(point[^1] ^ 1)])), ("compressed off the curve", Der.Bits(0, [2, .. OffCurve(key, x)])), ("hybrid", Der.Bits(0, [(byte)(6 + odd), .. x, .. y])),
            ("hybrid of another point", Der.Bits(0, [(byte)(7 - odd), .. x, .. y])), ("at infinity", Der.Bits(0, 0)), ("too short", Der.Bits(0, point[..^1])), ("too long", Der.Bits(0, [.. point, 0])),
            ("beyond the field", Der.Bits(0, [4, .. Enumerable.Repeat((byte)0xFF, size), .. y])), ("compressed beyond the field", Der.Bits(0, [2, .. Enumerable.Repeat((byte)0xFF, size)])), ("of no form", Der.Bits(0, [5, .. x, .. y])), ("of nothing", Der.Bits(0)),
        ];

        // On a binary curve the hybrid form is told by a bit of y / x, and there are points beside the group.
        string[] elsewhere = ["hybrid", "hybrid of another point", "compressed off the curve"];
        return forms.Where(form => !elsewhere.Contains(form.Item1) || parsed.CurveOid != BinaryCurve).Select(form => (form.Item1, Der.Sequence(algorithm, form.Item2)));
    }

    // The next x that no point has.
    private static byte[] OffCurve(TestKey key, byte[] x)
    {
        var parsed = (EcPublicKey)PublicKey.Parse(key.PublicKeyInfo);
        while (EcPublicKey.Create(parsed.CurveOid!, [2, .. x]).IsValid)
        {
            x = [.. x[..^1], (byte)(x[^1] + 1)];
        }

        return x;
    }

    private static IEnumerable<(string Name, byte[] Info)> DsaForms()
    {
        var key = (DsaPublicKey)PublicKey.Parse(TestKey.Named("DSA-1024").PublicKeyInfo);
        (BigInteger p, BigInteger q, BigInteger g) = key.Group;
        BigInteger y = key.Y;
        return
        [
            ("as it is", Info(p, q, g, y)), ("y of 0", Info(p, q, g, 0)), ("y of 1", Info(p, q, g, 1)), ("y beyond p", Info(p, q, g, y + p)), ("another y", Info(p, q, g, y + 1)), ("y below 0", Info(p, q, g, -5)), ("q of 200 bits", Info(p, (q << 40) + 1, g, y)),
            ("q even", Info(p, q + 1, g, y)), ("p even", Info(p + 1, q, g, y)), ("g of 1", Info(p, q, 1, y)), ("g beyond p", Info(p, q, g + p, y)), ("p of 10,024 bits", Info((p << 9000) + 1, q, g, y)), ("p of 0", Info(0, q, g, y)), ("q of 0", Info(p, 0, g, y)), ("p below 0", Info(-p, q, g, y)),
            ("no group", Der.Sequence(Der.Sequence(Der.Oid("1.2.840.10040.4.1")), Der.Bits(0, Number(y)))), ("NULL for a group", Der.Sequence(Der.Sequence(Der.Oid("1.2.840.10040.4.1"), Der.Null), Der.Bits(0, Number(y)))),
            ("half a group", Der.Sequence(Der.Sequence(Der.Oid("1.2.840.10040.4.1"), Der.Sequence(Number(p))), Der.Bits(0, Number(y)))), ("bytes behind y", Der.Sequence(Der.Sequence(Der.Oid("1.2.840.10040.4.1"), Der.Sequence(Number(p), Number(q), Number(g))), Der.Bits(0, [.. Number(y), 0]))),
        ];

        static byte[] Info(BigInteger p, BigInteger q, BigInteger g, BigInteger y)
            => Der.Sequence(Der.Sequence(Der.Oid("1.2.840.10040.4.1"), Der.Sequence(Number(p), Number(q), Number(g))), Der.Bits(0, Number(y)));
        static byte[] Number(BigInteger number) => Der.Tagged(2, number.ToByteArray(isBigEndian: true));
    }

    private static IEnumerable<(string, Func<ChainCase>)> PssSalts()
    {
        foreach (long salt in (long[])[0, 20, 32, 222, 223, 224, int.MaxValue - 1, int.MaxValue, 1L << 31, long.MaxValue, -1, -2, int.MinValue])
        {
            for (int level = 0; level <= 1; level++)
            {
                int asked = level;
                yield return ($"keys: RSA-PSS with a salt of {salt}, level {level}", () => (Ca("CN=r") with { Key = TestKey.Named("RSA-2048") }).SelfSign() is var root ? Case(root.Issue(End() with { Algorithm = $"pss-sha256/{salt}" }), [], root) with { SecurityLevel = asked } : null!);
            }
        }
    }
}
