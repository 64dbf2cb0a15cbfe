using System.Security.Cryptography;

namespace SslModule.Engine.Sessions;

/// <summary>What a later handshake needs to resume this one (RFC 5246 section 7.4.1.2, RFC 8446 section 4.6.1).</summary>
/// <remarks>
/// It can be resumed often. One of TLS 1.3 holds the tickets of its connection: it gives each fresh one away first and the
/// last one again and again, or under <see cref="Engine.Context.TlsContext.SingleUseTickets"/> each once.
/// </remarks>
public sealed class TlsSession
{
    private volatile bool _invalid;

    internal TlsSession(object context, SessionState state, ReadOnlyMemory<byte> id)
    {
        Context = context;
        State = state;
        Id = id;
    }

    /// <summary>The session identifier: the server's, or the SHA-256 of the ticket; empty while there is nothing to resume.</summary>
    public ReadOnlyMemory<byte> Id { get; }

    /// <summary>When the session was made.</summary>
    public DateTimeOffset CreatedAt => DateTimeOffset.FromUnixTimeMilliseconds(State.CreatedAt);

    /// <summary>How long it can be resumed.</summary>
    public TimeSpan Timeout => TimeSpan.FromSeconds(State.Lifetime);

    /// <summary>True when the server gave a ticket (RFC 5077).</summary>
    public bool HasTicket => !Ticket.IsEmpty;

    /// <summary>The ticket's lifetime hint in seconds; 0 without a ticket.</summary>
    public long TicketLifetimeHint { get; internal init; }

    /// <summary>The context whose connections may resume it.</summary>
    internal object Context { get; }

    /// <summary>The secret and what it is bound to.</summary>
    internal SessionState State { get; }

    /// <summary>The server's ticket, opaque to a client.</summary>
    internal ReadOnlyMemory<byte> Ticket { get; init; }

    /// <summary>The tickets of a TLS 1.3 connection; null before TLS 1.3.</summary>
    internal ClientTickets? Tickets { get; init; }

    /// <summary>The identifier that OpenSSL, too, gives a session that came as a ticket.</summary>
    internal static byte[] IdOf(ReadOnlySpan<byte> ticket) => SHA256.HashData(ticket);

    /// <summary>After a fatal alert nothing of the connection may be resumed (RFC 5246 section 7.2.2, RFC 8446 section 6.2).</summary>
    internal void Invalidate()
    {
        _invalid = true;
        Tickets?.Clear();
    }

    /// <summary>Whether a client may still offer it at <paramref name="now"/>.</summary>
    internal bool IsAlive(DateTimeOffset now)
    {
        if (_invalid)
        {
            return false;
        }

        long seconds = TicketLifetimeHint > 0 ? Math.Min(State.Lifetime, TicketLifetimeHint) : State.Lifetime;
        return now.ToUnixTimeMilliseconds() < State.CreatedAt + (seconds * 1000);
    }
}
