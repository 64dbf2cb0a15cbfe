using SslModule.Engine.Errors;
using SslModule.Engine.Sessions;

namespace SslModule.Engine.Context;

/// <content>Session resumption.</content>
public sealed partial class TlsContext
{
    /// <summary>RFC 8446 section 4.6.1: the maximum ticket lifetime is seven days.</summary>
    private static readonly TimeSpan MaxSessionTimeout = TimeSpan.FromDays(7);

    private SessionCache? _sessionCache;
    private TimeSpan _sessionTimeout = TimeSpan.FromHours(2);
    private byte[] _sessionIdContext = "Python"u8.ToArray();
    private TicketKeys _ticketKeys = new();

    /// <summary>The ticket keys. Servers that share them can resume each other's sessions.</summary>
    public TicketKeys TicketKeys
    {
        get => _ticketKeys;
        set => _ticketKeys = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>A server's cache of sessions without tickets.</summary>
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

    /// <summary>A session store shared by several servers, used after <see cref="SessionCache"/>; null for none.</summary>
    public SharedSessionStore? SharedSessions { get; set; }

    /// <summary>
    /// On a TLS 1.3 client: whether each ticket is used only once, as RFC 8446 appendix C.4 recommends, because an observer can link
    /// connections that use the same ticket. False by default: like OpenSSL, the last ticket of a session is used again.
    /// </summary>
    public bool SingleUseTickets { get; set; }

    /// <summary>True if sessions can be stored on the server.</summary>
    internal bool StoresSessions => SessionCache.Capacity > 0 || SharedSessions is not null;

    /// <summary>How long a session can be resumed. The default is two hours, as in OpenSSL.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is not positive, or longer than seven days.</exception>
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

    /// <summary><see cref="SessionIdContext"/> as an array, which must not be modified.</summary>
    internal byte[] SessionIdContextBytes => _sessionIdContext;

    /// <summary>The session ID context, at most 32 bytes (SSL_CTX_set_session_id_context). A session is resumed only in the same context. The default is CPython's.</summary>
    /// <exception cref="TlsError">It is longer than 32 bytes.</exception>
    public ReadOnlyMemory<byte> SessionIdContext
    {
        get => _sessionIdContext;
        set => _sessionIdContext = value.Length <= 32 ? value.ToArray() : throw TlsError.Ssl("SSL", "SSL_SESSION_ID_CONTEXT_TOO_LONG");
    }
}
