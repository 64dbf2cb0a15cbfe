using System.Security.Cryptography;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>The renegotiation_info extension (RFC 5746): empty in the first handshake, and the verify_data of the previous handshake in a renegotiation.</summary>
internal static class RenegotiationInfo
{
    /// <summary>Adds the client's last verify_data to a renegotiation's ClientHello (section 3.5).</summary>
    public static void Offer(HandshakeState state, Dictionary<ExtensionType, byte[]> extensions)
        => extensions[ExtensionType.renegotiation_info] = ClientHelloOffer.Data(writer => writer.Vector(1, state.VerifyData!.Value.Client));

    /// <summary>Writes a server's empty extension (section 3.6).</summary>
    public static void WriteServer(WireWriter writer)
    {
        writer.Extension(ExtensionType.renegotiation_info);
        writer.Number(2, 1);
        writer.Number(1, 0);
    }

    /// <summary>Rejects a ClientHello whose extension is malformed or not empty: the server does not renegotiate (section 3.6).</summary>
    /// <exception cref="FatalAlertException">It is rejected.</exception>
    public static void CheckClient(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions)
    {
        if (Content(state, extensions) is { IsEmpty: false })
        {
            throw state.Fail("RENEGOTIATION_MISMATCH", AlertDescription.handshake_failure);
        }
    }

    /// <summary>Rejects a ServerHello whose extension is malformed or does not match the previous handshake (sections 3.4 and 3.5).</summary>
    /// <exception cref="FatalAlertException">It is rejected.</exception>
    public static void CheckServer(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions)
    {
        ReadOnlyMemory<byte>? content = Content(state, extensions);
        if (!state.IsRenegotiating)
        {
            if (content is { IsEmpty: false })
            {
                throw state.Fail("RENEGOTIATION_MISMATCH", AlertDescription.illegal_parameter);
            }

            return;
        }

        (byte[] client, byte[] server) = state.VerifyData!.Value;
        byte[] expected = [.. client, .. server];
        if (content is not { } bound)
        {
            throw state.Fail("UNSAFE_LEGACY_RENEGOTIATION_DISABLED", AlertDescription.handshake_failure);
        }

        if (!CryptographicOperations.FixedTimeEquals(bound.Span, expected))
        {
            throw state.Fail("RENEGOTIATION_MISMATCH", AlertDescription.illegal_parameter);
        }
    }

    private static ReadOnlyMemory<byte>? Content(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions)
    {
        if (!extensions.TryGetValue(ExtensionType.renegotiation_info, out ReadOnlyMemory<byte> data))
        {
            return null;
        }

        return data.Length > 0 && data.Span[0] == data.Length - 1
            ? data[1..]
            : throw state.Fail("RENEGOTIATION_ENCODING_ERR", AlertDescription.decode_error);
    }
}
