using SslModule.Engine.Ciphers;
using SslModule.Engine.Context;
using SslModule.Engine.Records;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>The encrypt_then_mac extension (RFC 7366), which is empty. It applies to CBC suites only (section 3).</summary>
internal static class EncryptThenMac
{
    /// <summary>Adds the extension to a ClientHello unless it is disabled.</summary>
    public static void Offer(HandshakeState state, Dictionary<ExtensionType, byte[]> extensions)
    {
        if (!state.Settings.Has(TlsOptions.NoEncryptThenMac))
        {
            extensions.Add(ExtensionType.encrypt_then_mac, []);
        }
    }

    /// <summary>Whether a client asks for it and this server has it enabled.</summary>
    public static bool IsRequested(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions)
        => extensions.ContainsKey(ExtensionType.encrypt_then_mac) && !state.Settings.Has(TlsOptions.NoEncryptThenMac);

    /// <summary>Whether the connection has it after a server's answer. OpenSSL servers send it with other than CBC suites too.</summary>
    public static bool ReadServer(Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions, CipherSuiteInfo suite)
        => extensions.ContainsKey(ExtensionType.encrypt_then_mac) && AppliesTo(suite);

    /// <summary>Whether a suite can have it.</summary>
    public static bool AppliesTo(CipherSuiteInfo suite) => RecordCiphers.Cbc(suite) is not null;
}
