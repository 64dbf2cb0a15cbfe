using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>The supported_versions extension (RFC 8446 section 4.2.1).</summary>
internal static class SupportedVersions
{
    /// <summary>Adds the client's versions to a ClientHello, in its order.</summary>
    public static void Offer(Dictionary<ExtensionType, byte[]> extensions, int[] versions)
        => extensions.Add(ExtensionType.supported_versions, ClientHelloOffer.Data(writer => writer.Numbers(1, versions)));

    /// <summary>Writes the version that a server has chosen: TLS 1.3.</summary>
    public static void WriteChosen(WireWriter writer)
    {
        writer.Extension(ExtensionType.supported_versions);
        writer.Number(2, 2);
        writer.Number(2, ProtocolVersion.TLSv13);
    }

    /// <summary>Reads a client's versions; null if it sent none.</summary>
    /// <exception cref="FatalAlertException">The extension is malformed, or legacy_version is too low.</exception>
    public static int[]? ReadOffered(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions, int legacyVersion)
    {
        if (!extensions.TryGetValue(ExtensionType.supported_versions, out ReadOnlyMemory<byte> data))
        {
            return legacyVersion >= ProtocolVersion.SSLv3 ? null : throw state.Fail("VERSION_TOO_LOW", AlertDescription.protocol_version);
        }

        if (legacyVersion <= ProtocolVersion.SSLv3)
        {
            throw state.Fail("BAD_LEGACY_VERSION", AlertDescription.protocol_version);
        }

        return new WireReader(data).TryNumbers(1, out int[] offered) ? offered : throw state.Fail("LENGTH_MISMATCH", AlertDescription.protocol_version);
    }

    /// <summary>Reads the version of a ServerHello, which is legacy_version without the extension.</summary>
    /// <exception cref="FatalAlertException">The extension is malformed or names another version than TLS 1.3, or legacy_version names TLS 1.3.</exception>
    public static int ReadChosen(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions, int legacyVersion)
    {
        if (!extensions.TryGetValue(ExtensionType.supported_versions, out ReadOnlyMemory<byte> data))
        {
            return legacyVersion < ProtocolVersion.TLSv13 ? legacyVersion : throw state.Fail("UNSUPPORTED_PROTOCOL", AlertDescription.protocol_version);
        }

        var reader = new WireReader(data);
        if (!reader.TryNumber(2, out int version) || reader.Rest.Length > 0)
        {
            throw state.Fail("LENGTH_MISMATCH", AlertDescription.decode_error);
        }

        return version == ProtocolVersion.TLSv13 ? version : throw state.Fail("BAD_PROTOCOL_VERSION_NUMBER", AlertDescription.illegal_parameter);
    }

    /// <summary>Checks that a HelloRetryRequest chooses TLS 1.3.</summary>
    /// <exception cref="FatalAlertException">It does not.</exception>
    public static void CheckRetryRequest(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions)
    {
        if (!extensions.TryGetValue(ExtensionType.supported_versions, out ReadOnlyMemory<byte> version))
        {
            throw state.Fail("BAD_EXTENSION", AlertDescription.missing_extension);
        }

        if (!version.Span.SequenceEqual((ReadOnlySpan<byte>)[3, 4]))
        {
            throw state.Fail("BAD_PROTOCOL_VERSION_NUMBER", AlertDescription.illegal_parameter);
        }
    }
}
