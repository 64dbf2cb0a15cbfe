using System.Security.Cryptography;
using NUnit.Framework;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>Channel bindings and exported keys: equal on both ends, and equal to OpenSSL's.</summary>
public sealed class ChannelBindingTests
{
    private const string Label = "EXPORTER-Channel-Binding";

    [Test]
    public void BothEndsAgree(
        [Values(TestContexts.Tls12, TestContexts.Tls13)] int version,
        [Values("tls-unique", "tls-server-end-point", "tls-exporter")] string type)
    {
        using MemoryPair pair = MemoryPair.Connect(TestContexts.Client(version), TestContexts.Server(version), "localhost");
        using MemoryPair other = MemoryPair.Connect(TestContexts.Client(version), TestContexts.Server(version), "localhost");
        byte[]? binding = pair.Client.GetChannelBinding(type);
        Assert.That(binding, Is.Not.Null.And.EqualTo(pair.Server.GetChannelBinding(type)));
        Assert.That(binding!.SequenceEqual(other.Client.GetChannelBinding(type)!), Is.EqualTo(type == "tls-server-end-point"));
    }

    [Test]
    public void EndPointIsTheHashOfTheServersCertificate([Values] bool rsa)
    {
        using MemoryPair pair = MemoryPair.Connect(TestContexts.Client(), TestContexts.Server(rsa: rsa), "localhost");
        byte[] expected = SHA256.HashData(pair.Client.PeerCertificate!.Encoded.Span);
        Assert.That(pair.Client.GetChannelBinding("tls-server-end-point"), Is.EqualTo(expected));
        Assert.That(pair.Server.GetChannelBinding("tls-server-end-point"), Is.EqualTo(expected));
    }

    [Test]
    public void NothingBeforeTheHandshakeNorAfterDisposal()
    {
        var connection = new TlsConnection(TestContexts.Client(), serverSide: false, "localhost");
        foreach (string type in (string[])["tls-unique", "tls-server-end-point", "tls-exporter"])
        {
            Assert.That(connection.GetChannelBinding(type), Is.Null);
        }

        Assert.That(connection.ExportKeyingMaterial("label", null, 16), Is.Null);
        using MemoryPair pair = MemoryPair.Connect(TestContexts.Client(), TestContexts.Server(), "localhost");
        pair.Client.Dispose();
        Assert.That(pair.Client.GetChannelBinding("tls-exporter"), Is.Null);
    }

    [Test]
    public void PskHasNoEndPoint()
    {
        TlsContext client = TestContexts.Client(TestContexts.Tls13);
        TlsContext server = TestContexts.BareServer(TestContexts.Tls13);
        client.PskClientCallback = (_, _) => new PskCredentials("x"u8.ToArray(), "key"u8.ToArray());
        server.PskServerCallback = (_, _) => "key"u8.ToArray();
        using MemoryPair pair = MemoryPair.Connect(client, server, "localhost");
        Assert.That(pair.Client.GetChannelBinding("tls-server-end-point"), Is.Null);
        Assert.That(pair.Server.GetChannelBinding("tls-server-end-point"), Is.Null);
        Assert.That(pair.Client.GetChannelBinding("tls-exporter"), Is.EqualTo(pair.Server.GetChannelBinding("tls-exporter")));
    }

    [Test]
    public void UnknownTypesAreRefused()
    {
        using MemoryPair pair = MemoryPair.Connect(TestContexts.Client(), TestContexts.Server(), "localhost");
        Assert.Throws<TlsError>(() => pair.Client.GetChannelBinding("tls-unique-for-telnet"));
    }

