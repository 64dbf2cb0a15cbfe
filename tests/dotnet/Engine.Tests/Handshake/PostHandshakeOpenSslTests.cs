using System.Net;
using System.Net.Sockets;
using System.Text;
using NUnit.Framework;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>What comes after the handshake, against OpenSSL's s_server and s_client with their console commands.</summary>
[TestFixture]
internal sealed class PostHandshakeOpenSslTests
{
    private const int Patience = 20_000;
    private const int V12 = 0x0303;
    private const int V13 = 0x0304;

    [TestCase("TLS_AES_128_GCM_SHA256")]
    [TestCase("TLS_CHACHA20_POLY1305_SHA256")]
    public void KeyUpdatesWithSServer(string suite)
    {
        using OpenSslPeer server = OpenSslPeer.ServerConsole("-cert", TestContexts.CertificateFile(), "-tls1_3", "-msg", "-ciphersuites", suite);
        using Line line = Line.To(server, WireContexts.Client(V13));
        KeysChange(server, line);
    }

    [Test]
    public void KeyUpdatesWithSClient()
    {
        using Line line = Line.From(WireContexts.Server(V13), out OpenSslPeer client, "-msg");
        using (client)
        {
            KeysChange(client, line);
        }
    }

    [Test]
    public void MessageCallbackIsToldOfKeyUpdatesAsSClientIs()
    {
        using Line line = Line.From(WireContexts.Server(V13), out OpenSslPeer program, "-msg");
        using OpenSslPeer client = program;
        line.Send("ready");
        client.WaitFor(text => text == "ready");
        client.Type("K");
        client.WaitFor(text => Wrote(text, "KeyUpdate"));
        client.Type("question");
        line.Expect("question");
        line.Send("answer");
        client.WaitFor(text => text == "answer");
        string[] printed = client.Printed.Split('\n');
        string[] theirs = [.. printed[Array.IndexOf(printed, "ready")..].Where(text => text.StartsWith(">>>", StringComparison.Ordinal) || text.StartsWith("<<<", StringComparison.Ordinal))];

        var ours = new List<string>();
        TlsContext context = WireContexts.Client(V13, made => made.MessageCallback = (_, message) => ours.Add(Described(message)));
        using MemoryPair pair = MemoryPair.Connect(context, WireContexts.Server(V13), WireContexts.HostName);
        pair.Send("ready"u8.ToArray(), fromClient: false);
        ours.Clear();
        pair.Client.UpdateKeys(requestPeer: true);
        pair.Send("question"u8.ToArray(), fromClient: true);
        pair.Send("answer"u8.ToArray(), fromClient: false);
        Assert.That(theirs, Has.Length.EqualTo(10));
        Assert.That(ours, Is.EqualTo(theirs.Select(text => text.Trim())));
    }

    // As apps/lib/s_cb.c of OpenSSL prints it.
    private static string Described(TlsMessage message)
    {
        (string content, string type) = message.ContentType switch
        {
            256 => ("RecordHeader", ""),
            257 => ("InnerContent", ""),
            22 when message.MessageType == 24 => ("Handshake", ", KeyUpdate"),
            _ => (message.ContentType.ToString(System.Globalization.CultureInfo.InvariantCulture), ""),
        };
        return $"{(message.Written ? ">>>" : "<<<")} TLS 1.{message.Version - 0x0301}, {content} [length {message.Bytes.Length:x4}]{type}";
    }

    [Test]
    public void CertificateAfterTheHandshakeForSServer([Values] bool hasCertificate)
    {
        using OpenSslPeer server = OpenSslPeer.ServerConsole("-cert", TestContexts.CertificateFile(), "-tls1_3", "-msg", "-CAfile", WireContexts.AuthorityFile);
        using Line line = Line.To(server, WireContexts.Client(V13, context =>
        {
            context.PostHandshakeAuth = true;
            if (hasCertificate)
            {
                WireContexts.Known(context);
            }
        }));
        for (int round = 0; round < 2; round++)
        {
            server.Type("c");
            server.WaitFor(text => Wrote(text, "CertificateRequest"));
            server.Type("asked");
            line.Expect("asked");
            line.Send("answered");
            if (hasCertificate)
            {
                server.WaitFor(text => text.StartsWith("<<<", StringComparison.Ordinal) && text.Contains("CertificateVerify", StringComparison.Ordinal));
            }

            server.WaitFor(text => text.StartsWith("<<<", StringComparison.Ordinal) && text.Contains("Finished", StringComparison.Ordinal));
            server.WaitFor(text => text == "answered");
        }

        server.Type("still here");
        line.Expect("still here");
    }

