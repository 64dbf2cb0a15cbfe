using SslModule.Engine.Ciphers;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using SslModule.Engine.Handshake;
using SslModule.Engine.Wire;
using Certificate = SslModule.Engine.Certificates.Certificate;

namespace SslModule.Engine.Connection;

/// <summary>
/// A TLS connection without I/O. Data from the peer is passed to <see cref="Input"/>, and data for the peer is read from <see
/// cref="Output"/>. Every step returns a <see cref="TlsStatus"/>. Failures throw <see cref="TlsError"/>, after the alert for the
/// peer was written to <see cref="Output"/>.
/// </summary>
/// <remarks>Members may be called from several threads.</remarks>
public sealed partial class TlsConnection : IHandshakeConnection, IDisposable
{
    // The maximum length of a DNS name (RFC 1035 section 2.3.4), and OpenSSL's limit for server_name.
    private const int MaxHostnameLength = 255;

    private readonly object _sync = new();
    private readonly ByteBuffer _input = new();
    private readonly ByteBuffer _output = new();
    private readonly HandshakeState _state;
    private TlsContext _context;
    private bool _begun;
    private bool _reportsMessages;

    /// <summary>The handshake in progress; null for none.</summary>
    private HandshakeProtocol? _handshake;
    private TlsError? _failure;
    private MessageTrace? _trace;
    private bool _inputEnded;