    [Test]
    public void ExportedKeysDependOnEveryInput([Values(TestContexts.Tls12, TestContexts.Tls13)] int version)
    {
        using MemoryPair pair = MemoryPair.Connect(TestContexts.Client(version), TestContexts.Server(version), "localhost");
        byte[]?[] keys =
        [
            pair.Client.ExportKeyingMaterial("EXPERIMENTAL one", null, 100),
            pair.Client.ExportKeyingMaterial("EXPERIMENTAL two", null, 100),
            pair.Client.ExportKeyingMaterial("EXPERIMENTAL one", [1], 100),
            pair.Client.ExportKeyingMaterial("EXPERIMENTAL one", [1, 2], 100),
        ];
        Assert.That(keys.Select(key => Convert.ToHexString(key!)).Distinct().Count(), Is.EqualTo(4));
        Assert.That(pair.Server.ExportKeyingMaterial("EXPERIMENTAL one", [1, 2], 100), Is.EqualTo(keys[3]));
        bool same = keys[0]!.SequenceEqual(pair.Client.ExportKeyingMaterial("EXPERIMENTAL one", [], 100)!);
        Assert.That(same, Is.EqualTo(version == TestContexts.Tls13), "no context and an empty one");
        Assert.Throws<TlsError>(() => pair.Client.ExportKeyingMaterial("", null, 1));
        Assert.Throws<TlsError>(() => pair.Client.ExportKeyingMaterial("über", null, 1));
        Assert.Throws<TlsError>(() => pair.Client.ExportKeyingMaterial("x", null, 0));
        Assert.Throws<TlsError>(() => pair.Client.ExportKeyingMaterial("x", null, 8161));
        Assert.Throws<TlsError>(() => pair.Client.ExportKeyingMaterial("x", new byte[65536], 1));
    }

    [Test]
    public void ExporterEqualsSClients([Values("-tls1_2", "-tls1_3")] string version)
    {
        (TlsConnection connection, string printed) = OpenSslPeer.Serve(TestContexts.Server(), version, "-keymatexport", Label, "-keymatexportlen", "32");
        byte[] expected = connection.ExportKeyingMaterial(Label, null, 32)!;
        Assert.That(printed, Does.Contain("Keying material: " + Convert.ToHexString(expected)));
        if (version == "-tls1_3")
        {
            Assert.That(connection.GetChannelBinding("tls-exporter"), Is.EqualTo(expected));
        }
    }

    [Test]
    public void UniqueEqualsPythons([Values("TLSv1_2", "TLSv1_3")] string version)
    {
        string? answers = Scripted(version, out TlsConnection? connection);
        if (answers is null)
        {
            Assert.Ignore("no CPython 3.11 over OpenSSL 3.0");
        }

        Assert.That(answers, Is.EqualTo(Convert.ToHexStringLower(connection!.GetChannelBinding("tls-unique")!)));
    }

    /// <summary>Shakes hands with the interpreter's own ssl over hexadecimal lines; answers its tls-unique.</summary>
    private static string? Scripted(string version, out TlsConnection? connection)
    {
        const string script = """
            import sys, ssl
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            context.maximum_version = getattr(ssl.TLSVersion, sys.argv[1])
            incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
            connection = context.wrap_bio(incoming, outgoing)
            while True:
                try:
                    connection.do_handshake()
                    done = True
                except ssl.SSLWantReadError:
                    done = False
                print(outgoing.read().hex(), flush=True)
                if done:
                    break
                incoming.write(bytes.fromhex(sys.stdin.readline()))
            print(connection.get_channel_binding("tls-unique").hex(), flush=True)
            """;
        connection = null;
        if (InstalledProgram.RunPython("print(1)") is null)
        {
            return null;
        }

        var start = new System.Diagnostics.ProcessStartInfo("python3", ["-I", "-c", script, version]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start(start)!;
        connection = new TlsConnection(TestContexts.Server(), serverSide: true, null);
        while (!connection.IsHandshakeComplete)
        {
            connection.Input(Convert.FromHexString(process.StandardOutput.ReadLine()!));
            connection.Handshake();
            byte[] answer = connection.Output.ToArray();
            connection.OutputSent(answer.Length);
            process.StandardInput.WriteLine(Convert.ToHexString(answer));
            process.StandardInput.Flush();
        }

        string? last = null;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            last = line;
        }

        process.WaitForExit();
        return last;
    }
}
