using System.Reflection;
using Org.BouncyCastle.Crypto;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Context;

/// <summary>The integer constants of Python's <c>_ssl</c> module, for both hosts.</summary>
public static class SslConstants
{
    /// <summary>The name and version of this implementation and of its crypto library.</summary>
    public static readonly string Implementation = $"SslModule {Of(typeof(SslConstants))}, BouncyCastle {Of(typeof(IDigest))}";

    // Arrays as spans instead of lists: avoids compiling generic list interfaces at startup.
    private static readonly (string Name, long Value)[] IntegerTable =
    [
        ("ALERT_DESCRIPTION_CLOSE_NOTIFY", 0),
        ("ALERT_DESCRIPTION_UNEXPECTED_MESSAGE", 10),
        ("ALERT_DESCRIPTION_BAD_RECORD_MAC", 20),
        ("ALERT_DESCRIPTION_RECORD_OVERFLOW", 22),
        ("ALERT_DESCRIPTION_DECOMPRESSION_FAILURE", 30),
        ("ALERT_DESCRIPTION_HANDSHAKE_FAILURE", 40),
        ("ALERT_DESCRIPTION_BAD_CERTIFICATE", 42),
        ("ALERT_DESCRIPTION_UNSUPPORTED_CERTIFICATE", 43),
        ("ALERT_DESCRIPTION_CERTIFICATE_REVOKED", 44),
        ("ALERT_DESCRIPTION_CERTIFICATE_EXPIRED", 45),
        ("ALERT_DESCRIPTION_CERTIFICATE_UNKNOWN", 46),
        ("ALERT_DESCRIPTION_ILLEGAL_PARAMETER", 47),
        ("ALERT_DESCRIPTION_UNKNOWN_CA", 48),
        ("ALERT_DESCRIPTION_ACCESS_DENIED", 49),
        ("ALERT_DESCRIPTION_DECODE_ERROR", 50),
        ("ALERT_DESCRIPTION_DECRYPT_ERROR", 51),
        ("ALERT_DESCRIPTION_PROTOCOL_VERSION", 70),
        ("ALERT_DESCRIPTION_INSUFFICIENT_SECURITY", 71),
        ("ALERT_DESCRIPTION_INTERNAL_ERROR", 80),
        ("ALERT_DESCRIPTION_USER_CANCELLED", 90),
        ("ALERT_DESCRIPTION_NO_RENEGOTIATION", 100),
        ("ALERT_DESCRIPTION_UNSUPPORTED_EXTENSION", 110),
        ("ALERT_DESCRIPTION_CERTIFICATE_UNOBTAINABLE", 111),
        ("ALERT_DESCRIPTION_UNRECOGNIZED_NAME", 112),
        ("ALERT_DESCRIPTION_BAD_CERTIFICATE_STATUS_RESPONSE", 113),
        ("ALERT_DESCRIPTION_BAD_CERTIFICATE_HASH_VALUE", 114),
        ("ALERT_DESCRIPTION_UNKNOWN_PSK_IDENTITY", 115),
        ("CERT_NONE", 0),
        ("CERT_OPTIONAL", 1),
        ("CERT_REQUIRED", 2),
        ("ENCODING_PEM", 1),
        ("ENCODING_DER", 2),
        ("HOSTFLAG_ALWAYS_CHECK_SUBJECT", 0x1),
        ("HOSTFLAG_NO_WILDCARDS", 0x2),
        ("HOSTFLAG_NO_PARTIAL_WILDCARDS", 0x4),
        ("HOSTFLAG_MULTI_LABEL_WILDCARDS", 0x8),
        ("HOSTFLAG_SINGLE_LABEL_SUBDOMAINS", 0x10),
        ("HOSTFLAG_NEVER_CHECK_SUBJECT", 0x20),
        ("OP_LEGACY_SERVER_CONNECT", (long)TlsOptions.LegacyServerConnect),
        ("OP_ENABLE_KTLS", 0x8),
        ("OP_IGNORE_UNEXPECTED_EOF", (long)TlsOptions.IgnoreUnexpectedEof),
        ("OP_NO_TICKET", (long)TlsOptions.NoTicket),
        ("OP_NO_COMPRESSION", (long)TlsOptions.NoCompression),
        ("OP_ENABLE_MIDDLEBOX_COMPAT", (long)TlsOptions.EnableMiddleboxCompat),
        ("OP_CIPHER_SERVER_PREFERENCE", (long)TlsOptions.CipherServerPreference),
        ("OP_NO_SSLv2", 0),
        ("OP_NO_SSLv3", (long)TlsOptions.NoSslV3),
        ("OP_NO_TLSv1", (long)TlsOptions.NoTlsV1),
        ("OP_NO_TLSv1_1", (long)TlsOptions.NoTlsV1_1),
        ("OP_NO_TLSv1_2", (long)TlsOptions.NoTlsV1_2),
        ("OP_NO_TLSv1_3", (long)TlsOptions.NoTlsV1_3),
        ("OP_NO_RENEGOTIATION", (long)TlsOptions.NoRenegotiation),
        ("OP_SINGLE_DH_USE", 0),
        ("OP_SINGLE_ECDH_USE", 0),
        ("PROTOCOL_SSLv3", (long)TlsProtocolSelection.SslV3),
        ("PROTOCOL_SSLv23", (long)TlsProtocolSelection.Tls),
        ("PROTOCOL_TLS", (long)TlsProtocolSelection.Tls),
        ("PROTOCOL_TLS_CLIENT", (long)TlsProtocolSelection.TlsClient),
        ("PROTOCOL_TLS_SERVER", (long)TlsProtocolSelection.TlsServer),
        ("PROTOCOL_TLSv1", (long)TlsProtocolSelection.TlsV1),
        ("PROTOCOL_TLSv1_1", (long)TlsProtocolSelection.TlsV1_1),
        ("PROTOCOL_TLSv1_2", (long)TlsProtocolSelection.TlsV1_2),
        ("PROTO_MINIMUM_SUPPORTED", ProtocolVersions.MinimumSupported),
        ("PROTO_MAXIMUM_SUPPORTED", ProtocolVersions.MaximumSupported),
        ("PROTO_SSLv3", ProtocolVersion.SSLv3),
        ("PROTO_TLSv1", ProtocolVersion.TLSv10),
        ("PROTO_TLSv1_1", ProtocolVersion.TLSv11),
        ("PROTO_TLSv1_2", ProtocolVersion.TLSv12),
        ("PROTO_TLSv1_3", ProtocolVersion.TLSv13),
        ("SSL_ERROR_SSL", 1),
        ("SSL_ERROR_WANT_READ", 2),
        ("SSL_ERROR_WANT_WRITE", 3),
        ("SSL_ERROR_WANT_X509_LOOKUP", 4),
        ("SSL_ERROR_SYSCALL", 5),
        ("SSL_ERROR_ZERO_RETURN", 6),
        ("SSL_ERROR_WANT_CONNECT", 7),
        ("SSL_ERROR_EOF", 8),
        ("SSL_ERROR_INVALID_ERROR_CODE", 10),
        ("VERIFY_DEFAULT", 0),
        ("VERIFY_CRL_CHECK_LEAF", 0x4),
        ("VERIFY_CRL_CHECK_CHAIN", 0xC),
        ("VERIFY_X509_STRICT", 0x20),
        ("VERIFY_ALLOW_PROXY_CERTS", 0x40),
        ("VERIFY_X509_TRUSTED_FIRST", 0x8000),
        ("VERIFY_X509_PARTIAL_CHAIN", 0x80000),
    ];

    private static readonly (string Name, bool Value)[] BooleanTable =
    [
        ("HAS_SNI", true),
        ("HAS_ECDH", true),
        ("HAS_NPN", false),
        ("HAS_ALPN", true),
        ("HAS_TLS_UNIQUE", true),
        ("HAS_SSLv2", false),
        ("HAS_SSLv3", true),
        ("HAS_TLSv1", true),
        ("HAS_TLSv1_1", true),
        ("HAS_TLSv1_2", true),
        ("HAS_TLSv1_3", true),
        ("HAS_PHA", true),
        ("HAS_PSK", true),
        ("HAS_PSK_TLS13", true),
    ];

    /// <summary>The integer constants.</summary>
    public static ReadOnlySpan<(string Name, long Value)> Integers => IntegerTable;

    /// <summary>The HAS_* feature flags.</summary>
    public static ReadOnlySpan<(string Name, bool Value)> Booleans => BooleanTable;

    // The informational version is the package's version. A build may append the commit after a plus sign.
    private static string Of(Type type)
        => type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
