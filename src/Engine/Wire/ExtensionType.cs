namespace SslModule.Engine.Wire;

/// <summary>Extension types: RFC 8446 section 4.2 and IANA's registry "TLS ExtensionType Values".</summary>
internal enum ExtensionType : ushort
{
    /// <summary>RFC 6066 section 3.</summary>
    server_name = 0,

    /// <summary>RFC 6066 section 4.</summary>
    max_fragment_length = 1,

    /// <summary>RFC 6066 section 5.</summary>
    client_certificate_url = 2,

    /// <summary>RFC 6066 section 6.</summary>
    trusted_ca_keys = 3,

    /// <summary>RFC 6066 section 7.</summary>
    truncated_hmac = 4,

    /// <summary>RFC 6066 section 8.</summary>
    status_request = 5,

    /// <summary>RFC 4681.</summary>
    user_mapping = 6,

    /// <summary>RFC 5878.</summary>
    client_authz = 7,

    /// <summary>RFC 5878.</summary>
    server_authz = 8,

    /// <summary>RFC 6091.</summary>
    cert_type = 9,

    /// <summary>RFC 8446 section 4.2.7, RFC 8422 section 5.1.1.</summary>
    supported_groups = 10,

    /// <summary>RFC 8422 section 5.1.2.</summary>
    ec_point_formats = 11,

    /// <summary>RFC 5054.</summary>
    srp = 12,

    /// <summary>RFC 8446 section 4.2.3, RFC 5246 section 7.4.1.4.1.</summary>
    signature_algorithms = 13,

    /// <summary>RFC 5764.</summary>
    use_srtp = 14,

    /// <summary>RFC 6520.</summary>
    heartbeat = 15,

    /// <summary>RFC 7301.</summary>
    application_layer_protocol_negotiation = 16,

    /// <summary>RFC 6961.</summary>
    status_request_v2 = 17,

    /// <summary>RFC 6962.</summary>
    signed_certificate_timestamp = 18,

    /// <summary>RFC 7250.</summary>
    client_certificate_type = 19,

    /// <summary>RFC 7250.</summary>
    server_certificate_type = 20,

    /// <summary>RFC 7685.</summary>
    padding = 21,

    /// <summary>RFC 7366.</summary>
    encrypt_then_mac = 22,

    /// <summary>RFC 7627.</summary>
    extended_master_secret = 23,

    /// <summary>RFC 8472.</summary>
    token_binding = 24,

    /// <summary>RFC 7924.</summary>
    cached_info = 25,

    /// <summary>RFC 8879.</summary>
    compress_certificate = 27,

    /// <summary>RFC 8449.</summary>
    record_size_limit = 28,

    /// <summary>RFC 5077.</summary>
    session_ticket = 35,

    /// <summary>RFC 8446 section 4.2.11.</summary>
    pre_shared_key = 41,

    /// <summary>RFC 8446 section 4.2.10.</summary>
    early_data = 42,

    /// <summary>RFC 8446 section 4.2.1.</summary>
    supported_versions = 43,

    /// <summary>RFC 8446 section 4.2.2.</summary>
    cookie = 44,

    /// <summary>RFC 8446 section 4.2.9.</summary>
    psk_key_exchange_modes = 45,

    /// <summary>RFC 8446 section 4.2.4.</summary>
    certificate_authorities = 47,

    /// <summary>RFC 8446 section 4.2.5.</summary>
    oid_filters = 48,

    /// <summary>RFC 8446 section 4.2.6.</summary>
    post_handshake_auth = 49,

    /// <summary>RFC 8446 section 4.2.3.</summary>
    signature_algorithms_cert = 50,

    /// <summary>RFC 8446 section 4.2.8.</summary>
    key_share = 51,

    /// <summary>RFC 9146; DTLS only.</summary>
    connection_id = 54,

    /// <summary>RFC 5746.</summary>
    renegotiation_info = 0xFF01,
}
