using SslModule.Engine.Certificates;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using SslModule.Engine.Records;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>The state that a handshake shares with its connection: settings, and what was negotiated.</summary>
internal sealed class HandshakeState(TlsContext context, bool isServer, string? serverHostname)
{
    private readonly ConnectionSettings _initialSettings = context.ConnectionSettings;
    private ConnectionSettings? _replacedSettings;
    private KeyLogging? _keyLogging;
    private KeyUpdateState? _keyUpdates;
    private PeerAlerts? _alerts;
    private RecordRules? _records;
    private RejectedEarlyData? _earlyData;

    /// <summary>The current context. A server-name callback may replace it before the suite and the certificate are selected.</summary>
    public TlsContext Context { get; private set; } = context;

    /// <summary>The context that the connection was created with. Sessions belong to it (OpenSSL's session_ctx).</summary>
    public TlsContext SessionContext { get; } = context;

    /// <summary>The connection's own settings, which do not follow changes of the context.</summary>
    public ConnectionSettings Settings => _replacedSettings ?? _initialSettings;

    /// <summary>The values derived from the connection's settings and the current context.</summary>
    public DerivedSettings Derived => Context.DerivedFor(Settings);

    /// <summary>The protection of received records; null while they are not protected.</summary>
    public RecordCipher? Reading { get; set; }

    /// <summary>The protection of sent records; null while they are not protected.</summary>
    public RecordCipher? Writing { get; set; }

    /// <summary>The connection.</summary>
    public required IHandshakeConnection Connection { get; init; }

    /// <summary>True on a server.</summary>
    public bool IsServer => isServer;

    /// <summary>On a client: the server name, as an A-label or an IP address.</summary>
    public string? ServerHostname => serverHostname;

    /// <summary>The first error that was recorded.</summary>
    public TlsError? Failure { get; set; }

    /// <summary>True once the first handshake is complete; stays true during a renegotiation.</summary>
    public bool IsComplete { get; set; }

    /// <summary>On a client: true during a renegotiation (RFC 5746).</summary>
    public bool IsRenegotiating { get; private set; }

    /// <summary>The verify_data of both Finished messages of the last handshake, to which a renegotiation is bound; null if the server does not support RFC 5746.</summary>
    public (byte[] Client, byte[] Server)? VerifyData { get; set; }

    /// <summary>The negotiated version's wire number; 0 before it is known.</summary>
    public int Version { get; set; }

    /// <summary>
    /// The record version before one is negotiated. On a client: TLS 1.0, or the earlier version that it offers. On a server, which
    /// can only send an alert at that point: the newest enabled version, or the client's version if that is not supported.
    /// </summary>
    public int HelloRecordVersion { get; set; } = !isServer || context.VersionRange.Newest < ProtocolVersion.SSLv3 ? ProtocolVersion.TLSv10
        : context.HasVersionRange ? ProtocolVersion.TLSv12 : context.VersionRange.Newest;

    /// <summary>On a server: a ClientHello in SSL 2.0 format, starting at the message type; null otherwise.</summary>
    public byte[]? V2ClientHello { get; set; }

    /// <summary>The legacy_version of the ClientHello, which an RSA-encrypted premaster secret repeats (RFC 5246 section 7.4.7.1).</summary>
    public int OfferedVersion { get; set; }

    /// <summary>On a client: the version that the server has selected, offered or not; 0 before.</summary>
    public int SelectedVersion { get; set; }

    /// <summary>On a server, during the handshake: the ClientHello as far as it was read. Only its lists of numbers outlive the message.</summary>
    public ReceivedHello? ClientHello { get; set; }

    /// <summary>The negotiated suite.</summary>
    public CipherSuiteInfo? Cipher { get; set; }

    /// <summary>On a server: the client's suites that this engine knows, in the client's order and without duplicates.</summary>
    public int[]? OfferedSuites { get; set; }

    /// <summary>The certificate chain that the peer sent, leaf first.</summary>
    public IReadOnlyList<Certificate> PeerChain { get; set; } = [];

    /// <summary>The verified chain, leaf first; null if no verification took place.</summary>
    public IReadOnlyList<Certificate>? VerifiedChain { get; set; }

    /// <summary>True if the application accepted a certificate that the engine refuses. Such a session is not resumed, because resumption does not verify again.</summary>
    public bool IsVerdictOverruled { get; set; }

    /// <summary>The negotiated ALPN protocol.</summary>
    public byte[]? SelectedAlpn { get; set; }

    /// <summary>RFC 5929's tls-unique: the first Finished.</summary>
    public byte[]? TlsUnique { get; set; }

    /// <summary>This end's certificate, if it sent one.</summary>
    public Certificate? LocalCertificate { get; set; }

    /// <summary>The key-exchange group; 0 if unknown or not used.</summary>
    public int Group { get; set; }

    /// <summary>The name of this end's signature scheme; null if it has not signed.</summary>
    public string? OwnSignature { get; set; }

    /// <summary>The name of the peer's signature scheme; null if it has not signed.</summary>
    public string? PeerSignature { get; set; }

    /// <summary>True when the extended master secret is used (RFC 7627).</summary>
    public bool ExtendedMasterSecret { get; set; }

    /// <summary>True when CBC records use encrypt-then-MAC (RFC 7366).</summary>
    public bool EncryptThenMac { get; set; }

