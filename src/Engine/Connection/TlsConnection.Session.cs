using SslModule.Engine.Errors;
using SslModule.Engine.Sessions;

namespace SslModule.Engine.Connection;

/// <content>Session resumption.</content>
public sealed partial class TlsConnection
{
    /// <summary>
    /// True on a server if the client may not have read the tickets. A client that closes its socket without reading them causes a
    /// TCP reset. Like OpenSSL, that counts as the end of the stream, not as an error.
    /// </summary>
    internal bool HasUnreadTickets => _state.HasUnreadTickets;

    /// <summary>
    /// The session. Set it on a client before the handshake to resume it. After the handshake it returns the session that a later
    /// connection can resume; in TLS 1.3 it has a ticket once the server's NewSessionTicket was read.
    /// </summary>
    /// <exception cref="TlsError">The session belongs to another context, this is a server, or the handshake is complete.</exception>
    public TlsSession? Session
    {
        // No lock: a host that calls this while holding its own lock would deadlock with a callback that needs it.
        get => _state.Session;

        set
        {
            ArgumentNullException.ThrowIfNull(value);
            lock (_sync)
            {
                if (!ReferenceEquals(value.Context, _context))
                {
                    throw TlsError.Value("Session refers to a different SSLContext.");
                }

                if (ServerSide)
                {
                    throw TlsError.Value("Cannot set session for server-side SSLSocket.");
                }

                if (_state.IsComplete)
                {
                    throw TlsError.Value("Cannot set session after handshake.");
                }

                _state.Session = value;
            }
        }
    }
}
