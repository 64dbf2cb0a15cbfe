using SslModule.Engine.Certificates;

namespace SslModule.Engine.Tests.Certificates.Chains;

internal static partial class ChainTable
{
    private static readonly (string Name, byte[] Time)[] OddTimes =
    [
        ("generalized", Der.Tagged(0x18, "20310101000000Z"u8.ToArray())),
        ("in 2050", Der.Tagged(0x18, "20500101000000Z"u8.ToArray())),
        ("in the year 0", Der.Tagged(0x18, "00000101000000Z"u8.ToArray())),
        ("on a leap day of the year 0", Der.Tagged(0x18, "00000229000000Z"u8.ToArray())),
        ("on a day that the year 0 has not", Der.Tagged(0x18, "00000230000000Z"u8.ToArray())),
        ("in the year 1", Der.Tagged(0x18, "00010101000000Z"u8.ToArray())),
        ("in a leap second", Der.Tagged(0x18, "20311231235960Z"u8.ToArray())),
        ("in the last leap second", Der.Tagged(0x18, "99991231235960Z"u8.ToArray())),
        ("with a fraction of a minute", Der.Tagged(0x18, "203112310000.5Z"u8.ToArray())),
        ("with a fraction of a second", Der.Tagged(0x18, "20311231000000.5Z"u8.ToArray())),
        ("with a fraction of an hour", Der.Tagged(0x18, "2031123100.50Z"u8.ToArray())),
        ("with an offset as long as its seconds", Der.Tagged(0x18, "20311231+00000Z"u8.ToArray())),
        ("with a blank", Der.Tagged(0x18, "2031123 000000Z"u8.ToArray())),
        ("without Z", Der.Tagged(0x18, "203112310000000"u8.ToArray())),
        ("in 9999", Der.Tagged(0x18, "99991231235959Z"u8.ToArray())),
        ("without seconds", Der.Tagged(0x17, "3101010000Z"u8.ToArray())),
        ("with an offset", Der.Tagged(0x17, "310101000000+0100"u8.ToArray())),
        ("with a fraction", Der.Tagged(0x18, "20310101000000.5Z"u8.ToArray())),
        ("in month 13", Der.Tagged(0x17, "311301000000Z"u8.ToArray())),
        ("on February 30", Der.Tagged(0x17, "310230000000Z"u8.ToArray())),
        ("with letters", Der.Tagged(0x17, "31010100000AZ"u8.ToArray())),
        ("empty", Der.Tagged(0x17, [])),
    ];
    private static IEnumerable<(string, Func<ChainCase>)> Building()
    {
        yield return ("building: root signs leaf", () => Case(Root.Issue(End()), [], Root));
        yield return ("building: intermediate sent", () => Case(Middle.Issue(End()), [Middle], Root));
        yield return ("building: intermediate and root sent", () => Case(Middle.Issue(End()), [Middle, Root], Root));
        yield return ("building: sent in the wrong order with strangers", () =>
        {
            Issued low = Middle.Issue(Ca("CN=low"));
            return Case(low.Issue(End()), [Ca("CN=stranger").SelfSign(), Root, Middle, low, low], Root);
        }
        );
        yield return ("building: intermediate missing", () => Case(Middle.Issue(End()), [], Root));
        yield return ("building: nothing trusted", () => Case(Middle.Issue(End()), [Middle], []));
        yield return ("building: nothing trusted, root sent", () => Case(Middle.Issue(End()), [Middle, Root], []));
        yield return ("building: self-signed leaf", () => Case(End().SelfSign(), [], Root));
        yield return ("building: self-signed leaf, trusted", () => End().SelfSign() is var leaf ? Case(leaf, [], leaf) : null!);
        yield return ("building: self-signed authority as leaf, trusted", () => Ca("CN=leaf").SelfSign() is var leaf ? Case(leaf, [leaf], leaf) : null!);
        yield return ("building: self-signed leaf, sent twice", () => End().SelfSign() is var leaf ? Case(leaf, [leaf], Root) : null!);
        yield return ("building: self-signed leaf whose twin is trusted", () => Case(End("CN=twin").SelfSign(), [], End("CN=twin").SelfSign()));
        yield return ("building: twin without identifiers", () =>
        {
            CertificateSpec bare = End("CN=twin").With(Without("2.5.29.14"), Without("2.5.29.35"));
            return Case((bare with { Key = TestKey.Create("P-256") }).SelfSign(), [], (bare with { Key = TestKey.Create("P-256") }).SelfSign());
        }
        );
        yield return ("building: forged root of the same name", () =>
        {
            Issued forged = Ca("CN=root").SelfSign();
            return Case(forged.Issue(End()), [forged], Root);
        }
        );
        yield return ("building: forged root of the same name without identifiers", () =>
        {
            Issued forged = Ca("CN=root").With(Without("2.5.29.14"), Without("2.5.29.35")).SelfSign();
            return Case(forged.Issue(End().With(Without("2.5.29.35"))), [forged], Root);
        }
        );
        yield return ("building: trusted name, wrong signature", () => Case(Root.Issue(End() with { Signer = TestKey.Create("P-256") }), [], Root));
        yield return ("building: broken signature of the leaf", () => Case(Root.Issue(End() with { BreakSignature = true }), [], Root));
        yield return ("building: broken signature of the intermediate", () =>
        {
            Issued middle = Root.Issue(Ca("CN=broken") with { BreakSignature = true });
            return Case(middle.Issue(End()), [middle], Root);
        }
        );
        yield return ("building: broken signature of the root", () => (Ca("CN=r") with { BreakSignature = true }).SelfSign() is var root ? Case(root.Issue(End()), [], root) : null!);
        yield return ("building: broken signature of the root, checked", () => (Ca("CN=r") with { BreakSignature = true }).SelfSign() is var root ? Case(root.Issue(End()), [], root) with { Flags = VerifyFlags.CheckSelfSignedSignature } : null!);
        yield return ("building: root without certSign, checked", () => Ca("CN=r").With(Usage(7, 0x80)).SelfSign() is var root ? Case(root.Issue(End()), [], root) with { Flags = VerifyFlags.CheckSelfSignedSignature } : null!);
        yield return ("building: self-signed authority without certSign as leaf, checked", () => Ca("CN=leaf").With(Usage(7, 0x80)).SelfSign() is var leaf ? Case(leaf, [], leaf) with { Flags = VerifyFlags.CheckSelfSignedSignature } : null!);
        yield return ("building: self-signed user without certSign as leaf, checked", () => End().SelfSign() is var leaf ? Case(leaf, [], leaf) with { Flags = VerifyFlags.CheckSelfSignedSignature } : null!);
        yield return ("building: intermediate trusted only", () => Case(Middle.Issue(End()), [], Middle));
        yield return ("building: intermediate trusted only, partial", () => Case(Middle.Issue(End()), [], Middle) with { Flags = VerifyFlags.PartialChain });
        yield return ("building: leaf trusted only", () => Root.Issue(End()) is var leaf ? Case(leaf, [], leaf) : null!);
        yield return ("building: leaf trusted only, partial", () => Root.Issue(End()) is var leaf ? Case(leaf, [], leaf) with { Flags = VerifyFlags.PartialChain } : null!);
        yield return ("building: leaf and intermediate trusted, partial", () => Middle.Issue(End()) is var leaf ? Case(leaf, [], leaf, Middle) with { Flags = VerifyFlags.PartialChain } : null!);
        yield return ("building: expired trusted leaf, partial", () => Root.Issue(End() with { NotAfter = Authority.Now.AddDays(-1) }) is var leaf ? Case(leaf, [], leaf) with { Flags = VerifyFlags.PartialChain } : null!);
        yield return ("building: expired trusted intermediate, partial", () => Root.Issue(Ca("CN=m") with { NotAfter = Authority.Now.AddDays(-1) }) is var middle ? Case(middle.Issue(End()), [], middle) with { Flags = VerifyFlags.PartialChain } : null!);
        yield return ("building: trusted intermediate before the sent one", () => Case(Middle.Issue(End()), [Middle], Middle, Root));
        yield return ("building: cross-signed intermediate, one root trusted", () =>
        {
            Issued old = Ca("CN=old root").SelfSign();
            CertificateSpec spec = Ca("CN=crossed");
            Issued byOld = old.Issue(spec), byRoot = Root.Issue(spec with { Serial = 5 });
            return Case(byRoot.Issue(End()), [byOld, byRoot], Root);
        }
        );
        yield return ("building: cross-signed, the sent path ends untrusted", () =>
        {
            Issued old = Ca("CN=old root").SelfSign();
            CertificateSpec spec = Ca("CN=crossed");
            Issued byOld = old.Issue(spec), self = spec.SelfSign();
            return Case(byOld.Issue(End()), [byOld], self);
        }
        );
        yield return ("building: issuers in a circle", () =>
        {
            CertificateSpec one = Ca("CN=one"), two = Ca("CN=two");
            Issued oneByTwo = CertificateSpec.Make(one, two.Subject, two.Key, two.Key.Identifier);
            Issued twoByOne = CertificateSpec.Make(two, one.Subject, one.Key, one.Key.Identifier);
            return Case(oneByTwo.Issue(End()), [oneByTwo, twoByOne], Root);
        }
        );
        yield return ("building: trusted issuers in a circle", () =>
        {
            CertificateSpec one = Ca("CN=one"), two = Ca("CN=two");
            Issued oneByTwo = CertificateSpec.Make(one, two.Subject, two.Key, two.Key.Identifier);
            Issued twoByOne = CertificateSpec.Make(two, one.Subject, one.Key, one.Key.Identifier);
            return Case(oneByTwo.Issue(End()), [], oneByTwo, twoByOne);
        }
        );
        yield return ("building: trusted issuers in a circle, partial", () =>
        {
            CertificateSpec one = Ca("CN=one"), two = Ca("CN=two");
            Issued oneByTwo = CertificateSpec.Make(one, two.Subject, two.Key, two.Key.Identifier);
            Issued twoByOne = CertificateSpec.Make(two, one.Subject, one.Key, one.Key.Identifier);
            return Case(oneByTwo.Issue(End()), [], oneByTwo, twoByOne) with { Flags = VerifyFlags.PartialChain };
        }
        );
        yield return ("building: two roots of one name, told apart by identifier", () => Case(Root.Issue(End()), [], Ca("CN=root").SelfSign(), Root));
        yield return ("building: two roots of one name without identifiers", () =>
        {
            CertificateSpec bare = Ca("CN=root").With(Without("2.5.29.14"), Without("2.5.29.35"));
            Issued first = bare.SelfSign(), second = (bare with { Key = TestKey.Create("P-256") }).SelfSign();
            return Case(second.Issue(End().With(Without("2.5.29.35"))), [], first, second);
        }
        );
        yield return ("building: the valid one of two intermediates", () =>
        {
            CertificateSpec spec = Ca("CN=renewed");
            Issued old = Root.Issue(spec with { NotAfter = Authority.Now.AddDays(-10) }), renewed = Root.Issue(spec with { Serial = 6 });
            return Case(old.Issue(End()), [old, renewed], Root);
        }
        );
        yield return ("building: the later of two expired intermediates", () =>
        {
            CertificateSpec spec = Ca("CN=renewed");
            Issued old = Root.Issue(spec with { NotAfter = Authority.Now.AddDays(-10) }), later = Root.Issue(spec with { Serial = 6, NotAfter = Authority.Now.AddDays(-1) });
            return Case(old.Issue(End()), [old, later], Root);
        }
        );
        yield return ("building: the valid one of two roots", () =>
        {
            CertificateSpec spec = Ca("CN=renewed");
            Issued old = (spec with { NotAfter = Authority.Now.AddDays(-10) }).SelfSign(), renewed = (spec with { Serial = 6 }).SelfSign();
            return Case(old.Issue(End()), [], old, renewed);
        }
        );
        yield return ("building: identifier of another key", () => Case(Root.Issue(End().With(AuthorityKey(Der.Sequence(Der.Primitive(0, [1, 2, 3]))))), [], Root));
        yield return ("building: serial of another certificate", () => Case(Root.Issue(End().With(AuthorityKey(Der.Sequence(Der.Context(1, Der.Directory("CN=root")), Der.Primitive(2, [9]))))), [], Root));
        yield return ("building: issuer and serial that fit", () =>
        {
            Issued root = (Ca("CN=root") with { Serial = 9 }).SelfSign();
            return Case(root.Issue(End().With(AuthorityKey(Der.Sequence(Der.Context(1, Der.Directory("CN=root")), Der.Primitive(2, [9]))))), [], root);
        }
        );
        yield return ("building: issuer of another name", () =>
        {
            Issued root = (Ca("CN=root") with { Serial = 9 }).SelfSign();
            return Case(root.Issue(End().With(AuthorityKey(Der.Sequence(Der.Context(1, Der.Directory("CN=other")), Der.Primitive(2, [9]))))), [], root);
        }
        );
        yield return ("building: names that differ in case and spaces", () => Ca("CN=The  Root , O=x").SelfSign() is var root ? Case(root.Issue(End() with { Issuer = "CN=the root, O=X" }), [], root) : null!);
        yield return ("building: root by name only, self-issued with another identifier", () => Ca("CN=odd").With(AuthorityKey(Der.Sequence(Der.Primitive(0, [1])))).SelfSign() is var root ? Case(root.Issue(End()), [], root) : null!);
        yield return ("building: malformed extension in the leaf", () => Case(Root.Issue(End().With(new Extension("2.5.29.15", true, [1, 2, 3]))), [], Root));
        yield return ("building: malformed extension in the intermediate", () => Root.Issue(Ca("CN=m").With(new Extension("2.5.29.19", true, [1, 2, 3]))) is var middle ? Case(middle.Issue(End()), [middle], Root) : null!);
        yield return ("building: malformed extension in a trusted leaf, partial", () => Root.Issue(End().With(new Extension("2.5.29.17", false, [1, 2, 3]))) is var leaf ? Case(leaf, [], leaf) with { Flags = VerifyFlags.PartialChain } : null!);
        yield return ("building: empty key usage", () => Case(Root.Issue(End().With(Usage(0))), [], Root));
        yield return ("building: repeated extension", () => Case(Root.Issue(End().With(Eku(ServerAuth), Eku(ServerAuth))), [], Root));
        yield return ("building: unknown signature algorithm", () => Case(Root.Issue(End() with { Signer = TestKey.Named("RSA-2048/odd"), Algorithm = "unknown" }), [], Root));
        yield return ("building: algorithm of another kind of key", () => Case(Root.Issue(End() with { Signer = TestKey.Named("RSA-2048/odd") }), [], Root));
        yield return ("building: inner algorithm differs", () => Case(Root.Issue(End() with { InnerAlgorithm = "ecdsa-sha384" }), [], Root));
        yield return ("building: unreadable key in the leaf", () => Case(Root.Issue(End() with { Key = TestKey.Create("P-256").WithPublicKey(Der.Sequence(Der.Sequence(Der.Oid("1.2.3")), Der.Bits(0, 1))) }), [], Root));
        yield return ("building: unreadable key in the leaf, level 1", () => Case(Root.Issue(End() with { Key = TestKey.Create("P-256").WithPublicKey(Der.Sequence(Der.Sequence(Der.Oid("1.2.3")), Der.Bits(0, 1))) }), [], Root) with { SecurityLevel = 1 });
        for (int limit = 0; limit <= 3; limit++)
        {
            int depth = limit;
            yield return ($"building: depth limit {depth} for two between", () =>
            {
                Issued low = Middle.Issue(Ca("CN=low"));
                return Case(low.Issue(End()), [low, Middle], Root) with { DepthLimit = depth };
            }
            );
            yield return ($"building: depth limit {depth} for none between", () => Case(Root.Issue(End()), [], Root) with { DepthLimit = depth });
            yield return ($"building: depth limit {depth} without an end", () => Case(Middle.Issue(End()), [Middle], Ca("CN=else").SelfSign()) with { DepthLimit = depth });
        }
    }

