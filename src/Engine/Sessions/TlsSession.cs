using System.Security.Cryptography;

namespace SslModule.Engine.Sessions;

/// <summary>A session that a later handshake can resume (RFC 5246 section 7.4.1.2, RFC 8446 section 4.6.1).</summary>
/// <remarks>
/// It can be resumed several times. A TLS 1.3 session holds the tickets of its connection: it uses each ticket once and then
/// reuses the last one, or with <see cref="Engine.Context.TlsContext.SingleUseTickets"/> never reuses any.
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

    /// <summary>The session ID: the server's, or the SHA-256 of the ticket; empty while the session cannot be resumed.</summary>
    public ReadOnlyMemory<byte> Id { get; }

    /// <summary>The creation time of the session.</summary>
    public DateTimeOffset CreatedAt => DateTimeOffset.FromUnixTimeMilliseconds(State.CreatedAt);

    /// <summary>The lifetime of the session.</summary>
    public TimeSpan Timeout => TimeSpan.FromSeconds(State.Lifetime);

    /// <summary>True when the server sent a ticket (RFC 5077).</summary>
    public bool HasTicket => !Ticket.IsEmpty;

    /// <summary>The ticket's lifetime hint in seconds; 0 without a ticket.</summary>
    public long TicketLifetimeHint { get; internal init; }

    /// <summary>The context whose connections may resume the session.</summary>
    internal object Context { get; }

    /// <summary>The session's secret and parameters.</summary>
    internal SessionState State { get; }

    /// <summary>The server's ticket, opaque to the client.</summary>
    internal ReadOnlyMemory<byte> Ticket { get; init; }

    /// <summary>The tickets of a TLS 1.3 connection; null before TLS 1.3.</summary>
    internal ClientTickets? Tickets { get; init; }

    /// <summary>The session ID of a session that came with a ticket, computed as in OpenSSL.</summary>
    internal static byte[] IdOf(ReadOnlySpan<byte> ticket) => SHA256.HashData(ticket);

    /// <summary>Makes the session not resumable, as required after a fatal alert (RFC 5246 section 7.2.2, RFC 8446 section 6.2).</summary>
    internal void Invalidate()
    {
        _invalid = true;
        Tickets?.Clear();
    }

    /// <summary>Whether a client may offer the session at <paramref name="now"/>.</summary>
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
