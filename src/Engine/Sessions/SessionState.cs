using SslModule.Engine.Certificates;

namespace SslModule.Engine.Sessions;

/// <summary>The secret of a session and its parameters: the content of a ticket or a cache entry.</summary>
internal sealed record SessionState
{
    /// <summary>The protocol version's code point.</summary>
    public required int Version { get; init; }

    /// <summary>The cipher suite's code point; resumption in TLS 1.3 compares only its hash.</summary>
    public required int Suite { get; init; }

    /// <summary>The master secret, or in TLS 1.3 the PSK of one ticket.</summary>
    public required byte[] Secret { get; init; }

    /// <summary>The creation time, in milliseconds since 1970.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>The time of the last certificate authentication, in milliseconds since 1970.</summary>
    public required long AuthenticatedAt { get; init; }

    /// <summary>The lifetime in seconds.</summary>
    public required int Lifetime { get; init; }

    /// <summary>The ticket_age_add value, which obfuscates the ticket's age (RFC 8446 section 4.2.11.1).</summary>
    public uint AgeAdd { get; init; }

    /// <summary>The key exchange group; 0 for none.</summary>
    public int Group { get; init; }

    /// <summary>Whether the extended master secret was used (RFC 7627).</summary>
    public bool ExtendedMasterSecret { get; init; }

    /// <summary>Whether encrypt_then_mac was negotiated (RFC 7366).</summary>
    public bool EncryptThenMac { get; init; }

    /// <summary>The max_fragment_length code (RFC 6066 section 4), or -1.</summary>
    public int MaxFragmentLength { get; init; } = -1;

    /// <summary>The server name that the client sent.</summary>
    public string? ServerName { get; init; }

    /// <summary>The protocol selected by ALPN.</summary>
    public byte[]? Alpn { get; init; }

    /// <summary>The verify mode of the original handshake.</summary>
    public int VerifyMode { get; init; }

    /// <summary>On a client: whether the host name was checked.</summary>
    public bool CheckedHostname { get; init; }

    /// <summary>The session ID context (SSL_CTX_set_session_id_context).</summary>
    public byte[] IdContext { get; init; } = [];

    /// <summary>The certificates that the peer sent, leaf first.</summary>
    public IReadOnlyList<Certificate> PeerChain { get; init; } = [];

    /// <summary>The verified chain; null when the peer was not verified.</summary>
    public IReadOnlyList<Certificate>? VerifiedChain { get; init; }
}
