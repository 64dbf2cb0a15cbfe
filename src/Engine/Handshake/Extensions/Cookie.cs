using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>The cookie extension of a HelloRetryRequest and of the ClientHello that answers it (RFC 8446 section 4.2.2).</summary>
internal static class Cookie
{
    /// <summary>Writes a cookie.</summary>
    public static void Write(WireWriter writer, ReadOnlySpan<byte> cookie)
    {
        writer.Extension(ExtensionType.cookie);
        int data = writer.Open(2);
        writer.Vector(2, cookie);
        writer.Close(2, data);
    }

    /// <summary>Reads the cookie of a HelloRetryRequest; empty if absent.</summary>
    /// <exception cref="FatalAlertException">The extension is malformed.</exception>
    public static ReadOnlyMemory<byte> Read(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions)
    {
        if (!extensions.TryGetValue(ExtensionType.cookie, out ReadOnlyMemory<byte> data))
        {
            return default;
        }

        return TryRead(data, out ReadOnlyMemory<byte> cookie) && !cookie.IsEmpty ? cookie : throw state.Fail("LENGTH_MISMATCH", AlertDescription.decode_error);
    }

    /// <summary>Checks that a ClientHello has the cookie that this server sent.</summary>
    /// <exception cref="FatalAlertException">It does not.</exception>
    public static void Check(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions, ReadOnlySpan<byte> sent)
    {
        bool same = extensions.TryGetValue(ExtensionType.cookie, out ReadOnlyMemory<byte> data)
            && TryRead(data, out ReadOnlyMemory<byte> cookie) && cookie.Span.SequenceEqual(sent);
        if (!same)
        {
            throw state.Fail("COOKIE_MISMATCH", AlertDescription.illegal_parameter);
        }
    }

    private static bool TryRead(ReadOnlyMemory<byte> data, out ReadOnlyMemory<byte> cookie)
    {
        var reader = new WireReader(data);
        return reader.TryVector(2, out cookie) && reader.Rest.IsEmpty;
    }
}
