using System.Text.RegularExpressions;
using NUnit.Framework;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Tests.Certificates.Chains;

/// <summary>
/// Chains, CRLs and names made by a generator, each judged by our verifier and by the openssl program in the same run: the
/// same verdict, the same first code, at the same depth. Where we differ on purpose, differences.txt says why.
/// </summary>
[TestFixture]
[Parallelizable(ParallelScope.Children)]
public class DifferentialTests
{
    private static readonly Dictionary<string, Lazy<(ChainCase Chain, Verdict Ours)>> Cases = ChainTable.All()
        .ToDictionary(pair => pair.Key, pair => new Lazy<(ChainCase, Verdict)>(() => pair.Value() is var chain ? (chain, chain.Ours()) : default));

    private static readonly (string Name, string Ours, string Theirs)[] Differences = ReadDifferences();

    // Codes with words and an alert that no chain earns here.
    private static readonly Dictionary<int, string> NeverReported = new()
    {
        [VerifyCode.UnableToDecodeIssuerPublicKey] = "a certificate whose key nobody can read is no candidate for an issuer; the chain then ends with 20",
        [VerifyCode.UnableToVerifyLeafSignature] = "a chain of one that is trusted, not self-signed and not allowed to be partial: OpenSSL ends one so for DANE only",
        [VerifyCode.NoIssuerPublicKey] = "why a candidate is no issuer; the chain then ends with 20",
        [VerifyCode.Untrusted] = "OpenSSL 3 says 20 or 26 where older ones said this",
        [VerifyCode.SubjectIssuerMismatch] = "why a candidate is no issuer",
        [VerifyCode.AuthorityKeyMismatch] = "why a candidate is no issuer",
        [VerifyCode.AuthorityIssuerSerialMismatch] = "why a candidate is no issuer",
        [VerifyCode.UnsupportedSignatureAlgorithm] = "why a candidate is no issuer",
        [VerifyCode.SignatureAlgorithmMismatch] = "why a candidate is no issuer",
        [VerifyCode.UnableToGetCrlIssuer] = "a CRL without an issuer at hand is not chosen: 3",
        [VerifyCode.UnsupportedExtensionFeature] = "OpenSSL 3.0 has no use for it",
        [VerifyCode.UnsupportedConstraintSyntax] = "OpenSSL 3.0 has no use for it",
        [VerifyCode.ApplicationVerification] = "the refusal of an application's callback",
        [VerifyCode.EmailMismatch] = "no TLS connection asks for an address",
        [VerifyCode.AuthorityKeyIdentifierCritical] = "OpenSSL 3.0 calls it an unhandled critical extension, 34, and forgets it where those are ignored",
        [VerifyCode.SubjectKeyIdentifierCritical] = "as for the authority's",
        [VerifyCode.InvalidCall] = "a mistake of the caller in C",
    };

    public static IEnumerable<string> AllNames => Cases.Keys;

    [OneTimeSetUp]
    public void NeedOpenSsl()
    {
        // The codes are those of the 3.0 series.
        string version = InstalledProgram.Run("openssl", "version") ?? "";
        if (!version.StartsWith("OpenSSL 3.0.", StringComparison.Ordinal))
        {
            Assert.Ignore("needs the openssl program of the 3.0 series");
        }
    }

    [TestCaseSource(nameof(AllNames))]
    public void Same_verdict(string name)
    {
        (ChainCase chain, Verdict verdict) = Cases[name].Value;
        string ours = verdict.ToString();
        string theirs = chain.OpenSsl(out string output).ToString();
        if (Array.Find(Differences, difference => Names(difference.Name, name)) is { Name: not null } known)
        {
            Assert.That(ours, Is.EqualTo(known.Ours));
            Assert.That(theirs, Is.AnyOf(known.Theirs.Split('/')), output);
            return;
        }

        Assert.That(ours, Is.EqualTo(theirs), output);
    }

    [Test]
    public void There_are_enough_and_every_difference_is_of_a_case()
    {
        Assert.That(Cases, Has.Count.AtLeast(250));
        Assert.That(Differences.Where(difference => !Cases.Keys.Any(name => Names(difference.Name, name))), Is.Empty);
    }

    [Test]
    public void Every_code_has_a_case_or_a_reason_for_having_none()
    {
        int[] seen = [.. Cases.Values.AsParallel().Select(one => one.Value.Ours).Where(verdict => verdict != Verdict.None).Select(verdict => verdict.Code).Distinct().Order()];
        int[] known = [.. typeof(VerifyCode).GetFields().Select(field => (int)field.GetRawConstantValue()!).Order()];
        TestContext.Out.WriteLine(string.Join(' ', known.Except(seen)));
        Assert.That(known, Is.SupersetOf(seen));
        Assert.That(known.Except(seen), Is.EquivalentTo(NeverReported.Keys));
    }

    // A star stands for any text.
    private static bool Names(string pattern, string name)
        => Regex.IsMatch(name, "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal) + "$");

    private static (string, string, string)[] ReadDifferences()
        => TestData.Text("differences.txt").Split('\n')
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(fields => (fields[0], fields[1], fields[2]))
            .ToArray();
}
