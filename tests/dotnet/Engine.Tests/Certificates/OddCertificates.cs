using System.Text;
using SslModule.Engine.Tests.Certificates.Chains;

namespace SslModule.Engine.Tests.Certificates;

/// <summary>Certificates that say odd things, each well formed: for decoding, not for trust.</summary>
internal static class OddCertificates
{
    private static readonly TestKey Key = TestKey.Create("P-256");

    // Attribute types: those with long names, those with none, and those that nobody uses.
    private static readonly string[] Types =
    [
        "2.5.4.3", "2.5.4.4", "2.5.4.5", "2.5.4.6", "2.5.4.7", "2.5.4.8", "2.5.4.9", "2.5.4.10", "2.5.4.11", "2.5.4.12", "2.5.4.13", "2.5.4.14", "2.5.4.15", "2.5.4.16", "2.5.4.17", "2.5.4.18",
        "2.5.4.20", "2.5.4.41", "2.5.4.42", "2.5.4.43", "2.5.4.44", "2.5.4.45", "2.5.4.46", "2.5.4.65", "2.5.4.72", "2.5.4.97", "2.5.4.99", "0.9.2342.19200300.100.1.1", "0.9.2342.19200300.100.1.3", "0.9.2342.19200300.100.1.25",
        "1.2.840.113549.1.9.1", "1.2.840.113549.1.9.2", "1.2.840.113549.1.9.7", "1.2.840.113549.1.9.8", "1.3.6.1.4.1.311.60.2.1.1", "1.3.6.1.4.1.311.60.2.1.2", "1.3.6.1.4.1.311.60.2.1.3", "1.3.6.1.4.1.311.17.1",
        "1.2.643.3.131.1.1", "1.2.643.100.1", "1.2.643.100.3", "2.16.840.1.113730.1.1", "1.2.3.4.5.6", "2.999.1.2", "0.0", "1.39.1", "2.47.9999999999", "2.5.4.2147483647", "1.3.6.1.4.1.99999.340282366920938463463374607431768211455",
    ];

    private static readonly (byte Tag, byte[] Bytes)[] Strings =
    [
        (0x0C, "plain"u8.ToArray()), (0x0C, Encoding.UTF8.GetBytes("\u00e4\u4e2d\U0001F600")), (0x0C, []), (0x0C, "a\0b"u8.ToArray()), (0x0C, " \t\r\n"u8.ToArray()),
        (0x13, "Printable"u8.ToArray()), (0x13, "not@printable*"u8.ToArray()), (0x13, [0xE4, 0xFF]), (0x14, [0xE4, 0x41, 0xFC]), (0x14, []), (0x16, "a@b.example"u8.ToArray()), (0x16, [0x80, 0xFF]),
        (0x1E, [0, 0x41, 0x4E, 0x2D, 0, 0xE4]), (0x1E, []), (0x1C, [0, 0, 0, 0x41, 0, 1, 0xF6, 0]), (0x12, "12345"u8.ToArray()), (0x12, "letters"u8.ToArray()), (0x30, [0x02, 1, 5]), (0x0C, "x\u007f\u001b"u8.ToArray()),
    ];

