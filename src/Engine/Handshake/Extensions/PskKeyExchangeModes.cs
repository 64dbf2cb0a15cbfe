using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>The psk_key_exchange_modes extension of a ClientHello (RFC 8446 section 4.2.9): only psk_dhe_ke is used.</summary>
internal static class PskKeyExchangeModes
{
    /// <summary>Adds the extension to a ClientHello. A server may send tickets only to a client that sends it.</summary>
    public static void Offer(Dictionary<ExtensionType, byte[]> extensions)
        => extensions.Add(ExtensionType.psk_key_exchange_modes, [1, PskKeyExchangeMode.psk_dhe_ke]);

    /// <summary>Reads the client's modes.</summary>
    /// <returns>Whether psk_dhe_ke is among them; null if the extension is absent.</returns>
    /// <exception cref="FatalAlertException">The extension is malformed.</exception>
    public static bool? Read(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions)
    {
        if (!extensions.TryGetValue(ExtensionType.psk_key_exchange_modes, out ReadOnlyMemory<byte> data))
        {
            return null;
        }

        var reader = new WireReader(data);
        return reader.TryVector(1, out ReadOnlyMemory<byte> modes) && reader.Rest.IsEmpty && !modes.IsEmpty
            ? modes.Span.Contains((byte)PskKeyExchangeMode.psk_dhe_ke)
            : throw state.Fail("BAD_EXTENSION", AlertDescription.decode_error);
    }
}
