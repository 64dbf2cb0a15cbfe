using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>Application-Layer Protocol Negotiation (RFC 7301).</summary>
internal static class Alpn
{
    /// <summary>Reads the protocol names of an extension. There must be at least one, and none may be empty.</summary>
    /// <exception cref="FatalAlertException">It is malformed.</exception>
    public static IReadOnlyList<byte[]> Read(HandshakeState state, ReadOnlyMemory<byte> data)
    {
        var reader = new WireReader(data);
        bool whole = reader.TryVector(2, out ReadOnlyMemory<byte> list) && reader.Rest.IsEmpty && !list.IsEmpty;
        var names = new List<byte[]>(2);
        reader = new WireReader(list);
        while (whole && !reader.Rest.IsEmpty)
        {
            whole = reader.TryVector(1, out ReadOnlyMemory<byte> name) && !name.IsEmpty;
            names.Add(name.ToArray());
        }

        return whole ? names : throw state.Fail("BAD_EXTENSION", AlertDescription.decode_error);
    }

    /// <summary>Adds the extension to a ClientHello. Like OpenSSL, a renegotiation does not negotiate a protocol again.</summary>
    public static void Offer(HandshakeState state, Dictionary<ExtensionType, byte[]> extensions)
    {
        if (state.Settings.OfferedProtocols.Count == 0 || state.IsRenegotiating)
        {
            return;
        }

        extensions.Add(ExtensionType.application_layer_protocol_negotiation, ClientHelloOffer.Data(writer =>
        {
            int list = writer.Open(2);
            foreach (byte[] name in state.Settings.OfferedProtocols)
            {
                writer.Vector(1, name);
            }

            writer.Close(2, list);
        }));
    }

    /// <summary>Reads the server's selected protocol; null for none.</summary>
    /// <exception cref="FatalAlertException">It is malformed, or the client did not offer it.</exception>
    public static byte[]? ReadChosen(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions)
    {
        if (!extensions.TryGetValue(ExtensionType.application_layer_protocol_negotiation, out ReadOnlyMemory<byte> data))
        {
            return null;
        }

        byte[] chosen = Read(state, data) is [var only] ? only : throw state.Fail("BAD_EXTENSION", AlertDescription.decode_error);
        CheckChosen(state, chosen);
        return chosen;
    }

    /// <summary>Writes the server's selected protocol.</summary>
    public static void WriteChosen(WireWriter writer, byte[] chosen)
    {
        writer.Extension(ExtensionType.application_layer_protocol_negotiation);
        int data = writer.Open(2);
        int list = writer.Open(2);
        writer.Vector(1, chosen);
        writer.Close(2, list);
        writer.Close(2, data);
    }

    /// <summary>Rejects a protocol that the client did not offer (RFC 7301 section 3.2).</summary>
    /// <exception cref="FatalAlertException">The client did not offer it.</exception>
    private static void CheckChosen(HandshakeState state, byte[] chosen)
    {
        foreach (byte[] offered in state.Settings.OfferedProtocols)
        {
            if (chosen.AsSpan().SequenceEqual(offered))
            {
                return;
            }
        }

        throw state.Fail("BAD_EXTENSION", AlertDescription.illegal_parameter);
    }

    /// <summary>Selects the server's first protocol that the client offers. Null for none: like CPython (SSL_TLSEXT_ERR_NOACK), the connection continues without ALPN.</summary>
    public static byte[]? Select(HandshakeState state, IReadOnlyList<byte[]>? offered)
    {
        for (int own = 0; own < state.Context.AlpnProtocols.Count; own++)
        {
            byte[] name = state.Context.AlpnProtocols[own];
            for (int index = 0; index < offered?.Count; index++)
            {
                if (name.AsSpan().SequenceEqual(offered[index]))
                {
                    return name;
                }
            }
        }

        return null;
    }
}
