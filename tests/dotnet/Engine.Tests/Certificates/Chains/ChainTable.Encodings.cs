using SslModule.Engine.Certificates;

namespace SslModule.Engine.Tests.Certificates.Chains;

internal static partial class ChainTable
{
    private const string CommonName = "2.5.4.3";

    /// <summary>Values whose encoding is at fault, or only seems to be.</summary>
    private static IEnumerable<(string, Func<ChainCase>)> Encodings()
        => [.. SignatureBits(), .. ListDates(), .. Qualifiers(), .. NameValues(), .. Flags()];

    private static IEnumerable<(string, Func<ChainCase>)> SignatureBits()
    {
        (string Name, Func<byte[], byte[]> Write)[] forms =
        [
            ("unused bits", signature => Der.Bits(3, signature)),
            ("unused bits of zero", signature => Der.Bits(3, [.. signature[..^1], (byte)(signature[^1] & 0xF8)])),
            ("too many unused bits", signature => Der.Bits(8, signature)),
            ("no bits", _ => Der.Bits(0)),
            ("no bits, some unused", _ => Der.Bits(7)),
            ("not even their number", _ => Der.Tagged(3)),
            ("pieces", signature => Der.Tagged(0x23, Der.Bits(0, signature))),
            ("bytes", Der.Octets),
        ];
        foreach ((string name, Func<byte[], byte[]> write) in forms)
        {
            yield return ($"encodings: a leaf signed in {name}", () => Case(Root.Issue(End() with { SignatureBits = write }), [], Root));
            yield return ($"encodings: an intermediate signed in {name}", () => Root.Issue(Ca("CN=m") with { SignatureBits = write }) is var middle ? Case(middle.Issue(End()), [middle], Root) : null!);
            yield return ($"encodings: a root signed in {name}", () => (Ca("CN=r") with { SignatureBits = write }).SelfSign() is var root ? Case(root.Issue(End()), [], root) : null!);
            yield return ($"encodings: a root signed in {name}, looked at", () => (Ca("CN=r") with { SignatureBits = write }).SelfSign() is var root ? Case(root.Issue(End()), [], root) with { Flags = VerifyFlags.CheckSelfSignedSignature } : null!);
            yield return ($"encodings: beside a root signed in {name}", () => Case(Root.Issue(End()), [], (Ca("CN=other") with { SignatureBits = write }).SelfSign(), Root));
            yield return ($"encodings: a list signed in {name}", () => Listed(LeafOnly, (_, list) => list with { SignatureBits = write }));
            yield return ($"encodings: beside a list signed in {name}", () => Listed(LeafOnly, (_, list) => list with { IssuerName = "CN=other", SignatureBits = write }, (_, list) => list));
        }
    }

    private static IEnumerable<(string, Func<ChainCase>)> ListDates()
    {
        foreach ((string name, byte[] time) in OddTimes)
        {
            yield return ($"encodings: a list whose end is {name}", () => Listed(LeafOnly, (_, list) => list with { RawNextUpdate = time }));
            yield return ($"encodings: a list whose beginning is {name}", () => Listed(LeafOnly, (_, list) => list with { RawThisUpdate = time }));
        }
    }

