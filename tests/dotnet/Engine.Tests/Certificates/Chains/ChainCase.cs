using System.Globalization;
using System.Text.RegularExpressions;
using SslModule.Engine.Certificates;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Tests.Certificates.Chains;

/// <summary>A verdict: the first code and the depth it is about; code 0 is good.</summary>
internal sealed record Verdict(int Code, int Depth)
{
    /// <summary>Something of the chain is not even read.</summary>
    public static readonly Verdict None = new(-1, 0);

    public override string ToString() => this == None ? "no verdict" : Code == 0 ? "ok" : string.Create(CultureInfo.InvariantCulture, $"{Code}@{Depth}");
}

/// <summary>One chain to be judged, by our verifier and by the openssl program.</summary>
internal sealed partial record ChainCase
{
    public required Issued Leaf { get; init; }

    /// <summary>What the peer sends behind its leaf.</summary>
    public Issued[] Sent { get; init; } = [];

    /// <summary>The trust file: certificates and CRLs in PEM.</summary>
    public required string Trusted { get; init; }

    public VerifyFlags Flags { get; init; }

    public Purpose Purpose { get; init; } = Purpose.ServerAuth;

    public int SecurityLevel { get; init; }

    public int DepthLimit { get; init; } = VerificationSettings.DefaultDepthLimit;

    public string? HostName { get; init; }

    public DateTimeOffset Now { get; init; } = Authority.Now;

    public Verdict Ours()
    {
        try
        {
            return Judge();
        }
        catch (TlsError)
        {
            return Verdict.None;
        }
    }

    private Verdict Judge()
    {
        using var folder = new ScratchFolder();
        var store = new TrustStore();
        if (Trusted.Length > 0)
        {
            store.AddFile(folder.Write("trusted.pem", Trusted));
        }

        var settings = new VerificationSettings
        {
            Store = store,
            Now = Now,
            Flags = Flags | VerifyFlags.TrustedFirst,
            Purpose = Purpose,
            SecurityLevel = SecurityLevel,
            DepthLimit = DepthLimit,
            HostName = HostName,
            HostFlags = 0,
        };
        VerificationResult result = ChainVerifier.Verify(Leaf.Certificate, [.. Sent.Select(sent => sent.Certificate)], settings);
        return new Verdict(result.Code, result.Depth);
    }

    public Verdict OpenSsl(out string output)
    {
        using var folder = new ScratchFolder();
        List<string> arguments = ["verify", "-no-CApath", "-no-CAstore"];
        arguments.AddRange(Trusted.Length > 0 ? ["-CAfile", folder.Write("trusted.pem", Trusted)] : ["-no-CAfile"]);
        if (Sent.Length > 0)
        {
            arguments.AddRange(["-untrusted", folder.Write("sent.pem", string.Concat(Sent.Select(sent => sent.Pem)))]);
        }

        if ((Flags & VerifyFlags.NoCheckTime) == 0)
        {
            // A time given outweighs the flag.
            arguments.AddRange(["-attime", Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)]);
        }

        arguments.AddRange(["-auth_level", SecurityLevel.ToString(CultureInfo.InvariantCulture)]);
        arguments.AddRange(["-verify_depth", DepthLimit.ToString(CultureInfo.InvariantCulture)]);
        arguments.AddRange(Purpose switch
        {
            Purpose.ServerAuth => ["-purpose", "sslserver"],
            Purpose.ClientAuth => ["-purpose", "sslclient"],
            _ => [],
        });
        arguments.AddRange(FlagArguments());
        if (HostName is not null)
        {
            arguments.AddRange([HostNameMatcher.Address(HostName) is null ? "-verify_hostname" : "-verify_ip", HostName]);
        }

        arguments.Add(folder.Write("leaf.pem", Leaf.Pem));
        output = InstalledProgram.RunBoth("openssl", arguments);
        Match first = FirstError().Match(output);
        return first.Success
            ? new Verdict(int.Parse(first.Groups[1].Value, CultureInfo.InvariantCulture), int.Parse(first.Groups[2].Value, CultureInfo.InvariantCulture))
            : output.Contains(": OK", StringComparison.Ordinal) ? new Verdict(0, 0)
            : output.Contains("verification failed", StringComparison.Ordinal) ? new Verdict(VerifyCode.Unspecified, 0)
            : Verdict.None;
    }

    private IEnumerable<string> FlagArguments()
    {
        (VerifyFlags Flag, string Option)[] options =
        [
            (VerifyFlags.CrlCheck, "-crl_check"), (VerifyFlags.CrlCheckAll, "-crl_check_all"), (VerifyFlags.Strict, "-x509_strict"),
            (VerifyFlags.PartialChain, "-partial_chain"), (VerifyFlags.AllowProxyCertificates, "-allow_proxy_certs"),
            (VerifyFlags.PolicyCheck, "-policy_check"), (VerifyFlags.ExplicitPolicy, "-explicit_policy"), (VerifyFlags.InhibitAny, "-inhibit_any"),
            (VerifyFlags.InhibitMap, "-inhibit_map"), (VerifyFlags.ExtendedCrlSupport, "-extended_crl"), (VerifyFlags.UseDeltas, "-use_deltas"),
            (VerifyFlags.CheckSelfSignedSignature, "-check_ss_sig"), (VerifyFlags.IgnoreCritical, "-ignore_critical"), (VerifyFlags.NoCheckTime, "-no_check_time"),
            (VerifyFlags.NotifyPolicy, "-policy_print"), (VerifyFlags.NoAlternativeChains, "-no_alt_chains"),
        ];
        return options.Where(option => (Flags & option.Flag) != 0).Select(option => option.Option).Concat((Flags & VerifyFlags.SuiteB128) switch
        {
            VerifyFlags.SuiteB128Only => ["-suiteB_128_only"],
            VerifyFlags.SuiteB192 => ["-suiteB_192"],
            VerifyFlags.SuiteB128 => ["-suiteB_128"],
            _ => [],
        });
    }

    [GeneratedRegex(@"^error (\d+) at (\d+) depth lookup", RegexOptions.Multiline)]
    private static partial Regex FirstError();
}
