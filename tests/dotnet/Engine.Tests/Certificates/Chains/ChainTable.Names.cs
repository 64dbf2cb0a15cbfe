namespace SslModule.Engine.Tests.Certificates.Chains;

internal static partial class ChainTable
{
    private static IEnumerable<(string, Func<ChainCase>)> Constraints()
    {
        (string Constraint, byte[] Base, (string Name, Func<CertificateSpec, CertificateSpec> Bend)[] Leaves)[] table =
        [
            ("DNS example.com", Der.Dns("example.com"),
                [Dns("example.com"), Dns("a.example.com"), Dns("a.b.EXAMPLE.com"), Dns("badexample.com"), Dns("example.com.evil"), Dns("*.example.com"), Common("a.example.com"), Common("evil.org"), Common("not a host"), ("an address", spec => spec.With(Names(Der.Ip(10, 0, 0, 1))))]),
            ("DNS .example.com", Der.Dns(".example.com"), [Dns("example.com"), Dns("a.example.com"), Dns("aexample.com")]),
            ("DNS of nothing", Der.Dns(""), [Dns("example.com"), Dns("")]),
            ("IP 10/8", Der.Ip(10, 0, 0, 0, 255, 0, 0, 0), [Ip(10, 1, 2, 3), Ip(11, 1, 2, 3), Ip(10, 1, 2), ("IPv6", spec => spec.With(Names(Der.Ip(new byte[16]))))]),
            ("IP of a wrong length", Der.Ip(10, 0, 0, 0), [Ip(10, 1, 2, 3)]),
            ("IPv6", Der.Ip([0x20, 1, .. new byte[14], 0xFF, 0xFF, .. new byte[14]]), [("IPv6 inside", spec => spec.With(Names(Der.Ip([0x20, 1, .. new byte[14]])))), ("IPv6 outside", spec => spec.With(Names(Der.Ip([0x20, 2, .. new byte[14]]))))]),
            ("email host", Der.Email("example.com"), [Email("a@example.com"), Email("a@b.example.com"), Email("A@EXAMPLE.COM"), Email("nothing"), ("in the subject", spec => spec with { Subject = "E=a@evil.org, CN=leaf" })]),
            ("email domain", Der.Email(".example.com"), [Email("a@example.com"), Email("a@b.example.com")]),
            ("email mailbox", Der.Email("a@example.com"), [Email("a@example.com"), Email("A@example.com"), Email("a@EXAMPLE.com"), Email("b@example.com")]),
            ("URI host", Der.Uri("example.com"), [Uri("http://example.com"), Uri("http://example.com/x"), Uri("http://example.com:80/x"), Uri("http://a.example.com"), Uri("example.com"), Uri("http://"), Uri("http://user@example.com/")]),
            ("URI domain", Der.Uri(".example.com"), [Uri("http://example.com"), Uri("http://a.example.com/")]),
            ("directory", Der.Directory("O=Good"), [("inside", spec => spec with { Subject = "CN=x, O=Good" }), ("outside", spec => spec with { Subject = "CN=x, O=Bad" }), ("in other letters", spec => spec with { Subject = "CN=x, O=gOOd" }), ("no subject", spec => spec.With(Names(Der.Dns("a.example"))) with { Subject = "" })]),
            ("registered ID", Der.Primitive(8, [0x2A, 3]), [("registered ID", spec => spec.With(Names(Der.Primitive(8, [0x2A, 3])))), Dns("a.example")]),
        ];
        foreach ((string constraint, byte[] subtree, (string Name, Func<CertificateSpec, CertificateSpec> Bend)[] leaves) in table)
        {
            foreach ((string name, Func<CertificateSpec, CertificateSpec> bend) in leaves)
            {
                foreach (bool permitted in (bool[])[true, false])
                {
                    string kind = permitted ? "only" : "not";
                    yield return ($"constraints: {kind} {constraint}: {name}", () => Narrowed(permitted ? 0 : 1, Der.Sequence(subtree)) is var middle ? Case(middle.Issue(bend(End())), [middle], Root) : null!);
                }
            }
        }

        yield return ("constraints: with a minimum", () => Narrowed(0, Der.Sequence(Der.Dns("example.com"), Der.Primitive(0, [1]))) is var middle ? Case(middle.Issue(End().With(Names(Der.Dns("example.com")))), [middle], Root) : null!);
        yield return ("constraints: with a maximum", () => Narrowed(0, Der.Sequence(Der.Dns("example.com"), Der.Primitive(1, [1]))) is var middle ? Case(middle.Issue(End().With(Names(Der.Dns("example.com")))), [middle], Root) : null!);
        yield return ("constraints: malformed", () => Root.Issue(Ca("CN=m").With(new Extension("2.5.29.30", true, [1, 2]))) is var middle ? Case(middle.Issue(End()), [middle], Root) : null!);
        yield return ("constraints: of the root", () => Ca("CN=r").With(new Extension("2.5.29.30", true, Der.Sequence(Der.Context(0, Der.Sequence(Der.Dns("good.example")))))).SelfSign() is var root ? Case(root.Issue(End().With(Names(Der.Dns("bad.example")))), [], root) : null!);
        yield return ("constraints: over an intermediate", () =>
        {
            Issued narrow = Narrowed(0, Der.Sequence(Der.Directory("O=Good")));
            Issued low = narrow.Issue(Ca("CN=low, O=Bad"));
            return Case(low.Issue(End("CN=x, O=Good")), [low, narrow], Root);
        }
        );
        yield return ("constraints: over a self-issued intermediate", () =>
        {
            Issued narrow = Narrowed(0, Der.Sequence(Der.Dns("good.example")));
            Issued low = narrow.Issue(Ca("CN=narrow").With(Names(Der.Dns("bad.example"))));
            return Case(low.Issue(End().With(Names(Der.Dns("a.good.example")))), [low, narrow], Root);
        }
        );
        yield return ("constraints: common name and a host to check", () => Narrowed(0, Der.Sequence(Der.Dns("good.example"))) is var middle ? Case(middle.Issue(End("CN=bad.example")), [middle], Root) with { HostName = "bad.example" } : null!);

        static Issued Narrowed(int kind, byte[] subtree) => Root.Issue(Ca("CN=narrow").With(new Extension("2.5.29.30", true, Der.Sequence(Der.Context(kind, subtree)))));
        static (string, Func<CertificateSpec, CertificateSpec>) Dns(string name) => ($"DNS {name}", spec => spec.With(Names(Der.Dns(name))));
        static (string, Func<CertificateSpec, CertificateSpec>) Common(string name) => ($"CN {name}", spec => spec with { Subject = "CN=" + name });
        static (string, Func<CertificateSpec, CertificateSpec>) Email(string name) => ($"email {name}", spec => spec.With(Names(Der.Email(name))));
        static (string, Func<CertificateSpec, CertificateSpec>) Uri(string name) => ($"URI {name}", spec => spec.With(Names(Der.Uri(name))));
        static (string, Func<CertificateSpec, CertificateSpec>) Ip(params byte[] address) => ($"IP {string.Join('.', address)}", spec => spec.With(Names(Der.Ip(address))));
    }