    private static IEnumerable<(string, Func<ChainCase>)> Qualifiers()
    {
        byte[] utf8 = Der.Tagged(0x0C, [0x78]), numbers = Der.Sequence(Der.Integer(1), Der.Integer(2)), reference = Der.Sequence(utf8, numbers);
        (string Name, byte[] Value)[] table =
        [
            ("none in a list", Der.Sequence()),
            ("a statement", Der.Sequence(Statement(Der.Tagged(0x16, [0x78])))),
            ("a statement in UTF-8", Der.Sequence(Statement(utf8))),
            ("a statement of nothing", Der.Sequence(Statement())),
            ("a statement twice", Der.Sequence(Statement(Der.Tagged(0x16, [0x78]), Der.Tagged(0x16, [0x78])))),
            ("a statement in pieces", Der.Sequence(Statement(Der.Tagged(0x36, Der.Tagged(0x16, [0x78]))))),
            ("two statements", Der.Sequence(Statement(Der.Tagged(0x16, [0x78])), Statement(Der.Tagged(0x16, [0x79])))),
            ("a notice of nothing", Der.Sequence(Notice())),
            ("a notice in UTF-8", Der.Sequence(Notice(utf8))),
            ("a notice in visible characters", Der.Sequence(Notice(Der.Tagged(0x1A, [0x78])))),
            ("a notice in BMP characters", Der.Sequence(Notice(Der.Tagged(0x1E, [0, 0x78])))),
            ("a notice in half a BMP character", Der.Sequence(Notice(Der.Tagged(0x1E, [0x78])))),
            ("a notice in ASCII", Der.Sequence(Notice(Der.Tagged(0x16, [0x78])))),
            ("a notice in printable characters", Der.Sequence(Notice(Der.Tagged(0x13, [0x78])))),
            ("a notice in teletex", Der.Sequence(Notice(Der.Tagged(0x14, [0x78])))),
            ("a notice in bad UTF-8", Der.Sequence(Notice(Der.Tagged(0x0C, [0xFF])))),
            ("a long notice", Der.Sequence(Notice(Der.Tagged(0x0C, new byte[300])))),
            ("a number for a notice", Der.Sequence(Notice(Der.Integer(5)))),
            ("a notice by reference", Der.Sequence(Notice(reference))),
            ("a notice by reference and in full", Der.Sequence(Notice(reference, utf8))),
            ("a notice by reference without numbers", Der.Sequence(Notice(Der.Sequence(utf8)))),
            ("a notice by reference to nothing", Der.Sequence(Notice(Der.Sequence(utf8, Der.Sequence())))),
            ("a notice by reference to truth", Der.Sequence(Notice(Der.Sequence(utf8, Der.Sequence(Der.Boolean(true)))))),
            ("a notice by reference to a padded number", Der.Sequence(Notice(Der.Sequence(utf8, Der.Sequence(Der.Tagged(2, [0, 1])))))),
            ("a notice of three parts", Der.Sequence(Notice(reference, utf8, utf8))),
            ("a notice twice", Der.Sequence(Notice(utf8, utf8))),
            ("a notice that is text", Der.Sequence(Der.Sequence(Der.Oid("1.3.6.1.5.5.7.2.2"), utf8))),
            ("an unknown one", Der.Sequence(Other(Der.Integer(5)))),
            ("an unknown one of nothing", Der.Sequence(Other())),
            ("an unknown one of two values", Der.Sequence(Other(Der.Integer(5), Der.Integer(5)))),
            ("an unknown one of an empty number", Der.Sequence(Other(Der.Tagged(2)))),
            ("an unknown one of a long boolean", Der.Sequence(Other(Der.Tagged(1, [1, 2])))),
            ("an unknown one of a loose boolean", Der.Sequence(Other(Der.Tagged(1, [1])))),
            ("an unknown one of a long NULL", Der.Sequence(Other(Der.Tagged(5, [0])))),
            ("an unknown one of too many unused bits", Der.Sequence(Other(Der.Bits(9, 0)))),
            ("an unknown one of a bad identifier", Der.Sequence(Other(Der.Tagged(6, [0x80])))),
            ("an unknown one of bad UTF-8", Der.Sequence(Other(Der.Tagged(0x0C, [0xFF])))),
            ("an unknown one of a bad time", Der.Sequence(Other(Der.Tagged(0x17, [0x78])))),
            ("an unknown one of half a BMP character", Der.Sequence(Other(Der.Tagged(0x1E, [0x78])))),
            ("an unknown one of a quarter of a universal character", Der.Sequence(Other(Der.Tagged(0x1C, [0x78])))),
            ("an unknown one of bytes in pieces", Der.Sequence(Other(Der.Tagged(0x24, Der.Octets([1]))))),
            ("an unknown one of an empty enumeration", Der.Sequence(Other(Der.Tagged(0x0A)))),
            ("an unknown one of garbage in a sequence", Der.Sequence(Other(Der.Tagged(0x30, [0xFF, 0xFF])))),
            ("an unknown one of a sequence that is none", Der.Sequence(Other(Der.Tagged(0x10, [5, 0])))),
            ("an unknown one of a tag of its own", Der.Sequence(Other(Der.Context(3, [0xFF, 0xFF])))),
            ("a number", Der.Integer(5)),
            ("numbers", Der.Sequence(Der.Integer(5))),
            ("one of nothing", Der.Sequence(Der.Sequence())),
            ("a set", Der.Set()),
            ("two lists", [.. Der.Sequence(), .. Der.Sequence()]),
        ];
        foreach ((string name, byte[] value) in table)
        {
            var policies = new Extension("2.5.29.32", false, Der.Sequence(Der.Sequence(Der.Oid("1.2.3.4"), value)));
            yield return ($"encodings: qualifiers, {name}", () => Case(Root.Issue(End().With(policies)), [], Root) with { Flags = VerifyFlags.PolicyCheck });
        }

        yield return ("encodings: qualifiers, malformed and nobody asked", () => Case(Root.Issue(End().With(new Extension("2.5.29.32", true, Der.Sequence(Der.Sequence(Der.Oid("1.2.3.4"), Der.Integer(5)))))), [], Root));
        yield return ("encodings: qualifiers, malformed on the intermediate", () => Root.Issue(Ca("CN=m").With(new Extension("2.5.29.32", false, Der.Sequence(Der.Sequence(Der.Oid("1.2.3.4"), Der.Integer(5)))))) is var middle ? Case(middle.Issue(End()), [middle], Root) with { Flags = VerifyFlags.PolicyCheck } : null!);

        static byte[] Statement(params byte[][] values) => Der.Sequence([Der.Oid("1.3.6.1.5.5.7.2.1"), .. values]);
        static byte[] Notice(params byte[][] values) => Der.Sequence(Der.Oid("1.3.6.1.5.5.7.2.2"), Der.Sequence(values));
        static byte[] Other(params byte[][] values) => Der.Sequence([Der.Oid("1.2.3"), .. values]);
    }

