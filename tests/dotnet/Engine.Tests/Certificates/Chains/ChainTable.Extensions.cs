using SslModule.Engine.Certificates;

namespace SslModule.Engine.Tests.Certificates.Chains;

internal static partial class ChainTable
{
    private static readonly Extension Unknown = new("1.2.3.4.5.6", true, Der.Null);

    private static IEnumerable<(string, Func<ChainCase>)> Roles()
    {
        (string Name, Extension Value)[] constraints = [("no constraints", Basic(null)), ("cA", Basic(true)), ("no cA", Basic(false))];
        (string Name, Extension Value)[] usages =
        [
            ("no usage", Without("2.5.29.15")), ("certSign", Usage(2, 0x04)), ("signature only", Usage(7, 0x80)),
        ];
        foreach ((string constraintName, Extension constraint) in constraints)
        {
            foreach ((string usageName, Extension usage) in usages)
            {
                string name = $"{constraintName}, {usageName}";
                foreach (VerifyFlags flags in (VerifyFlags[])[VerifyFlags.None, VerifyFlags.Strict])
                {
                    string suffix = flags == VerifyFlags.Strict ? ", strict" : "";
                    yield return ($"roles: intermediate with {name}{suffix}", () => Root.Issue(Ca("CN=m").With(constraint, usage)) is var middle ? Case(middle.Issue(End()), [middle], Root) with { Flags = flags } : null!);
                    yield return ($"roles: root with {name}{suffix}", () => Ca("CN=r").With(constraint, usage).SelfSign() is var root ? Case(root.Issue(End()), [], root) with { Flags = flags } : null!);
                    yield return ($"roles: leaf with {name}{suffix}", () => Case(Root.Issue(End().With(constraint, usage)), [], Root) with { Flags = flags });
                }
            }
        }

        foreach (VerifyFlags flags in (VerifyFlags[])[VerifyFlags.None, VerifyFlags.Strict])
        {
            string suffix = flags == VerifyFlags.Strict ? ", strict" : "";
            yield return ($"roles: root of version 1{suffix}", () => (Ca("CN=v1") with { Version = 1 }).SelfSign() is var root ? Case(CertificateSpec.Make(End(), "CN=v1", root.Spec.Key, null), [], root) with { Flags = flags } : null!);
            yield return ($"roles: intermediate of version 1{suffix}", () => Root.Issue(Ca("CN=v1") with { Version = 1 }) is var middle ? Case(CertificateSpec.Make(End(), "CN=v1", middle.Spec.Key, null), [middle], Root) with { Flags = flags } : null!);
            yield return ($"roles: leaf of version 1{suffix}", () => Case(Root.Issue(End() with { Version = 1 }), [], Root) with { Flags = flags });
            yield return ($"roles: authority as leaf{suffix}", () => Case(Root.Issue(Ca("CN=leaf")), [], Root) with { Flags = flags });
            yield return ($"roles: leaf signs leaf{suffix}", () => Root.Issue(End("CN=first")) is var first ? Case(first.Issue(End()), [first], Root) with { Flags = flags } : null!);
        }

        foreach (byte type in (byte[])[0x80, 0x40, 0x04, 0x01, 0x20])
        {
            var netscape = new Extension("2.16.840.1.113730.1.1", false, Der.Bits(0, type));
            yield return ($"roles: Netscape type {type:x2} on the leaf, server", () => Case(Root.Issue(End().With(netscape)), [], Root));
            yield return ($"roles: Netscape type {type:x2} on the leaf, client", () => Case(Root.Issue(End().With(netscape)), [], Root) with { Purpose = Purpose.ClientAuth });
            yield return ($"roles: Netscape type {type:x2} on the root", () => Ca("CN=r").With(netscape, Basic(null), Without("2.5.29.15")).SelfSign() is var root ? Case(root.Issue(End()), [], root) : null!);
        }

        yield return ("roles: unknown critical on the leaf", () => Case(Root.Issue(End().With(Unknown)), [], Root));
        yield return ("roles: unknown critical on the leaf, ignored", () => Case(Root.Issue(End().With(Unknown)), [], Root) with { Flags = VerifyFlags.IgnoreCritical });
        yield return ("roles: unknown critical on the intermediate", () => Root.Issue(Ca("CN=m").With(Unknown)) is var middle ? Case(middle.Issue(End()), [middle], Root) : null!);
        yield return ("roles: unknown critical on the root", () => Ca("CN=r").With(Unknown).SelfSign() is var root ? Case(root.Issue(End()), [], root) : null!);
        yield return ("roles: unknown, not critical", () => Case(Root.Issue(End().With(Unknown with { Critical = false })), [], Root));
        yield return ("roles: critical authority information access", () => Case(Root.Issue(End().With(new Extension("1.3.6.1.5.5.7.1.1", true, Der.Sequence(Der.Sequence(Der.Oid("1.3.6.1.5.5.7.48.1"), Der.Uri("http://ocsp.example")))))), [], Root));
    }

