using NUnit.Framework;
using Org.BouncyCastle.Tls;
using SslModule.Engine.Connection;
using SslModule.Engine.Crypto;
using SslModule.Engine.Errors;
using SslModule.Engine.Handshake;
using TlsSession = SslModule.Engine.Sessions.TlsSession;

namespace SslModule.Engine.Tests.Sessions;

/// <summary>A server of TLS 1.2 that sends a new ticket while it resumes (RFC 5077 section 3.3).</summary>
public sealed class RenewedTicketTests
{
    [Test]
    public void IsTaken()
    {
        var both = new Resumption(Way.Ticket12);
        TlsSession session = both.First();
        TlsConnection client = Resume(both, session, announced: true, tickets: 1);
        Assert.That((client.SessionReused, client.Session!.HasTicket), Is.EqualTo((true, true)));
        Assert.That(client.Session.Ticket.Span.SequenceEqual(session.Ticket.Span), Is.False);
        Assert.That(both.Resumes(client.Session), Is.True);
    }

    [TestCase(false, 1)]
    [TestCase(true, 2)]
    public void UnexpectedIsRefused(bool announced, int tickets)
    {
        var both = new Resumption(Way.Ticket12);
        TlsSession session = both.First();
        TlsError? error = Assert.Throws<TlsError>(() => Resume(both, session, announced, tickets));
        Assert.That(error!.Reason, Is.EqualTo("UNEXPECTED_MESSAGE"));
    }

    private static TlsConnection Resume(Resumption both, TlsSession session, bool announced, int tickets)
    {
        var client = new TlsConnection(both.Client, serverSide: false, "localhost") { Session = session };
        var owner = new TlsConnection(both.Server, serverSide: true, null);
        var state = new HandshakeState(both.Server, new NativeTlsCrypto(), isServer: true, null) { Connection = owner };
        RenewingServer? server = null;
        for (int round = 0; round < 4 && !client.IsHandshakeComplete; round++)
        {
            client.Handshake();
            byte[] up = client.Output.ToArray();
            client.OutputSent(up.Length);
            server ??= Accept(state, up, announced, tickets);
            server.OfferInput(up);
            byte[] down = new byte[server.GetAvailableOutputBytes()];
            server.ReadOutput(down, 0, down.Length);
            client.Input(down);
        }

        client.Handshake();
        return client;
    }

    private static RenewingServer Accept(HandshakeState state, byte[] record, bool announced, int tickets)
    {
        ReceivedHello hello = new ClientHelloCheck(state, isRetry: false).Check(record.AsMemory(RecordCipher.HeaderLength + Engine.Wire.HandshakeMessages.HeaderLength));
        var sessions = new ServerSessions(state) { Offer = ResumptionOffer.Of(state, hello.Extensions) };
        var role = new ServerRole(state, sessions, hello, 0x0303);
        var server = new RenewingServer(role, announced, tickets);
        server.Accept(role);
        return server;
    }

    private sealed class RenewingServer(ServerRole role, bool announced, int tickets) : TlsServerProtocol
    {
        protected override void SendServerHelloMessage(ServerHello serverHello)
        {
            if (announced)
            {
                serverHello.Extensions[ExtensionType.session_ticket] = [];
            }

            base.SendServerHelloMessage(serverHello);
            for (int i = 0; i < tickets; i++)
            {
                SendNewSessionTicketMessage(new NewSessionTicket(7200, role.Sessions.NewTicket(role.Sessions.Accepted!)));
            }
        }
    }
}
