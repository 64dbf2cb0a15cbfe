using SslModule.Engine.Certificates;

namespace SslModule.Engine.Tests.Certificates.Chains;

internal static partial class ChainTable
{
    private static IEnumerable<(string, Func<ChainCase>)> SuiteB()
    {
        (string Root, string Middle, string Leaf)[] keys =
        [
            ("P-256", "P-256", "P-256"), ("P-384", "P-384", "P-384"), ("P-384", "P-384", "P-256"), ("P-384", "P-256", "P-256"),
            ("P-256", "P-256", "P-384"), ("P-256", "P-384", "P-384"), ("P-521", "P-256", "P-256"), ("P-256", "P-256", "P-521"),
            ("RSA-2048", "P-256", "P-256"), ("P-256", "P-256", "RSA-2048"), ("P-256", "P-256", "1.3.132.0.10"), ("P-256", "P-256", "Ed25519"),
        ];
        VerifyFlags[] levels = [VerifyFlags.None, VerifyFlags.SuiteB128Only, VerifyFlags.SuiteB192, VerifyFlags.SuiteB128];
        foreach ((string root, string middle, string leaf) in keys)
        {
            foreach (VerifyFlags level in levels)
            {
                yield return ($"suite B: {root} over {middle} over {leaf}, {level}", () =>
                {
                    Issued top = Sized("CN=top", root).SelfSign();
                    Issued between = top.Issue(Sized("CN=between", middle) with { Algorithm = Own(root) });
                    return Case(between.Issue(End() with { Key = TestKey.Named(leaf + "/suite"), Algorithm = Own(middle) }), [between], top) with { Flags = level };
                }
                );
            }
        }

        foreach (VerifyFlags level in levels)
        {
            yield return ($"suite B: another digest, {level}", () => Ca("CN=top").SelfSign() is var top ? Case(top.Issue(End() with { Algorithm = "ecdsa-sha384" }), [], top) with { Flags = level } : null!);
            yield return ($"suite B: another digest of the root itself, {level}", () => (Ca("CN=top") with { Algorithm = "ecdsa-sha512" }).SelfSign() is var top ? Case(top.Issue(End()), [], top) with { Flags = level } : null!);
            yield return ($"suite B: a self-signed leaf, {level}", () => End().SelfSign() is var leaf ? Case(leaf, [], leaf) with { Flags = level } : null!);
            yield return ($"suite B: a leaf of version 1, {level}", () => Case(Root.Issue(End() with { Version = 1 }), [], Root) with { Flags = level });
            yield return ($"suite B: a root of version 1, {level}", () => (Ca("CN=v1") with { Version = 1 }).SelfSign() is var root ? Case(CertificateSpec.Make(End(), "CN=v1", root.Spec.Key, null), [], root) with { Flags = level } : null!);
            yield return ($"suite B: an expired leaf of RSA, {level}", () => Case(Root.Issue(End() with { Key = TestKey.Named("RSA-2048/suite"), NotAfter = Authority.Now.AddDays(-1) }), [], Root) with { Flags = level });
            yield return ($"suite B: a list of another digest, {level}", () => Listed(level | LeafOnly, (_, list) => list with { Algorithm = "ecdsa-sha384" }));
            yield return ($"suite B: a list of the right digest, {level}", () => Listed(level | LeafOnly, (_, list) => list));
        }

        static CertificateSpec Sized(string subject, string key) => Ca(subject) with { Key = TestKey.Named(key + "/suite"), Algorithm = Own(key) };
        static string Own(string key) => key switch { "P-384" => "ecdsa-sha384", "P-521" => "ecdsa-sha512", "RSA-2048" => "rsa-sha256", _ => "ecdsa-sha256" };
    }
}