    private static IEnumerable<(string, Func<ChainCase>)> Purposes()
    {
        (string Name, string[] Usages)[] usages =
        [
            ("server", [ServerAuth]), ("client", [ClientAuth]), ("both", [ClientAuth, ServerAuth]), ("any", [AnyUsage]),
            ("code signing", [CodeSigning]), ("unknown", ["1.2.3.4"]), ("Microsoft's gated", ["1.3.6.1.4.1.311.10.3.3"]), ("Netscape's gated", ["2.16.840.1.113730.4.1"]), ("nothing", []),
        ];
        foreach ((string name, string[] list) in usages)
        {
            foreach (Purpose purpose in (Purpose[])[Purpose.ServerAuth, Purpose.ClientAuth])
            {
                yield return ($"purposes: {name} on the leaf for {purpose}", () => Case(Middle.Issue(End().With(Eku(list))), [Middle], Root) with { Purpose = purpose });
                yield return ($"purposes: {name} on the intermediate for {purpose}", () => Root.Issue(Ca("CN=m").With(Eku(list))) is var middle ? Case(middle.Issue(End()), [middle], Root) with { Purpose = purpose } : null!);
                yield return ($"purposes: {name} on the root for {purpose}", () => Ca("CN=r").With(Eku(list)).SelfSign() is var root ? Case(root.Issue(End()), [], root) with { Purpose = purpose } : null!);
            }
        }

        (string Name, Extension Usage)[] keyUsages =
        [
            ("digitalSignature", Usage(7, 0x80)), ("nonRepudiation", Usage(6, 0x40)), ("keyEncipherment", Usage(5, 0x20)), ("dataEncipherment", Usage(4, 0x10)),
            ("keyAgreement", Usage(3, 0x08)), ("keyCertSign", Usage(2, 0x04)), ("cRLSign", Usage(1, 0x02)), ("decipherOnly", Usage(7, 0, 0x80)),
        ];
        foreach ((string name, Extension usage) in keyUsages)
        {
            foreach (Purpose purpose in (Purpose[])[Purpose.ServerAuth, Purpose.ClientAuth])
            {
                yield return ($"purposes: {name} for {purpose}", () => Case(Root.Issue(End().With(usage)), [], Root) with { Purpose = purpose });
            }
        }

        yield return ("purposes: wrong use without a purpose", () => Case(Root.Issue(End().With(Eku(CodeSigning))), [], Root) with { Purpose = Purpose.Any });
    }

    private static IEnumerable<(string, Func<ChainCase>)> Lengths()
    {
        for (int limit = 0; limit <= 2; limit++)
        {
            int length = limit;
            for (int between = 0; between <= 3; between++)
            {
                int count = between;
                yield return ($"lengths: root allows {length}, {count} between", () => Tower(Ca("CN=r").With(Basic(true, length)).SelfSign(), count, selfIssued: false));
                yield return ($"lengths: root allows {length}, {count} self-issued between", () => Tower(Ca("CN=r").With(Basic(true, length)).SelfSign(), count, selfIssued: true));
            }

            yield return ($"lengths: intermediate allows {length}, two below", () =>
            {
                Issued middle = Root.Issue(Ca("CN=m").With(Basic(true, length)));
                Issued low = middle.Issue(Ca("CN=low")), lower = low.Issue(Ca("CN=lower"));
                return Case(lower.Issue(End()), [lower, low, middle], Root);
            }
            );
        }

        yield return ("lengths: limit without cA", () => Case(Root.Issue(End().With(Basic(false, 0))), [], Root));
        yield return ("lengths: negative limit", () => Root.Issue(Ca("CN=m").With(Basic(true, -1))) is var middle ? Case(middle.Issue(End()), [middle], Root) : null!);
        yield return ("lengths: an authority below a limit of none as leaf", () => Root.Issue(Ca("CN=m").With(Basic(true, 0))) is var middle ? Case(middle.Issue(Ca("CN=leaf")), [middle], Root) : null!);
    }

    private static ChainCase Tower(Issued root, int between, bool selfIssued)
    {
        var sent = new List<Issued>();
        Issued top = root;
        for (int index = 0; index < between; index++)
        {
            top = top.Issue(Ca(selfIssued ? "CN=r" : $"CN=level {index}"));
            sent.Add(top);
        }

        return Case(top.Issue(End()), [.. sent], root);
    }

