namespace SslModule.Engine.Context;

/// <summary>The <c>PROTOCOL_*</c> constants of Python's <c>ssl</c> module.</summary>
public enum TlsProtocolSelection
{
    /// <summary>SSL 2.0: a context of it can be made, and refuses every handshake (RFC 6176).</summary>
    SslV2 = 0,

    /// <summary>SSL 3.0 only (RFC 6101).</summary>
    SslV3 = 1,

    /// <summary>The best version both ends have, client or server.</summary>
    Tls = 2,

    /// <summary>TLS 1.0 only.</summary>
    TlsV1 = 3,

    /// <summary>TLS 1.1 only.</summary>
    TlsV1_1 = 4,

    /// <summary>TLS 1.2 only.</summary>
    TlsV1_2 = 5,

    /// <summary>The best version, client only, verification on.</summary>
    TlsClient = 16,

    /// <summary>The best version, server only.</summary>
    TlsServer = 17,
}

/// <summary>The <c>CERT_*</c> constants of Python's <c>ssl</c> module.</summary>
public enum VerifyMode
{
    /// <summary>The peer's certificate is not checked; a server does not ask for one.</summary>
    None = 0,

    /// <summary>A certificate is checked when the peer sends one.</summary>
    Optional = 1,

    /// <summary>A certificate must be sent and must verify.</summary>
    Required = 2,
}

/// <summary>OpenSSL's <c>SSL_OP_*</c> bits that change what the engine does.</summary>
[Flags]
public enum TlsOptions : ulong
{
    /// <summary>No option.</summary>
    None = 0,

    /// <summary>No extended master secret (RFC 7627).</summary>
    NoExtendedMasterSecret = 1UL << 0,

    /// <summary>A client accepts a server without secure renegotiation (RFC 5746).</summary>
    LegacyServerConnect = 1UL << 2,

    /// <summary>End of stream without close_notify reads like close_notify.</summary>
    IgnoreUnexpectedEof = 1UL << 7,

    /// <summary>No empty record ahead of each one that TLS 1.0 encrypts with CBC, whose initialization vector is otherwise known (CVE-2011-3389).</summary>
    DontInsertEmptyFragments = 1UL << 11,

    /// <summary>No session tickets (RFC 5077; stateful tickets in TLS 1.3).</summary>
    NoTicket = 1UL << 14,

    /// <summary>No TLS compression; the engine never compresses.</summary>
    NoCompression = 1UL << 17,

    /// <summary>No encrypt-then-MAC (RFC 7366).</summary>
    NoEncryptThenMac = 1UL << 19,

    /// <summary>TLS 1.3 in compatibility mode (RFC 8446 appendix D.4).</summary>
    EnableMiddleboxCompat = 1UL << 20,

    /// <summary>With <see cref="CipherServerPreference"/>: ChaCha20 goes first for a client that puts it first.</summary>
    PrioritizeChaCha = 1UL << 21,

    /// <summary>The server's order of ciphers decides.</summary>
    CipherServerPreference = 1UL << 22,

    /// <summary>No SSL 3.0.</summary>
    NoSslV3 = 1UL << 25,

    /// <summary>No TLS 1.0.</summary>
    NoTlsV1 = 1UL << 26,

    /// <summary>No TLS 1.2.</summary>
    NoTlsV1_2 = 1UL << 27,

    /// <summary>No TLS 1.1.</summary>
    NoTlsV1_1 = 1UL << 28,

    /// <summary>No TLS 1.3.</summary>
    NoTlsV1_3 = 1UL << 29,

    /// <summary>No renegotiation; the engine never renegotiates.</summary>
    NoRenegotiation = 1UL << 30,
}
