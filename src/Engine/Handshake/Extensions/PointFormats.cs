using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>The ec_point_formats extension (RFC 8422 section 5.1.2): only uncompressed points are used.</summary>
internal static class PointFormats
{
    /// <summary>Adds the extension to a ClientHello.</summary>
    public static void Offer(Dictionary<ExtensionType, byte[]> extensions) => extensions.Add(ExtensionType.ec_point_formats, [1, ECPointFormat.uncompressed]);

    /// <summary>Writes a server's extension.</summary>
    public static void Write(WireWriter writer)
    {
        writer.Extension(ExtensionType.ec_point_formats);
        writer.Number(2, 2);
        writer.Vector(1, [ECPointFormat.uncompressed]);
    }

    /// <summary>Whether a client of TLS 1.2 or older takes uncompressed points. TLS 1.3 ignores the extension.</summary>
    /// <exception cref="FatalAlertException">The extension is malformed.</exception>
    public static bool TakesUncompressed(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions)
        => !extensions.TryGetValue(ExtensionType.ec_point_formats, out ReadOnlyMemory<byte> data) || Contains(state, data);

    /// <summary>Checks a server's extension.</summary>
    /// <exception cref="FatalAlertException">It is malformed, or does not contain the uncompressed format.</exception>
    public static void CheckServer(HandshakeState state, ReadOnlyMemory<byte> data)
    {
        if (!Contains(state, data))
        {
            throw state.Fail("TLS_INVALID_ECPOINTFORMAT_LIST", AlertDescription.illegal_parameter);
        }
    }

    private static bool Contains(HandshakeState state, ReadOnlyMemory<byte> data)
    {
        var reader = new WireReader(data);
        return reader.TryVector(1, out ReadOnlyMemory<byte> formats) && reader.Rest.IsEmpty && !formats.IsEmpty
            ? formats.Span.Contains((byte)ECPointFormat.uncompressed)
            : throw state.Fail("BAD_EXTENSION", AlertDescription.decode_error);
    }
}
