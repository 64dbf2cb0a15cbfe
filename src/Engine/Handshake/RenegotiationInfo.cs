using SslModule.Engine.Errors;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>The renegotiation_info extension of a first handshake, which must be empty (RFC 5746 sections 3.4 and 3.6).</summary>
internal static class RenegotiationInfo
{
    /// <summary>Refuses a hello whose extension names an earlier handshake, or is malformed.</summary>
    /// <param name="state">Takes the failure.</param>
    /// <param name="extensions">The hello's.</param>
    /// <param name="mismatchAlert">The alert for an earlier handshake: a client's and a server's differ in OpenSSL.</param>
    public static void Check(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions, AlertDescription mismatchAlert)
    {
        if (!extensions.TryGetValue(ExtensionType.renegotiation_info, out ReadOnlyMemory<byte> data))
        {
            return;
        }

        if (data.Length == 0 || data.Span[0] != data.Length - 1)
        {
            throw state.Fail(TlsError.Ssl("SSL", "RENEGOTIATION_ENCODING_ERR", (byte)AlertDescription.decode_error));
        }

        if (data.Length > 1)
        {
            throw state.Fail(TlsError.Ssl("SSL", "RENEGOTIATION_MISMATCH", (byte)mismatchAlert));
        }
    }
}
