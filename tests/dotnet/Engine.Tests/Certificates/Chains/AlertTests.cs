using System.Text.Json;
using System.Text.Json.Nodes;
using NUnit.Framework;
using SslModule.Engine.Certificates;
using SslModule.Engine.Context;
using SslModule.Engine.Tests.Handshake;

namespace SslModule.Engine.Tests.Certificates.Chains;

/// <summary>
/// Chains in a handshake: the code that our client and the client of the installed CPython raise, and the alert that each sends
/// to the server, are the same. Of every code that the table yields, a few chains.
/// </summary>
[TestFixture]
public class AlertTests
{
    private const int OfEachCode = 3;

    // The server's side is CPython's in both runs: it takes any chain.
    private const string Script = """
        import ssl, json
        def run(case):
            server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            server.set_ciphers('DEFAULT:@SECLEVEL=0')
            server.maximum_version = ssl.TLSVersion.TLSv1_2
            server.load_cert_chain(case['server'])
            client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            client.check_hostname = case['host'] is not None
            client.set_ciphers('DEFAULT:@SECLEVEL=%d' % case['level'])
            if case['trusted']:
                client.load_verify_locations(case['trusted'])
            client.verify_flags = case['flags']
            to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
            near = client.wrap_bio(to_client, to_server, server_hostname=case['host'])
            far = server.wrap_bio(to_server, to_client, server_side=True)
            for turn in range(4):
                try:
                    near.do_handshake()
                except ssl.SSLWantReadError:
                    pass
                except ssl.SSLError as error:
                    return [getattr(error, 'verify_code', error.reason), to_server.read()[-1]]
                try:
                    far.do_handshake()
                except ssl.SSLWantReadError:
                    pass
                except ssl.SSLError as error:
                    return ['server', error.reason]
            return [0, 0]
        for case in json.load(open(PATH)):
            try:
                print(json.dumps(run(case)))
            except Exception as error:
                print(json.dumps([type(error).__name__, str(error)]))
        """;

    [SetUp]
    public void Present() => Authority.MoveToThePresent();

    [TearDown]
    public void Usual() => Authority.MoveBack();

    [Test]
    public void Codes_and_alerts_are_those_of_the_installed_CPython()
    {
        using var folder = new ScratchFolder();
        (string Name, ChainCase Chain, int Code)[] chosen = Choose();
        var descriptions = new JsonArray();
        foreach ((string name, ChainCase chain, int _) in chosen)
        {
            string number = descriptions.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
            descriptions.Add(new JsonObject
            {
                ["server"] = folder.Write(number + "s.pem", chain.Leaf.Pem + string.Concat(chain.Sent.Select(sent => sent.Pem)) + chain.Leaf.Spec.Key.Pem + "\n"),
                ["trusted"] = chain.Trusted.Length == 0 ? null : folder.Write(number + "t.pem", chain.Trusted),
                ["flags"] = (long)(chain.Flags | VerifyFlags.TrustedFirst),
                ["level"] = chain.SecurityLevel,
                ["host"] = chain.HostName,
            });
        }

        string output = InstalledProgram.RunPython($"PATH = {JsonSerializer.Serialize(folder.Write("cases.json", descriptions.ToJsonString()))}\n{Script}") ?? "";
        Assume.That(output, Is.Not.Empty, "no CPython 3.11 over OpenSSL 3.0");
        string[] lines = output.TrimEnd().Split('\n');
        Assert.That(lines, Has.Length.EqualTo(chosen.Length));
        int compared = 0;
        Assert.Multiple(() =>
        {
            for (int index = 0; index < chosen.Length; index++)
            {
                JsonArray theirs = JsonNode.Parse(lines[index])!.AsArray();
                if (theirs[0]!.GetValueKind() != JsonValueKind.Number)
                {
                    // CPython will not serve this chain.
                    continue;
                }

                compared++;
                Assert.That(Handshake(chosen[index].Chain, descriptions[index]!), Is.EqualTo(((int)theirs[0]!, (int)theirs[1]!)), chosen[index].Name);
            }
        });
        TestContext.Out.WriteLine($"{compared} chains of {chosen.DistinctBy(one => one.Code).Count()} codes");
        Assert.That(chosen.DistinctBy(one => one.Code).Count(), Is.AtLeast(40));
        Assert.That(compared, Is.AtLeast(90));
    }

    // What our client raises and sends; the server is ours too, and as careless as the other.
    private static (int Code, int Alert) Handshake(ChainCase chain, JsonNode description)
    {
        var server = new TlsContext(TlsProtocolSelection.TlsServer) { MaximumVersion = 0x0303 };
        server.SetCiphers("DEFAULT:@SECLEVEL=0");
        server.LoadCertChain((string)description["server"]!, null, null);
        var client = new TlsContext(TlsProtocolSelection.TlsClient);
        client.SetCiphers($"DEFAULT:@SECLEVEL={chain.SecurityLevel}");
        client.CheckHostname = chain.HostName is not null;
        if ((string?)description["trusted"] is { } trusted)
        {
            client.LoadVerifyLocations(trusted, null);
        }

        client.VerifyFlags = (long)description["flags"]!;
        byte last = 0;
        byte[] Watch(bool fromClient, byte[] bytes)
        {
            last = fromClient && bytes.Length > 0 ? bytes[^1] : last;
            return bytes;
        }

        using var pair = MemoryPair.Shake(client, server, chain.HostName, Watch);
        return pair.ClientFailure is { } failure ? (failure.VerifyCode, last) : (0, 0);
    }

    // Chains that a server can send and a client can be told to judge in the same way.
    private static (string Name, ChainCase Chain, int Code)[] Choose()
    {
        HashSet<string> differing = [.. TestData.Text("differences.txt").Split('\n').Select(line => line.Split('|')[0].Trim())];
        var found = new Dictionary<int, int>();
        var chosen = new List<(string, ChainCase, int)>();
        foreach ((string name, Func<ChainCase> build) in ChainTable.All())
        {
            if (name.Contains("second", StringComparison.Ordinal) || name.StartsWith("strengths: old or rare", StringComparison.Ordinal) || differing.Contains(name))
            {
                continue;
            }

            ChainCase chain = build();
            if (chain.Purpose != Purpose.ServerAuth || chain.DepthLimit != VerificationSettings.DefaultDepthLimit || chain.Leaf.Spec.Key.Pem is null)
            {
                continue;
            }

            int code = chain.Ours().Code;
            int count = found.GetValueOrDefault(code);
            if (count < OfEachCode)
            {
                found[code] = count + 1;
                chosen.Add((name, chain, code));
            }
        }

        return [.. chosen];
    }
}
