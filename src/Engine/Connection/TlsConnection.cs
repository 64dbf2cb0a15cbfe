using SslModule.Engine.Ciphers;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using SslModule.Engine.Handshake;
using SslModule.Engine.Wire;
using Certificate = SslModule.Engine.Certificates.Certificate;

namespace SslModule.Engine.Connection;

/// <summary>
/// One TLS connection without I/O: bytes from the peer go in by <see cref="Input"/>, bytes for the peer come out of
/// <see cref="Output"/>. Steps answer a <see cref="TlsStatus"/>; only failures throw, always as <see cref="TlsError"/>, after
/// the alert that the peer must see was put into <see cref="Output"/>.
/// </summary>
/// <remarks>Its members may be called from several threads.</remarks>
public sealed partial class TlsConnection : IHandshakeConnection, IDisposable
{
    // A DNS name's limit (RFC 1035 section 2.3.4), and OpenSSL's for server_name.
    private const int MaxHostnameLength = 255;

    private readonly object _sync = new();
    private readonly ByteBuffer _input = new();
    private readonly ByteBuffer _output = new();
    private readonly HandshakeState _state;
    private TlsContext _context;
    private bool _begun;
    private bool _tellsMessages;

    /// <summary>The handshake, while one is going on.</summary>
    private HandshakeProtocol? _handshake;
    private TlsError? _failure;
    private MessageTrace? _trace;
    private bool _inputEnded;

    /// <summary>A connection that has not begun its handshake.</summary>
    /// <param name="context">The settings.</param>
    /// <param name="serverSide">True on a server.</param>
    /// <param name="serverHostname">On a client: the name to ask for and to check, as an A-label or an address; or null.</param>
    /// <exception cref="TlsError">A server was given a host name, or the context is for the other side.</exception>
    public TlsConnection(TlsContext context, bool serverSide, string? serverHostname)
    {
        if (serverSide && context.Protocol == TlsProtocolSelection.TlsClient)
        {
            throw TlsError.Numbered("Cannot create a server socket with a PROTOCOL_TLS_CLIENT context");
        }

        if (!serverSide && context.Protocol == TlsProtocolSelection.TlsServer)
        {
            throw TlsError.Numbered("Cannot create a client socket with a PROTOCOL_TLS_SERVER context");
        }

        if (serverHostname is not null && (serverHostname.Length == 0 || serverHostname[0] == '.'))
        {
            throw TlsError.Value("server_hostname cannot be an empty string or start with a leading dot.");
        }

        if (serverHostname?.Length > MaxHostnameLength)
        {
            throw TlsError.Ssl("SSL", "SSL3_EXT_INVALID_SERVERNAME");
        }

        _context = context;
        _tellsMessages = context.MessageCallback is not null;
        ServerSide = serverSide;
        ServerHostname = serverHostname;
        _state = new HandshakeState(context, serverSide, serverHostname) { Connection = this, ServerName = OnServerName };
    }

    /// <summary>The host's own object for this connection.</summary>
    public object? Owner { get; set; }

    /// <summary>
    /// The context in force. Another one, set in a server-name callback or at any time, brings its certificates, trust, ciphers, a
    /// server's ALPN and its callbacks. What the connection demands stays: versions, options, how the peer is verified. Where
    /// the new context asks for more verification, that is asked for too.
    /// </summary>
    public TlsContext Context
    {
        get => _context;
        set
        {
            _context = value;
            _state.Replace(value);
            _tellsMessages = value.MessageCallback is not null;
            if (_begun)
            {
                Trace();
            }
        }
    }

    /// <summary>How the peer's certificate is verified: as the context said that the connection was made with, or as the one in force, whichever asks for more.</summary>
    public VerifyMode VerifyMode => _state.Settings.Verification.Mode;

    /// <summary>True on a server.</summary>
    public bool ServerSide { get; }

    /// <summary>The name a client asked for.</summary>
    public string? ServerHostname { get; }

    /// <summary>On a server: the name that the client asked for; null when it named none.</summary>
    internal string? RequestedServerName { get; private set; }

    /// <summary>This end's certificate, if it sent one.</summary>
    internal Certificate? LocalCertificate => _state.LocalCertificate;

    /// <summary>True once the handshake is done.</summary>
    public bool IsHandshakeComplete => _state.IsComplete;

    /// <summary>OpenSSL's name of the negotiated version, such as <c>TLSv1.3</c>; null before the handshake.</summary>
    public string? Version => _state.IsComplete ? ProtocolVersions.Name(_state.Version) : null;

    /// <summary>True once this end has sent close_notify.</summary>
    public bool SentCloseNotify => _state.SentCloseNotify;

