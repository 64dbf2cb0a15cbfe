using SslModule.Engine.Certificates;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Connection;
using SslModule.Engine.Errors;
using SslModule.Engine.Sessions;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Context;

/// <summary>Everything that connections made from it share: versions, ciphers, certificates, trust and callbacks (OpenSSL's SSL_CTX).</summary>
/// <remarks>
/// A connection takes what it demands and offers from its context when it is made, and reads the rest when it needs it: the
/// ciphers, certificates, trust, a server's ALPN and the callbacks. Changing a context while connections are made is safe.
/// </remarks>
public sealed partial class TlsContext
{
    /// <summary>The cipher list of a new context: CPython's.</summary>
    public const string DefaultCipherList = "@SECLEVEL=2:ECDH+AESGCM:ECDH+CHACHA20:ECDH+AES:DHE+AES:!aNULL:!eNULL:!aDSS:!SHA1:!AESCCM";

    /// <summary>OpenSSL's own cipher list, with which a CPython of <c>--with-ssl-default-suites=openssl</c> begins.</summary>
    public const string OpenSslCipherList = "ALL:!COMPLEMENTOFDEFAULT:!eNULL";

    /// <summary>The options of a new context, but those of SSL 3.0: OpenSSL's SSL_OP_ALL and the three that CPython adds.</summary>
    public const ulong InitialOptions = 0x80520050;

    private const long PolicyFlags = (long)(Certificates.VerifyFlags.ExplicitPolicy | Certificates.VerifyFlags.InhibitAny | Certificates.VerifyFlags.InhibitMap);
    private const ulong DefaultOptions = InitialOptions | (ulong)TlsOptions.NoSslV3;
    private readonly object _loading = new();
    private volatile CertifiedKey[] _certifiedKeys = [];
    private ConnectionSettings? _connectionSettings;
    private CredentialSettings? _credentials;
    private DerivedSettings? _prepared;
    private long _verifyFlags = (long)Certificates.VerifyFlags.TrustedFirst;
    private VerifyMode _verifyMode;
    private bool _checkHostname;
    private int _minimumVersion;
    private int _maximumVersion;
    private long _numTickets = 2;
    private KeyLogFile? _keyLog;
    private SuiteBProfile _suiteB;
    private IReadOnlyList<CipherSuiteInfo> _tls13Suites = CipherList.DefaultTls13;
    private IReadOnlyList<CipherSuiteInfo> _olderSuites = [];

    /// <summary>A context with CPython's defaults for <paramref name="protocol"/>.</summary>
    /// <param name="protocol">Which versions and which side.</param>
    /// <param name="time">The clock that certificates and tickets are checked against; the system's when null.</param>
    /// <param name="ciphers">The cipher list that it begins with, where the configuration file names none.</param>
    /// <exception cref="TlsError">The number is none of the protocols, or the list leaves no cipher.</exception>
    public TlsContext(TlsProtocolSelection protocol, TimeProvider? time = null, string ciphers = DefaultCipherList)
    {
        Protocol = protocol;
        Time = time ?? TimeProvider.System;
        (_minimumVersion, _maximumVersion) = protocol switch
        {
            TlsProtocolSelection.SslV2 => (ProtocolVersions.Ssl2, ProtocolVersions.Ssl2),
            TlsProtocolSelection.SslV3 => (ProtocolVersion.SSLv3, ProtocolVersion.SSLv3),
            TlsProtocolSelection.TlsV1 => (ProtocolVersion.TLSv10, ProtocolVersion.TLSv10),
            TlsProtocolSelection.TlsV1_1 => (ProtocolVersion.TLSv11, ProtocolVersion.TLSv11),
            TlsProtocolSelection.TlsV1_2 => (ProtocolVersion.TLSv12, ProtocolVersion.TLSv12),
            TlsProtocolSelection.Tls or TlsProtocolSelection.TlsClient or TlsProtocolSelection.TlsServer => (ProtocolVersion.TLSv12, ProtocolVersions.MaximumSupported),
            _ => throw TlsError.Value($"invalid or unsupported protocol version {(int)protocol}"),
        };
        Options = protocol == TlsProtocolSelection.SslV3 ? DefaultOptions & ~(ulong)TlsOptions.NoSslV3 : DefaultOptions;
        if (protocol == TlsProtocolSelection.TlsClient)
        {
            _verifyMode = VerifyMode.Required;
            _checkHostname = true;
        }

        SetCiphers(ciphers);
        SystemDefaults.Current?.ApplyTo(this);
    }