    private static IEnumerable<(string, Func<ChainCase>)> NameValues()
    {
        (string Name, byte[] Value)[] values =
        [
            ("UTF-8 in pieces", Der.Tagged(0x2C, Der.Tagged(0x0C, "root"u8.ToArray()))),
            ("printable characters in pieces", Der.Tagged(0x33, Der.Tagged(0x13, "ro"u8.ToArray()), Der.Tagged(0x13, "ot"u8.ToArray()))),
            ("ASCII in pieces", Der.Tagged(0x36, Der.Tagged(0x16, "root"u8.ToArray()))),
            ("teletex in pieces", Der.Tagged(0x34, Der.Tagged(0x14, "root"u8.ToArray()))),
            ("BMP characters in pieces", Der.Tagged(0x3E, Der.Tagged(0x1E, [0, 0x72]))),
            ("no pieces", Der.Tagged(0x2C)),
            ("pieces that are none", Der.Tagged(0x2C, "root"u8.ToArray())),
            ("digits in pieces", Der.Tagged(0x32, Der.Tagged(0x12, "123"u8.ToArray()))),
            ("bits", Der.Bits(0, 1, 2)),
            ("bits, some unused", Der.Bits(3, 1, 8)),
            ("bits, those unused not zero", Der.Bits(3, 1, 15)),
            ("bits, too many unused", Der.Bits(8, 1, 2)),
            ("bits, none and some unused", Der.Bits(7)),
            ("bits of nothing", Der.Tagged(3)),
            ("bits in pieces", Der.Tagged(0x23, Der.Bits(0, 1, 2))),
            ("a sequence", Der.Sequence(Der.Integer(1))),
            ("a sequence of garbage", Der.Tagged(0x30, [0xFF, 0xFF])),
            ("a sequence that is none", Der.Tagged(0x10, [5, 0])),
            ("bytes", Der.Octets([1, 2])),
            ("a number", Der.Integer(1)),
            ("a set", Der.Set()),
            ("visible characters", Der.Tagged(0x1A, "root"u8.ToArray())),
            ("general characters", Der.Tagged(0x1B, "root"u8.ToArray())),
            ("a time", Der.Tagged(0x17, "310101000000Z"u8.ToArray())),
            ("a tag of its own", Der.Primitive(0, [1])),
        ];
        foreach ((string name, byte[] value) in values)
        {
            byte[] subject = Named(value);
            yield return ($"encodings: a subject of {name}", () => Case(Root.Issue(End() with { RawSubject = subject }), [], Root));
            yield return ($"encodings: an issuer of {name}", () => Case(Root.Issue(End() with { RawIssuer = subject }), [], Root));
            yield return ($"encodings: issuer and subject of {name}", () => Root.Issue(Ca("CN=m") with { RawSubject = subject }) is var middle ? Case(middle.Issue(End() with { RawIssuer = subject }), [middle], Root) : null!);
            yield return ($"encodings: a directory of {name}", () => Case(Root.Issue(End().With(Names(Der.Context(4, subject)))), [], Root));
            yield return ($"encodings: a constraint of {name}", () => Root.Issue(Ca("CN=m").With(new Extension("2.5.29.30", true, Der.Sequence(Der.Context(1, Der.Sequence(Der.Context(4, subject))))))) is var middle ? Case(middle.Issue(End() with { RawSubject = subject }), [middle], Root) : null!);
        }

        byte[] loose = Named(Der.Bits(3, 1, 15)), tight = Named(Der.Bits(3, 1, 8)), whole = Named(Der.Bits(0, 1, 8));
        yield return ("encodings: unused bits do not tell names apart", () => Root.Issue(Ca("CN=m") with { RawSubject = loose }) is var middle ? Case(middle.Issue(End() with { RawIssuer = tight }), [middle], Root) : null!);
        yield return ("encodings: the number of unused bits tells names apart", () => Root.Issue(Ca("CN=m") with { RawSubject = tight }) is var middle ? Case(middle.Issue(End() with { RawIssuer = whole }), [middle], Root) : null!);
        yield return ("encodings: a common name of bits under a constraint", () => Root.Issue(Ca("CN=m").With(new Extension("2.5.29.30", true, Der.Sequence(Der.Context(1, Der.Sequence(Der.Dns("bad.example"))))))) is var middle ? Case(middle.Issue(End() with { RawSubject = whole }), [middle], Root) : null!);

        static byte[] Named(byte[] value) => Der.Sequence(Der.Set(Der.Sequence(Der.Oid(CommonName), value)));
    }

