using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake.Tls13;

/// <content>The server's EncryptedExtensions (RFC 8446 section 4.3.1).</content>
internal sealed partial class Client13
{
    private void ReceiveEncryptedExtensions(ReadOnlyMemory<byte> body)
    {
        Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions = body.IsEmpty
            ? throw _state.Fail("LENGTH_MISMATCH", AlertDescription.decode_error)
            : HelloExtensions.Read(_state, body, "LENGTH_MISMATCH");
        foreach (ExtensionType type in extensions.Keys)
        {
            if (!IsExpected(type) && HelloExtensions.IsKnown(type))
            {
                throw _state.Fail("BAD_EXTENSION", AlertDescription.illegal_parameter);
            }

            if (!offer.Extensions.ContainsKey(type))
            {
                throw _state.Fail("UNSOLICITED_EXTENSION", AlertDescription.unsupported_extension);
            }
        }

        if (extensions.TryGetValue(ExtensionType.server_name, out ReadOnlyMemory<byte> name) && !name.IsEmpty)
        {
            throw _state.Fail("BAD_EXTENSION", AlertDescription.decode_error);
        }

        _alpn = Alpn.ReadChosen(_state, extensions);
        _maxFragmentLength = RecordLimits.ApplyServerExtensions(_state, extensions, resumed: -1);
    }

    private static bool IsExpected(ExtensionType type) => type is ExtensionType.server_name or ExtensionType.max_fragment_length or ExtensionType.supported_groups
        or ExtensionType.use_srtp or ExtensionType.heartbeat or ExtensionType.application_layer_protocol_negotiation
        or ExtensionType.client_certificate_type or ExtensionType.server_certificate_type or ExtensionType.record_size_limit or ExtensionType.early_data;
}
