using SslModule.Engine.Certificates;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Connection;
using SslModule.Engine.Crypto;
using SslModule.Engine.Errors;
using SslModule.Engine.Sessions;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Context;

/// <summary>The settings that connections share: versions, ciphers, certificates, trust and callbacks (OpenSSL's SSL_CTX).</summary>
/// <remarks>
/// A connection copies some settings when it is created: versions, options, verification mode, and what a client offers. It reads
/// the others when it needs them: ciphers, certificates, trust, a server's ALPN protocols and the callbacks. A context may be
/// changed while other threads create connections.
/// </remarks>
public sealed partial class TlsContext
{
    /// <summary>The default cipher list, the same as CPython's.</summary>
    public const string DefaultCipherList = "@SECLEVEL=2:ECDH+AESGCM:ECDH+CHACHA20:ECDH+AES:DHE+AES:!aNULL:!eNULL:!aDSS:!SHA1:!AESCCM";

    /// <summary>OpenSSL's default cipher list, which CPython uses if configured with <c>--with-ssl-default-suites=openssl</c>.</summary>
    public const string OpenSslCipherList = "ALL:!COMPLEMENTOFDEFAULT:!eNULL";

    /// <summary>The options of a new context, without NoSslV3: OpenSSL's SSL_OP_ALL and the three that CPython adds.</summary>
    public const ulong InitialOptions = 0x80520050;

    private const long PolicyFlags = (long)(Certificates.VerifyFlags.ExplicitPolicy | Certificates.VerifyFlags.InhibitAny | Certificates.VerifyFlags.InhibitMap);
    private const ulong DefaultOptions = InitialOptions | (ulong)TlsOptions.NoSslV3;
    private readonly object _loading = new();
    private volatile CertifiedKey[] _certifiedKeys = [];
    private ConnectionSettings? _connectionSettings;
    private CredentialSettings? _credentials;
    private DerivedSettings? _derivedSettings;
    private long _verifyFlags = (long)Certificates.VerifyFlags.TrustedFirst;
    private VerifyMode _verifyMode;
    private bool _checkHostname;
    private int _minimumVersion;
    private int _maximumVersion;
    private long _numTickets = 2;
    private KeyLogFile? _keyLog;
    private SuiteBProfile _suiteB;
    private IReadOnlyList<CipherSuiteInfo> _tls13Suites = CipherList.DefaultTls13;
    private IReadOnlyList<CipherSuiteInfo> _tls12Suites = [];

    /// <summary>Creates a context with CPython's defaults for <paramref name="protocol"/>.</summary>
    /// <param name="protocol">The versions, and whether the context is for clients, servers or both.</param>
    /// <param name="time">The clock for certificates and tickets; null for the system clock.</param>
    /// <param name="ciphers">The initial cipher list, if the configuration file does not set one.</param>
    /// <exception cref="TlsError">The protocol is unknown, no cipher matches the list, or the environment's settings are not understood.</exception>
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