    /// <summary>The maximum plaintext length of a sent record, in bytes.</summary>
    public int WriteLimit { get; set; } = 1 << 14;

    /// <summary>The maximum plaintext length of a received record, in bytes.</summary>
    public int ReadLimit { get; set; } = 1 << 14;

    /// <summary>The maximum ciphertext length of a received TLS 1.3 record, including content type, padding and tag (RFC 8446 section 5.2).</summary>
    public int SealedLimit { get; set; } = (1 << 14) + 256;

    /// <summary>On a server: true when the client asks for a stapled OCSP response.</summary>
    public bool WantsOcspResponse { get; set; }

    /// <summary>On a client: the OCSP response that came with the server's certificate.</summary>
    public byte[]? OcspResponse { get; set; }

    /// <summary>The secret for exported keying material.</summary>
    public Exporter? Exporter { get; set; }

    /// <summary>Installs TLS 1.3 keys in both directions.</summary>
    public void Protect(RecordCipher cipher) => Reading = Writing = cipher;

    /// <summary>True if a session was resumed.</summary>
    public bool IsResumed { get; set; }

    /// <summary>On a client before the handshake: the session to resume. After it: the resumable session of this connection.</summary>
    public Sessions.TlsSession? Session { get; set; }

    /// <summary>The session that was resumed.</summary>
    public Sessions.SessionState? Resumed { get; set; }

    /// <summary>The handshake messages.</summary>
    public Transcript Transcript { get; } = new();

    /// <summary>Replaces the context.</summary>
    public void Replace(TlsContext other) => (Context, _replacedSettings) = (other, _initialSettings.WithContext(other));

    /// <summary>On a server: true if the client supports post-handshake authentication (RFC 8446 section 4.2.6).</summary>
    public bool PeerTakesPostHandshakeAuth { get; set; }

    /// <summary>True when post-handshake authentication may need the transcript (RFC 8446 section 4.6.2). A server that does not verify clients never requests it.</summary>
    public bool KeepsTranscript => isServer ? PeerTakesPostHandshakeAuth && Settings.Verification.Mode != VerifyMode.None : Settings.OffersPostHandshakeAuth;

    /// <summary>Resets the state for a renegotiation.</summary>
    public void BeginRenegotiation()
    {
        (IsRenegotiating, IsResumed, Resumed, IsVerdictOverruled) = (true, false, null, false);
        (OwnSignature, PeerSignature, OcspResponse) = (null, null, null);
        Transcript.Reopen();
    }

    /// <summary>Marks the handshake, or renegotiation, as complete.</summary>
    public void Completed() => (IsComplete, IsRenegotiating) = (true, false);

    /// <summary>Ends the transcript after the handshake. Its hash state is kept only for post-handshake authentication.</summary>
    public void EndTranscript()
    {
        if (KeepsTranscript && Version == ProtocolVersion.TLSv13)
        {
            Transcript.Close(((AeadRecordCipher)Reading!).Hash);
        }
        else
        {
            Transcript.Drop();
        }
    }

    /// <summary>On a server: true after tickets were sent, until the client sends something.</summary>
    public bool HasUnreadTickets { get; set; }

    /// <summary>Writes this connection's secrets to the key log.</summary>
    public KeyLogging KeyLogging => _keyLogging ??= new KeyLogging(this);

    /// <summary>The checks of the peer's records.</summary>
    public RecordRules Records => _records ??= new RecordRules(this);

    /// <summary>True once the TLS 1.3 handshake keys are installed.</summary>
    public bool HasHandshakeKeys => Reading is not null;

    /// <summary>The state of the connection's KeyUpdate messages.</summary>
    public KeyUpdateState KeyUpdates => _keyUpdates ??= new KeyUpdateState(this);

    /// <summary>The peer's alerts.</summary>
    public PeerAlerts Alerts => _alerts ??= new PeerAlerts(this);

    /// <summary>The early data that a server skips.</summary>
    public RejectedEarlyData EarlyData => _earlyData ??= new RejectedEarlyData(this);

    /// <summary>True once this end has sent close_notify; nothing is sent after it.</summary>
    public bool SentCloseNotify { get; set; }

    /// <summary>On a server: calls the server-name callback.</summary>
    public Action<string?>? ServerName { get; set; }

    /// <summary>On a server: the callback took the name of the client, who is told so in a full handshake (RFC 6066 section 3).</summary>
    public bool AcceptsServerName { get; set; }

    /// <summary>The type of the handshake message being processed, or null. Error reasons depend on it.</summary>
    public HandshakeType? Handling { get; set; }

    /// <summary>Releases what only the handshake needs.</summary>
    public void HandshakeDone() => (ServerName, ClientHello) = (null, null);

    /// <summary>Records an error with a reason of OpenSSL's SSL library and an alert.</summary>
    public Exception Fail(string reason, AlertDescription alert) => Fail(TlsError.Ssl("SSL", reason, (byte)alert));

    /// <summary>Records <paramref name="error"/>.</summary>
    /// <returns>The exception to throw, which carries the alert to send.</returns>
    public Exception Fail(TlsError error)
    {
        Failure ??= error;
        return new FatalAlertException((AlertDescription?)error.Alert ?? AlertDescription.internal_error, error);
    }
}