    private static IEnumerable<(string, Func<ChainCase>)> Flags()
    {
        (string Name, byte[] Value)[] versions =
        [
            ("4", Der.Context(0, Der.Integer(3))), ("0", Der.Context(0, Der.Integer(-1))), ("1, spelled out", Der.Context(0, Der.Integer(0))), ("no size", Der.Context(0, Der.Tagged(2))),
            ("many bytes", Der.Context(0, Der.Integer(1L << 40))), ("too many bytes", Der.Context(0, Der.Tagged(2, [0, 2]))), ("a long length", [0xA0, 0x81, 3, 2, 1, 2]), ("two numbers", Der.Context(0, Der.Integer(2), Der.Integer(2))),
        ];
        foreach ((string name, byte[] value) in versions)
        {
            yield return ($"encodings: version of {name}", () => Case(Root.Issue(End() with { RawVersion = value }), [], Root));
        }

        (string Name, byte[] Value)[] booleans = [("1", Der.Tagged(1, [1])), ("false", Der.Boolean(false)), ("two bytes", Der.Tagged(1, [0xFF, 0xFF])), ("nothing", Der.Tagged(1)), ("a long length", [1, 0x81, 1, 0xFF])];
        foreach ((string name, byte[] value) in booleans)
        {
            yield return ($"encodings: critical of {name}", () => Case(Root.Issue(End().With(new Extension("2.5.29.15", true, Der.Bits(7, 0x80)) { RawCritical = value })), [], Root));
            yield return ($"encodings: critical and unknown of {name}", () => Case(Root.Issue(End().With(new Extension("1.2.3.4", true, []) { RawCritical = value })), [], Root));
        }

        (string Name, byte[] Value)[] usages =
        [
            ("unused bits set", Der.Bits(1, 7)), ("pieces", Der.Tagged(0x23, Der.Bits(1, 6))), ("a long length", [3, 0x81, 2, 1, 6]), ("zeros behind", Der.Bits(0, 6, 0)), ("unused bits counted in", Der.Bits(0, 6)),
            ("too many unused bits", Der.Bits(8, 6)), ("no bits", Der.Bits(0)), ("bytes behind", [.. Der.Bits(1, 6), 0]),
        ];
        foreach ((string name, byte[] value) in usages)
        {
            yield return ($"encodings: usage of {name}", () => Root.Issue(Ca("CN=m").With(new Extension("2.5.29.15", true, value))) is var middle ? Case(middle.Issue(End()), [middle], Root) : null!);
            yield return ($"encodings: usage of {name} on the leaf", () => Case(Root.Issue(End().With(new Extension("2.5.29.15", true, value))), [], Root));
            yield return ($"encodings: Netscape type of {name}", () => Case(Root.Issue(End().With(new Extension("2.16.840.1.113730.1.1", false, value))), [], Root));
            yield return ($"encodings: reasons of {name}", () => Scoped(Der.Sequence([.. value[..1].Select(_ => (byte)0x83), .. value[1..]]), flags: Extended));
        }

        yield return ("encodings: an extension in pieces", () => Case(Root.Issue(End().With(new Extension("2.5.29.14", false, []) { RawValue = Der.Tagged(0x24, Der.Octets(Der.Octets([1]))) })), [], Root));
        yield return ("encodings: a key identifier in pieces", () => Case(Root.Issue(End().With(new Extension("2.5.29.14", false, Der.Tagged(0x24, Der.Octets([1]))))), [], Root));
        yield return ("encodings: a DNS name in pieces", () => Case(Root.Issue(End().With(Names(Der.Context(2, Der.Tagged(0x16, "a.example"u8.ToArray()))))), [], Root));
        foreach ((string name, byte[] value) in ((string, byte[])[])[("bits", Der.Primitive(1, [0, 5])), ("unused bits set", Der.Primitive(1, [3, 0xFF])), ("too many unused bits", Der.Primitive(1, [8, 5])), ("nothing", Der.Primitive(1, [])), ("pieces", Der.Context(1, Der.Bits(0, 5)))])
        {
            yield return ($"encodings: a unique identifier of {name}", () => Case(Root.Issue(End() with { UniqueIdentifiers = value }), [], Root));
        }
    }
}