    /// <summary>The protocol constant the context was made with.</summary>
    public TlsProtocolSelection Protocol { get; }

    /// <summary>The clock of verification and tickets.</summary>
    public TimeProvider Time { get; set; }

    /// <summary>OpenSSL's option bits; see <see cref="TlsOptions"/> for those that matter.</summary>
    public ulong Options { get; set; }

    /// <summary>Whether the peer's certificate is asked for and checked.</summary>
    /// <exception cref="TlsError">None, while <see cref="CheckHostname"/> is on.</exception>
    public VerifyMode VerifyMode
    {
        get => _verifyMode;
        set
        {
            if (value is < VerifyMode.None or > VerifyMode.Required)
            {
                throw TlsError.Value("invalid value for verify_mode");
            }

            if (value == VerifyMode.None && _checkHostname)
            {
                throw TlsError.Value("Cannot set verify_mode to CERT_NONE when check_hostname is enabled.");
            }

            _verifyMode = value;
        }
    }

    /// <summary>Whether a client checks the server's name (RFC 6125); turning it on turns verification on.</summary>
    public bool CheckHostname
    {
        get => _checkHostname;
        set
        {
            if (value && _verifyMode == VerifyMode.None)
            {
                _verifyMode = VerifyMode.Required;
            }

            _checkHostname = value;
        }
    }

    /// <summary>OpenSSL's X509_V_FLAG bits; X509_V_FLAG_TRUSTED_FIRST from the start.</summary>
    public long VerifyFlags
    {
        get => _verifyFlags;

        // OpenSSL turns the check of policies on with each flag about them.
        set => _verifyFlags = (value & PolicyFlags) != 0 ? value | (long)Certificates.VerifyFlags.PolicyCheck : value;
    }

    /// <summary>OpenSSL's X509_CHECK_FLAG bits for host names.</summary>
    public int HostFlags { get; set; } = 0x4;

    /// <summary>The oldest version, as a wire number (0x0303 is TLS 1.2), or -2 for the oldest there is and where the protocol is one version.</summary>
    public int MinimumVersion
    {
        get => HasVersionRange ? _minimumVersion : ProtocolVersions.MinimumSupported;
        set => _minimumVersion = CheckedVersion(value) == ProtocolVersions.MaximumSupported ? ProtocolVersion.TLSv13 : value;
    }

    /// <summary>The newest version, as a wire number, or -1 for the newest there is and where the protocol is one version.</summary>
    public int MaximumVersion
    {
        get => HasVersionRange ? _maximumVersion : ProtocolVersions.MaximumSupported;
        set => _maximumVersion = CheckedVersion(value) == ProtocolVersions.MinimumSupported ? ProtocolVersion.SSLv3 : value;
    }

    /// <summary>OpenSSL's security level, 0 to 5.</summary>
    public int SecurityLevel { get; set; } = 2;

    /// <summary>How many TLS 1.3 tickets a server sends after a handshake.</summary>
    /// <exception cref="TlsError">The number is negative, or the context is not a server's.</exception>
    public long NumTickets
    {
        get => _numTickets;
        set
        {
            if (value < 0)
            {
                throw TlsError.Value("value must be non-negative");
            }

            if (Protocol != TlsProtocolSelection.TlsServer)
            {
                throw TlsError.Value("SSLContext is not a server context.");
            }

            _numTickets = value;
        }
    }

    /// <summary>Whether a client offers post-handshake authentication (RFC 8446 section 4.6.2).</summary>
    public bool PostHandshakeAuth { get; set; }

    /// <summary>Called on a server with the connection and the name the client asked for (null: none). It may change the connection's context; it answers an alert number to refuse, or null.</summary>
    public Func<TlsConnection, string?, int?>? ServerNameCallback { get; set; }

