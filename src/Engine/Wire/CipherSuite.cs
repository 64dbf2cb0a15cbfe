namespace SslModule.Engine.Wire;

/// <summary>
/// Code points of the cipher suites that the engine treats specially (IANA's registry "TLS Cipher Suites"). CipherSuites has
/// the full table.
/// </summary>
internal static class CipherSuite
{
    public const int TLS_AES_128_GCM_SHA256 = 0x1301;
    public const int TLS_AES_256_GCM_SHA384 = 0x1302;
    public const int TLS_CHACHA20_POLY1305_SHA256 = 0x1303;
    public const int TLS_AES_128_CCM_SHA256 = 0x1304;
    public const int TLS_AES_128_CCM_8_SHA256 = 0x1305;

    /// <summary>RFC 7507: a signaling value by which a client says that it retries with a lower version than it supports.</summary>
    public const int TLS_FALLBACK_SCSV = 0x5600;

    /// <summary>A signaling value: the client supports secure renegotiation (RFC 5746 section 3.3).</summary>
    public const int TLS_EMPTY_RENEGOTIATION_INFO_SCSV = 0x00FF;
}
