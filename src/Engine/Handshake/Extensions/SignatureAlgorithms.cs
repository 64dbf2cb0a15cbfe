using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>The signature_algorithms and signature_algorithms_cert extensions (RFC 8446 section 4.2.3, RFC 5246 section 7.4.1.4.1).</summary>
internal static class SignatureAlgorithms
{
    /// <summary>Adds the schemes that a client accepts from a server to a ClientHello: those of its newest version.</summary>
    public static void Offer(HandshakeState state, int newest, Dictionary<ExtensionType, byte[]> extensions)
        => extensions.Add(ExtensionType.signature_algorithms, ClientHelloOffer.Data(writer => writer.Numbers(2, state.Derived.SignatureSchemes(ofClient: false, newest))));

    /// <summary>Writes the schemes that a server accepts from a client to a CertificateRequest.</summary>
    public static void Write(WireWriter writer, int[] schemes)
    {
        writer.Extension(ExtensionType.signature_algorithms);
        int data = writer.Open(2);
        writer.Numbers(2, schemes);
        writer.Close(2, data);
    }

    /// <summary>Reads signature_algorithms; null if absent.</summary>
    /// <exception cref="FatalAlertException">The extension is malformed.</exception>
    public static int[]? Read(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions)
        => HelloExtensions.Numbers(state, extensions, ExtensionType.signature_algorithms);

    /// <summary>Reads signature_algorithms_cert; null if absent.</summary>
    /// <exception cref="FatalAlertException">The extension is malformed.</exception>
    public static int[]? ReadForCertificates(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions)
        => HelloExtensions.Numbers(state, extensions, ExtensionType.signature_algorithms_cert);

    /// <summary>Rejects a client of TLS 1.2 or newer whose schemes this server has none of.</summary>
    /// <exception cref="FatalAlertException">It is rejected.</exception>
    public static void CheckShared(HandshakeState state, int version, int[]? schemes)
    {
        if (version >= ProtocolVersion.TLSv12 && schemes is not null && !Array.Exists(state.Derived.SignatureSchemes(ofClient: false, version), schemes.Contains))
        {
            throw state.Fail("NO_SHARED_SIGNATURE_ALGORITHMS", AlertDescription.handshake_failure);
        }
    }
}
