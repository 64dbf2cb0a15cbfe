namespace SslModule.Engine.Context;

/// <summary>The <c>PROTOCOL_*</c> constants of Python's <c>ssl</c> module.</summary>
public enum TlsProtocolSelection
{
    /// <summary>SSL 2.0. Such a context can be created, but every handshake fails (RFC 6176).</summary>
    SslV2 = 0,

    /// <summary>SSL 3.0 only (RFC 6101).</summary>
    SslV3 = 1,

    /// <summary>The highest common version, for clients and servers.</summary>
    Tls = 2,

    /// <summary>TLS 1.0 only.</summary>
    TlsV1 = 3,

    /// <summary>TLS 1.1 only.</summary>
    TlsV1_1 = 4,

    /// <summary>TLS 1.2 only.</summary>
    TlsV1_2 = 5,

    /// <summary>The highest common version, for clients, with certificate verification.</summary>
    TlsClient = 16,

    /// <summary>The highest common version, for servers.</summary>
    TlsServer = 17,
}

/// <summary>The <c>CERT_*</c> constants of Python's <c>ssl</c> module.</summary>
public enum VerifyMode
{
    /// <summary>The peer's certificate is not verified; a server does not request one.</summary>
    None = 0,

    /// <summary>A certificate is verified if the peer sends one.</summary>
    Optional = 1,

    /// <summary>The peer must send a certificate, and it must verify.</summary>
    Required = 2,
}

/// <summary>OpenSSL's <c>SSL_OP_*</c> bits that the engine supports.</summary>
[Flags]
public enum TlsOptions : ulong
{
    /// <summary>No option.</summary>
    None = 0,

    /// <summary>No extended master secret (RFC 7627).</summary>
    NoExtendedMasterSecret = 1UL << 0,

    /// <summary>Allows a client to connect to a server without secure renegotiation (RFC 5746).</summary>
    LegacyServerConnect = 1UL << 2,

    /// <summary>Treats an end of stream without close_notify as close_notify.</summary>
    IgnoreUnexpectedEof = 1UL << 7,

    /// <summary>Does not insert an empty record before each TLS 1.0 CBC record. Without it, the initialization vector is known in advance (CVE-2011-3389).</summary>
    DontInsertEmptyFragments = 1UL << 11,

    /// <summary>No session tickets (RFC 5077). In TLS 1.3, tickets are references to the session cache.</summary>
    NoTicket = 1UL << 14,

    /// <summary>No TLS compression; the engine never compresses.</summary>
    NoCompression = 1UL << 17,

    /// <summary>No encrypt-then-MAC (RFC 7366).</summary>
    NoEncryptThenMac = 1UL << 19,

    /// <summary>TLS 1.3 middlebox compatibility mode (RFC 8446 appendix D.4).</summary>
    EnableMiddleboxCompat = 1UL << 20,

    /// <summary>With <see cref="CipherServerPreference"/>: ChaCha20 is preferred if the client's list starts with it.</summary>
    PrioritizeChaCha = 1UL << 21,

    /// <summary>The server's cipher preference takes precedence over the client's.</summary>
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

    /// <summary>No renegotiation. A server never renegotiates; a client rejects the server's HelloRequest.</summary>
    NoRenegotiation = 1UL << 30,
}
