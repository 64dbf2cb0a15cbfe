using SslModule.Engine.Certificates;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using SslModule.Engine.Records;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>What the roles of a handshake share with the connection: the settings it began with and the facts it found.</summary>
internal sealed class HandshakeState(TlsContext context, bool isServer, string? serverHostname)
{
    private readonly BoundSettings _made = context.Bound;
    private BoundSettings? _under;
    private KeyLogging? _keyLogging;
    private KeyUpdateState? _keyUpdates;
    private PeerAlerts? _alerts;
    private RecordRules? _records;
    private RefusedEarlyData? _earlyData;

    /// <summary>The context in force; a server-name callback may replace it before suites and certificates are chosen.</summary>
    public TlsContext Context { get; private set; } = context;

    /// <summary>The context that the connection was made with: its sessions stay there (OpenSSL's session_ctx).</summary>
    public TlsContext SessionContext { get; } = context;

    /// <summary>What the connection demands and offers whatever context is in force.</summary>
    public BoundSettings Bound => _under ?? _made;

    /// <summary>What that and the context in force come to.</summary>
    public DerivedSettings Derived => Context.DerivedFor(Bound);

    /// <summary>The protection of the records that are read; null while they are not protected.</summary>
    public RecordCipher? Reading { get; set; }

    /// <summary>The same of those that are written.</summary>
    public RecordCipher? Writing { get; set; }

    /// <summary>The connection.</summary>
    public required IHandshakeConnection Connection { get; init; }

    /// <summary>True on a server.</summary>
    public bool IsServer => isServer;

    /// <summary>The name a client asked for, as an A-label or an address.</summary>
    public string? ServerHostname => serverHostname;

    /// <summary>The first failure that was found.</summary>
    public TlsError? Failure { get; set; }

    /// <summary>True once both Finished messages were checked, and in a renegotiation.</summary>
    public bool IsComplete { get; set; }

    /// <summary>On a client: true while a handshake goes on under the keys of the one before (RFC 5746).</summary>
    public bool IsRenegotiating { get; private set; }

    /// <summary>What a renegotiation is bound to: the two Finished of the last handshake; null where the server does not know RFC 5746.</summary>
    public (byte[] Client, byte[] Server)? VerifyData { get; set; }

    /// <summary>The negotiated version's wire number; 0 before it is known.</summary>
    public int Version { get; set; }

    /// <summary>
    /// The version of the records before one is settled: on a client TLS 1.0, or the older one that it offers; on a server, whose
    /// only record by then is an alert, the newest, or what the client asked for and does not get.
    /// </summary>
    public int HelloRecordVersion { get; set; } = !isServer || context.VersionRange.Newest < ProtocolVersion.SSLv3 ? ProtocolVersion.TLSv10
        : context.HasVersionRange ? ProtocolVersion.TLSv12 : context.VersionRange.Newest;

    /// <summary>On a server, a ClientHello that came in the format of SSL 2.0, from its type on; null for any other.</summary>
    public byte[]? V2ClientHello { get; set; }

    /// <summary>The legacy_version of the ClientHello, which an RSA-encrypted premaster secret repeats (RFC 5246 section 7.4.7.1).</summary>
    public int OfferedVersion { get; set; }

    /// <summary>The negotiated suite.</summary>
    public CipherSuiteInfo? Cipher { get; set; }

    /// <summary>On a server, the known suites among those that the client offered, each once and in its order: a hello has room for 32,767.</summary>
    public int[]? OfferedSuites { get; set; }

    /// <summary>What the peer sent, leaf first.</summary>
    public IReadOnlyList<Certificate> PeerChain { get; set; } = [];

    /// <summary>The chain that verified, leaf first; null when nothing was verified.</summary>
    public IReadOnlyList<Certificate>? VerifiedChain { get; set; }

    /// <summary>The protocol ALPN settled on.</summary>
    public byte[]? SelectedAlpn { get; set; }

    /// <summary>RFC 5929's tls-unique: the first Finished.</summary>
    public byte[]? TlsUnique { get; set; }

    /// <summary>This end's certificate, where it showed one.</summary>
    public Certificate? LocalCertificate { get; set; }

    /// <summary>The key-exchange group; 0 before it is known and where there is none.</summary>
    public int Group { get; set; }

    /// <summary>The name of the scheme of this end's signature; null while it made none.</summary>
    public string? OwnSignature { get; set; }

    /// <summary>The name of the scheme of the peer's signature; null while it made none.</summary>
    public string? PeerSignature { get; set; }

    /// <summary>True when the master secret is bound to the handshake (RFC 7627).</summary>
    public bool ExtendedMasterSecret { get; set; }

    /// <summary>True when CBC records are encrypted first (RFC 7366).</summary>
    public bool EncryptThenMac { get; set; }