    /// <summary>The negotiated ALPN protocol, or null.</summary>
    public byte[]? SelectedAlpn => _state.SelectedAlpn;

    /// <summary>True when the session was resumed.</summary>
    public bool SessionReused => _state.IsResumed;

    /// <summary>TLS compression's name: always null, the engine does not compress (RFC 7457 section 2.6).</summary>
    public string? Compression => null;

    /// <summary>The negotiated suite.</summary>
    internal CipherSuiteInfo? Cipher => _state.IsComplete ? _state.Cipher : null;

    /// <summary>On a server, the suites that both ends have.</summary>
    internal IReadOnlyList<CipherSuiteInfo>? SharedCiphers
        => _state.OfferedSuites is { } offered ? [.. offered.Select(CipherSuites.ById).OfType<CipherSuiteInfo>().Where(_context.Ciphers.Contains)] : null;

    /// <summary>The peer's certificate, verified or not.</summary>
    internal Certificate? PeerCertificate => _state.PeerChain.Count > 0 ? _state.PeerChain[0] : null;

    /// <summary>All that the peer sent, leaf first.</summary>
    internal IReadOnlyList<Certificate> PeerChain => _state.PeerChain;

    /// <summary>The chain that verified, leaf first and root last; null when nothing was verified.</summary>
    internal IReadOnlyList<Certificate>? VerifiedChain => _state.VerifiedChain;

    /// <summary>All that the peer sent in this connection; null in a resumed one.</summary>
    internal IReadOnlyList<Certificate>? SentChain => IsFromSession ? null : _state.PeerChain;

    /// <summary>The same, and when the session was resumed what it keeps of it: on a client all, on a server the leaf.</summary>
    internal IReadOnlyList<Certificate>? KeptChain
        => IsFromSession && ServerSide && PeerCertificate is { } leaf ? [leaf] : _state.PeerChain;

    /// <summary>
    /// The chain that verification built in this connection; null in a resumed one. A client that verifies nothing has a chain
    /// too, as with OpenSSL, where it is built and its verdict passed over; here it is built when somebody asks.
    /// </summary>
    internal IReadOnlyList<Certificate>? BuiltChain => IsFromSession ? null : _state.VerifiedChain ?? PeerVerification.Build(_state);

    // As told by OpenSSL's: a session keeps the peer's certificate and not the chain that came with it.
    private bool IsFromSession => _state.Resumed is { } resumed && ReferenceEquals(resumed.PeerChain, _state.PeerChain);

    /// <summary>Held during each step, its callbacks included, and never during a wait for the transport.</summary>
    internal object StepLock => _sync;

    /// <summary>Frees the connection; nothing is sent.</summary>
    public void Dispose()
    {
        lock (_sync)
        {
            _state.Exporter?.Destroy();
            _state.Exporter = null;
            _handshake?.Dispose();
            _state.Transcript.Drop();
            _state.Reading?.Dispose();
            _state.Writing?.Dispose();
            _input.Consume(_input.Length);
            _output.Consume(_output.Length);
        }
    }

    /// <summary>
    /// Refuses a step inside a step. A callback runs in the middle of one, with a message half taken in; to take the next step
    /// there would take the same message in again. Only this thread is refused: others wait until the step is over.
    /// </summary>
    /// <param name="shutdown">True of the step that OpenSSL refuses during any handshake.</param>
    internal void ThrowIfReentered(bool shutdown = false)
    {
        if (Monitor.IsEntered(_sync))
        {
            throw shutdown && !_state.IsComplete
                ? TlsError.Ssl("SSL", "SHUTDOWN_WHILE_IN_INIT")
                : TlsError.Plain("a callback cannot shake hands, read, write or shut down on the connection that called it");
        }
    }

    PskCredentials? IHandshakeConnection.AskClientPsk(string? hint) => _context.PskClientCallback?.Invoke(this, hint);

    ReadOnlyMemory<byte>? IHandshakeConnection.AskServerPsk(string? identity) => _context.PskServerCallback?.Invoke(this, identity);

    private void OnServerName(string? name)
    {
        RequestedServerName = name;
        if (_context.ServerNameCallback is not { } callback)
        {
            return;
        }

        if (name is not null && !System.Text.Ascii.IsValid(name))
        {
            throw _state.Fail(TlsError.Ssl("SSL", "CALLBACK_FAILED", (byte)AlertDescription.internal_error));
        }

        if (callback(this, name) is { } alert)
        {
            throw _state.Fail(TlsError.Ssl("SSL", "CALLBACK_FAILED", (byte)alert));
        }
    }
}
