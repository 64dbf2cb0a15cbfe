using System.Numerics;
using SslModule.Engine.Certificates;

namespace SslModule.Engine.Tests.Certificates.Chains;

internal static partial class ChainTable
{
    private static IEnumerable<(string, Func<ChainCase>)> Policies()
    {
        Extension policy = Policy("1.2.3");
        Extension explicitNow = Demand(Der.Primitive(0, [0]));
        VerifyFlags[] asked = [VerifyFlags.None, VerifyFlags.PolicyCheck, VerifyFlags.ExplicitPolicy, VerifyFlags.InhibitAny, VerifyFlags.InhibitMap];
        (string Name, Extension[] Authority, Extension[] Leaf)[] table =
        [
            ("none", [], []),
            ("the same", [policy], [policy]),
            ("different", [policy], [Policy("1.2.4")]),
            ("any", [Policy("2.5.29.32.0")], [policy]),
            ("explicit required", [policy, explicitNow], [policy]),
            ("explicit required, none there", [explicitNow], []),
            ("explicit required later", [policy, Demand(Der.Primitive(0, [5]))], [policy]),
            ("repeated", [], [Policy("1.2.3", "1.2.3")]),
            ("empty", [], [new Extension("2.5.29.32", false, Der.Sequence())]),
            ("malformed", [], [new Extension("2.5.29.32", false, [1, 2])]),
            ("malformed constraints", [new Extension("2.5.29.36", false, [1, 2])], []),
            ("empty constraints", [new Extension("2.5.29.36", true, Der.Sequence())], []),
            ("mapped to any", [policy, new Extension("2.5.29.33", false, Der.Sequence(Der.Sequence(Der.Oid("1.2.3"), Der.Oid("2.5.29.32.0"))))], []),
            ("mapped", [policy, new Extension("2.5.29.33", false, Der.Sequence(Der.Sequence(Der.Oid("1.2.3"), Der.Oid("1.2.4"))))], [Policy("1.2.4")]),
            ("mapping malformed without policies", [new Extension("2.5.29.33", false, [1, 2])], []),
            ("inhibiting any", [policy, new Extension("2.5.29.54", true, Der.Integer(0))], [Policy("2.5.29.32.0")]),
        ];
        foreach ((string name, Extension[] authority, Extension[] leaf) in table)
        {
            foreach (VerifyFlags flags in asked)
            {
                yield return ($"policies: {name}, {flags}", () => Root.Issue(Ca("CN=m").With(authority)) is var middle ? Case(middle.Issue(End().With(leaf)), [middle], Root) with { Flags = flags } : null!);
            }
        }

        yield return ("policies: explicit, trusted leaf", () => End().SelfSign() is var leaf ? Case(leaf, [], leaf) with { Flags = VerifyFlags.ExplicitPolicy } : null!);
    }

    private static Extension Policy(params string[] oids) => new("2.5.29.32", false, Der.Sequence([.. oids.Select(oid => Der.Sequence(Der.Oid(oid)))]));

    private static Extension Demand(byte[] value) => new("2.5.29.36", true, Der.Sequence(value));