    /// <summary>The most plaintext that the peer takes in a record.</summary>
    public int WriteLimit { get; set; } = 1 << 14;

    /// <summary>The most plaintext that the peer may put into a record.</summary>
    public int ReadLimit { get; set; } = 1 << 14;

    /// <summary>The most ciphertext that the peer may put into a TLS 1.3 record: the content type, padding and the tag count (RFC 8446 section 5.2).</summary>
    public int SealedLimit { get; set; } = (1 << 14) + 256;

    /// <summary>On a server: true when the client asks for a stapled OCSP response.</summary>
    public bool WantsOcspResponse { get; set; }

    /// <summary>On a client: the OCSP response that came with the server's certificate.</summary>
    public byte[]? OcspResponse { get; set; }

    /// <summary>What is left of the handshake's secrets for exported keys.</summary>
    public Exporter? Exporter { get; set; }

    /// <summary>Takes the keys of TLS 1.3 into use, both ways.</summary>
    public void Protect(RecordCipher cipher) => Reading = Writing = cipher;

    /// <summary>True when the session was resumed.</summary>
    public bool IsResumed { get; set; }

    /// <summary>On a client before the handshake: the session to resume. After it: the session that can be resumed.</summary>
    public Sessions.TlsSession? Session { get; set; }

    /// <summary>The session that was resumed.</summary>
    public Sessions.SessionState? Resumed { get; set; }

    /// <summary>The handshake messages.</summary>
    public Transcript Transcript { get; } = new();

    /// <summary>Puts another context in force.</summary>
    public void Replace(TlsContext other) => (Context, _under) = (other, _made.Under(other));

    /// <summary>On a server: true when the client takes a CertificateRequest after the handshake (RFC 8446 section 4.2.6).</summary>
    public bool PeerTakesPostHandshakeAuth { get; set; }

    /// <summary>True when post-handshake authentication may need the transcript after the handshake (RFC 8446 section 4.6.2): a server that verifies nobody never asks.</summary>
    public bool KeepsTranscript => isServer ? PeerTakesPostHandshakeAuth && Bound.Demand.Mode != VerifyMode.None : Bound.OffersPostHandshakeAuth;

    /// <summary>Begins another handshake on the connection.</summary>
    public void BeginRenegotiation()
    {
        (IsRenegotiating, IsResumed, Resumed) = (true, false, null);
        (OwnSignature, PeerSignature, OcspResponse) = (null, null, null);
        Transcript.Reopen();
    }

    /// <summary>The handshake is over, the first or another.</summary>
    public void Completed() => (IsComplete, IsRenegotiating) = (true, false);

    /// <summary>Ends the transcript when the handshake is done; only a post-handshake authentication still wants its hash.</summary>
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

    /// <summary>On a server, true from the time when tickets were sent until the client is heard from again.</summary>
    public bool HasUnreadTickets { get; set; }

    /// <summary>The key log's part in this connection.</summary>
    public KeyLogging KeyLogging => _keyLogging ??= new KeyLogging(this);

    /// <summary>What the peer's records must look like.</summary>
    public RecordRules Records => _records ??= new RecordRules(this);

    /// <summary>True once TLS 1.3's handshake keys are agreed: what follows is protected.</summary>
    public bool HasHandshakeKeys => Reading is not null;

    /// <summary>The KeyUpdate messages of the connection.</summary>
    public KeyUpdateState KeyUpdates => _keyUpdates ??= new KeyUpdateState(this);

    /// <summary>The peer's alerts.</summary>
    public PeerAlerts Alerts => _alerts ??= new PeerAlerts(this);

    /// <summary>The early data that a server passes over.</summary>
    public RefusedEarlyData EarlyData => _earlyData ??= new RefusedEarlyData(this);

    /// <summary>True once this end has sent close_notify: nothing follows it.</summary>
    public bool SentCloseNotify { get; set; }

    /// <summary>Asks the host's server-name callback (servers only).</summary>
    public Action<string?>? ServerName { get; set; }

    /// <summary>The type of the handshake message at hand, or null; what goes wrong in it is named after it.</summary>
    public HandshakeType? Handling { get; set; }

    /// <summary>Forgets what only the handshake needs.</summary>
    public void HandshakeDone() => ServerName = null;

    /// <summary>The same for one of OpenSSL's reasons of the library SSL and an alert of RFC 8446 section 6.</summary>
    public Exception Fail(string reason, AlertDescription alert) => Fail(TlsError.Ssl("SSL", reason, (byte)alert));

    /// <summary>Records <paramref name="error"/>.</summary>
    /// <returns>What to throw: it carries the alert that the peer gets.</returns>
    public Exception Fail(TlsError error)
    {
        Failure ??= error;
        return new FatalAlertException((AlertDescription?)error.Alert ?? AlertDescription.internal_error, error);
    }
}
