namespace SslModule.Engine.Sessions;

/// <summary>What a later handshake needs to resume this one (RFC 5246 section 7.4.1.2, RFC 8446 section 4.6.1).</summary>
public sealed class TlsSession
{
    /// <summary>The session identifier.</summary>
    public required ReadOnlyMemory<byte> Id { get; init; }

    /// <summary>When the session was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How long it can be resumed.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>True when the server gave a ticket (RFC 5077).</summary>
    public bool HasTicket { get; init; }

    /// <summary>The ticket's lifetime hint in seconds; 0 without a ticket.</summary>
    public long TicketLifetimeHint { get; init; }
}