    public static IEnumerable<(string Name, byte[] Der)> All()
    {
        foreach (string type in Types)
        {
            yield return ($"type {type}", Of(subject: Der.Sequence(Rdn((type, 0x0C, "value"u8.ToArray())))));
        }

        foreach ((byte tag, byte[] bytes) in Strings)
        {
            yield return ($"string {tag:x2} {Convert.ToHexString(bytes)}", Of(subject: Der.Sequence(Rdn(("2.5.4.10", tag, bytes))), issuer: Der.Sequence(Rdn(("2.5.4.3", tag, bytes)), Rdn(("2.5.4.11", 0x0C, "u"u8.ToArray())))));
        }

        foreach ((byte tag, byte[] bytes) in ((byte, byte[])[])[(0x03, [0, 0x61, 0x62]), (0x03, [3, 0x61, 0x67]), (0x03, [0, 0xFF, 0xE4, 0]), (0x03, [0]), (0x03, [7]), (0x03, [0, 0x80, 0, 0])])
        {
            yield return ($"bits {Convert.ToHexString(bytes)}", Of(subject: Der.Sequence(Rdn(("2.5.4.45", tag, bytes), ("2.5.4.3", tag, bytes))), more: [new Extension("2.5.29.17", false, Der.Sequence(Der.Context(4, Der.Sequence(Rdn(("2.5.4.45", tag, bytes))))))]));
        }

        yield return ("two values at once", Of(subject: Der.Sequence(Rdn(("2.5.4.3", 0x0C, "a"u8.ToArray()), ("2.5.4.10", 0x0C, "b"u8.ToArray())))));
        yield return ("two values in the wrong order", Of(subject: Der.Sequence(Rdn(("2.5.4.10", 0x0C, "b"u8.ToArray()), ("2.5.4.3", 0x0C, "a"u8.ToArray())))));
        yield return ("three values and one", Of(subject: Der.Sequence(Rdn(("2.5.4.3", 0x13, "a"u8.ToArray()), ("2.5.4.3", 0x0C, "b"u8.ToArray()), ("1.2.3", 0x16, "c"u8.ToArray())), Rdn(("2.5.4.6", 0x13, "XY"u8.ToArray())))));
        yield return ("many relative names", Of(subject: Der.Sequence([.. Enumerable.Range(0, 40).Select(index => Rdn(("2.5.4.11", 0x0C, Encoding.ASCII.GetBytes($"unit {index}"))))])));
        yield return ("no names", Of(subject: Der.Sequence(), issuer: Der.Sequence()));

        foreach (string time in (string[])["500101000000Z", "491231235959Z", "000229000000Z", "700101000000Z", "991231235959Z", "3001010000Z", "300101000000+0100", "300101000000-1130", "300101000060Z", "300101000000.5Z", "300101000000", "300229000000Z", "000101000000+0100", ""])
        {
            yield return ($"UTC time {time}", Of(to: Der.Tagged(0x17, Encoding.ASCII.GetBytes(time)), from: Der.Tagged(0x17, Encoding.ASCII.GetBytes(time))));
        }

        foreach (string time in (string[])["20300101000000Z", "00010101000000Z", "99991231235959Z", "19000228235959Z", "20300101000000.5Z", "20300101000000.123456Z", "203001010000Z", "20300109080706+0200", "20000229120000Z", "15820101000000Z", "00000101000000Z", "00000229000000Z", "00000230000000Z", "00000101000000+0000", "00000101000000+0001",
            "18991231230000-0200", "18990101000000+0100", "19000101000000+0100", "18991231233000-0100", "99991231230000-0200", "99991231120000+1200", "20240301003000+0100", "20230301003000+0100", "20231231233000-0100",
            "203001010000.5Z", "20300101000000.Z", "20300101000000,5Z", "20300101000000.5+0100", "20300101000000.5", "20300101000060Z", "2030010100Z", "20300101240000Z", "20300101000000Z\0"])
        {
            yield return ($"general time {time}", Of(to: Der.Tagged(0x18, Encoding.ASCII.GetBytes(time)), from: Der.Tagged(0x18, Encoding.ASCII.GetBytes(time))));
        }

        foreach (byte[] serial in (byte[][])[[0], [1], [0x7F], [0, 0x80], [0x80], [0xFF], [0xFF, 0x7F], [0, 0xFF, 0xFF], [0x0A], [0x0A, 0xBC], [.. Enumerable.Repeat((byte)0x11, 20)], [.. Enumerable.Repeat((byte)0x7E, 40)], [0x80, .. new byte[15]]])
        {
            yield return ($"serial {Convert.ToHexString(serial)}", Of(serial: Der.Tagged(2, serial)));
        }

        byte[][] names =
        [
            Der.Dns("a.example"), Der.Dns(""), Der.Dns("*.a.example"), Der.Dns("a\0b"), Der.Dns("\xE4.example"), Der.Email("a@b.example"), Der.Email("\0"), Der.Email("a\nb, DNS:c"), Der.Uri("http://a.example/?x=y&z"), Der.Uri("urn:x\0y"),
            Der.Ip(10, 0, 0, 1), Der.Ip(255, 255, 255, 255), Der.Ip(new byte[16]), Der.Ip([.. Enumerable.Range(0, 16).Select(index => (byte)(index * 17))]), Der.Ip(0x20, 1, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1), Der.Ip([.. new byte[10], 0xFF, 0xFF, 1, 2, 3, 4]), Der.Ip(1, 2, 3), Der.Ip(), Der.Ip(10, 0, 0, 0, 255, 0, 0, 0),
            Der.Directory("CN=inside, O=directory"), Der.Directory(""), Der.Context(4, Der.Sequence(Rdn(("2.5.4.3", 0x1E, [0, 0x41]), ("1.2.3.4", 0x0C, "v"u8.ToArray())))),
            Der.Primitive(8, [0x2A, 3, 4]), Der.Primitive(8, [0x88, 0x37, 1]), Der.Primitive(8, [0x55, 4, 3]), Der.Primitive(8, [0x2B, 6, 1, 5, 5, 7, 3, 1]),
            Other("1.2.3", Der.Tagged(0x0C, "text"u8.ToArray())), Other("1.3.6.1.4.1.311.20.2.3", Der.Tagged(0x0C, "user@a.example"u8.ToArray())), Other("1.3.6.1.5.5.7.8.9", Der.Tagged(0x0C, Encoding.UTF8.GetBytes("\u00e4@b.example"))), Other("1.3.6.1.5.5.7.8.7", Der.Tagged(0x16, "_x.example"u8.ToArray())), Other("1.3.6.1.5.5.7.8.5", Der.Tagged(0x0C, "jid"u8.ToArray())), Other("1.3.6.1.5.5.7.8.8", Der.Tagged(0x16, "nai"u8.ToArray())), Other("1.3.6.1.5.2.2", Der.Sequence(Der.Integer(1))), Other("1.2.3", Der.Null), Other("1.2.3", Der.Octets([1, 2])),
            Der.Context(5, Der.Context(1, Der.Tagged(0x0C, "party"u8.ToArray()))), Der.Context(5, Der.Context(0, Der.Tagged(0x13, "assigner"u8.ToArray())), Der.Context(1, Der.Tagged(0x13, "party"u8.ToArray()))),
        ];
        for (int index = 0; index < names.Length; index++)
        {
            yield return ($"name {index}", Of(new Extension("2.5.29.17", index % 2 == 0, Der.Sequence(names[index]))));
            yield return ($"name {index} in other places", Of(Access("1.3.6.1.5.5.7.48.1", names[index]), Points(Der.Sequence(Der.Context(0, Der.Context(0, names[index]))))));
        }

        yield return ("all names that can be told at once", Of(new Extension("2.5.29.17", false, Der.Sequence([.. names.Where((_, index) => index is 0 or 5 or 8 or 10 or 13 or 19 or 22 or 26)]))));
        yield return ("no names at all", Of(new Extension("2.5.29.17", false, Der.Sequence())));
        yield return ("names twice", Of(new Extension("2.5.29.17", false, Der.Sequence(names[0])), new Extension("2.5.29.17", false, Der.Sequence(names[2]))));
        yield return ("malformed names", Of(new Extension("2.5.29.17", false, [1, 2, 3])));

        byte[] uri = Der.Uri("http://crl.example/1"), second = Der.Uri("ldap://crl.example/2");
        byte[][] points =
        [
            Der.Sequence(Der.Context(0, Der.Context(0, uri))), Der.Sequence(Der.Context(0, Der.Context(0, uri, second))), Der.Sequence(Der.Context(0, Der.Context(0, Der.Directory("CN=crl"), uri))),
            Der.Sequence(Der.Context(0, Der.Context(0, uri)), Der.Primitive(1, [1, 0x66])), Der.Sequence(Der.Context(0, Der.Context(1, Der.Sequence(Der.Oid("2.5.4.3"), Der.Tagged(0x0C, "relative"u8.ToArray()))))),
            Der.Sequence(Der.Context(2, Der.Directory("CN=issuer"))), Der.Sequence(Der.Context(0, Der.Context(0, uri)), Der.Primitive(1, [0, 0x80]), Der.Context(2, Der.Directory("CN=issuer"))), Der.Sequence(Der.Context(0, Der.Context(0))), Der.Sequence(),
        ];
        for (int index = 0; index < points.Length; index++)
        {
            yield return ($"point {index}", Of(Points(points[index])));
            yield return ($"point {index} beside another", Of(Points(points[0], points[index], points[1])));
        }

        yield return ("no points", Of(Points()));
        yield return ("points twice", Of(Points(points[0]), Points(points[1])));
        yield return ("malformed points", Of(new Extension("2.5.29.31", false, [1, 2, 3])));
        yield return ("OCSP and issuers", Of(new Extension("1.3.6.1.5.5.7.1.1", false, Der.Sequence(Description("1.3.6.1.5.5.7.48.1", uri), Description("1.3.6.1.5.5.7.48.2", second), Description("1.3.6.1.5.5.7.48.1", second), Description("1.3.6.1.5.5.7.48.3", uri), Description("1.2.3", uri), Description("1.3.6.1.5.5.7.48.2", Der.Dns("no.uri"))))));
        yield return ("no access", Of(new Extension("1.3.6.1.5.5.7.1.1", false, Der.Sequence())));
        yield return ("malformed access", Of(new Extension("1.3.6.1.5.5.7.1.1", false, [1, 2, 3])));
        yield return ("an unknown extension", Of(new Extension("1.2.3.4", true, [])));
        yield return ("version 1", Of(version: 1));
        yield return ("version 2", Of(version: 2));
        yield return ("all at once", Of(subject: Der.Sequence(Rdn(("2.5.4.3", 0x0C, "a"u8.ToArray()))), more: [new Extension("2.5.29.17", false, Der.Sequence(names[0])), Points(points[0]), Access("1.3.6.1.5.5.7.48.2", uri)]));
    }

