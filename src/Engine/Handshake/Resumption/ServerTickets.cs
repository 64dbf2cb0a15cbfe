using System.Buffers.Binary;
using System.Security.Cryptography;
using SslModule.Engine.Sessions;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>Sends a server's TLS 1.3 NewSessionTicket messages (RFC 8446 section 4.6.1).</summary>
internal sealed class ServerTickets
{
    private const int NonceLength = 8;

    private readonly HandshakeState _state;
    private readonly ServerSessions _sessions;
    private readonly ResumptionSecret _resumption;
    private readonly SessionState _template;
    private long _sent;

    /// <summary>Writes one handshake message.</summary>
    public delegate void Writer(ReadOnlySpan<byte> message);

    /// <summary>Stores the state that tickets are created from.</summary>
    public ServerTickets(HandshakeState state, ServerSessions sessions, SessionState template, ResumptionSecret resumption)
        => (_state, _sessions, _template, _resumption) = (state, sessions, template, resumption);

    /// <summary>Sends tickets: the configured number after a full handshake, at most one after a resumption.</summary>
    /// <remarks>
    /// After a post-handshake authentication, tickets include the client's certificate. Like OpenSSL, tickets are sent whatever the
    /// client's psk_key_exchange_modes: some clients (Erlang's) send that extension only together with a PSK.
    /// </remarks>
    public void Send(Writer write)
    {
        long count = _state.IsResumed ? Math.Min(1, _state.Settings.Tickets) : _state.Settings.Tickets;
        for (long i = 0; i < count; i++)
        {
            if (Make() is { } message)
            {
                _state.HasUnreadTickets = true;
                write(message);
            }
        }
    }

    /// <summary>Zeroes the secret when no more tickets are sent.</summary>
    public void Destroy() => _resumption.Destroy();

    private byte[]? Make()
    {
        byte[] nonce = new byte[NonceLength];
        BinaryPrimitives.WriteInt64BigEndian(nonce, _sent++);
        SessionState session = _template with
        {
            PeerChain = _state.PeerChain,
            VerifiedChain = _state.VerifiedChain,
            Secret = _resumption.Psk(nonce),
            CreatedAt = _state.Context.Time.GetUtcNow().ToUnixTimeMilliseconds(),
            AgeAdd = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint))),
        };
        if (_sessions.NewTicket(session) is not { } ticket)
        {
            return null;
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
        return message;
    }
}
