using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>The parts of a ClientHello that decide whether a session may be resumed.</summary>
internal sealed record ResumptionOffer
{
    /// <summary>A ClientHello without extensions.</summary>
    public static readonly ResumptionOffer None = new();

    /// <summary>The requested server name.</summary>
    public string? ServerName { get; private init; }

    /// <summary>The ALPN protocols (RFC 7301 section 3.1), in the client's order; null without ALPN.</summary>
    public IReadOnlyList<byte[]>? Protocols { get; private init; }

    /// <summary>The session_ticket extension (RFC 5077): null when absent, empty when the client only requests a ticket.</summary>
    public byte[]? Ticket { get; private init; }

    /// <summary>Whether encrypt_then_mac (RFC 7366) is present and enabled.</summary>
    public bool EncryptThenMac { get; private init; }

    /// <summary>Whether extended_master_secret (RFC 7627) is present and enabled.</summary>
    public bool ExtendedMasterSecret { get; private init; }

    /// <summary>The max_fragment_length code (RFC 6066 section 4), or -1.</summary>
    public int MaxFragmentLength { get; private init; } = -1;

    /// <summary>Whether the client supports psk_dhe_ke (RFC 8446 section 4.2.9).</summary>
    public bool PskWithKeyExchange { get; private init; }

    /// <summary>Whether psk_key_exchange_modes is present.</summary>
    public bool NamesPskModes { get; private init; }

    /// <summary>The offered PSKs in order; null for none. They refer to the message buffer, which is valid only while the message is processed.</summary>
    public IReadOnlyList<OfferedPsk>? Psks { get; private init; }

    /// <summary>The length of the list of binders at the end of the message.</summary>
    public int BindersLength { get; private init; }

    /// <summary>The fields that later tickets need. The others are dropped, because the client controls their size.</summary>
    public ResumptionOffer ForTickets() => new() { ServerName = ServerName, NamesPskModes = NamesPskModes, PskWithKeyExchange = PskWithKeyExchange };

    /// <summary>Reads the extensions. Like OpenSSL, those of TLS 1.3 are not looked at in a handshake of an earlier version.</summary>
    /// <exception cref="FatalAlertException">One is malformed.</exception>
    public static ResumptionOffer Of(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions, int version)
    {
        bool ofTls13 = version == ProtocolVersion.TLSv13;
        bool? pskWithKeyExchange = ofTls13 ? PskKeyExchangeModes.Read(state, extensions) : null;
        int bindersLength = 0;
        return new ResumptionOffer
        {
            ServerName = ServerNameExtension.Read(state, extensions),
            Protocols = extensions.TryGetValue(ExtensionType.application_layer_protocol_negotiation, out ReadOnlyMemory<byte> names) ? Alpn.Read(state, names) : null,
            Ticket = extensions.TryGetValue(ExtensionType.session_ticket, out ReadOnlyMemory<byte> ticket) ? ticket.ToArray() : null,
            EncryptThenMac = Handshake.EncryptThenMac.IsRequested(state, extensions),
            ExtendedMasterSecret = Handshake.ExtendedMasterSecret.IsRequested(state, extensions),
            MaxFragmentLength = RecordLimits.Requested(state, extensions),
            NamesPskModes = pskWithKeyExchange is not null,
            PskWithKeyExchange = pskWithKeyExchange == true,
            Psks = ofTls13 && extensions.TryGetValue(ExtensionType.pre_shared_key, out ReadOnlyMemory<byte> psks) ? OfferedPsk.Read(state, psks, out bindersLength) : null,
            BindersLength = bindersLength,
        };
    }
}