    /// <summary>Told of every handshake message, alert and ChangeCipherSpec of the context's connections.</summary>
    public Action<TlsConnection, TlsMessage>? MessageCallback { get; set; }

    /// <summary>The file that takes the secrets of the context's connections; null for none.</summary>
    /// <exception cref="TlsError">The system refuses the file.</exception>
    public string? KeyLogFilename
    {
        get => _keyLog?.Path;
        set => _keyLog = value is null ? null : new KeyLogFile(value);
    }

    /// <summary>The counters of its handshakes.</summary>
    public SessionStatistics Statistics { get; } = new();

    /// <summary>The oldest and the newest version, as wire numbers.</summary>
    internal (int Oldest, int Newest) VersionRange
        => (_minimumVersion == ProtocolVersions.MinimumSupported ? ProtocolVersion.SSLv3 : _minimumVersion,
            _maximumVersion == ProtocolVersions.MaximumSupported ? ProtocolVersion.TLSv13 : _maximumVersion);

    /// <summary>Whether the versions can be bounded: the protocol is not one of a single version.</summary>
    internal bool HasVersionRange => Protocol is TlsProtocolSelection.Tls or TlsProtocolSelection.TlsClient or TlsProtocolSelection.TlsServer;

    /// <summary>Whether a client marks its hello as the retry of one that failed (TLS_FALLBACK_SCSV of RFC 7507).</summary>
    internal bool SendFallbackScsv { get; set; }

    /// <summary>The key log, when one is set.</summary>
    internal KeyLogFile? KeyLog => _keyLog;

    /// <summary>The group of DHE suites that the application chose; null leaves the choice to the engine.</summary>
    internal DhParameters? DhParameters { get; private set; }

    /// <summary>The suites that the versions in force leave, in order: what <c>get_ciphers()</c> lists.</summary>
    internal IReadOnlyList<CipherSuiteInfo> EnabledCiphers => Ciphers;

    /// <summary>The trusted certificates.</summary>
    internal TrustStore Trust { get; } = new();

    /// <summary>The enabled suites, TLS 1.3's first.</summary>
    internal IReadOnlyList<CipherSuiteInfo> Ciphers { get; private set; } = CipherList.DefaultTls13;

    /// <summary>The ALPN protocols in order of preference; empty when none are set.</summary>
    internal IReadOnlyList<byte[]> AlpnProtocols { get; private set; } = [];

    /// <summary>The certificate chains with their keys, at most one for each kind of key.</summary>
    internal CertifiedKey[] CertifiedKeys => _certifiedKeys;

    /// <summary>The keys and what judges them, as they are now.</summary>
    internal CredentialSettings Credentials => _credentials = CredentialSettings.Of(this, _credentials);

    /// <summary>What a connection takes for good that is made now; the same object for as long as the settings stay as they are.</summary>
    internal ConnectionSettings ConnectionSettings
    {
        get
        {
            var current = ConnectionSettings.Of(this);
            ConnectionSettings? cached = _connectionSettings;
            return current == cached ? cached : _connectionSettings = current;
        }
    }

    /// <summary>The choices of a connection that is made now.</summary>
    internal DerivedSettings Derived => DerivedFor(ConnectionSettings);

    /// <summary>What handshakes ask of these settings over and over, worked out once for as long as they stay as they are.</summary>
    /// <param name="settings">What the connection has taken, from this context or from the one it was made with.</param>
    internal DerivedSettings DerivedFor(ConnectionSettings settings)
    {
        DerivedSettings? prepared = _prepared;
        return prepared is not null && prepared.IsCurrent(settings, this) ? prepared : _prepared = new DerivedSettings(settings, this);
    }

    /// <summary>Chooses the cipher suites before TLS 1.3 by an OpenSSL cipher list; <c>@SECLEVEL=n</c> in it sets the level.</summary>
    /// <exception cref="TlsError">No suite matches.</exception>
    public void SetCiphers(string list)
    {
        int level = SecurityLevel;
        try
        {
            _olderSuites = CipherList.Parse(list, ref level, ref _suiteB);
        }
        finally
        {
            // As in OpenSSL, also of a list that selects nothing.
            SecurityLevel = level;
        }

        Ciphers = [.. _tls13Suites, .. _olderSuites];
    }