    /// <summary>Creates a connection. The handshake has not started.</summary>
    /// <param name="context">The settings.</param>
    /// <param name="serverSide">True for the server.</param>
    /// <param name="serverHostname">On a client: the server name to send and to check, as an A-label or an IP address, or null.</param>
    /// <exception cref="TlsError">A host name was given for a server, or the context is for the other side.</exception>
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
        _reportsMessages = context.MessageCallback is not null;
        ServerSide = serverSide;
        ServerHostname = serverHostname;
        _state = new HandshakeState(context, serverSide, serverHostname) { Connection = this, ServerName = OnServerName };
    }

    /// <summary>An object that the host associates with this connection.</summary>
    public object? Owner { get; set; }

    /// <summary>
    /// The current context. It may be replaced in a server-name callback or at any other time. The new context provides
    /// certificates, trust, ciphers, a server's ALPN protocols and callbacks. Versions and options do not change, and verification
    /// becomes stricter only if the new context requires it.
    /// </summary>
    public TlsContext Context
    {
        get => _context;
        set
        {
            _context = value;
            _state.Replace(value);
            _reportsMessages = value.MessageCallback is not null;
            if (_begun)
            {
                Trace();
            }
        }
    }

    /// <summary>How the peer's certificate is verified: the stricter mode of the initial and the current context.</summary>
    public VerifyMode VerifyMode => _state.Settings.Verification.Mode;

    /// <summary>True on a server.</summary>
    public bool ServerSide { get; }

    /// <summary>On a client: the server name. On a server: the name of which the client's certificate must be, if the context checks names; null for none.</summary>
    public string? ServerHostname { get; }

    /// <summary>On a server: the name that the client requested; null for none.</summary>
    internal string? RequestedServerName { get; private set; }

    /// <summary>This end's certificate, if it sent one.</summary>
    internal Certificate? LocalCertificate => _state.LocalCertificate;

    /// <summary>True once the handshake is complete.</summary>
    public bool IsHandshakeComplete => _state.IsComplete;

    /// <summary>OpenSSL's name of the negotiated version, such as <c>TLSv1.3</c>; null before the handshake is complete.</summary>
    public string? Version => _state.IsComplete ? ProtocolVersions.Name(_state.Version) : null;

    /// <summary>True once this end has sent close_notify.</summary>
    public bool SentCloseNotify => _state.SentCloseNotify;

    /// <summary>The negotiated ALPN protocol, or null.</summary>
    public byte[]? SelectedAlpn => _state.SelectedAlpn;

    /// <summary>True if a session was resumed.</summary>
    public bool SessionReused => _state.IsResumed;

    /// <summary>The TLS compression method. Always null: compression is not supported (RFC 7457 section 2.6).</summary>
    public string? Compression => null;

    /// <summary>The negotiated suite.</summary>
    internal CipherSuiteInfo? Cipher => _state.IsComplete ? _state.Cipher : null;

    /// <summary>On a server: the common suites.</summary>
    internal IReadOnlyList<CipherSuiteInfo>? SharedCiphers
        => _state.OfferedSuites is { } offered ? [.. offered.Select(CipherSuites.ById).OfType<CipherSuiteInfo>().Where(_context.Ciphers.Contains)] : null;

    /// <summary>The peer's certificate, verified or not.</summary>
    internal Certificate? PeerCertificate => _state.PeerChain.Count > 0 ? _state.PeerChain[0] : null;

    /// <summary>The chain that the peer sent, leaf first.</summary>
    internal IReadOnlyList<Certificate> PeerChain => _state.PeerChain;

    /// <summary>The verified chain, from the leaf to the root; null if no verification took place.</summary>
    internal IReadOnlyList<Certificate>? VerifiedChain => _state.VerifiedChain;

    /// <summary>The chain that the peer sent on this connection; null if a session was resumed.</summary>
    internal IReadOnlyList<Certificate>? SentChain => IsFromSession ? null : _state.PeerChain;

    /// <summary>The chain that the peer sent. If a session was resumed: the stored chain on a client, the stored leaf on a server.</summary>
    internal IReadOnlyList<Certificate>? KeptChain
        => IsFromSession && ServerSide && PeerCertificate is { } leaf ? [leaf] : _state.PeerChain;

    /// <summary>
    /// The chain that verification built on this connection; null if a session was resumed. Like OpenSSL, a client that does not
    /// verify has a chain too. It is built on request.
    /// </summary>
    internal IReadOnlyList<Certificate>? BuiltChain => IsFromSession ? null : _state.VerifiedChain ?? PeerVerification.Build(_state);

    // Like OpenSSL, the chain of a resumed session does not count as sent on this connection.
    private bool IsFromSession => _state.Resumed is { } resumed && ReferenceEquals(resumed.PeerChain, _state.PeerChain);

    /// <summary>The lock held during each step, including callbacks, but never while waiting for the transport.</summary>
    internal object StepLock => _sync;

    /// <summary>Releases the connection. Nothing is sent.</summary>
    public void Dispose()
    {
        lock (_sync)
        {
            Observation?.Close();
            _state.Exporter?.Destroy();
            _state.Exporter = null;
            _handshake?.Dispose();
            _state.Transcript.Drop();
            _state.Reading?.Dispose();
            _state.Writing?.Dispose();
            DropBuffered(_bufferedPlaintext.Length);
            _replaced?.Dispose();
            _input.Consume(_input.Length);
            _output.Consume(_output.Length);
        }
    }

    /// <summary>
    /// Rejects a step that a callback starts from within another step, where a message is half processed and would be processed
    /// twice. Other threads are not rejected; they wait until the step is complete.
    /// </summary>
    /// <param name="shutdown">True for a shutdown, which OpenSSL rejects during any handshake.</param>
    internal void ThrowIfReentered(bool shutdown = false)
    {
        if (Monitor.IsEntered(_sync))
        {
            throw shutdown && !_state.IsComplete
                ? TlsError.Ssl("SSL", "SHUTDOWN_WHILE_IN_INIT")
                : TlsError.Plain("a callback cannot shake hands, read, write or shut down on the connection that called it");
        }
    }

    bool IHandshakeConnection.AsksApplication => _context.RemoteCertificateValidationCallback is not null;

    bool IHandshakeConnection.AskApplication(PeerCertificateValidation validation)
        => _context.RemoteCertificateValidationCallback?.Invoke(this, validation) ?? validation.Error is null;

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
