using SslModule.Engine.Errors;
using SslModule.Engine.Sessions;

namespace SslModule.Engine.Context;

/// <content>Session resumption.</content>
public sealed partial class TlsContext
{
    /// <summary>RFC 8446 section 4.6.1: no ticket lives longer than seven days.</summary>
    private static readonly TimeSpan MaxSessionTimeout = TimeSpan.FromDays(7);

    private SessionCache? _sessionCache;
    private TimeSpan _sessionTimeout = TimeSpan.FromHours(2);
    private byte[] _sessionIdContext = "Python"u8.ToArray();
    private TicketKeys _ticketKeys = new();

    /// <summary>The keys of its tickets; share them among servers behind one name and each resumes the others' sessions.</summary>
    public TicketKeys TicketKeys
    {
        get => _ticketKeys;
        set => _ticketKeys = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>A server's sessions without tickets.</summary>
    public SessionCache SessionCache
    {
        get
        {
            lock (Statistics)
            {
                return _sessionCache ??= new SessionCache(Statistics);
            }
        }
    }

    /// <summary>A store that a fleet of servers shares behind <see cref="SessionCache"/>; null for none.</summary>
    public SharedSessionStore? SharedSessions { get; set; }

    /// <summary>
    /// On a client of TLS 1.3: whether each ticket is offered once, as RFC 8446 appendix C.4 advises: whoever watches the network
    /// sees by a ticket that comes twice that it is the same client. Off at first: a session that has no fresh ticket any more
    /// offers its last one again, as OpenSSL does.
    /// </summary>
    public bool SingleUseTickets { get; set; }

    /// <summary>True when sessions can be kept on this side.</summary>
    internal bool StoresSessions => SessionCache.Capacity > 0 || SharedSessions is not null;

    /// <summary>How long a session can be resumed: OpenSSL's two hours unless changed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The span is not above zero, or longer than seven days.</exception>
    public TimeSpan SessionTimeout
    {
        get => _sessionTimeout;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromSeconds(1));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxSessionTimeout);
            _sessionTimeout = value;
        }
    }

    /// <summary><see cref="SessionIdContext"/> as it is kept; nobody changes it.</summary>
    internal byte[] SessionIdContextBytes => _sessionIdContext;

    /// <summary>Up to 32 bytes that a session must have been made with to be resumed (SSL_CTX_set_session_id_context); CPython's from the start.</summary>
    /// <exception cref="TlsError">It is longer.</exception>
    public ReadOnlyMemory<byte> SessionIdContext
    {
        get => _sessionIdContext;
        set => _sessionIdContext = value.Length <= 32 ? value.ToArray() : throw TlsError.Ssl("SSL", "SSL_SESSION_ID_CONTEXT_TOO_LONG");
    }
}
