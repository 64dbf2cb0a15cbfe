using System.Text;
using NUnit.Framework;
using SslModule.Engine.Context;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>The key log: what it holds, and that a packet analyser reads a connection of ours with it.</summary>
public sealed class KeyLogTests
{
    private static readonly string[] Tls13Labels =
    [
        "SERVER_HANDSHAKE_TRAFFIC_SECRET", "CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_TRAFFIC_SECRET_0", "CLIENT_TRAFFIC_SECRET_0", "EXPORTER_SECRET",
    ];

    private string _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("engine-tests-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void BothEndsWriteTheSameSecrets([Values(TestContexts.Tls12, TestContexts.Tls13)] int version)
    {
        TlsContext client = TestContexts.Client(version);
        TlsContext server = TestContexts.Server(version);
        client.KeyLogFilename = Path.Combine(_folder, "client");
        server.KeyLogFilename = Path.Combine(_folder, "server");
        using (MemoryPair.Connect(client, server, "localhost"))
        {
        }

        string[] secrets = [.. File.ReadLines(client.KeyLogFilename).Where(line => line[0] != '#')];
        Assert.That(File.ReadLines(server.KeyLogFilename).Where(line => line[0] != '#'), Is.EquivalentTo(secrets));
        Assert.That(secrets.Select(line => line.Split(' ')[0]), Is.EquivalentTo(version == TestContexts.Tls13 ? Tls13Labels : ["CLIENT_RANDOM"]));
        Assert.That(secrets.Select(line => line.Split(' ')[1]).Distinct().Count(), Is.EqualTo(1));
        Assert.That(secrets.Select(line => line.Split(' ')[2]).Distinct().Count(), Is.EqualTo(secrets.Length));
    }

    [Test]
    public void CaptureDecryptsWithIt(
        [Values("TLS_AES_256_GCM_SHA384", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-CHACHA20-POLY1305", "ECDHE-RSA-AES128-SHA256", "AES256-SHA256", "PSK-AES128-CBC-SHA256")] string suite)
    {
        if (InstalledProgram.Run("tshark", "--version") is null)
        {
            Assert.Ignore("tshark is not installed");
        }

        bool tls13 = suite.StartsWith("TLS_", StringComparison.Ordinal);
        int version = tls13 ? TestContexts.Tls13 : TestContexts.Tls12;
        string? ciphers = tls13 ? null : suite + ":@SECLEVEL=0";
        TlsContext client = TestContexts.Careless(version, ciphers);
        TlsContext server = TestContexts.Server(version, ciphers, rsa: true);
        client.PskClientCallback = suite.StartsWith("PSK", StringComparison.Ordinal) ? (_, _) => new PskCredentials("x"u8.ToArray(), "key"u8.ToArray()) : null;
        server.PskServerCallback = (_, _) => "key"u8.ToArray();
        client.KeyLogFilename = Path.Combine(_folder, "keys");
        var capture = new Capture(4433);
        using MemoryPair pair = MemoryPair.Connect(client, server, "localhost", (fromClient, bytes) =>
        {
            capture.Add(fromClient, bytes);
            return bytes;
        });
        Assert.That(pair.Client.Cipher!.Name, Is.EqualTo(suite));
        pair.Send("the client's secret"u8.ToArray(), fromClient: true);
        pair.Send("the server's secret"u8.ToArray(), fromClient: false);
        string file = Path.Combine(_folder, "capture.pcap");
        capture.Save(file);

        string opened = Follow(file, client.KeyLogFilename);
        Assert.That(opened, Does.Contain(Hex("the client's secret")).And.Contain(Hex("the server's secret")));
        string empty = Path.Combine(_folder, "empty");
        File.WriteAllText(empty, "");
        Assert.That(Follow(file, empty), Does.Not.Contain(Hex("secret")));
    }

    [TestCase("-tls1_3", null)]
    [TestCase("-tls1_2", "ECDHE-RSA-AES128-GCM-SHA256")]
    [TestCase("-tls1_2", "AES128-SHA256")]
    [TestCase("-tls1_2", "RSA-PSK-AES128-CBC-SHA256")]
    public void OpenSslWritesTheSameSecrets(string version, string? suite)
    {
        const string Psk = "0102030405060708";
        string theirs = Path.Combine(_folder, "theirs");
        string ours = Path.Combine(_folder, "ours");
        string[] arguments = suite is null ? [version] : [version, "-cipher", suite + ":@SECLEVEL=0", "-psk", Psk];
        TlsContext Configured(TlsContext context)
        {
            context.SetCiphers(suite is null ? "DEFAULT" : suite + ":@SECLEVEL=0");
            if (context.Protocol == TlsProtocolSelection.TlsClient)
            {
                context.PskClientCallback = (_, _) => new PskCredentials("Client_identity"u8.ToArray(), Convert.FromHexString(Psk));
            }
            else
            {
                context.PskServerCallback = (_, _) => Convert.FromHexString(Psk);
            }

            context.KeyLogFilename = ours;
            return context;
        }

        using (OpenSslPeer server = OpenSslPeer.Server(["-cert", TestContexts.CertificateFile(rsa: true), "-keylogfile", theirs, .. arguments]))
        {
            TlsContext client = TestContexts.Careless();
            if (suite is null)
            {
                // The program writes down a PSK's secrets too; only without one the suites of both are free.
                client.KeyLogFilename = ours;
                Assert.That(server.Talk(client).Cipher!.IsTls13, Is.EqualTo(version == "-tls1_3"));
            }
            else
            {
                Assert.That(server.Talk(Configured(client)).Cipher!.Name, Is.EqualTo(suite));
            }
        }

        string[] premasters = [.. Secrets(ours).Where(line => line.StartsWith("RSA ", StringComparison.Ordinal))];
        Assert.That(premasters, Has.Length.EqualTo(suite is "AES128-SHA256" or "RSA-PSK-AES128-CBC-SHA256" ? 1 : 0), "a server's log has none");
        Assert.That(Secrets(ours).Except(premasters), Is.EquivalentTo(Secrets(theirs)));

        File.Delete(theirs);
        File.Delete(ours);
        TlsContext own = TestContexts.Server(rsa: true);
        if (suite is null)
        {
            own.KeyLogFilename = ours;
        }
        else
        {
            Configured(own);
        }

        OpenSslPeer.Serve(own, ["-keylogfile", theirs, .. arguments]);
        premasters = [.. Secrets(theirs).Where(line => line.StartsWith("RSA ", StringComparison.Ordinal))];
        Assert.That(Secrets(ours), Is.EquivalentTo(Secrets(theirs).Except(premasters)));
    }

    [Test]
    public void EveryVersionAndSideCanGoWithoutIt()
    {
        TlsContext client = TestContexts.Client();
        client.KeyLogFilename = Path.Combine(_folder, "keys");
        client.KeyLogFilename = null;
        using (MemoryPair.Connect(client, TestContexts.Server(), "localhost"))
        {
        }

        Assert.That(File.ReadAllLines(Path.Combine(_folder, "keys")), Has.Length.EqualTo(1), "the comment alone");
    }

    private static string[] Secrets(string file) => [.. File.ReadLines(file).Where(line => line.Length > 0 && line[0] != '#')];

    private static string Follow(string file, string keys)
        => InstalledProgram.Run("tshark", "-r", file, "-o", "tls.keylog_file:" + keys, "-d", "tcp.port==4433,tls", "-q", "-z", "follow,tls,raw,0")
            ?? throw new AssertionException("tshark failed");

    private static string Hex(string text) => Convert.ToHexStringLower(Encoding.ASCII.GetBytes(text));
}