    private static IEnumerable<(string, Func<ChainCase>)> Dates()
    {
        (string Name, TimeSpan From, TimeSpan To)[] spans =
        [
            ("valid from this second", TimeSpan.Zero, TimeSpan.FromDays(1)),
            ("valid from the next second", TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
            ("valid to this second", TimeSpan.FromDays(-1), TimeSpan.Zero),
            ("valid to the next second", TimeSpan.FromDays(-1), TimeSpan.FromSeconds(1)),
            ("valid to the last second", TimeSpan.FromDays(-1), TimeSpan.FromSeconds(-1)),
            ("valid backwards", TimeSpan.FromDays(1), TimeSpan.FromDays(-1)),
        ];
        foreach ((string name, TimeSpan from, TimeSpan to) in spans)
        {
            CertificateSpec Dated(CertificateSpec spec) => spec with { NotBefore = Authority.Now + from, NotAfter = Authority.Now + to };
            yield return ($"dates: leaf {name}", () => Case(Middle.Issue(Dated(End())), [Middle], Root));
            yield return ($"dates: intermediate {name}", () => Root.Issue(Dated(Ca("CN=m"))) is var middle ? Case(middle.Issue(End()), [middle], Root) : null!);
            yield return ($"dates: root {name}", () => Dated(Ca("CN=r")).SelfSign() is var root ? Case(root.Issue(End()), [], root) : null!);
            yield return ($"dates: self-signed leaf {name}", () => Dated(End()).SelfSign() is var leaf ? Case(leaf, [], leaf) : null!);
        }

        foreach ((string name, byte[] time) in OddTimes)
        {
            yield return ($"dates: end {name}", () => Case(Root.Issue(End() with { RawNotAfter = time }), [], Root));
            yield return ($"dates: beginning {name}", () => Case(Root.Issue(End() with { RawNotBefore = time }), [], Root));
        }

        yield return ("dates: unchecked", () => Case(Root.Issue(End() with { NotAfter = Authority.Now.AddDays(-1) }), [], Root) with { Flags = VerifyFlags.NoCheckTime });
        yield return ("dates: expired and of another name", () => Case(Root.Issue(End().With(Names(Der.Dns("a.example"))) with { NotAfter = Authority.Now.AddDays(-1) }), [], Root) with { HostName = "b.example" });
        yield return ("dates: expired and badly signed", () => Case(Root.Issue(End() with { NotAfter = Authority.Now.AddDays(-1), BreakSignature = true }), [], Root));
        yield return ("dates: expired leaf under an expired root", () => (Ca("CN=r") with { NotAfter = Authority.Now.AddDays(-1) }).SelfSign() is var root ? Case(root.Issue(End() with { NotAfter = Authority.Now.AddDays(-1) }), [], root) : null!);
    }
}