    private static IEnumerable<(string, Func<ChainCase>)> Proxies()
    {
        foreach (VerifyFlags flags in (VerifyFlags[])[VerifyFlags.None, VerifyFlags.AllowProxyCertificates])
        {
            string suffix = flags == VerifyFlags.None ? "not allowed" : "allowed";
            yield return ($"proxies: one, {suffix}", () => Proxied(flags, "CN=proxy, CN=user"));
            yield return ($"proxies: one of another name, {suffix}", () => Proxied(flags, "CN=proxy, CN=somebody"));
            yield return ($"proxies: one that adds no common name, {suffix}", () => Proxied(flags, "OU=proxy, CN=user"));
            yield return ($"proxies: one that adds nothing, {suffix}", () => Proxied(flags, "CN=user"));
            yield return ($"proxies: one that adds two, {suffix}", () => Proxied(flags, "CN=a, CN=proxy, CN=user"));
            yield return ($"proxies: two, {suffix}", () => Proxied(flags, "CN=proxy, CN=user", second: "CN=again, CN=proxy, CN=user"));
            yield return ($"proxies: two where none may follow, {suffix}", () => Proxied(flags, "CN=proxy, CN=user", second: "CN=again, CN=proxy, CN=user", limit: 0));
            yield return ($"proxies: signed by an authority, {suffix}", () => Case(Root.Issue(End("CN=proxy, CN=root").With(Proxy(null))), [], Root) with { Flags = flags });
            yield return ($"proxies: with alternative names, {suffix}", () => Proxied(flags, "CN=proxy, CN=user", more: Names(Der.Dns("a"))));
            yield return ($"proxies: of a user who may not sign, {suffix}", () => Proxied(flags, "CN=proxy, CN=user", user: Usage(5, 0x20)));
        }

        yield return ("proxies: of a user who may not sign, for any purpose", () => Proxied(VerifyFlags.AllowProxyCertificates, "CN=proxy, CN=user", user: Usage(5, 0x20)) with { Purpose = Purpose.Any });
        yield return ("proxies: revoked user below a proxy", () => Proxied(VerifyFlags.AllowProxyCertificates | LeafOnly, "CN=proxy, CN=user"));
    }

    private static ChainCase Proxied(VerifyFlags flags, string name, string? second = null, int? limit = null, Extension? more = null, Extension? user = null)
    {
        CertificateSpec spec = End("CN=user");
        Issued holder = Root.Issue(user is null ? spec : spec.With(user));
        CertificateSpec proxy = End(name).With(Proxy(limit));
        Issued first = holder.Issue(more is null ? proxy : proxy.With(more));
        return second is null
            ? Case(first, [holder], Root) with { Flags = flags, Purpose = Purpose.ClientAuth }
            : Case(first.Issue(End(second).With(Proxy(null))), [first, holder], Root) with { Flags = flags, Purpose = Purpose.ClientAuth };
    }

    private static Extension Proxy(int? limit)
        => new("1.3.6.1.5.5.7.1.14", true, Der.Sequence(limit is { } length ? Der.Integer(length) : [], Der.Sequence(Der.Oid("1.3.6.1.5.5.7.21.1"))));

    private static IEnumerable<(string, Func<ChainCase>)> TrustedBlocks()
    {
        (string Name, string[]? Trusted, string[] Rejected)[] settings =
        [
            ("no settings", null, []), ("trusted for servers", [ServerAuth], []), ("trusted for clients", [ClientAuth], []), ("trusted for any", [AnyUsage], []),
            ("trusted for nothing", [], []), ("rejected for servers", null, [ServerAuth]), ("rejected for clients", null, [ClientAuth]), ("rejected for any", null, [AnyUsage]),
            ("trusted and rejected for servers", [ServerAuth], [ServerAuth]),
        ];
        foreach ((string name, string[]? trusted, string[] rejected) in settings)
        {
            yield return ($"trusted: root {name}", () => Case(Root.Issue(End()), []) with { Trusted = Root.TrustedPem(trusted, rejected) });
            yield return ($"trusted: root {name}, for a client", () => Case(Root.Issue(End()), []) with { Trusted = Root.TrustedPem(trusted, rejected), Purpose = Purpose.ClientAuth });
            yield return ($"trusted: root {name}, for anything", () => Case(Root.Issue(End()), []) with { Trusted = Root.TrustedPem(trusted, rejected), Purpose = Purpose.Any });
            yield return ($"trusted: intermediate {name}", () => Case(Middle.Issue(End()), []) with { Trusted = Middle.TrustedPem(trusted, rejected) });
            yield return ($"trusted: intermediate {name}, root too", () => Case(Middle.Issue(End()), []) with { Trusted = Middle.TrustedPem(trusted, rejected) + Root.Pem });
            yield return ($"trusted: intermediate {name}, partial", () => Case(Middle.Issue(End()), []) with { Trusted = Middle.TrustedPem(trusted, rejected), Flags = VerifyFlags.PartialChain });
            yield return ($"trusted: leaf {name}, partial", () => Root.Issue(End()) is var leaf ? Case(leaf, []) with { Trusted = leaf.TrustedPem(trusted, rejected), Flags = VerifyFlags.PartialChain } : null!);
        }

        yield return ("trusted: settings over the wrong use", () => Ca("CN=r").With(Eku(CodeSigning)).SelfSign() is var root ? Case(root.Issue(End()), []) with { Trusted = root.TrustedPem([ServerAuth], []) } : null!);
        yield return ("trusted: text between the blocks", () => Case(Root.Issue(End()), []) with { Trusted = "about\n\n" + Middle.Pem + "\nmore: text\n" + Root.Pem + "the end" });
    }

