namespace SslModule.Engine.Tests.Certificates.Chains;

/// <summary>The cases by name; each concern has a file of its own.</summary>
internal static partial class ChainTable
{
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";
    private const string CodeSigning = "1.3.6.1.5.5.7.3.3";
    private const string AnyUsage = "2.5.29.37.0";

    private static readonly DateTimeOffset Early = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Lazy<Issued> SharedRoot = new(() => (Ca("CN=root") with { NotBefore = Early, NotAfter = Early.AddYears(90) }).SelfSign());
    private static readonly Lazy<Issued> SharedMiddle = new(() => Root.Issue(Ca("CN=middle") with { NotBefore = Early, NotAfter = Early.AddYears(90) }));

    private static Issued Root => SharedRoot.Value;

    private static Issued Middle => SharedMiddle.Value;

    public static Dictionary<string, Func<ChainCase>> All()
    {
        var cases = new Dictionary<string, Func<ChainCase>>();
        foreach ((string name, Func<ChainCase> build) in (IEnumerable<(string, Func<ChainCase>)>)
            [.. Building(), .. Dates(), .. Roles(), .. Purposes(), .. Lengths(), .. StrictRules(), .. Constraints(), .. Hosts(), .. Crls(), .. Policies(), .. Proxies(), .. TrustedBlocks(), .. Strengths(), .. SuiteB(), .. Resources(), .. Attacks(), .. Encodings(), .. Keys()])
        {
            cases.Add(name, build);
        }

        return cases;
    }

    private static CertificateSpec Ca(string subject) => new() { Subject = subject, IsCa = true };

    private static CertificateSpec End(string subject = "CN=leaf") => new() { Subject = subject };

    private static ChainCase Case(Issued leaf, Issued[] sent, params Issued[] trusted)
        => new() { Leaf = leaf, Sent = sent, Trusted = string.Concat(trusted.Select(one => one.Pem)) };

    private static Extension Eku(params string[] usages) => new("2.5.29.37", false, Der.Sequence([.. usages.Select(Der.Oid)]));

    private static Extension Usage(int unused, params byte[] bits) => new("2.5.29.15", true, Der.Bits(unused, bits));

    private static Extension Basic(bool? authority, int? length = null, bool critical = true)
        => new("2.5.29.19", critical, authority is null ? null : Der.Sequence(authority.Value ? Der.Boolean(true) : [], length is { } limit ? Der.Integer(limit) : []));

    private static Extension Without(string oid) => new(oid, false, null);

    private static Extension Names(params byte[][] names) => new("2.5.29.17", false, Der.Sequence(names));

    private static Extension AuthorityKey(byte[] value, bool critical = false) => new("2.5.29.35", critical, value);
}
