using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using NUnit.Framework;
using SslModule.Engine.Certificates;
using SslModule.Engine.Tests.Certificates.Chains;

namespace SslModule.Engine.Tests.Conformance;

/// <summary>
/// The chains of x509-limbo (C2SP/x509-limbo), each judged by our verifier and by the openssl program: the same verdict, first code and
/// depth. What x509-limbo itself expects follows the Web PKI's rules, which OpenSSL does not enforce all; it is counted for both.
/// </summary>
[TestFixture]
[Parallelizable(ParallelScope.Children)]
internal sealed class LimboTests
{
    private const string Variable = "LIMBO";

    private static readonly Lazy<JsonDocument?> Suite = new(() => Suites.Folder(Variable) is { } folder ? JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "limbo.json"))) : null);

    private static readonly (string Name, VerifyFlags Flags)[] Settings =
    [
        ("default", 0), ("strict", VerifyFlags.Strict), ("partial chain", VerifyFlags.PartialChain), ("no time", VerifyFlags.NoCheckTime),
        ("CRLs of all", VerifyFlags.CrlCheck | VerifyFlags.CrlCheckAll),
    ];

    private static int s_passed;
    private static int s_failed;
    private static int s_expectedByOurs;
    private static int s_expectedByOpenSsl;
    private static int s_judged;

    public static IEnumerable<TestCaseData> Cases
        => Suite.Value is { } suite
            ? suite.RootElement.GetProperty("testcases").EnumerateArray().Select(one => new TestCaseData(one).SetArgDisplayNames(one.GetProperty("id").GetString()!))
            : [new TestCaseData(default(JsonElement)).SetArgDisplayNames("none")];

    [TestCaseSource(nameof(Cases))]
    public void The_verdict_is_that_of_OpenSSL(JsonElement one)
    {
        if (Suite.Value is null)
        {
            Assert.Ignore("LIMBO does not name a folder with limbo.json");
        }

        ChainCase chain = Read(one);
        var wrong = new List<string>();
        foreach ((string name, VerifyFlags flags) in Settings)
        {
            ChainCase asked = chain with { Flags = flags };
            Verdict ours = asked.Ours();
            Verdict theirs = asked.OpenSsl(out string output);
            if (flags == 0)
            {
                bool isGood = one.GetProperty("expected_result").GetString() == "SUCCESS";
                Interlocked.Increment(ref s_judged);
                Interlocked.Add(ref s_expectedByOurs, ours.Code == 0 == isGood ? 1 : 0);
                Interlocked.Add(ref s_expectedByOpenSsl, theirs.Code == 0 == isGood ? 1 : 0);
            }

            if (ours != theirs)
            {
                wrong.Add($"{name}: {ours}, OpenSSL {theirs}\n{output}");
            }
        }

        Interlocked.Add(ref s_failed, wrong.Count);
        Interlocked.Add(ref s_passed, Settings.Length - wrong.Count);
        Assert.That(wrong, Is.Empty);
    }

    [OneTimeTearDown]
    public void Report()
    {
        if (Suite.Value is not null)
        {
            string expected = string.Create(CultureInfo.InvariantCulture, $"as x509-limbo expects with the default settings: ours {s_expectedByOurs}, OpenSSL {s_expectedByOpenSsl}, of {s_judged}");
            Suites.Report("limbo", [expected], s_passed, s_failed, skipped: 0);
        }
    }

    private static ChainCase Read(JsonElement one)
    {
        JsonElement name = one.GetProperty("expected_peer_name");
        JsonElement depth = one.GetProperty("max_chain_depth");
        return new ChainCase
        {
            Leaf = Certificate(one.GetProperty("peer_certificate").GetString()!),
            Sent = [.. Texts(one, "untrusted_intermediates").Select(Certificate)],
            Trusted = string.Concat(Texts(one, "trusted_certs").Concat(Texts(one, "crls"))),
            Now = one.GetProperty("validation_time") is { ValueKind: JsonValueKind.String } time ? time.GetDateTimeOffset() : DateTimeOffset.UtcNow,
            Purpose = one.GetProperty("validation_kind").GetString() == "CLIENT" ? Purpose.ClientAuth : Purpose.ServerAuth,
            SecurityLevel = 1,
            DepthLimit = depth.ValueKind == JsonValueKind.Number ? depth.GetInt32() : VerificationSettings.DefaultDepthLimit,
            HostName = name.ValueKind == JsonValueKind.Object && name.GetProperty("kind").GetString() is "DNS" or "IP" ? name.GetProperty("value").GetString() : null,
        };
    }

    private static IEnumerable<string> Texts(JsonElement one, string property)
        => one.TryGetProperty(property, out JsonElement texts) && texts.ValueKind == JsonValueKind.Array ? texts.EnumerateArray().Select(text => text.GetString()!.TrimEnd() + "\n") : [];

    private static Issued Certificate(string pem)
    {
        PemFields fields = PemEncoding.Find(pem);
        return new Issued(null!, Convert.FromBase64String(pem[fields.Base64Data]));
    }
}