    private static IEnumerable<(string, Func<ChainCase>)> Hosts()
    {
        (string[] Dns, string CommonName, string[] Asked)[] table =
        [
            (["www.example.com"], "leaf", ["www.example.com", "WWW.Example.COM", "example.com", "www.example.com.", "xwww.example.com", "www.example.org", ".example.com", "www"]),
            (["*.example.com"], "leaf", ["www.example.com", "example.com", "a.b.example.com", ".example.com", "*.example.com", "xn--nxa.example.com", "www.EXAMPLE.com", "a-b.example.com", "a_b.example.com"]),
            (["w*.example.com"], "leaf", ["www.example.com", "w.example.com", "x.example.com", "xn--w.example.com"]),
            (["*w.example.com"], "leaf", ["www.example.com", "w.example.com"]),
            (["w*w.example.com"], "leaf", ["www.example.com"]),
            (["www.*.com"], "leaf", ["www.example.com"]),
            (["*.com"], "leaf", ["example.com"]),
            (["*"], "leaf", ["example", "example.com"]),
            (["*.*.example.com"], "leaf", ["a.b.example.com"]),
            (["xn--nxa.example.com"], "leaf", ["xn--nxa.example.com", "XN--NXA.example.com"]),
            (["xn--*.example.com"], "leaf", ["xn--nxa.example.com"]),
            (["-*.example.com", "a..b"], "leaf", ["-a.example.com", "a..b"]),
            (["www.example.com\0.evil.org"], "leaf", ["www.example.com"]),
            ([""], "leaf", ["leaf", "example.com"]),
            (["10.0.0.1"], "leaf", ["10.0.0.1"]),
            ([], "www.example.com", ["www.example.com", "WWW.example.com", "example.com"]),
            ([], "*.example.com", ["www.example.com"]),
            ([], "10.0.0.1", ["10.0.0.1"]),
            (["other.example"], "www.example.com", ["www.example.com"]),
        ];
        foreach ((string[] dns, string commonName, string[] asked) in table)
        {
            foreach (string host in asked)
            {
                string label = string.Join('+', dns).Replace('\0', '~');
                yield return ($"hosts: {host} of [{label}] CN={commonName}", () =>
                {
                    CertificateSpec spec = End("CN=" + commonName);
                    return Case(Root.Issue(dns.Length == 0 ? spec : spec.With(Names([.. dns.Select(Der.Dns)]))), [], Root) with { HostName = host };
                }
                );
            }
        }

        (byte[] Address, string[] Asked)[] addresses =
        [
            ([10, 0, 0, 1], ["10.0.0.1", "10.0.0.2", "::ffff:10.0.0.1"]),
            ([.. new byte[15], 1], ["::1", "0:0:0:0:0:0:0:1", "0000::0001", "::2", "::0.0.0.1"]),
            ([0x20, 1, 0xD, 0xB8, .. new byte[11], 0xAB], ["2001:db8::ab", "2001:DB8:0::00AB", "2001:db8::ac"]),
        ];
        foreach ((byte[] address, string[] asked) in addresses)
        {
            foreach (string host in asked)
            {
                yield return ($"hosts: address {host} of {new System.Net.IPAddress(address)}", () => Case(Root.Issue(End().With(Names(Der.Ip(address)))), [], Root) with { HostName = host });
            }
        }

        yield return ("hosts: common name beside an address", () => Case(Root.Issue(End("CN=www.example.com").With(Names(Der.Ip(10, 0, 0, 1)))), [], Root) with { HostName = "www.example.com" });
        yield return ("hosts: wrong name and untrusted", () => Case(Ca("CN=else").SelfSign().Issue(End()), [], Root) with { HostName = "www.example.com" });
        yield return ("hosts: wrong name and badly signed", () => Case(Root.Issue(End() with { BreakSignature = true }), [], Root) with { HostName = "www.example.com" });
    }
}
