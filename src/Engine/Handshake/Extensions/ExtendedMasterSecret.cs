using SslModule.Engine.Context;
using SslModule.Engine.Sessions;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>The extended_master_secret extension (RFC 7627), which is empty.</summary>
internal static class ExtendedMasterSecret
{
    /// <summary>Adds the extension to a ClientHello unless it is disabled.</summary>
    public static void Offer(HandshakeState state, Dictionary<ExtensionType, byte[]> extensions)
    {
        if (!state.Settings.Has(TlsOptions.NoExtendedMasterSecret))
        {
            extensions.Add(ExtensionType.extended_master_secret, []);
        }
    }

    /// <summary>Whether a client asks for it and this server has it enabled.</summary>
    public static bool IsRequested(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions)
        => extensions.ContainsKey(ExtensionType.extended_master_secret) && !state.Settings.Has(TlsOptions.NoExtendedMasterSecret);

    /// <summary>Rejects a client's extension that is not empty. TLS 1.3 ignores the extension.</summary>
    /// <exception cref="FatalAlertException">It is rejected.</exception>
    public static void CheckClient(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions)
    {
        if (extensions.TryGetValue(ExtensionType.extended_master_secret, out ReadOnlyMemory<byte> data) && !data.IsEmpty)
        {
            throw state.Fail("BAD_EXTENSION", AlertDescription.decode_error);
        }
    }

    /// <summary>
    /// Notes a server's answer. A resumed session must have what the session had (section 5.3); like OpenSSL, a renegotiation must not
    /// do without what protects the connection already.
    /// </summary>
    /// <exception cref="FatalAlertException">It is missing there.</exception>
    public static void ReadServer(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions, SessionState? resumed)
    {
        bool isRequired = state.IsRenegotiating && state.ExtendedMasterSecret;
        state.ExtendedMasterSecret = extensions.ContainsKey(ExtensionType.extended_master_secret);
        if ((isRequired && !state.ExtendedMasterSecret) || (resumed is not null && resumed.ExtendedMasterSecret != state.ExtendedMasterSecret))
        {
            throw state.Fail("INCONSISTENT_EXTMS", AlertDescription.handshake_failure);
        }
    }
}
