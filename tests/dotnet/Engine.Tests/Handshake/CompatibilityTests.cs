using NUnit.Framework;
using Org.BouncyCastle.Tls;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;
using TlsContext = SslModule.Engine.Context.TlsContext;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>The ChangeCipherSpec that middleboxes wait for in TLS 1.3 (RFC 8446 appendix D.4): where OpenSSL sends it.</summary>
public sealed class CompatibilityTests
{
    private const int Handshake = ContentType.handshake;
    private const int Ccs = ContentType.change_cipher_spec;
    private const int Sealed = ContentType.application_data;

    [Test]
    public void Client_sends_it_with_the_flight_behind_it()
    {
        using var client = new TlsConnection(TestContexts.Client(TestContexts.Tls13), serverSide: false, "localhost");
        using var server = new TlsConnection(TestContexts.Server(TestContexts.Tls13), serverSide: true, null);
        client.Handshake();
        Assert.That(Types(Carry(client, server)), Is.EqualTo(new[] { Handshake }));
        server.Handshake();
        byte[][] flight = Records(server);
        Assert.That(flight.Select(record => (int)record[0]), Is.EqualTo(new[] { Handshake, Ccs, Sealed, Sealed, Sealed, Sealed }));
        foreach (byte[] record in flight[..^1])
        {
            client.Input(record);
            Assert.That(client.Handshake(), Is.EqualTo(TlsStatus.WantRead));
            Assert.That(client.OutputLength, Is.Zero, "a server that has closed by now would answer anything by a reset");
        }

        client.Input(flight[^1]);
        client.Handshake();
        Assert.That(Types(Carry(client, server)), Is.EqualTo(new[] { Ccs, Sealed }));
        Assert.That(server.Handshake(), Is.EqualTo(TlsStatus.Complete));
    }

    [Test]
    public void After_a_retry_both_send_it_sooner()
    {
        TlsContext serverContext = TestContexts.Server(TestContexts.Tls13);
        serverContext.SetGroups("P-384");
        using var client = new TlsConnection(TestContexts.Client(TestContexts.Tls13), serverSide: false, "localhost");
        using var server = new TlsConnection(serverContext, serverSide: true, null);
        client.Handshake();
        Carry(client, server);
        server.Handshake();
        Assert.That(Types(Carry(server, client)), Is.EqualTo(new[] { Handshake, Ccs }));
        client.Handshake();
        Assert.That(Types(Carry(client, server)), Is.EqualTo(new[] { Ccs, Handshake }));
        server.Handshake();
        Assert.That(Types(Carry(server, client)), Is.EqualTo(new[] { Handshake, Sealed, Sealed, Sealed, Sealed }));
        client.Handshake();
        Assert.That(Types(Carry(client, server)), Is.EqualTo(new[] { Sealed }));
    }

    [Test]
    public void Client_that_refuses_the_server_sends_ChangeCipherSpec_before_its_alert()
    {
        using var client = new TlsConnection(TestContexts.Client(TestContexts.Tls13), serverSide: false, "elsewhere");
        using var server = new TlsConnection(TestContexts.Server(TestContexts.Tls13), serverSide: true, null);
        client.Handshake();
        Carry(client, server);
        server.Handshake();
        Carry(server, client);
        Assert.That(() => client.Handshake(), Throws.TypeOf<SslModule.Engine.Errors.TlsError>());
        Assert.That(Types(Carry(client, server)), Is.EqualTo(new[] { 20, Sealed }));
        Assert.That(() => server.Handshake(), Throws.TypeOf<SslModule.Engine.Errors.TlsError>().With.Property("Reason").EqualTo("SSLV3_ALERT_BAD_CERTIFICATE"));
    }

    [Test]
    public void Neither_sends_it_without_the_option()
    {
        TlsContext clientContext = TestContexts.Client(TestContexts.Tls13), serverContext = TestContexts.Server(TestContexts.Tls13);
        clientContext.Options &= ~(ulong)TlsOptions.EnableMiddleboxCompat;
        serverContext.Options &= ~(ulong)TlsOptions.EnableMiddleboxCompat;
        bool seen = false;
        using var pair = MemoryPair.Connect(clientContext, serverContext, "localhost", (_, bytes) =>
        {
            seen |= Types(bytes).Contains(Ccs);
            return bytes;
        });
        Assert.That(seen, Is.False);
    }

    private static byte[] Carry(TlsConnection from, TlsConnection to)
    {
        byte[] bytes = from.Output.ToArray();
        from.OutputSent(bytes.Length);
        to.Input(bytes);
        return bytes;
    }

    private static byte[][] Records(TlsConnection from)
    {
        byte[] bytes = from.Output.ToArray();
        from.OutputSent(bytes.Length);
        return Split(bytes);
    }

    private static int[] Types(byte[] bytes) => [.. Split(bytes).Select(record => (int)record[0])];

    private static byte[][] Split(byte[] bytes)
    {
        var records = new List<byte[]>();
        for (int at = 0; at < bytes.Length;)
        {
            int length = 5 + ((bytes[at + 3] << 8) | bytes[at + 4]);
            records.Add(bytes[at..(at + length)]);
            at += length;
        }

        return [.. records];
    }
}
