using NUnit.Framework;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>What a connection keeps for a post-handshake authentication that may never come: a hash, whatever the peer sent.</summary>
[NonParallelizable]
public class KeptTranscriptTests
{
    private const int Connections = 40;

    // An idle connection, and the state of a hash. The client's hello alone has 60 KB.
    private const int Most = 10 * 1024;

    [TestCase(VerifyMode.None, false)]
    [TestCase(VerifyMode.Required, true)]
    public void ALongHelloIsNotKept(VerifyMode mode, bool asksLater)
    {
        TlsContext client = WireContexts.Client(TestContexts.Tls13, context => context.PostHandshakeAuth = true);
        WireContexts.Known(client);
        client.SetAlpnProtocols([.. Enumerable.Range(0, 240).SelectMany(number => (byte[])[250, .. Enumerable.Repeat((byte)(number + 1), 250)])]);
        TlsContext server = WireContexts.Server(TestContexts.Tls13, context => (context.VerifyMode, context.PostHandshakeAuth) = (mode, asksLater));
        Accept(client, server).Dispose();
        var kept = new TlsConnection[Connections];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < Connections; i++)
        {
            kept[i] = Accept(client, server);
        }

        long each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Connections;
        TestContext.Out.WriteLine($"{each} bytes for each connection");
        foreach (TlsConnection connection in kept)
        {
            connection.Dispose();
        }

        Assert.That(each, Is.LessThan(Most));
    }

    [Test]
    public void OnlyWhoMayAskKeepsAnything([Values] VerifyMode mode, [Values] bool asksLater)
    {
        TlsContext client = WireContexts.Client(TestContexts.Tls13, context => context.PostHandshakeAuth = true);
        WireContexts.Known(client);
        TlsContext server = WireContexts.Server(TestContexts.Tls13, context => (context.VerifyMode, context.PostHandshakeAuth) = (mode, asksLater));
        using MemoryPair pair = MemoryPair.Connect(client, server, WireContexts.HostName);
        if (mode == VerifyMode.None)
        {
            Assert.That(() => pair.Server.RequestClientCertificate(), Throws.Exception.With.Property("Reason").EqualTo("INVALID_CONFIG"));
            return;
        }

        // As with OpenSSL also where the context does not say so, and more than once.
        for (int round = 0; round < 2; round++)
        {
            pair.Server.RequestClientCertificate();
            pair.Send("down"u8.ToArray(), fromClient: false);
            pair.Send("up"u8.ToArray(), fromClient: true);
            Assert.That(pair.Server.PeerCertificate, Is.Not.Null);
        }
    }

    private static TlsConnection Accept(TlsContext client, TlsContext server)
    {
        MemoryPair pair = MemoryPair.Connect(client, server, WireContexts.HostName);
        pair.Client.Dispose();
        return pair.Server;
    }
}
