using SslModule.Engine.Context;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>The supported_groups extension (RFC 8446 section 4.2.7, RFC 8422 section 5.1.1).</summary>
internal static class SupportedGroups
{
    /// <summary>Adds the client's groups to a ClientHello, in its order.</summary>
    /// <exception cref="FatalAlertException">TLS 1.3 is the highest version, and none of the groups works with it.</exception>
    public static void Offer(HandshakeState state, Dictionary<ExtensionType, byte[]> extensions, int[] versions, int[] groups)
    {
        if (versions[0] == ProtocolVersion.TLSv13 && !Array.Exists(groups, SupportedAlgorithms.IsTls13Group))
        {
            throw state.Fail("NO_SUITABLE_GROUPS", AlertDescription.internal_error);
        }

        // Before TLS 1.3 there are suites that need no group.
        if (groups.Length == 0)
        {
            return;
        }

        extensions.Add(ExtensionType.supported_groups, ClientHelloOffer.Data(writer => writer.Numbers(2, groups)));
    }

    /// <summary>Reads a client's groups; null if it sent none.</summary>
    /// <exception cref="FatalAlertException">The extension is malformed.</exception>
    public static int[]? Read(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions)
        => HelloExtensions.Numbers(state, extensions, ExtensionType.supported_groups);

    /// <summary>Writes a server's groups, for the client's next connection.</summary>
    public static void Write(WireWriter writer, int[] groups)
    {
        writer.Extension(ExtensionType.supported_groups);
        int data = writer.Open(2);
        writer.Numbers(2, groups);
        writer.Close(2, data);
    }
}