    private static IEnumerable<(string, Func<ChainCase>)> StrictRules()
    {
        (string Name, Func<CertificateSpec, CertificateSpec> Bend)[] authorities =
        [
            ("as usual", spec => spec),
            ("constraints not critical", spec => spec.With(Basic(true, critical: false))),
            ("limit without certSign", spec => spec.With(Basic(true, 0), Without("2.5.29.15"))),
            ("no usage", spec => spec.With(Without("2.5.29.15"))),
            ("no subject key identifier", spec => spec.With(Without("2.5.29.14"))),
            ("critical subject key identifier", spec => spec.With(new Extension("2.5.29.14", true, Der.Octets(spec.Key.Identifier)))),
            ("critical authority key identifier", spec => spec.With(AuthorityKey(Der.Sequence(), critical: true))),
            ("no authority key identifier", spec => spec.With(Without("2.5.29.35"))),
            ("empty alternative names", spec => spec.With(Names())),
            ("empty subject", spec => spec with { Subject = "" }),
        ];
        (string Name, Func<CertificateSpec, CertificateSpec> Bend)[] leaves =
        [
            ("as usual", spec => spec),
            ("limit without cA", spec => spec.With(Basic(false, 0))),
            ("certSign without cA", spec => spec.With(Usage(2, 0x84))),
            ("cRLSign and no name", spec => spec.With(Usage(1, 0x82), Names(Der.Dns("a"))) with { Subject = "" }),
            ("no subject, no names", spec => spec with { Subject = "" }),
            ("no subject, names not critical", spec => spec.With(Names(Der.Dns("a.example"))) with { Subject = "" }),
            ("no subject, names critical", spec => spec.With(Names(Der.Dns("a.example")) with { Critical = true }) with { Subject = "" }),
            ("empty alternative names", spec => spec.With(Names())),
            ("inner algorithm differs", spec => spec with { InnerAlgorithm = "ecdsa-sha384" }),
            ("critical authority key identifier", spec => spec.With(AuthorityKey(Der.Sequence(), critical: true))),
            ("no authority key identifier", spec => spec.With(Without("2.5.29.35"))),
            ("authority key identifier without a key", spec => spec.With(AuthorityKey(Der.Sequence()))),
            ("critical subject key identifier", spec => spec.With(new Extension("2.5.29.14", true, Der.Octets(spec.Key.Identifier)))),
            ("no subject key identifier", spec => spec.With(Without("2.5.29.14"))),
            ("extensions in version 1", spec => spec.With(Basic(false), Usage(7, 0x80)) with { Version = 1 }),
            ("no constraints", spec => spec.With(Basic(null))),
        ];
        foreach ((string name, Func<CertificateSpec, CertificateSpec> bend) in authorities)
        {
            yield return ($"strict: intermediate with {name}", () => Root.Issue(bend(Ca("CN=m"))) is var middle ? Case(middle.Issue(End()), [middle], Root) with { Flags = VerifyFlags.Strict } : null!);
            yield return ($"strict: root with {name}", () => bend(Ca("CN=r")).SelfSign() is var root ? Case(root.Issue(End()), [], root) with { Flags = VerifyFlags.Strict } : null!);
            yield return ($"strict: intermediate with {name}, not asked", () => Root.Issue(bend(Ca("CN=m"))) is var middle ? Case(middle.Issue(End()), [middle], Root) : null!);
        }

        foreach ((string name, Func<CertificateSpec, CertificateSpec> bend) in leaves)
        {
            yield return ($"strict: leaf with {name}", () => Case(Root.Issue(bend(End())), [], Root) with { Flags = VerifyFlags.Strict });
            yield return ($"strict: leaf with {name}, not asked", () => Case(Root.Issue(bend(End())), [], Root));
            yield return ($"strict: self-signed leaf with {name}", () => bend(End()).SelfSign() is var leaf ? Case(leaf, [], leaf) with { Flags = VerifyFlags.Strict } : null!);
        }

        foreach ((string name, string oid) in ((string, string)[])[("authority", "2.5.29.35"), ("subject", "2.5.29.14")])
        {
            yield return ($"strict: leaf with a critical {name} key identifier, critical ones ignored", () => End() is var spec ? Case(Root.Issue(spec.With(new Extension(oid, true, oid == "2.5.29.14" ? Der.Octets(spec.Key.Identifier) : Der.Sequence()))), [], Root) with { Flags = VerifyFlags.Strict | VerifyFlags.IgnoreCritical } : null!);
        }

        yield return ("strict: no issuer name", () => (Ca("") with { Subject = "" }).SelfSign() is var root ? Case(root.Issue(End()), [], root) with { Flags = VerifyFlags.Strict } : null!);
    }
}
