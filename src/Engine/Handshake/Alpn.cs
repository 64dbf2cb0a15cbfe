using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>Application-Layer Protocol Negotiation (RFC 7301).</summary>
internal static class Alpn
{
    /// <summary>Reads the names of an extension: at least one, none of them empty.</summary>
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

    /// <summary>Refuses what a server has chosen that the client did not offer (RFC 7301 section 3.2).</summary>
    /// <exception cref="FatalAlertException">It has.</exception>
    public static void CheckChosen(HandshakeState state, byte[] chosen)
    {
        foreach (byte[] offered in state.Bound.OfferedProtocols)
        {
            if (chosen.AsSpan().SequenceEqual(offered))
            {
                return;
            }
        }

        throw state.Fail("BAD_EXTENSION", AlertDescription.illegal_parameter);
    }

    /// <summary>The first of the server's names that the client has too; null for none, which leaves the connection without ALPN, as OpenSSL's callback in CPython does (SSL_TLSEXT_ERR_NOACK).</summary>
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