    private static IEnumerable<(string, Func<ChainCase>)> Strengths()
    {
        string[] kinds = ["RSA-1024", "RSA-2048", "RSA-3072", "P-256", "P-384", "P-521", "1.3.132.0.10", "Ed25519", "Ed448"];
        foreach (string kind in kinds)
        {
            for (int at = 0; at <= 5; at++)
            {
                int level = at;
                if (level is 0 or 2 or 3 or 5 || kind is "RSA-1024" or "P-256")
                {
                    yield return ($"strengths: leaf of {kind}, level {level}", () => Case(Strong.Issue(End() with { Key = TestKey.Named(kind) }), [], Strong) with { SecurityLevel = level });
                    yield return ($"strengths: authority of {kind}, level {level}", () => (Ca("CN=weak") with { Key = TestKey.Named(kind + "/authority") }).SelfSign() is var root ? Case(root.Issue(End() with { Key = TestKey.Named("P-521") }), [], root) with { SecurityLevel = level } : null!);
                }
            }
        }

        (string Key, string Algorithm)[] algorithms =
        [
            ("RSA-2048", "rsa-md5"), ("RSA-2048", "rsa-sha1"), ("RSA-2048", "rsa-sha256"), ("RSA-2048", "rsa-sha384"), ("RSA-2048", "rsa-sha512"),
            ("RSA-2048", "pss-sha256"), ("RSA-2048", "pss-sha384"), ("P-256", "ecdsa-sha1"), ("P-256", "ecdsa-sha256"), ("P-256", "ecdsa-sha384"), ("P-256", "ecdsa-sha512"), ("P-384", "ecdsa-sha384"),
        ];
        foreach ((string key, string algorithm) in algorithms)
        {
            for (int at = 0; at <= 3; at++)
            {
                int level = at;
                yield return ($"strengths: {algorithm} by {key}, level {level}", () => (Ca("CN=signer") with { Key = TestKey.Named(key + "/signer") }).SelfSign() is var root ? Case(root.Issue(End() with { Algorithm = algorithm }), [], root) with { SecurityLevel = level } : null!);
            }
        }

        yield return ("strengths: weak digest on the root only", () => (Ca("CN=old") with { Key = TestKey.Named("RSA-2048/signer"), Algorithm = "rsa-sha1" }).SelfSign() is var root ? Case(root.Issue(End()), [], root) with { SecurityLevel = 2 } : null!);
        yield return ("strengths: explicit curve in the leaf", () => Case(Root.Issue(End() with { Key = TestKey.Explicit() }), [], Root));
        yield return ("strengths: explicit curve in the leaf, level 2", () => Case(Root.Issue(End() with { Key = TestKey.Explicit() }), [], Root) with { SecurityLevel = 2 });
        yield return ("strengths: explicit curve in the intermediate", () => Root.Issue(Ca("CN=m") with { Key = TestKey.Explicit() }) is var middle ? Case(middle.Issue(End()), [middle], Root) : null!);
        yield return ("strengths: explicit curve in a self-signed leaf", () => (End() with { Key = TestKey.Explicit() }).SelfSign() is var leaf ? Case(leaf, [], leaf) : null!);
        foreach (string kind in (string[])["DSA-512", "DSA-1024", "DSA-2048", "RSA-512", "RSA-768", "RSA-1016", "MP-16384", "MP-16385", "1.3.132.0.33", "1.3.36.3.3.2.8.1.1.7", "1.3.36.3.3.2.8.1.1.11", "1.3.132.0.10"])
        {
            for (int at = 0; at <= (kind.StartsWith("MP-", StringComparison.Ordinal) ? 0 : 2); at++)
            {
                int level = at;
                yield return ($"strengths: old or rare {kind} in the leaf, level {level}", () => Case(Strong.Issue(End() with { Key = TestKey.Named(kind) }), [], Strong) with { SecurityLevel = level });
                yield return ($"strengths: old or rare {kind} in the authority, level {level}", () => (Ca("CN=rare") with { Key = TestKey.Named(kind) }).SelfSign() is var root ? Case(root.Issue(End() with { Key = TestKey.Named("P-521") }), [], root) with { SecurityLevel = level } : null!);
            }
        }

        (string Name, BigInteger Modulus, BigInteger Exponent)[] odd =
        [
            ("an even modulus", BigInteger.One << 2047, 65537), ("the exponent 1", (BigInteger.One << 2047) + 1, 1), ("the exponent 2", (BigInteger.One << 2047) + 1, 2),
            ("the exponent 0", (BigInteger.One << 2047) + 1, 0), ("an exponent below zero", (BigInteger.One << 2047) + 1, -3), ("a modulus below zero", -(BigInteger.One << 2047) - 1, 3),
            ("a large exponent", (BigInteger.One << 4095) + 1, (BigInteger.One << 65) + 1), ("an exponent beyond the modulus", (BigInteger.One << 1023) + 1, (BigInteger.One << 1030) + 1), ("the modulus 0", 0, 3),
        ];
        foreach ((string name, BigInteger modulus, BigInteger exponent) in odd)
        {
            yield return ($"strengths: RSA in the leaf with {name}", () => Case(Root.Issue(End() with { Key = TestKey.Named("P-256/odd").WithPublicKey(MultiPrimeRsa.Info(modulus, exponent)) }), [], Root));
            yield return ($"strengths: RSA in the authority with {name}", () => (Ca("CN=odd") with { Key = TestKey.Named("RSA-2048/odd").WithPublicKey(MultiPrimeRsa.Info(modulus, exponent)) }).SelfSign() is var root ? Case(root.Issue(End()), [], root) : null!);
        }

        foreach (string algorithm in (string[])["dsa-sha1", "dsa-sha256"])
        {
            for (int at = 0; at <= 2; at++)
            {
                int level = at;
                yield return ($"strengths: a chain of DSA with {algorithm}, level {level}", () =>
                {
                    Issued root = (Ca("CN=dsa") with { Key = TestKey.Named("DSA-2048"), Algorithm = algorithm }).SelfSign();
                    Issued middle = root.Issue(Ca("CN=m") with { Key = TestKey.Named("DSA-2048/m"), Algorithm = algorithm });
                    return Case(middle.Issue(End() with { Key = TestKey.Named("DSA-2048/leaf"), Algorithm = algorithm }), [middle], root) with { SecurityLevel = level };
                }
                );
            }
        }

        yield return ("strengths: DSA, badly signed", () => (Ca("CN=dsa") with { Key = TestKey.Named("DSA-1024") }).SelfSign() is var root ? Case(root.Issue(End() with { BreakSignature = true }), [], root) : null!);
        yield return ("strengths: explicit curve in the root", () => (Ca("CN=r") with { Key = TestKey.Explicit() }).SelfSign() is var root ? Case(root.Issue(End()), [], root) : null!);
    }

    private static Issued Strong => (Ca("CN=strong") with { Key = TestKey.Named("P-521/strong"), Algorithm = "ecdsa-sha512" }).SelfSign();
}
