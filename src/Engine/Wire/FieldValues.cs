namespace SslModule.Engine.Wire;

/// <summary>Legacy compression methods (RFC 5246 section 7.4.1.2). Only null compression is supported.</summary>
internal static class CompressionMethod
{
    public const byte none = 0;
}

/// <summary>Name types of the server_name extension (RFC 6066 section 3).</summary>
internal static class NameType
{
    public const byte host_name = 0;
}

/// <summary>Certificate status types (RFC 6066 section 8).</summary>
internal static class CertificateStatusType
{
    public const byte ocsp = 1;
}

/// <summary>Codes of the max_fragment_length extension (RFC 6066 section 4).</summary>
internal static class MaxFragmentLength
{
    public const byte pow2_9 = 1;
    public const byte pow2_12 = 4;
}

/// <summary>Curve types in ServerKeyExchange (RFC 8422 section 5.4).</summary>
internal static class ECCurveType
{
    public const byte named_curve = 3;
}

/// <summary>EC point formats (RFC 8422 section 5.1.2).</summary>
internal static class ECPointFormat
{
    public const byte uncompressed = 0;
}

/// <summary>Certificate types in a CertificateRequest before TLS 1.3 (RFC 5246 section 7.4.4, RFC 8422 section 5.5).</summary>
internal static class ClientCertificateType
{
    public const byte rsa_sign = 1;
    public const byte dss_sign = 2;
    public const byte ecdsa_sign = 64;
}

/// <summary>PSK key exchange modes (RFC 8446 section 4.2.9).</summary>
internal static class PskKeyExchangeMode
{
    public const byte psk_ke = 0;
    public const byte psk_dhe_ke = 1;
}

/// <summary>The request_update values of KeyUpdate (RFC 8446 section 4.6.3).</summary>
internal static class KeyUpdateRequest
{
    public const byte update_not_requested = 0;
    public const byte update_requested = 1;
}

/// <summary>The content of a ChangeCipherSpec record (RFC 5246 section 7.1).</summary>
internal static class ChangeCipherSpec
{
    public const byte change_cipher_spec = 1;
}