    /// <summary>Chooses TLS 1.3's suites and their order by their names with colons between them; none at all is a choice too.</summary>
    /// <exception cref="TlsError">A name is no suite of TLS 1.3.</exception>
    public void SetCipherSuites(string list)
    {
        _tls13Suites = [.. list.Split(':', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Tls13Suite)];
        Ciphers = [.. _tls13Suites, .. _olderSuites];

        static CipherSuiteInfo Tls13Suite(string name)
            => CipherSuites.All.FirstOrDefault(suite => suite.IsTls13 && suite.Name == name) ?? throw TlsError.Plain("No cipher suite can be selected.");
    }

    /// <summary>Sets the ALPN protocols (RFC 7301) from their wire form: each name after its one-byte length.</summary>
    /// <exception cref="TlsError">The bytes are not of that form.</exception>
    public void SetAlpnProtocols(ReadOnlySpan<byte> wire)
    {
        var names = new List<byte[]>();
        while (!wire.IsEmpty)
        {
            int length = wire[0];
            if (length == 0 || length > wire.Length - 1)
            {
                throw TlsError.Value("malformed ALPN protocol list");
            }

            names.Add(wire.Slice(1, length).ToArray());
            wire = wire[(1 + length)..];
        }

        AlpnProtocols = names;
    }

    /// <summary>Loads the group of DHE suites from a PEM file of DH PARAMETERS.</summary>
    /// <exception cref="TlsError">The file is missing or holds none.</exception>
    public void LoadDhParams(string path)
    {
        DhParameters loaded = Context.DhParameters.FromPemFile(path);
        DhParameters = SecurityLevels.AllowsDh(SecurityLevel, loaded.Prime.BitLength) ? loaded : throw TlsError.Ssl("SSL", "DH_KEY_TOO_SMALL");
    }

    /// <summary>Loads a certificate chain and its private key from PEM files.</summary>
    /// <param name="certFile">The leaf first, then its issuers; the key too when <paramref name="keyFile"/> is null.</param>
    /// <param name="keyFile">The key's file, or null.</param>
    /// <param name="password">Asked for the password of an encrypted key; its exceptions go to the caller.</param>
    /// <exception cref="TlsError">A file is missing, is not PEM, or key and certificate do not match.</exception>
    public void LoadCertChain(string certFile, string? keyFile, Func<byte[]?>? password)
    {
        CertifiedKey loaded = CertifiedKey.Load(certFile, keyFile, password, SecurityLevel);
        lock (_loading)
        {
            _certifiedKeys = [.. _certifiedKeys.Where(other => other.Key.Kind != loaded.Key.Kind), loaded];
        }
    }

    /// <summary>Trusts the certificates of a PEM file, of a directory with OpenSSL's hashed names, or of both.</summary>
    public void LoadVerifyLocations(string? caFile, string? caPath)
    {
        if (caFile is not null)
        {
            Trust.AddFile(caFile);
        }

        if (caPath is not null)
        {
            if (caPath.Length == 0)
            {
                throw TlsError.Ssl("X509", "INVALID_DIRECTORY");
            }

            Trust.AddDirectory(caPath);
        }
    }

    /// <summary>Trusts the certificates of a PEM text.</summary>
    public void LoadVerifyPem(string pem) => Trust.AddPem(pem);

    /// <summary>Trusts the certificates of concatenated DER.</summary>
    public void LoadVerifyDer(ReadOnlyMemory<byte> der) => Trust.AddDer(der);

    /// <summary>Trusts the system's certificates: SSL_CERT_FILE, SSL_CERT_DIR, the distribution's bundle, or the platform's store.</summary>
    public void SetDefaultVerifyPaths() => Trust.AddSystemDefaults();

    private int CheckedVersion(int value)
    {
        if (!HasVersionRange)
        {
            throw TlsError.Value("The context's protocol doesn't support modification of highest and lowest version.");
        }

        return value is -2 or -1 or (>= ProtocolVersion.SSLv3 and <= ProtocolVersion.TLSv13)
            ? value
            : throw TlsError.Value($"Unsupported TLS/SSL version 0x{value:x}");
    }
}
