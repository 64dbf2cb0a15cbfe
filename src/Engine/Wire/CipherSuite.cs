namespace SslModule.Engine.Wire;

/// <summary>The suites that the engine names by themselves (IANA's registry "TLS Cipher Suites"); the table of all is CipherSuites.</summary>
internal static class CipherSuite
{
    public const int TLS_AES_128_GCM_SHA256 = 0x1301;
    public const int TLS_AES_256_GCM_SHA384 = 0x1302;
    public const int TLS_CHACHA20_POLY1305_SHA256 = 0x1303;
    public const int TLS_AES_128_CCM_SHA256 = 0x1304;
    public const int TLS_AES_128_CCM_8_SHA256 = 0x1305;

    /// <summary>RFC 7507: no suite, but a client's word that it offers less than it could.</summary>
    public const int TLS_FALLBACK_SCSV = 0x5600;

    /// <summary>Not a suite: its client knows secure renegotiation (RFC 5746 section 3.3).</summary>
    public const int TLS_EMPTY_RENEGOTIATION_INFO_SCSV = 0x00FF;
}
