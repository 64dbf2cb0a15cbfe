using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>The post_handshake_auth extension of a ClientHello (RFC 8446 section 4.2.6), which is empty.</summary>
internal static class PostHandshakeAuth
{
    /// <summary>Adds the extension to a ClientHello if the application enabled it.</summary>
    public static void Offer(HandshakeState state, Dictionary<ExtensionType, byte[]> extensions)
    {
        if (state.Settings.OffersPostHandshakeAuth)
        {
            extensions.Add(ExtensionType.post_handshake_auth, []);
        }
    }

    /// <summary>Records whether the client supports it.</summary>
    /// <exception cref="FatalAlertException">The extension is not empty.</exception>
    public static void Read(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions)
    {
        if (extensions.TryGetValue(ExtensionType.post_handshake_auth, out ReadOnlyMemory<byte> data))
        {
            state.PeerTakesPostHandshakeAuth = data.IsEmpty ? true : throw state.Fail("POST_HANDSHAKE_AUTH_ENCODING_ERR", AlertDescription.decode_error);
        }
    }
}
