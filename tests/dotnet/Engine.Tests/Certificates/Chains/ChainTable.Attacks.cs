using System.Text;
using SslModule.Engine.Certificates;

namespace SslModule.Engine.Tests.Certificates.Chains;

internal static partial class ChainTable
{
    /// <summary>What a certificate may try to slip past a verifier.</summary>
    private static IEnumerable<(string, Func<ChainCase>)> Attacks()
    {
        // Constraints on several levels and of several kinds.
        (string Name, byte[][] Above, byte[][] Below, CertificateSpec Leaf)[] layers =
        [
            ("inside both", [Only(Der.Dns("example"))], [Only(Der.Dns("good.example"))], Of(Der.Dns("a.good.example"))),
            ("inside the upper one only", [Only(Der.Dns("example"))], [Only(Der.Dns("good.example"))], Of(Der.Dns("bad.example"))),
            ("inside the lower one only", [Only(Der.Dns("good.example"))], [Only(Der.Dns("example"))], Of(Der.Dns("bad.example"))),
            ("permitted below what is excluded above", [Not(Der.Dns("bad.example"))], [Only(Der.Dns("bad.example"))], Of(Der.Dns("a.bad.example"))),
            ("permitted and excluded at once", [Only(Der.Dns("example")), Not(Der.Dns("bad.example"))], [], Of(Der.Dns("bad.example"))),
            ("permitted, of two names one", [Only(Der.Dns("good.example"))], [], Of(Der.Dns("good.example"), Der.Dns("bad.example"))),
            ("a kind that nobody constrains", [Only(Der.Dns("good.example"))], [], Of(Der.Email("a@bad.example"))),
            ("a constraint of nothing", [], [], Of(Der.Dns("bad.example"))),
            ("one of two permitted", [Only(Der.Dns("good.example"), Der.Dns("fine.example"))], [], Of(Der.Dns("fine.example"))),
            ("a wildcard over what is excluded", [Not(Der.Dns("www.bad.example"))], [], Of(Der.Dns("*.bad.example"))),
            ("a dot behind the name", [Only(Der.Dns("good.example"))], [], Of(Der.Dns("a.good.example."))),
            ("a dot behind the excluded name", [Not(Der.Dns("bad.example"))], [], Of(Der.Dns("bad.example."))),
            ("a dot behind the constraint", [Not(Der.Dns("bad.example."))], [], Of(Der.Dns("bad.example"))),
            ("NUL in the name", [Only(Der.Dns("good.example"))], [], Of(Der.Dns("bad.example\0.good.example"))),
            ("NUL behind the excluded name", [Not(Der.Dns("bad.example"))], [], Of(Der.Dns("bad.example\0"))),
            ("letters beyond ASCII", [Not(Der.Dns("b\xE4d.example"))], [], Of(Der.Dns("b\xC4d.example"))),
            ("an A-label for an excluded U-label", [Not(Der.Dns("b\xE4d.example"))], [], Of(Der.Dns("xn--bd-via.example"))),
            ("a mask with holes, inside", [Only(Der.Ip(10, 0, 5, 0, 255, 0, 255, 0))], [], Of(Der.Ip(10, 77, 5, 1))),
            ("a mask with holes, outside", [Only(Der.Ip(10, 0, 5, 0, 255, 0, 255, 0))], [], Of(Der.Ip(10, 77, 6, 1))),
            ("bits outside the mask", [Only(Der.Ip(10, 1, 2, 3, 255, 0, 0, 0))], [], Of(Der.Ip(10, 9, 9, 9))),
            ("a mask of nothing", [Not(Der.Ip(0, 0, 0, 0, 0, 0, 0, 0))], [], Of(Der.Ip(10, 9, 9, 9))),
            ("IPv4 in IPv6 under a constraint of IPv4", [Not(Der.Ip(10, 0, 0, 0, 255, 0, 0, 0))], [], Of(Der.Ip([.. new byte[10], 0xFF, 0xFF, 10, 0, 0, 1]))),
            ("an address as a DNS name", [Not(Der.Ip(10, 0, 0, 0, 255, 0, 0, 0))], [], Of(Der.Dns("10.0.0.1"))),
            ("a URI with a user", [Not(Der.Uri("bad.example"))], [], Of(Der.Uri("http://bad.example@good.example/"))),
            ("a URI with a user before the excluded host", [Not(Der.Uri("bad.example"))], [], Of(Der.Uri("http://good.example@bad.example/"))),
            ("a URI with an address in brackets", [Only(Der.Uri("good.example"))], [], Of(Der.Uri("http://[::1]/good.example"))),
            ("a URI that ends early", [Only(Der.Uri("good.example"))], [], Of(Der.Uri("http:"))),
            ("a URI with a query behind the host", [Only(Der.Uri("good.example"))], [], Of(Der.Uri("http://good.example?x"))),
            ("an @ in quotes", [Only(Der.Email("good.example"))], [], Of(Der.Email("\"a@bad.example\"@good.example"))),
            ("an @ behind the excluded host", [Not(Der.Email("bad.example"))], [], Of(Der.Email("a@bad.example@good.example"))),
            ("an email of nothing", [Not(Der.Email("bad.example"))], [], Of(Der.Email(""))),
            ("an email constraint of nothing", [Only(Der.Email(""))], [], Of(Der.Email("a@good.example"))),
            ("an email constraint that begins with @", [Only(Der.Email("@good.example"))], [], Of(Der.Email("a@good.example"))),
            ("an email in the subject, excluded", [Not(Der.Email("bad.example"))], [], End("E=a@bad.example, CN=leaf")),
            ("an email in the subject, other letters", [Not(Der.Email("bad.example"))], [], End("E=a@BAD.example, CN=leaf")),
            ("an email in the subject as UTF-8", [Not(Der.Email("bad.example"))], [], End() with { RawSubject = Der.Sequence(Attribute("1.2.840.113549.1.9.1", 0x0C, "a@bad.example")) }),
            ("a mailbox in an A-label's host", [Not(Der.Email("xn--bd-via.example"))], [], Of(Mailbox("a@b\u00E4d.example"))),
            ("a mailbox in an A-label's host, permitted", [Only(Der.Email("xn--bd-via.example"))], [], Of(Mailbox("a@b\u00E4d.example"))),
            ("a mailbox below an A-label's domain", [Not(Der.Email(".xn--bd-via.example"))], [], Of(Mailbox("a@mail.b\u00E4d.example"))),
            ("a mailbox below an A-label's domain, permitted", [Only(Der.Email(".xn--bd-via.example"))], [], Of(Mailbox("a@mail.b\u00E4d.example"))),
            ("a mailbox of another host", [Not(Der.Email("bad.example"))], [], Of(Mailbox("a@good.example"))),
            ("a mailbox of the excluded host", [Not(Der.Email("bad.example"))], [], Of(Mailbox("a@BAD.example"))),
            ("a mailbox without a host", [Not(Der.Email("bad.example"))], [], Of(Mailbox("bad.example"))),
            ("a mailbox whose constraint is no IDN", [Not(Der.Email("xn--\xFF.example"))], [], Of(Mailbox("a@good.example"))),
            ("another name of another type", [Not(Der.Email("bad.example"))], [], Of(Der.Context(0, Der.Oid("1.2.3"), Der.Context(0, Der.Tagged(0x0C, "a@bad.example"u8.ToArray()))))),
            ("a constrained other name", [Not(Der.Context(0, Der.Oid("1.2.3"), Der.Context(0, Der.Null)))], [], Of(Der.Context(0, Der.Oid("1.2.3"), Der.Context(0, Der.Null)))),
            ("a directory that begins alike", [Only(Der.Directory("O=Good"))], [], End("CN=x, O=Goodness")),
            ("a directory of two values at once", [Only(Der.Directory("O=Good"))], [], End("O=Good + OU=x")),
            ("a directory in the alternative names", [Not(Der.Directory("O=Bad"))], [], End().With(Names(Der.Directory("CN=x, O=Bad")))),
            ("a directory of nothing, permitted", [Only(Der.Directory(""))], [], End("CN=x, O=any")),
            ("a directory of nothing, excluded", [Not(Der.Directory(""))], [], End("CN=x, O=any")),
            ("a common name with an underscore", [Only(Der.Dns("good.example"))], [], End("CN=a_b.bad.example")),
            ("a common name with a dot behind", [Not(Der.Dns("bad.example"))], [], End("CN=bad.example.")),
            ("a common name with a wildcard", [Not(Der.Dns("bad.example"))], [], End("CN=*.bad.example")),
            ("the second of two common names", [Not(Der.Dns("bad.example"))], [], End("CN=bad.example, CN=good.example")),
            ("a common name in BMP characters", [Not(Der.Dns("bad.example"))], [], End() with { RawSubject = Der.Sequence(Attribute("2.5.4.3", 0x1E, Encoding.Latin1.GetString(Encoding.BigEndianUnicode.GetBytes("bad.example")))) }),
            ("a common name with NUL inside", [Not(Der.Dns("bad.example"))], [], End() with { RawSubject = Der.Sequence(Attribute("2.5.4.3", 0x0C, "bad.example\0.good")) }),
            ("a common name with NUL behind", [Not(Der.Dns("bad.example"))], [], End() with { RawSubject = Der.Sequence(Attribute("2.5.4.3", 0x0C, "bad.example\0")) }),
            ("a constraint of an EDI party", [Not(Der.Context(5, Der.Context(1, Der.Tagged(0x0C, "x"u8.ToArray()))))], [], Of(Der.Context(5, Der.Context(1, Der.Tagged(0x0C, "x"u8.ToArray()))))),
        ];
        foreach ((string name, byte[][] above, byte[][] below, CertificateSpec leaf) in layers)
        {
            yield return ($"attacks: {name}", () =>
            {
                Issued upper = Root.Issue(Ca("CN=upper").With(Constrained(above)));
                Issued lower = upper.Issue(Ca("CN=lower").With(Constrained(below)));
                return Case(lower.Issue(leaf), [lower, upper], Root);
            }
            );
        }

        yield return ("attacks: an intermediate whose alternative name is outside", () =>
        {
            Issued upper = Root.Issue(Ca("CN=upper").With(Constrained([Only(Der.Dns("good.example"))])));
            Issued lower = upper.Issue(Ca("CN=lower").With(Names(Der.Dns("bad.example"))));
            return Case(lower.Issue(Of(Der.Dns("a.good.example"))), [lower, upper], Root);
        }
        );
        yield return ("attacks: constraints twice", () => Root.Issue(Ca("CN=m").With(Constrained([Only(Der.Dns("a"))]), Constrained([Only(Der.Dns("b"))]))) is var middle ? Case(middle.Issue(Of(Der.Dns("b"))), [middle], Root) : null!);

        // Extensions that are not what they seem.
        (string Name, Extension Value)[] authorities =
        [
            ("bytes behind the constraints", new Extension("2.5.29.19", true, [.. Der.Sequence(Der.Boolean(true)), 1, 2, 3])),
            ("bytes inside the constraints", new Extension("2.5.29.19", true, Der.Sequence(Der.Boolean(true), Der.Integer(1), Der.Integer(1)))),
            ("cA spelled out as false", new Extension("2.5.29.19", true, Der.Sequence(Der.Boolean(false)))),
            ("cA in BER", new Extension("2.5.29.19", true, [0x30, 3, 1, 1, 1])),
            ("a length of no end", new Extension("2.5.29.19", true, [0x30, 0x80, 1, 1, 0xFF, 0, 0])),
            ("a length in too many bytes", new Extension("2.5.29.19", true, [0x30, 0x81, 3, 1, 1, 0xFF])),
            ("a limit beyond all bounds", new Extension("2.5.29.19", true, Der.Sequence(Der.Boolean(true), Der.Tagged(2, [1, .. new byte[16]])))),
            ("a limit in too many bytes", new Extension("2.5.29.19", true, Der.Sequence(Der.Boolean(true), Der.Tagged(2, [0, 0])))),
            ("usage of two bytes", Usage(7, 0x06, 0x80)),
            ("usage of four bytes", Usage(0, 0x06, 0x80, 0xFF, 0xFF)),
            ("any extended usage only", Eku(AnyUsage)),
            ("server and any extended usage", Eku(AnyUsage, ServerAuth)),
            ("extended usage, critical and unknown", new Extension("2.5.29.37", true, Der.Sequence(Der.Oid("1.2.3.4")))),
            ("usage twice, once without", Usage(7, 0x80)),
        ];
        foreach ((string name, Extension value) in authorities)
        {
            yield return ($"attacks: an authority with {name}", () => Root.Issue(Ca("CN=m").With(value)) is var middle ? Case(middle.Issue(End()), [middle], Root) : null!);
            yield return ($"attacks: a leaf with {name}", () => Case(Root.Issue(End().With(value)), [], Root));
        }

        // Issuers that are not who they seem.
        yield return ("attacks: a leaf poses as the root", () =>
        {
            Issued leaf = Root.Issue(End("CN=fake"));
            Issued posing = leaf.Issue(Ca("CN=root") with { Key = TestKey.Create("P-256") });
            return Case(posing.Issue(End()), [posing, leaf], Root);
        }
        );
        yield return ("attacks: the root's name and key identifier by another key", () =>
        {
            Issued posing = Ca("CN=root").With(new Extension("2.5.29.14", false, Der.Octets(Root.Spec.Key.Identifier))).SelfSign();
            return Case(posing.Issue(End().With(AuthorityKey(Der.Sequence(Der.Primitive(0, Root.Spec.Key.Identifier))))), [posing], Root);
        }
        );
        yield return ("attacks: two certificates of one serial, the other revoked", () =>
        {
            Issued one = Ca("CN=one").SelfSign(), two = Ca("CN=two").SelfSign();
            Issued leaf = one.Issue(End() with { Serial = 77 });
            return Case(leaf, [], one) with { Flags = LeafOnly, Trusted = one.Pem + two.Pem + new CrlSpec { Issuer = one }.Pem + new CrlSpec { Issuer = two, Revoked = [new RevokedSpec(77)] }.Pem };
        }
        );
        yield return ("attacks: a serial below zero, revoked", () => Ca("CN=one").SelfSign() is var one ? Case(one.Issue(End() with { Serial = -5 }), [], one) with { Flags = LeafOnly, Trusted = one.Pem + new CrlSpec { Issuer = one, Revoked = [new RevokedSpec(-5)] }.Pem } : null!);
        yield return ("attacks: a serial below zero, its opposite revoked", () => Ca("CN=one").SelfSign() is var one ? Case(one.Issue(End() with { Serial = -5 }), [], one) with { Flags = LeafOnly, Trusted = one.Pem + new CrlSpec { Issuer = one, Revoked = [new RevokedSpec(5)] }.Pem } : null!);
        yield return ("attacks: a serial of zero", () => Case(Root.Issue(End() with { Serial = 0 }), [], Root));
        yield return ("attacks: a list by the leaf of the same name", () =>
        {
            Issued root = Ca("CN=root").SelfSign();
            Issued posing = root.Issue(End("CN=root"));
            return Case(root.Issue(End()), [posing], root) with { Flags = LeafOnly, Trusted = root.Pem + new CrlSpec { Issuer = posing }.Pem };
        }
        );
        yield return ("attacks: an indirect list by a stranger", () =>
        {
            Issued root = Ca("CN=root").SelfSign(), stranger = Ca("CN=stranger").SelfSign();
            Issued leaf = root.Issue(End().With(new Extension("2.5.29.31", false, Der.Sequence(Der.Sequence(Der.Context(2, Der.Directory("CN=stranger")))))));
            return Case(leaf, [stranger], root) with { Flags = Extended, Trusted = root.Pem + new CrlSpec { Issuer = stranger, Extensions = [Scope(Der.Sequence(Der.Primitive(4, [0xFF])))] }.Pem };
        }
        );
        yield return ("attacks: an indirect list by one whom the root made", () =>
        {
            Issued root = Ca("CN=root").SelfSign();
            Issued lister = root.Issue(End("CN=lister").With(Usage(1, 0x02)));
            Issued leaf = root.Issue(End().With(new Extension("2.5.29.31", false, Der.Sequence(Der.Sequence(Der.Context(2, Der.Directory("CN=lister")))))));
            return Case(leaf, [lister], root) with { Flags = Extended, Trusted = root.Pem + new CrlSpec { Issuer = lister, Extensions = [Scope(Der.Sequence(Der.Primitive(4, [0xFF])))], Revoked = [new RevokedSpec(leaf.Spec.Serial, CertificateIssuer: Der.Directory("CN=root"))] }.Pem };
        }
        );
        yield return ("attacks: a list with the scope twice", () => Listed(LeafOnly, (leaf, list) => Revoking()(leaf, list) with { Extensions = [Scope(Der.Sequence(Der.Primitive(1, [0xFF]))), Scope(Der.Sequence(Der.Primitive(2, [0xFF])))] }));
        yield return ("attacks: a list with the number twice", () => Listed(LeafOnly, (_, list) => list with { Extensions = [Number(1), Number(2)] }));
        yield return ("attacks: time asked for and not", () => Case(Root.Issue(End() with { NotAfter = Authority.Now.AddDays(-1) }), [], Root) with { Flags = VerifyFlags.NotifyPolicy });

        static byte[] Only(params byte[][] subtrees) => Der.Context(0, [.. subtrees.Select(subtree => Der.Sequence(subtree))]);
        static byte[] Not(params byte[][] subtrees) => Der.Context(1, [.. subtrees.Select(subtree => Der.Sequence(subtree))]);
        static Extension Constrained(byte[][] trees) => new("2.5.29.30", true, Der.Sequence(trees));
        static CertificateSpec Of(params byte[][] names) => End().With(Names(names));
        static byte[] Attribute(string oid, byte tag, string value) => Der.Set(Der.Sequence(Der.Oid(oid), Der.Tagged(tag, Encoding.Latin1.GetBytes(value))));
        static byte[] Mailbox(string value) => Der.Context(0, Der.Oid("1.3.6.1.5.5.7.8.9"), Der.Context(0, Der.Tagged(0x0C, Encoding.UTF8.GetBytes(value))));
    }
}
