namespace SslModule.Engine.Wire;

/// <summary>The first byte of a handshake message (RFC 8446 section 4, RFC 5246 section 7.4).</summary>
internal enum HandshakeType : byte
{
    /// <summary>Before TLS 1.3.</summary>
    hello_request = 0,
    client_hello = 1,
    server_hello = 2,

    /// <summary>RFC 8446 section 4.6.1, RFC 5077 section 3.3.</summary>
    new_session_ticket = 4,

    /// <summary>TLS 1.3.</summary>
    end_of_early_data = 5,

    /// <summary>TLS 1.3.</summary>
    encrypted_extensions = 8,
    certificate = 11,

    /// <summary>Before TLS 1.3.</summary>
    server_key_exchange = 12,
    certificate_request = 13,

    /// <summary>Before TLS 1.3.</summary>
    server_hello_done = 14,
    certificate_verify = 15,

    /// <summary>Before TLS 1.3.</summary>
    client_key_exchange = 16,
    finished = 20,

    /// <summary>RFC 6066 section 8; before TLS 1.3.</summary>
    certificate_status = 22,

    /// <summary>TLS 1.3.</summary>
    key_update = 24,

    /// <summary>Never sent: replaces the first ClientHello in the transcript after a HelloRetryRequest (RFC 8446 section 4.4.1).</summary>
    message_hash = 254,
}
