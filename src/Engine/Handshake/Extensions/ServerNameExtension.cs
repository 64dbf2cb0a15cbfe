using System.Net;
using System.Text;
using SslModule.Engine.Errors;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>The server_name extension of a ClientHello (RFC 6066 section 3): one name of the kind host_name.</summary>
internal static class ServerNameExtension
{
    private const int LongestName = 255;

    /// <summary>Adds the server name to a ClientHello, unless it is an IP address (section 3).</summary>
    public static void Offer(HandshakeState state, Dictionary<ExtensionType, byte[]> extensions)
    {
        if (state.ServerHostname is not { } name || IPAddress.TryParse(name, out _))
        {
            return;
        }

        extensions.Add(ExtensionType.server_name, ClientHelloOffer.Data(writer =>
        {
            int list = writer.Open(2);
            writer.Number(1, NameType.host_name);
            writer.Vector(2, Encoding.ASCII.GetBytes(name));
            writer.Close(2, list);
        }));
    }

    /// <summary>Reads the name, one character per byte; null if absent.</summary>
    /// <exception cref="FatalAlertException">The extension is malformed, or the name is too long or contains a zero byte.</exception>
    public static string? Read(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions)
    {
        if (!extensions.TryGetValue(ExtensionType.server_name, out ReadOnlyMemory<byte> data))
        {
            return null;
        }

        // Like OpenSSL, accept only one name, of type host_name.
        var reader = new WireReader(data);
        bool whole = reader.TryVector(2, out ReadOnlyMemory<byte> list) && reader.Rest.IsEmpty;
        reader = new WireReader(list);
        if (!whole || !reader.TryNumber(1, out int kind) || kind != NameType.host_name
            || !reader.TryVector(2, out ReadOnlyMemory<byte> name) || !reader.Rest.IsEmpty || name.IsEmpty)
        {
            throw state.Fail("BAD_EXTENSION", AlertDescription.decode_error);
        }

        return name.Length <= LongestName && !name.Span.Contains((byte)0)
            ? Encoding.Latin1.GetString(name.Span)
            : throw state.Fail(TlsError.Ssl("SSL", "BAD_EXTENSION", (byte)AlertDescription.unrecognized_name));
    }
}