    private static Extension Access(string method, byte[] name) => new("1.3.6.1.5.5.7.1.1", false, Der.Sequence(Description(method, name)));

    private static byte[] Description(string method, byte[] name) => Der.Sequence(Der.Oid(method), name);

    private static Extension Points(params byte[][] points) => new("2.5.29.31", false, Der.Sequence(points));

    private static byte[] Other(string type, byte[] value) => Der.Context(0, Der.Oid(type), Der.Context(0, value));

    private static byte[] Rdn(params (string Type, byte Tag, byte[] Bytes)[] values)
        => Der.Set([.. values.Select(value => Der.Sequence(Der.Oid(value.Type), Der.Tagged(value.Tag, value.Bytes)))]);

    private static byte[] Of(params Extension[] extensions) => Of(more: extensions);

    private static byte[] Of(byte[]? subject = null, byte[]? issuer = null, byte[]? serial = null, byte[]? from = null, byte[]? to = null, int version = 3, Extension[]? more = null)
    {
        byte[] algorithm = TestKey.AlgorithmIdentifier(Key.Algorithm);
        byte[][] extensions = [.. (more ?? []).Select(extension => Der.Sequence(Der.Oid(extension.Oid), extension.Critical ? Der.Boolean(true) : [], Der.Octets(extension.Value!)))];
        byte[] signed = Der.Sequence(
            version == 1 ? [] : Der.Context(0, Der.Integer(version - 1)),
            serial ?? Der.Integer(1),
            algorithm,
            issuer ?? CertificateSpec.Name("CN=issuer"),
            Der.Sequence(from ?? Der.Time(Authority.Now), to ?? Der.Time(Authority.Now.AddYears(1))),
            subject ?? CertificateSpec.Name("CN=subject"),
            Key.PublicKeyInfo,
            extensions.Length == 0 ? [] : Der.Context(3, Der.Sequence(extensions)));
        return Der.Sequence(signed, algorithm, Der.Bits(0, Key.Sign(Key.Algorithm, signed)));
    }
}
