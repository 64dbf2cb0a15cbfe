using SslModule.Engine.Context;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>What a ClientHello says that decides whether a session may be resumed.</summary>
internal sealed record ResumptionOffer
{
    /// <summary>A hello without extensions.</summary>
    public static readonly ResumptionOffer None = new();

    /// <summary>The name asked for.</summary>
    public string? ServerName { get; private init; }

    /// <summary>The protocols of ALPN (RFC 7301 section 3.1), in the client's order; null without it.</summary>
    public IReadOnlyList<byte[]>? Protocols { get; private init; }

    /// <summary>RFC 5077's extension: null when absent, empty when the client only asks for a ticket.</summary>
    public byte[]? Ticket { get; private init; }

    /// <summary>RFC 7366's extension.</summary>
    public bool EncryptThenMac { get; private init; }

    /// <summary>RFC 7627's extension, where the server takes it.</summary>
    public bool ExtendedMasterSecret { get; private init; }

    /// <summary>RFC 6066 section 4's code, or -1.</summary>
    public int MaxFragmentLength { get; private init; } = -1;

    /// <summary>Whether the client takes a PSK together with a key exchange (RFC 8446 section 4.2.9).</summary>
    public bool PskWithKeyExchange { get; private init; }

    /// <summary>True when the client says how it would use a PSK.</summary>
    public bool NamesPskModes { get; private init; }

    /// <summary>The PSKs in order; null when it offers none. They look at the message, which is gone when that was handled.</summary>
    public IReadOnlyList<OfferedPsk>? Psks { get; private init; }

    /// <summary>The length of the list of binders, with which the message ends.</summary>
    public int BindersLength { get; private init; }

    /// <summary>What tickets of later still need: a client decides how long the rest is.</summary>
    public ResumptionOffer ForTickets() => new() { ServerName = ServerName, NamesPskModes = NamesPskModes, PskWithKeyExchange = PskWithKeyExchange };

    /// <summary>Reads the extensions.</summary>
    /// <exception cref="FatalAlertException">One is malformed.</exception>
    public static ResumptionOffer Of(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions)
    {
        ReadOnlyMemory<byte> modes = PskModes(state, extensions, out bool namesModes);
        int bindersLength = 0;
        return new ResumptionOffer
        {
            ServerName = ServerNameExtension.Read(state, extensions),
            Protocols = extensions.TryGetValue(ExtensionType.application_layer_protocol_negotiation, out ReadOnlyMemory<byte> names) ? Alpn.Read(state, names) : null,
            Ticket = extensions.TryGetValue(ExtensionType.session_ticket, out ReadOnlyMemory<byte> ticket) ? ticket.ToArray() : null,
            EncryptThenMac = extensions.ContainsKey(ExtensionType.encrypt_then_mac) && !state.Settings.Has(TlsOptions.NoEncryptThenMac),
            ExtendedMasterSecret = extensions.ContainsKey(ExtensionType.extended_master_secret) && !state.Settings.Has(TlsOptions.NoExtendedMasterSecret),
            MaxFragmentLength = RecordLimits.Requested(state, extensions),
            NamesPskModes = namesModes,
            PskWithKeyExchange = modes.Span.Contains((byte)PskKeyExchangeMode.psk_dhe_ke),
            Psks = extensions.TryGetValue(ExtensionType.pre_shared_key, out ReadOnlyMemory<byte> psks) ? OfferedPsk.Read(state, psks, out bindersLength) : null,
            BindersLength = bindersLength,
        };
    }

    private static ReadOnlyMemory<byte> PskModes(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions, out bool named)
    {
        named = extensions.TryGetValue(ExtensionType.psk_key_exchange_modes, out ReadOnlyMemory<byte> data);
        if (!named)
        {
            return default;
        }

        var reader = new WireReader(data);
        return reader.TryVector(1, out ReadOnlyMemory<byte> modes) && reader.Rest.IsEmpty && !modes.IsEmpty
            ? modes
            : throw state.Fail("BAD_EXTENSION", AlertDescription.decode_error);
    }
}
