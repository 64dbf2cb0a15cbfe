using SslModule.Engine.Errors;
using SslModule.Engine.Sessions;

namespace SslModule.Engine.Connection;

/// <content>The session: to resume, and to be resumed.</content>
public sealed partial class TlsConnection
{
    /// <summary>
    /// True on a server whose tickets the client may never read. A client that has what it wants closes without reading them,
    /// which resets the connection: that is the end of the stream and no failure, as OpenSSL sees it too.
    /// </summary>
    internal bool HasUnreadTickets => _state.HasUnreadTickets;

    /// <summary>
    /// Set on a client before its handshake: the session to resume. Read after the handshake: the session that a later
    /// connection can resume; under TLS 1.3 it has its ticket once the server's message was read.
    /// </summary>
    /// <exception cref="TlsError">The session is another context's, this is a server, or the handshake is done.</exception>
    public TlsSession? Session
    {
        // Without the lock: a host that holds one of its own must not wait here for a callback that wants that.
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
