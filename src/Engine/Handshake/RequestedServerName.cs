using System.Text;
using Org.BouncyCastle.Tls;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Handshake;

/// <summary>The host name in a ClientHello's server_name extension (RFC 6066 section 3).</summary>
internal static class RequestedServerName
{
    private const int LongestName = 255;

    /// <summary>The name as one character a byte; null when none came.</summary>
    /// <exception cref="TlsFatalAlert">The extension is malformed, or the name is too long or has a zero byte in it.</exception>
    public static string? Read(HandshakeState state, IDictionary<int, byte[]>? extensions)
    {
        IList<ServerName>? names = extensions is null ? null : TlsExtensionsUtilities.GetServerNameExtensionClient(extensions);
        byte[]? name = names?.FirstOrDefault(entry => entry.NameType == NameType.host_name)?.NameData;
        if (name is null)
        {
            return null;
        }

        return name.Length <= LongestName && !name.Contains((byte)0)
            ? Encoding.Latin1.GetString(name)
            : throw state.Fail(TlsError.Ssl("SSL", "BAD_EXTENSION", (byte)AlertDescription.unrecognized_name));
    }
}
