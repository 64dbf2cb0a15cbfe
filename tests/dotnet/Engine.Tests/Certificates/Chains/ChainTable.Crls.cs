using SslModule.Engine.Certificates;

namespace SslModule.Engine.Tests.Certificates.Chains;

internal static partial class ChainTable
{
    private const VerifyFlags LeafOnly = VerifyFlags.CrlCheck;
    private const VerifyFlags WholeChain = VerifyFlags.CrlCheck | VerifyFlags.CrlCheckAll;
    private const VerifyFlags Extended = VerifyFlags.CrlCheck | VerifyFlags.ExtendedCrlSupport;
    private const VerifyFlags Deltas = VerifyFlags.CrlCheck | VerifyFlags.UseDeltas;

    private static IEnumerable<(string, Func<ChainCase>)> Crls()
    {
        yield return ("crls: none", () => Listed(LeafOnly));
        yield return ("crls: none, not asked", () => Listed(VerifyFlags.None));
        yield return ("crls: empty list", () => Listed(LeafOnly, (leaf, list) => list));
        yield return ("crls: revoked", () => Listed(LeafOnly, Revoking()));
        yield return ("crls: revoked, not asked", () => Listed(VerifyFlags.None, Revoking()));
        yield return ("crls: another serial", () => Listed(LeafOnly, (leaf, list) => list with { Revoked = [new RevokedSpec(leaf.Spec.Serial + 1)] }));
        for (int reason = 0; reason <= 10; reason++)
        {
            int code = reason;
            yield return ($"crls: revoked for reason {code}", () => Listed(LeafOnly, Revoking(code)));
        }

        yield return ("crls: list over", () => Listed(LeafOnly, (_, list) => list with { NextUpdate = Authority.Now.AddSeconds(-1) }));
        yield return ("crls: list over this second", () => Listed(LeafOnly, (_, list) => list with { NextUpdate = Authority.Now }));
        yield return ("crls: list over and revoking", () => Listed(LeafOnly, (leaf, list) => Revoking()(leaf, list) with { NextUpdate = Authority.Now.AddSeconds(-1) }));
        yield return ("crls: list of the future", () => Listed(LeafOnly, (_, list) => list with { ThisUpdate = Authority.Now.AddSeconds(1) }));
        yield return ("crls: list without an end", () => Listed(LeafOnly, (_, list) => list with { NextUpdate = null }));
        yield return ("crls: bad beginning", () => Listed(LeafOnly, (_, list) => list with { RawThisUpdate = Der.Tagged(0x17, "311301000000Z"u8.ToArray()) }));
        yield return ("crls: bad end", () => Listed(LeafOnly, (_, list) => list with { RawNextUpdate = Der.Tagged(0x17, "311301000000Z"u8.ToArray()) }));
        yield return ("crls: list over, time unchecked", () => Listed(LeafOnly | VerifyFlags.NoCheckTime, (_, list) => list with { NextUpdate = Authority.Now.AddSeconds(-1) }));
        yield return ("crls: bad signature", () => Listed(LeafOnly, (_, list) => list with { BreakSignature = true }));
        yield return ("crls: bad signature and revoking", () => Listed(LeafOnly, (leaf, list) => Revoking()(leaf, list) with { BreakSignature = true }));
        yield return ("crls: signed by another key", () => Listed(LeafOnly, (_, list) => list with { Signer = TestKey.Create("P-256") }));
        yield return ("crls: identifier of another key", () => Listed(LeafOnly, (_, list) => list with { WithKeyIdentifier = false, Extensions = [AuthorityKey(Der.Sequence(Der.Primitive(0, [1])))] }));
        yield return ("crls: no identifier", () => Listed(LeafOnly, (_, list) => list with { WithKeyIdentifier = false }));
        yield return ("crls: of another issuer", () => Listed(LeafOnly, (_, list) => list with { IssuerName = "CN=other" }));
        yield return ("crls: unknown critical extension", () => Listed(LeafOnly, (_, list) => list with { Extensions = [Unknown] }));
        yield return ("crls: unknown critical extension, ignored", () => Listed(LeafOnly | VerifyFlags.IgnoreCritical, (_, list) => list with { Extensions = [Unknown] }));
        yield return ("crls: unknown critical extension of an entry", () => Listed(LeafOnly, (leaf, list) => list with { Revoked = [new RevokedSpec(leaf.Spec.Serial + 1, More: [Unknown])] }));
        yield return ("crls: malformed reason", () => Listed(LeafOnly, (leaf, list) => list with { Revoked = [new RevokedSpec(leaf.Spec.Serial, More: [new Extension("2.5.29.21", false, [1, 2])])] }));
        yield return ("crls: the newer of two", () => Listed(LeafOnly, Revoking(), (_, list) => list with { ThisUpdate = Authority.Now.AddHours(-1) }));
        yield return ("crls: the newer of two revokes", () => Listed(LeafOnly, (_, list) => list, (leaf, list) => Revoking()(leaf, list) with { ThisUpdate = Authority.Now.AddHours(-1) }));
        yield return ("crls: the one in time of two", () => Listed(LeafOnly, (_, list) => list with { NextUpdate = Authority.Now.AddHours(-1) }, Revoking()));
        yield return ("crls: of an authority that may not sign lists", () => Listed(LeafOnly, Usage(2, 0x04), (_, list) => list));
        yield return ("crls: of a trusted leaf whose key nobody reads", () =>
        {
            TestKey key = TestKey.Create("P-256");
            Issued leaf = (End() with { Key = key.WithPublicKey(Der.Sequence(Der.Sequence(Der.Oid("1.2.3")), Der.Bits(0, 1))) }).With(Without("2.5.29.15")).SelfSign();
            return Case(leaf, [], leaf) with { Flags = LeafOnly | VerifyFlags.PartialChain, Trusted = leaf.Pem + new CrlSpec { Issuer = leaf }.Pem };
        }
        );
        yield return ("crls: expired leaf revoked", () => Listed(LeafOnly, End() with { NotAfter = Authority.Now.AddDays(-1) }, Revoking()));
        yield return ("crls: badly signed leaf revoked", () => Listed(LeafOnly, End() with { BreakSignature = true }, Revoking()));
        yield return ("crls: of another name and revoked", () => Listed(LeafOnly, Revoking()) with { HostName = "www.example.com" });

        // The whole chain.
        yield return ("crls: chain, all lists", () => Whole());
        yield return ("crls: chain, intermediate revoked", () => Whole(revokeMiddle: true));
        yield return ("crls: chain, intermediate revoked, leaf only asked", () => Whole(revokeMiddle: true) with { Flags = LeafOnly });
        yield return ("crls: chain, no list of the root", () => Whole(rootList: false));
        yield return ("crls: chain, no list of the intermediate", () => Whole(middleList: false));
        yield return ("crls: chain, no list of the intermediate, leaf only asked", () => Whole(middleList: false) with { Flags = LeafOnly });
        yield return ("crls: chain, no list of the root, leaf only asked", () => Whole(rootList: false) with { Flags = LeafOnly });
        yield return ("crls: chain, root revokes itself", () => Whole(revokeRoot: true));
        yield return ("crls: chain for a client's certificate", () => Whole(revokeMiddle: true) with { Purpose = Purpose.ClientAuth });
        yield return ("crls: trusted intermediate alone, chain", () =>
        {
            Issued middle = Root.Issue(Ca("CN=m"));
            return Case(middle.Issue(End()), [], middle) with { Flags = WholeChain | VerifyFlags.PartialChain, Trusted = middle.Pem + new CrlSpec { Issuer = middle }.Pem };
        }
        );
        yield return ("crls: trusted intermediate alone, with its own list", () =>
        {
            Issued middle = Root.Issue(Ca("CN=m"));
            return Case(middle.Issue(End()), [], middle) with { Flags = WholeChain | VerifyFlags.PartialChain, Trusted = middle.Pem + new CrlSpec { Issuer = middle }.Pem + new CrlSpec { Issuer = Root }.Pem };
        }
        );

        // Scopes.
        yield return ("crls: scope of the user certificates", () => Scoped(Der.Sequence(Der.Primitive(1, [0xFF]))));
        yield return ("crls: scope of the authorities", () => Scoped(Der.Sequence(Der.Primitive(2, [0xFF]))));
        yield return ("crls: scope of attribute certificates", () => Scoped(Der.Sequence(Der.Primitive(5, [0xFF]))));
        yield return ("crls: scope of two kinds at once", () => Scoped(Der.Sequence(Der.Primitive(1, [0xFF]), Der.Primitive(2, [0xFF]))));
        yield return ("crls: scope of a point, certificate without", () => Scoped(Der.Sequence(Der.Context(0, Der.Context(0, Der.Uri("http://a/"))))));
        yield return ("crls: scope of a point that the certificate has", () => Scoped(Der.Sequence(Der.Context(0, Der.Context(0, Der.Uri("http://a/")))), Points(Der.Uri("http://a/"))));
        yield return ("crls: scope of another point", () => Scoped(Der.Sequence(Der.Context(0, Der.Context(0, Der.Uri("http://a/")))), Points(Der.Uri("http://b/"))));
        yield return ("crls: point and no scope", () => Scoped(null, Points(Der.Uri("http://b/"))));
        yield return ("crls: relative point and full", () => Scoped(Der.Sequence(Der.Context(0, Der.Context(1, RelativeName("x")))), new Extension("2.5.29.31", false, Der.Sequence(Der.Sequence(Der.Context(0, Der.Context(0, Der.Directory("CN=x, CN=issuer"))))))));
        yield return ("crls: relative points", () => Scoped(Der.Sequence(Der.Context(0, Der.Context(1, RelativeName("x")))), new Extension("2.5.29.31", false, Der.Sequence(Der.Sequence(Der.Context(0, Der.Context(1, RelativeName("X"))))))));
        yield return ("crls: relative points that differ", () => Scoped(Der.Sequence(Der.Context(0, Der.Context(1, RelativeName("x")))), new Extension("2.5.29.31", false, Der.Sequence(Der.Sequence(Der.Context(0, Der.Context(1, RelativeName("y"))))))));
        yield return ("crls: point that says nothing", () => Scoped(null, new Extension("2.5.29.31", false, Der.Sequence(Der.Sequence()))));
        yield return ("crls: point with another CRL issuer", () => Scoped(null, new Extension("2.5.29.31", false, Der.Sequence(Der.Sequence(Der.Context(2, Der.Directory("CN=other")))))));
        yield return ("crls: malformed scope", () => Scoped([1, 2]));

        // Reasons and indirect lists need extended support.
        yield return ("crls: some reasons, not extended", () => Scoped(Der.Sequence(Der.Primitive(3, [1, 0x66])), flags: LeafOnly));
        yield return ("crls: some reasons only", () => Scoped(Der.Sequence(Der.Primitive(3, [1, 0x66])), flags: Extended));
        yield return ("crls: reasons in two lists", () => Listed(Extended, Reasons(1, 0x7E), Reasons(7, 1, 0x80)));
        yield return ("crls: reasons in two lists, the second revokes", () => Listed(Extended, Reasons(1, 0x7E), (leaf, list) => Revoking()(leaf, Reasons(7, 1, 0x80)(leaf, list))));
        yield return ("crls: indirect list, not extended", () => Scoped(Der.Sequence(Der.Primitive(4, [0xFF])), flags: LeafOnly));
        yield return ("crls: indirect list of the issuer itself", () => Scoped(Der.Sequence(Der.Primitive(4, [0xFF])), flags: Extended));
        yield return ("crls: indirect list revokes another issuer's", () => Listed(Extended, (leaf, list) => list with { Extensions = [Scope(Der.Sequence(Der.Primitive(4, [0xFF])))], Revoked = [new RevokedSpec(leaf.Spec.Serial, CertificateIssuer: Der.Directory("CN=other"))] }));
        yield return ("crls: indirect list revokes the issuer's own", () => Listed(Extended, (leaf, list) => list with { Extensions = [Scope(Der.Sequence(Der.Primitive(4, [0xFF])))], Revoked = [new RevokedSpec(1, CertificateIssuer: Der.Directory("CN=other")), new RevokedSpec(leaf.Spec.Serial, CertificateIssuer: Der.Directory("CN=issuer"))] }));
        yield return ("crls: the issuer of an entry stands for those behind it", () => Listed(Extended, (leaf, list) => list with { Extensions = [Scope(Der.Sequence(Der.Primitive(4, [0xFF])))], Revoked = [new RevokedSpec(1, CertificateIssuer: Der.Directory("CN=issuer")), new RevokedSpec(leaf.Spec.Serial)] }));
        yield return ("crls: a list signed by another key of the issuer", () => Separate(Extended, sent: true));
        yield return ("crls: a list signed by another key of the issuer, not extended", () => Separate(LeafOnly, sent: true));
        yield return ("crls: a list signed by another key of the issuer, not sent", () => Separate(Extended, sent: false));
        yield return ("crls: a list signed by another key, revoking", () => Separate(Extended, sent: true, revoke: true));
        yield return ("crls: a list signed by another key, host to check", () => Separate(Extended, sent: true) with { HostName = "leaf" });

        // Deltas.
        yield return ("crls: delta alone", () => Listed(Deltas, Delta(1, 2)));
        yield return ("crls: delta revokes", () => Listed(Deltas, Base(1), (leaf, list) => Revoking()(leaf, Delta(1, 2)(leaf, list))));
        yield return ("crls: delta revokes, not asked", () => Listed(LeafOnly, Base(1), (leaf, list) => Revoking()(leaf, Delta(1, 2)(leaf, list))));
        yield return ("crls: delta takes off the list", () => Listed(Deltas, (leaf, list) => Revoking(6)(leaf, Base(1)(leaf, list)), (leaf, list) => Revoking(8)(leaf, Delta(1, 2)(leaf, list))));
        yield return ("crls: delta over a newer base", () => Listed(Deltas, Base(1), (leaf, list) => Revoking()(leaf, Delta(2, 3)(leaf, list))));
        yield return ("crls: delta older than the base", () => Listed(Deltas, Base(3), (leaf, list) => Revoking()(leaf, Delta(1, 2)(leaf, list))));
        yield return ("crls: delta, base not announcing it", () => Listed(Deltas, (leaf, list) => list with { Extensions = [Number(1)] }, (leaf, list) => Revoking()(leaf, Delta(1, 2)(leaf, list))));
        yield return ("crls: delta badly signed", () => Listed(Deltas, Base(1), (leaf, list) => Delta(1, 2)(leaf, list) with { BreakSignature = true }));
        yield return ("crls: base over, delta in time", () => Listed(Deltas, (leaf, list) => Base(1)(leaf, list) with { NextUpdate = Authority.Now.AddHours(-1) }, Delta(1, 2)));
        yield return ("crls: delta over", () => Listed(Deltas, Base(1), (leaf, list) => Delta(1, 2)(leaf, list) with { NextUpdate = Authority.Now.AddHours(-1) }));
    }

