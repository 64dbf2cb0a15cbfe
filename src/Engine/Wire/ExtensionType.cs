namespace SslModule.Engine.Wire;

/// <summary>Extensions of hellos and of other messages: RFC 8446 section 4.2 and IANA's registry "TLS ExtensionType Values".</summary>
internal static class ExtensionType
{
    /// <summary>RFC 6066 section 3.</summary>
    public const int server_name = 0;

    /// <summary>RFC 6066 section 4.</summary>
    public const int max_fragment_length = 1;

    /// <summary>RFC 6066 section 8.</summary>
    public const int status_request = 5;

    /// <summary>RFC 8446 section 4.2.7, RFC 8422 section 5.1.1.</summary>
    public const int supported_groups = 10;

    /// <summary>RFC 8422 section 5.1.2.</summary>
    public const int ec_point_formats = 11;

    /// <summary>RFC 8446 section 4.2.3, RFC 5246 section 7.4.1.4.1.</summary>
    public const int signature_algorithms = 13;

    /// <summary>RFC 5764.</summary>
    public const int use_srtp = 14;

    /// <summary>RFC 6520.</summary>
    public const int heartbeat = 15;

    /// <summary>RFC 7301.</summary>
    public const int application_layer_protocol_negotiation = 16;

    /// <summary>RFC 6962.</summary>
    public const int signed_certificate_timestamp = 18;

    /// <summary>RFC 7250.</summary>
    public const int client_certificate_type = 19;

    /// <summary>RFC 7250.</summary>
    public const int server_certificate_type = 20;

    /// <summary>RFC 7685.</summary>
    public const int padding = 21;

    /// <summary>RFC 7366.</summary>
    public const int encrypt_then_mac = 22;

    /// <summary>RFC 7627.</summary>
    public const int extended_master_secret = 23;

    /// <summary>RFC 8879.</summary>
    public const int compress_certificate = 27;

    /// <summary>RFC 8449.</summary>
    public const int record_size_limit = 28;

    /// <summary>RFC 5077.</summary>
    public const int session_ticket = 35;

    /// <summary>RFC 8446 section 4.2.11.</summary>
    public const int pre_shared_key = 41;

    /// <summary>RFC 8446 section 4.2.10.</summary>
    public const int early_data = 42;

    /// <summary>RFC 8446 section 4.2.1.</summary>
    public const int supported_versions = 43;

    /// <summary>RFC 8446 section 4.2.2.</summary>
    public const int cookie = 44;

    /// <summary>RFC 8446 section 4.2.9.</summary>
    public const int psk_key_exchange_modes = 45;

    /// <summary>RFC 8446 section 4.2.4.</summary>
    public const int certificate_authorities = 47;

    /// <summary>RFC 8446 section 4.2.5.</summary>
    public const int oid_filters = 48;

    /// <summary>RFC 8446 section 4.2.6.</summary>
    public const int post_handshake_auth = 49;

    /// <summary>RFC 8446 section 4.2.3.</summary>
    public const int signature_algorithms_cert = 50;

    /// <summary>RFC 8446 section 4.2.8.</summary>
    public const int key_share = 51;

    /// <summary>RFC 9146; DTLS alone.</summary>
    public const int connection_id = 54;

    /// <summary>RFC 5746.</summary>
    public const int renegotiation_info = 0xFF01;

    /// <summary>Whether an RFC has given the number a meaning, and with it the messages that may carry it: in others it is refused.</summary>
    public static bool IsAssigned(int type)
        => type is >= server_name and <= 25 or compress_certificate or record_size_limit or session_ticket
            or >= pre_shared_key and <= psk_key_exchange_modes or >= certificate_authorities and <= key_share or connection_id or renegotiation_info;
}
