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
            if (!MayCome(type) && HelloExtensions.IsKnown(type))
            {
                throw _state.Fail("BAD_EXTENSION", AlertDescription.illegal_parameter);
            }

            if (!_offer!.Extensions.ContainsKey((int)type))
            {
                throw _state.Fail("UNSOLICITED_EXTENSION", AlertDescription.unsupported_extension);
            }
        }

        if (extensions.TryGetValue(ExtensionType.server_name, out ReadOnlyMemory<byte> name) && !name.IsEmpty)
        {
            throw _state.Fail("BAD_EXTENSION", AlertDescription.decode_error);
        }

        ReadAlpn(extensions);
        SettleLimits(extensions);
    }

    private static bool MayCome(ExtensionType type) => type is ExtensionType.server_name or ExtensionType.max_fragment_length or ExtensionType.supported_groups
        or ExtensionType.use_srtp or ExtensionType.heartbeat or ExtensionType.application_layer_protocol_negotiation
        or ExtensionType.client_certificate_type or ExtensionType.server_certificate_type or ExtensionType.record_size_limit or ExtensionType.early_data;

    private void ReadAlpn(Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions)
    {
        if (extensions.TryGetValue(ExtensionType.application_layer_protocol_negotiation, out ReadOnlyMemory<byte> data))
        {
            _alpn = Alpn.Read(_state, data) is [var only] ? only : throw _state.Fail("BAD_EXTENSION", AlertDescription.decode_error);
            Alpn.CheckChosen(_state, _alpn);
        }
    }

    private void SettleLimits(Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions)
    {
        bool limited = extensions.TryGetValue(ExtensionType.record_size_limit, out ReadOnlyMemory<byte> limit);
        _maxFragmentLength = RecordLimits.Requested(_state, extensions);
        if (_maxFragmentLength >= 0 && _maxFragmentLength != RecordLimits.CodeOf(_state.Bound.MaxFragmentLength))
        {
            throw _state.Fail("BAD_EXTENSION", AlertDescription.illegal_parameter);
        }

        RecordLimits.Settle(_state, limited ? limit.ToArray() : null, limited && _maxFragmentLength >= 0, (short)_maxFragmentLength);
    }
}