    private static Func<Issued, CrlSpec, CrlSpec> Revoking(int? reason = null)
        => (leaf, list) => list with { Revoked = [new RevokedSpec(3), new RevokedSpec(leaf.Spec.Serial, reason), new RevokedSpec(4)] };

    private static Func<Issued, CrlSpec, CrlSpec> Reasons(int unused, params byte[] bits)
        => (_, list) => list with { Extensions = [Scope(Der.Sequence(Der.Primitive(3, [(byte)unused, .. bits])))] };

    private static Func<Issued, CrlSpec, CrlSpec> Base(int number)
        => (_, list) => list with { Extensions = [Number(number), new Extension("2.5.29.46", false, Der.Sequence(Der.Sequence(Der.Context(0, Der.Context(0, Der.Uri("http://delta/"))))))] };

    private static Func<Issued, CrlSpec, CrlSpec> Delta(int start, int number)
        => (_, list) => list with { Extensions = [Number(number), new Extension("2.5.29.27", true, Der.Integer(start))] };

    private static Extension Number(int number) => new("2.5.29.20", false, Der.Integer(number));

    private static Extension Scope(byte[] value) => new("2.5.29.28", true, value);

    private static Extension Points(byte[] name) => new("2.5.29.31", false, Der.Sequence(Der.Sequence(Der.Context(0, Der.Context(0, name)))));

