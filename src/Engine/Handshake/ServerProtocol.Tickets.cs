using System.Buffers.Binary;
using System.Security.Cryptography;
using Org.BouncyCastle.Tls;
using SslModule.Engine.Context;
using SslModule.Engine.Sessions;

namespace SslModule.Engine.Handshake;

/// <content>TLS 1.3's NewSessionTicket messages (RFC 8446 section 4.6.1).</content>
internal sealed partial class ServerProtocol
{
    private const int NonceLength = 8;
    private ResumptionSecret? _resumption;
    private SessionState? _template;
    private long _ticketsSent;

    /// <summary>Sends tickets: as many as the context says after a full handshake, one after a resumption.</summary>
    /// <remarks>After a post-handshake authentication they carry the certificate that came with it.</remarks>
    public void SendTickets()
    {
        if (_resumption is null || !role.Sessions.Offer.PskWithKeyExchange)
        {
            return;
        }

        long count = state.IsResumed ? Math.Min(1, state.Context.NumTickets) : state.Context.NumTickets;
        for (long i = 0; i < count; i++)
        {
            SendTicket(_resumption, _template! with { PeerChain = state.PeerChain, VerifiedChain = state.VerifiedChain });
        }
    }

    /// <inheritdoc/>
    protected override void SendChangeCipherSpecMessage()
    {
        if (Context.SecurityParameters.IsResumedSession && role.Sessions.RenewsTicket)
        {
            // RFC 5077 section 3.3, figure 3: behind the ServerHello. BouncyCastle has it in full handshakes only.
            SendNewSessionTicketMessage(role.Sessions.RenewedTicket());
        }

        // In TLS 1.3 it is for middleboxes alone (RFC 8446 appendix D.4), and the application may turn it off.
        if (state.Version != 0x0304 || (state.Context.Options & (ulong)TlsOptions.EnableMiddleboxCompat) != 0)
        {
            base.SendChangeCipherSpecMessage();
        }
    }

    private void PrepareTickets(SecurityParameters parameters)
    {
        if (!TlsUtilities.IsTlsV13(parameters.NegotiatedVersion))
        {
            return;
        }

        _resumption = new ResumptionSecret(state, parameters);
        _template = SessionStates.Capture(state, parameters, [], role.Sessions.Offer.ServerName);
    }

    /// <summary>Sends the tickets of the handshake and forgets the secret, unless an authentication may bring more.</summary>
    private void SendFirstTickets()
    {
        SendTickets();
        if (!state.KeepsTranscript)
        {
            _resumption?.Destroy();
            _resumption = null;
            _template = null;
        }
    }

    private void SendTicket(ResumptionSecret resumption, SessionState template)
    {
        byte[] nonce = new byte[NonceLength];
        BinaryPrimitives.WriteInt64BigEndian(nonce, _ticketsSent++);
        SessionState session = template with
        {
            Secret = resumption.Psk(nonce),
            CreatedAt = state.Context.Time.GetUtcNow().ToUnixTimeMilliseconds(),
            AgeAdd = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint))),
        };
        if (role.Sessions.NewTicket(session) is not { } ticket)
        {
            return;
        }

        byte[] message = new byte[4 + 4 + 4 + 1 + NonceLength + 2 + ticket.Length + 2];
        message[0] = (byte)HandshakeType.new_session_ticket;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)(message.Length - 4));
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4), session.Lifetime);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(8), session.AgeAdd);
        message[12] = NonceLength;
        nonce.CopyTo(message, 13);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(13 + NonceLength), (ushort)ticket.Length);
        ticket.CopyTo(message, 15 + NonceLength);
        state.HasUnreadTickets = true;
        for (int at = 0; at < message.Length; at += ApplicationDataLimit)
        {
            SafeWriteRecord(ContentType.handshake, message.AsSpan(at, Math.Min(ApplicationDataLimit, message.Length - at)));
        }
    }
}
