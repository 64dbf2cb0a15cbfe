using SslModule.Engine.Certificates;

namespace SslModule.Engine.Sessions;

/// <summary>The secret of a session and what it is bound to: what a ticket seals and a cache holds.</summary>
internal sealed record SessionState
{
    /// <summary>The version's wire number.</summary>
    public required int Version { get; init; }

    /// <summary>The suite's code point; TLS 1.3 asks for its hash only.</summary>
    public required int Suite { get; init; }

    /// <summary>The master secret, or TLS 1.3's PSK of one ticket.</summary>
    public required byte[] Secret { get; init; }

    /// <summary>When it was made, in milliseconds since 1970.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>When the peers last proved who they are with certificates, in milliseconds since 1970.</summary>
    public required long AuthenticatedAt { get; init; }

    /// <summary>How many seconds it can be resumed.</summary>
    public required int Lifetime { get; init; }

    /// <summary>What hides a ticket's age on the wire (RFC 8446 section 4.2.11.1).</summary>
    public uint AgeAdd { get; init; }

    /// <summary>The group of its key exchange; 0 for none.</summary>
    public int Group { get; init; }

    /// <summary>RFC 7627.</summary>
    public bool ExtendedMasterSecret { get; init; }

    /// <summary>RFC 7366.</summary>
    public bool EncryptThenMac { get; init; }

    /// <summary>RFC 6066 section 4's code, or -1.</summary>
    public int MaxFragmentLength { get; init; } = -1;

    /// <summary>The name the client asked for.</summary>
    public string? ServerName { get; init; }

    /// <summary>What ALPN settled on.</summary>
    public byte[]? Alpn { get; init; }

    /// <summary>The verify mode it was made under.</summary>
    public int VerifyMode { get; init; }

    /// <summary>On a client: whether the name was checked.</summary>
    public bool CheckedHostname { get; init; }

    /// <summary>The application's context (SSL_CTX_set_session_id_context).</summary>
    public byte[] IdContext { get; init; } = [];

    /// <summary>What the peer sent, leaf first.</summary>
    public IReadOnlyList<Certificate> PeerChain { get; init; } = [];

    /// <summary>The chain that verified; null when nothing was verified.</summary>
    public IReadOnlyList<Certificate>? VerifiedChain { get; init; }
}