    private static byte[] RelativeName(string commonName) => Der.Sequence(Der.Oid("2.5.4.3"), Der.Tagged(0x0C, System.Text.Encoding.UTF8.GetBytes(commonName)));

    private static ChainCase Listed(VerifyFlags flags, params Func<Issued, CrlSpec, CrlSpec>[] lists) => Listed(flags, End(), lists);

    private static ChainCase Listed(VerifyFlags flags, CertificateSpec leaf, params Func<Issued, CrlSpec, CrlSpec>[] lists)
        => Listed(flags, leaf, Ca("CN=issuer"), lists);

    private static ChainCase Listed(VerifyFlags flags, Extension authority, params Func<Issued, CrlSpec, CrlSpec>[] lists)
        => Listed(flags, End(), Ca("CN=issuer").With(authority), lists);

    private static ChainCase Listed(VerifyFlags flags, CertificateSpec spec, CertificateSpec authority, Func<Issued, CrlSpec, CrlSpec>[] lists)
    {
        Issued issuer = authority.SelfSign();
        Issued leaf = issuer.Issue(spec);
        string crls = string.Concat(lists.Select(list => list(leaf, new CrlSpec { Issuer = issuer }).Pem));
        return Case(leaf, [], issuer) with { Flags = flags, Trusted = issuer.Pem + crls };
    }