        PlatformCryptography.Check();
        SetCiphers(ciphers);
        SystemDefaults.Current?.ApplyTo(this);
    }

    /// <summary>The protocol constant that the context was created with.</summary>
    public TlsProtocolSelection Protocol { get; }

    /// <summary>The clock for certificates and tickets.</summary>
    public TimeProvider Time { get; set; }

    /// <summary>OpenSSL's option bits; see <see cref="TlsOptions"/> for the supported ones.</summary>
    public ulong Options { get; set; }

    /// <summary>Whether the peer's certificate is requested and verified.</summary>
    /// <exception cref="TlsError">It is set to None while <see cref="CheckHostname"/> is on.</exception>
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

    /// <summary>Whether a client checks the server's name (RFC 6125). Enabling it also enables verification.</summary>
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

    /// <summary>OpenSSL's X509_V_FLAG bits. The default is X509_V_FLAG_TRUSTED_FIRST.</summary>
    public long VerifyFlags
    {
        get => _verifyFlags;

        // Like OpenSSL, every policy flag enables the policy check.
        set => _verifyFlags = (value & PolicyFlags) != 0 ? value | (long)Certificates.VerifyFlags.PolicyCheck : value;
    }

    /// <summary>OpenSSL's X509_CHECK_FLAG bits for host names.</summary>
    public int HostFlags { get; set; } = 0x4;

    /// <summary>The minimum version, as a wire number (0x0303 is TLS 1.2), or -2 for the lowest supported one. Always -2 if the protocol is a single version.</summary>
    public int MinimumVersion
    {
        get => HasVersionRange ? _minimumVersion : ProtocolVersions.MinimumSupported;
        set => _minimumVersion = CheckedVersion(value) == ProtocolVersions.MaximumSupported ? ProtocolVersion.TLSv13 : value;
    }

    /// <summary>The maximum version, as a wire number, or -1 for the highest supported one. Always -1 if the protocol is a single version.</summary>
    public int MaximumVersion
    {
        get => HasVersionRange ? _maximumVersion : ProtocolVersions.MaximumSupported;
        set => _maximumVersion = CheckedVersion(value) == ProtocolVersions.MinimumSupported ? ProtocolVersion.SSLv3 : value;
    }

    /// <summary>OpenSSL's security level, 0 to 5.</summary>
    public int SecurityLevel { get; set; } = 2;

    /// <summary>The number of TLS 1.3 tickets that a server sends after a handshake.</summary>
    /// <exception cref="TlsError">The number is negative, or the context is not for servers.</exception>
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

    /// <summary>Called on a server with the connection and the requested server name, or null. It may replace the connection's context. It returns an alert number to reject the handshake, or null to continue.</summary>
    public Func<TlsConnection, string?, int?>? ServerNameCallback { get; set; }

    /// <summary>Called for every handshake message, alert and ChangeCipherSpec of the context's connections.</summary>
    public Action<TlsConnection, TlsMessage>? MessageCallback { get; set; }

    /// <summary>The key log file for the secrets of the context's connections; null for none.</summary>
    /// <exception cref="TlsError">The file cannot be opened.</exception>
    public string? KeyLogFilename
    {
        get => _keyLog?.Path;
        set
        {
            // A path that cannot be opened leaves no log, not the former one.
            Interlocked.Exchange(ref _keyLog, null)?.Dispose();
            _keyLog = value is null ? null : new KeyLogFile(value);
        }
    }

    /// <summary>The statistics of the context's handshakes.</summary>
    public SessionStatistics Statistics { get; } = new();

    /// <summary>The minimum and the maximum version, as wire numbers.</summary>
    internal (int Oldest, int Newest) VersionRange
        => (_minimumVersion == ProtocolVersions.MinimumSupported ? ProtocolVersion.SSLv3 : _minimumVersion,
            _maximumVersion == ProtocolVersions.MaximumSupported ? ProtocolVersion.TLSv13 : _maximumVersion);

    /// <summary>Whether minimum and maximum version can be set: not if the protocol is a single version.</summary>
    internal bool HasVersionRange => Protocol is TlsProtocolSelection.Tls or TlsProtocolSelection.TlsClient or TlsProtocolSelection.TlsServer;

    /// <summary>Whether a client sends TLS_FALLBACK_SCSV (RFC 7507).</summary>
    internal bool SendFallbackScsv { get; set; }

    /// <summary>The key log; null for none.</summary>
    internal KeyLogFile? KeyLog => _keyLog;

    /// <summary>The DH parameters of DHE suites; null disables DHE on a server.</summary>
    internal DhParameters? DhParameters { get; private set; }

    /// <summary>The enabled suites in order, as <c>get_ciphers()</c> returns them.</summary>
    internal IReadOnlyList<CipherSuiteInfo> EnabledCiphers => Ciphers;

    /// <summary>The trusted certificates.</summary>
    internal TrustStore Trust { get; } = new();

    /// <summary>The enabled suites, TLS 1.3's first.</summary>
    internal IReadOnlyList<CipherSuiteInfo> Ciphers { get; private set; } = CipherList.DefaultTls13;

    /// <summary>The ALPN protocols in order of preference; empty for none.</summary>
    internal IReadOnlyList<byte[]> AlpnProtocols { get; private set; } = [];

    /// <summary>The certificate chains with their keys, at most one per key type.</summary>
    internal CertifiedKey[] CertifiedKeys => _certifiedKeys;

    /// <summary>The current keys and signature settings.</summary>
    internal CredentialSettings Credentials => _credentials = CredentialSettings.Of(this, _credentials);

    /// <summary>The settings that a new connection copies. The same object is returned until a setting changes.</summary>
    internal ConnectionSettings ConnectionSettings
    {
        get
        {
            var current = ConnectionSettings.Of(this);
            ConnectionSettings? cached = _connectionSettings;
            return current == cached ? cached : _connectionSettings = current;
        }
    }

    /// <summary>The derived settings of a new connection.</summary>
    internal DerivedSettings Derived => DerivedFor(ConnectionSettings);

    /// <summary>The values derived from the settings, cached until a setting changes.</summary>
    /// <param name="settings">The connection's settings, copied from this context or from the one it was created with.</param>
    internal DerivedSettings DerivedFor(ConnectionSettings settings)
    {
        DerivedSettings? cached = _derivedSettings;
        return cached is not null && cached.IsCurrent(settings, this) ? cached : _derivedSettings = new DerivedSettings(settings, this);
    }

    /// <summary>Sets the cipher suites of TLS 1.2 and earlier from an OpenSSL cipher list. <c>@SECLEVEL=n</c> sets the security level.</summary>
    /// <exception cref="TlsError">No suite matches.</exception>
    public void SetCiphers(string list)
    {
        int level = SecurityLevel;
        try
        {
            _tls12Suites = CipherList.Parse(list, ref level, ref _suiteB);
        }
        finally
        {
            // Like OpenSSL, set the level even if the list selects no suite.
            SecurityLevel = level;
        }

        Ciphers = [.. _tls13Suites, .. _tls12Suites];
    }

    /// <summary>
    /// Sets the TLS 1.3 suites, in order, from names separated by colons. The list may be empty. Like OpenSSL 3.5 and newer, ignores names that
    /// it does not know beside others.
    /// </summary>
    /// <exception cref="TlsError">No name is that of a TLS 1.3 suite.</exception>
    public void SetCipherSuites(string list)
    {
        CipherSuiteInfo[] suites = [.. list.Split(':', StringSplitOptions.TrimEntries)
            .SelectMany(name => CipherSuites.All.Where(suite => suite.IsTls13 && suite.Name == name))
            .Distinct()];
        _tls13Suites = suites.Length > 0 || list.Length == 0 ? suites : throw TlsError.Numbered("No cipher suite can be selected.");
        Ciphers = [.. _tls13Suites, .. _tls12Suites];
    }

    /// <summary>Sets the ALPN protocols (RFC 7301) in wire format: each name is preceded by its length in one byte.</summary>
    /// <exception cref="TlsError">The bytes are malformed.</exception>
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

    /// <summary>Loads the DH parameters of DHE suites from a PEM file.</summary>
    /// <exception cref="TlsError">The file is missing, or has no DH parameters.</exception>
    public void LoadDhParams(string path)
    {
        DhParameters loaded = Context.DhParameters.FromPemFile(path);
        DhParameters = SecurityLevels.AllowsDh(SecurityLevel, loaded.Prime.BitLength) ? loaded : throw TlsError.Ssl("SSL", "DH_KEY_TOO_SMALL");
    }

    /// <summary>Loads a certificate chain and its private key from PEM files.</summary>
    /// <param name="certFile">The leaf certificate, followed by its issuers; and the key if <paramref name="keyFile"/> is null.</param>
    /// <param name="keyFile">The file of the key, or null.</param>
    /// <param name="password">Returns the password of an encrypted key. Its exceptions are passed to the caller.</param>
    /// <exception cref="TlsError">A file is missing or not PEM, or key and certificate do not match.</exception>
    public void LoadCertChain(string certFile, string? keyFile, Func<byte[]?>? password)
    {
        CertifiedKey loaded = CertifiedKey.Load(certFile, keyFile, password, SecurityLevel);
        lock (_loading)
        {
            _certifiedKeys = [.. _certifiedKeys.Where(other => other.Key.Kind != loaded.Key.Kind), loaded];
        }
    }

    /// <summary>Adds trusted certificates from a PEM file, a directory with OpenSSL's hashed file names, or both.</summary>
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

    /// <summary>Adds trusted certificates from PEM text.</summary>
    public void LoadVerifyPem(string pem) => Trust.AddPem(pem);

    /// <summary>Adds trusted certificates from concatenated DER.</summary>
    public void LoadVerifyDer(ReadOnlyMemory<byte> der) => Trust.AddDer(der);

    /// <summary>Adds the system's trusted certificates: SSL_CERT_FILE, SSL_CERT_DIR, the distribution's bundle, or the platform's store.</summary>
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
