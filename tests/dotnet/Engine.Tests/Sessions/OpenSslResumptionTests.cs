using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;
using SslModule.Engine.Sessions;
using SslModule.Engine.Tests.Handshake;

namespace SslModule.Engine.Tests.Sessions;

/// <summary>Resumption with OpenSSL's programs on the other side.</summary>
public sealed class OpenSslResumptionTests
{
    private const int Patience = 20_000;

    [Test]
    public void ClientWithSServer([Values] Way way, [Values("X25519", "P-384")] string groups)
    {
        // P-384 first asks our client for another key share: the retried hello offers the ticket again.
        var both = new Resumption(way);
        string[] arguments = ["-cert", TestContexts.CertificateFile(), both.Version == TestContexts.Tls12 ? "-tls1_2" : "-tls1_3", "-groups", groups];
        using OpenSslPeer server = OpenSslPeer.Server(way is Way.Id12 or Way.Id13 ? [.. arguments, "-no_ticket"] : arguments);
        TlsSession? session = null;
        for (int round = 0; round < 3; round++)
        {
            TlsConnection connection = Talk(server.Port, both.Client, session);
            Assert.That(connection.SessionReused, Is.EqualTo(round > 0), $"round {round}");
            session = connection.Session!;
            Assert.That(session.HasTicket, Is.EqualTo(way != Way.Id12));
        }
    }

    [Test]
    public void ServerWithReconnectingSClient([Values(Way.Ticket12, Way.Id12)] Way way)
    {
        var both = new Resumption(way);
        Assert.That(Serve(both.Server, 6, "-tls1_2", "-reconnect"), Is.EqualTo(new[] { false, true, true, true, true, true }));
        Assert.That(Resumption.Count(both.Server, "hits"), Is.EqualTo(5));
    }

    [Test]
    public void ServerWithSClientsSessionFile([Values] Way way)
    {
        var both = new Resumption(way);
        string version = both.Version == TestContexts.Tls12 ? "-tls1_2" : "-tls1_3";
        string first = Path.Combine(Directory.CreateTempSubdirectory("engine-tests-").FullName, "session.pem");
        string second = first + "2";
        Assert.That(Serve(both.Server, 1, version, "-sess_out", first), Is.EqualTo(new[] { false }));
        Assert.That(Serve(both.Server, 1, version, "-sess_in", first, "-sess_out", second), Is.EqualTo(new[] { true }));
        if (both.Version == TestContexts.Tls12)
        {
            // Resuming gives TLS 1.2 no new session.
            second = first;
        }

        Assert.That(Serve(both.Server, 1, version, "-sess_in", second, "-groups", "P-384:X25519"), Is.EqualTo(new[] { true }));
        both.Server.TicketKeys = new TicketKeys();
        both.Server.SessionCache.Clear();
        Assert.That(Serve(both.Server, 1, version, "-sess_in", second), Is.EqualTo(new[] { false }));
    }

    [Test]
    public void ServerWithSClientWithoutTickets()
    {
        var both = new Resumption(Way.Ticket12);
        string file = Path.Combine(Directory.CreateTempSubdirectory("engine-tests-").FullName, "session.pem");
        Assert.That(Serve(both.Server, 1, "-tls1_2", "-no_ticket", "-sess_out", file), Is.EqualTo(new[] { false }));
        Assert.That(Serve(both.Server, 1, "-tls1_2", "-no_ticket", "-sess_in", file), Is.EqualTo(new[] { true }));
        Assert.That(both.Server.SessionCache.Count, Is.EqualTo(1));
    }

    [Test]
    public void SClientTakesARenewedTicket()
    {
        var both = new Resumption(Way.Ticket12, context => context.TicketKeys = new TicketKeys(TimeSpan.FromHours(1)));
        string file = Path.Combine(Directory.CreateTempSubdirectory("engine-tests-").FullName, "session.pem");
        string first = Ticket("-sess_out", file);
        Assert.That(Ticket("-sess_in", file), Is.EqualTo(first));
        both.Pass(TimeSpan.FromMinutes(61));
        Assert.That(Ticket("-sess_in", file), Is.Not.EqualTo(first));

        // The name of the key in the ticket that the program prints.
        string Ticket(params string[] arguments)
        {
            (TlsConnection connection, string printed) = OpenSslPeer.Serve(both.Server, ["-tls1_2", "-servername", "localhost", .. arguments]);
            Assert.That(connection.SessionReused, Is.EqualTo(arguments[0] == "-sess_in"));
            int at = printed.IndexOf("TLS session ticket:", StringComparison.Ordinal);
            return printed.Substring(printed.IndexOf("0000 - ", at, StringComparison.Ordinal), 54);
        }
    }

    /// <summary>Connects, exchanges a line with a server that sends it back reversed, and closes in order.</summary>
    private static TlsConnection Talk(int port, TlsContext context, TlsSession? session)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Loopback, port);
        var connection = new TlsConnection(context, serverSide: false, "localhost");
        if (session is not null)
        {
            connection.Session = session;
        }

        var driver = new SocketDriver(connection, new TestSocket(socket));
        Assert.That(driver.Handshake(Patience), Is.EqualTo(TlsStatus.Complete));
        Assert.That(driver.Write("abc\n"u8, out _, Patience), Is.EqualTo(TlsStatus.Complete));
        byte[] answer = new byte[4];
        for (int at = 0; at < answer.Length;)
        {
            Assert.That(driver.Read(answer.AsSpan(at), out int count, Patience), Is.EqualTo(TlsStatus.Complete));
            Assert.That(count, Is.Positive);
            at += count;
        }

        driver.Shutdown(Patience);
        return connection;
    }

    /// <summary>Serves a client program's connections one after the other and answers which of them were resumed.</summary>
    private static bool[] Serve(TlsContext context, int connections, params string[] arguments)
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using OpenSslPeer client = OpenSslPeer.Client(((IPEndPoint)listener.LocalEndPoint!).Port, "line", ["-servername", "localhost", .. arguments]);
        var resumed = new List<bool>();
        while (resumed.Count < connections)
        {
            Assert.That(listener.Poll(Patience * 1000, SelectMode.SelectRead), Is.True, client.Printed);
            using Socket socket = listener.Accept();
            using var connection = new TlsConnection(context, serverSide: true, null);
            var driver = new SocketDriver(connection, new TestSocket(socket));
            Assert.That(driver.Handshake(Patience), Is.EqualTo(TlsStatus.Complete));
            resumed.Add(connection.SessionReused);

            // A reconnecting client sends its line on the last connection only.
            if (driver.Read(new byte[64], out int count, Patience) == TlsStatus.Complete && count > 0)
            {
                driver.Write("answer\n"u8, out _, Patience);
                client.WaitFor(line => line == "answer");
            }

            driver.Shutdown(0);
        }

        client.WaitForExit();
        string[] reports = [.. client.Printed.Split('\n').Where(line => line.StartsWith("New, TLS", StringComparison.Ordinal) || line.StartsWith("Reused, TLS", StringComparison.Ordinal))];
        Assert.That(reports.Select(line => line.StartsWith("Reused", StringComparison.Ordinal)), Is.EqualTo(resumed), "what the client says");
        return [.. resumed];
    }
}
