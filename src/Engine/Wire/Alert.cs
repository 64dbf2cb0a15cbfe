namespace SslModule.Engine.Wire;

/// <summary>The first byte of an alert (RFC 5246 section 7.2); ignored in TLS 1.3 (RFC 8446 section 6).</summary>
internal enum AlertLevel : byte
{
    warning = 1,
    fatal = 2,
}

/// <summary>The second byte of an alert: RFC 8446 section 6, RFC 5246 section 7.2 and IANA's registry "TLS Alerts".</summary>
internal enum AlertDescription : byte
{
    close_notify = 0,
    unexpected_message = 10,
    bad_record_mac = 20,

    /// <summary>TLS 1.0 only (RFC 2246 section 7.2); later versions must not send it.</summary>
    decryption_failed = 21,
    record_overflow = 22,

    /// <summary>Belongs to compression, which TLS 1.3 and this engine do not support (RFC 5246 section 7.2).</summary>
    decompression_failure = 30,
    handshake_failure = 40,

    /// <summary>Sent by an SSL 3.0 client that has no certificate (RFC 6101 section 5.4.2).</summary>
    no_certificate = 41,
    bad_certificate = 42,
    unsupported_certificate = 43,
    certificate_revoked = 44,
    certificate_expired = 45,
    certificate_unknown = 46,
    illegal_parameter = 47,
    unknown_ca = 48,
    access_denied = 49,
    decode_error = 50,
    decrypt_error = 51,

    /// <summary>TLS 1.0 only (RFC 2246 section 7.2).</summary>
    export_restriction = 60,
    protocol_version = 70,
    insufficient_security = 71,
    internal_error = 80,

    /// <summary>RFC 7507.</summary>
    inappropriate_fallback = 86,
    user_canceled = 90,

    /// <summary>Before TLS 1.3 (RFC 5246 section 7.2).</summary>
    no_renegotiation = 100,
    missing_extension = 109,
    unsupported_extension = 110,

    /// <summary>RFC 6066 section 9.</summary>
    certificate_unobtainable = 111,

    /// <summary>RFC 6066 section 3.</summary>
    unrecognized_name = 112,

    /// <summary>RFC 6066 section 8.</summary>
    bad_certificate_status_response = 113,

    /// <summary>RFC 6066 section 5.</summary>
    bad_certificate_hash_value = 114,

    /// <summary>RFC 4279 section 2, RFC 8446 section 6.2.</summary>
    unknown_psk_identity = 115,
    certificate_required = 116,

    /// <summary>RFC 7301 section 3.2.</summary>
    no_application_protocol = 120,
}