    private static ChainCase Scoped(byte[]? scope, Extension? point = null, VerifyFlags flags = LeafOnly)
        => Listed(flags, point is null ? End() : End().With(point), (_, list) => scope is null ? list : list with { Extensions = [Scope(scope)] });

    private static ChainCase Whole(bool rootList = true, bool middleList = true, bool revokeMiddle = false, bool revokeRoot = false)
    {
        Issued root = Ca("CN=root").SelfSign();
        Issued middle = root.Issue(Ca("CN=m"));
        RevokedSpec[] revoked = revokeMiddle ? [new RevokedSpec(middle.Spec.Serial)] : revokeRoot ? [new RevokedSpec(root.Spec.Serial)] : [];
        string crls = (rootList ? new CrlSpec { Issuer = root, Revoked = revoked }.Pem : "") + (middleList ? new CrlSpec { Issuer = middle }.Pem : "");
        return Case(middle.Issue(End()), [middle], root) with { Flags = WholeChain, Trusted = root.Pem + crls };
    }

    // The issuer signs lists with a key of their own, whose certificate the peer sends along.
    private static ChainCase Separate(VerifyFlags flags, bool sent, bool revoke = false)
    {
        Issued root = Ca("CN=root").SelfSign();
        Issued issuer = root.Issue(Ca("CN=issuer"));
        Issued signer = root.Issue(End("CN=issuer").With(Usage(1, 0x02)));
        Issued leaf = issuer.Issue(End());
        var list = new CrlSpec { Issuer = signer, Revoked = revoke ? [new RevokedSpec(leaf.Spec.Serial)] : [] };
        return Case(leaf, sent ? [issuer, signer] : [issuer], root) with { Flags = flags, Trusted = root.Pem + list.Pem };
    }
}