    [Test]
    public void SClientGivesItsCertificateAfterTheHandshake()
    {
        TlsContext context = Asking();
        using Line line = Line.From(context, out OpenSslPeer client, "-enable_pha", "-msg", "-cert", WireContexts.ClientFile);
        using (client)
        {
            Assert.That(line.Connection.PeerCertificate, Is.Null);
            for (int round = 0; round < 2; round++)
            {
                line.Connection.RequestClientCertificate();
                line.Send("who are you?");
                client.WaitFor(text => text == "who are you?");
                client.Type("me");
                line.Expect("me");
                Assert.That(line.Connection.PeerCertificate, Is.Not.Null);
                Assert.That(line.Connection.VerifiedChain, Is.Not.Null);
            }
        }
    }

    [Test]
    public void SClientWithoutCertificateIsTurnedAway()
    {
        using Line line = Line.From(Asking(), out OpenSslPeer client, "-enable_pha", "-msg");
        using (client)
        {
            line.Connection.RequestClientCertificate();
            line.Send("who are you?");
            TlsError? error = Assert.Throws<TlsError>(() => line.Expect("nobody"));
            Assert.That(error!.Reason, Is.EqualTo("PEER_DID_NOT_RETURN_A_CERTIFICATE"));
            client.WaitFor(text => text.StartsWith("<<<", StringComparison.Ordinal) && text.Contains("certificate required", StringComparison.Ordinal) || text.Contains("certificate_required", StringComparison.Ordinal));
        }
    }

    [Test]
    public void SClientThatDidNotOfferIsNotAsked()
    {
        using Line line = Line.From(Asking(), out OpenSslPeer client);
        using (client)
        {
            TlsError? error = Assert.Throws<TlsError>(line.Connection.RequestClientCertificate);
            Assert.That(error!.Reason, Is.EqualTo("EXTENSION_NOT_RECEIVED"));
        }
    }

    [Test]
    public void HelloRequestOfSServerIsRefusedWhereTheApplicationSaysSo()
    {
        using OpenSslPeer server = OpenSslPeer.ServerConsole("-cert", TestContexts.CertificateFile(), "-tls1_2", "-msg");
        using Line line = Line.To(server, WireContexts.Client(V12, context => context.Options |= (ulong)TlsOptions.NoRenegotiation));
        line.Send("before");
        server.WaitFor(text => text == "before");
        server.Type("r");

        // OpenSSL, having asked, takes the refusal for fatal: the end of the connection is its own.
        TlsError? error = Assert.Throws<TlsError>(() => line.Expect("after"));
        Assert.That(error!.Reason, Is.EqualTo("SSLV3_ALERT_HANDSHAKE_FAILURE"));
        server.WaitFor(text => text.StartsWith("<<<", StringComparison.Ordinal) && text.Contains("no_renegotiation", StringComparison.Ordinal));
    }

    [Test]
    public void RenegotiationOfSClientIsRefused()
    {
        using Line line = Line.From(WireContexts.Server(V12), out OpenSslPeer client, "-msg");
        using (client)
        {
            client.WaitFor(text => text.Contains("Secure Renegotiation IS supported", StringComparison.Ordinal));
            client.Type("before");
            line.Expect("before");
            client.Type("R");
            TlsError? error = Assert.Throws<TlsError>(() => line.Expect("after"));
            Assert.That(error!.Reason, Is.EqualTo("SSLV3_ALERT_HANDSHAKE_FAILURE"));
            client.WaitFor(text => text.StartsWith("<<<", StringComparison.Ordinal) && text.Contains("no_renegotiation", StringComparison.Ordinal));
        }
    }

    [Test]
    public void CookieAloneIsReturnedToSServer([Values("X25519:P-256", "P-384")] string groups)
    {
        // With -stateless the server asks for a cookie, with P-384 for another key share too.
        using OpenSslPeer server = OpenSslPeer.ServerConsole("-cert", TestContexts.CertificateFile(), "-tls1_3", "-stateless", "-groups", groups, "-msg");

        // The program's stateless loop does not get past a ChangeCipherSpec: OpenSSL's own client needs -no_middlebox too.
        using Line line = Line.To(server, WireContexts.Client(V13, context => context.Options &= ~(ulong)TlsOptions.EnableMiddleboxCompat));
        line.Send("with a cookie");
        server.WaitFor(text => text == "with a cookie");
        Assert.That(server.Printed.Split('\n').Count(text => text.StartsWith("<<<", StringComparison.Ordinal) && text.Contains("ClientHello", StringComparison.Ordinal)), Is.EqualTo(2));
    }

    // The programs take what comes in one read for one command: the next line waits until the message went out.
    private static bool Wrote(string line, string message)
        => line.StartsWith(">>>", StringComparison.Ordinal) && line.EndsWith(message, StringComparison.Ordinal);

    private static TlsContext Asking() => WireContexts.Server(V13, context =>
    {
        context.VerifyMode = VerifyMode.Required;
        context.PostHandshakeAuth = true;
    });

    private static void KeysChange(OpenSslPeer peer, Line line)
    {
        foreach (string command in new[] { "K", "k", "K" })
        {
            peer.Type(command);
            peer.WaitFor(text => Wrote(text, "KeyUpdate"));
            peer.Type("from there " + command);
            line.Expect("from there " + command);
            line.Send("from here " + command);
            peer.WaitFor(text => text == "from here " + command);
        }

        foreach (bool request in new[] { true, false, true })
        {
            line.Connection.UpdateKeys(request);
            line.Send($"ours {request}");
            peer.WaitFor(text => text == $"ours {request}");
            peer.Type("theirs");
            line.Expect("theirs");
        }
    }

    /// <summary>A connection of ours over a socket, a line of text at a time.</summary>
    private sealed class Line : IDisposable
    {
        private readonly Socket _socket;
        private readonly SocketDriver _driver;

        private Line(Socket socket, TlsConnection connection)
        {
            (_socket, Connection) = (socket, connection);
            _driver = new SocketDriver(connection, new TestSocket(socket));
            Assert.That(_driver.Handshake(Patience), Is.EqualTo(TlsStatus.Complete));
        }

        public TlsConnection Connection { get; }

        public static Line To(OpenSslPeer server, TlsContext context)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(IPAddress.Loopback, server.Port);
            context.CheckHostname = false;
            context.VerifyMode = VerifyMode.None;
            return new Line(socket, new TlsConnection(context, serverSide: false, null));
        }

        public static Line From(TlsContext context, out OpenSslPeer client, params string[] arguments)
        {
            using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen();
            client = OpenSslPeer.ClientConsole(((IPEndPoint)listener.LocalEndPoint!).Port, arguments);
            return new Line(listener.Accept(), new TlsConnection(context, serverSide: true, null));
        }

        public void Send(string text)
            => Assert.That(_driver.Write(Encoding.ASCII.GetBytes(text + "\n"), out _, Patience), Is.EqualTo(TlsStatus.Complete));

        public void Expect(string text)
        {
            var received = new StringBuilder();
            byte[] room = new byte[256];
            while (!received.ToString().EndsWith('\n'))
            {
                Assert.That(_driver.Read(room, out int count, Patience), Is.EqualTo(TlsStatus.Complete));
                received.Append(Encoding.ASCII.GetString(room, 0, count));
            }

            Assert.That(received.ToString(), Is.EqualTo(text + "\n"));
        }

        public void Dispose()
        {
            Connection.Dispose();
            _socket.Dispose();
        }
    }
}
