using SslModule.Engine.Context;
using SslModule.Engine.Sessions;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake.Tls12;

/// <content>The extensions of a ServerHello before TLS 1.3.</content>
internal sealed partial class Client12
{
    /// <summary>Reads and checks the server's extensions.</summary>
    /// <param name="extensions">The server's extensions.</param>
    /// <param name="resumed">The resumed session; null for none.</param>
    private void ReadExtensions(Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions, SessionState? resumed)
    {
        foreach ((ExtensionType type, ReadOnlyMemory<byte> data) in extensions)
        {
            CheckAllowed(type, data);
        }

        _knowsRenegotiation = extensions.ContainsKey(ExtensionType.renegotiation_info);
        if (!_knowsRenegotiation && !_state.Settings.Has(TlsOptions.LegacyServerConnect))
        {
            throw _state.Fail("UNSAFE_LEGACY_RENEGOTIATION_DISABLED", AlertDescription.handshake_failure);
        }

        ExtendedMasterSecret.ReadServer(_state, extensions, resumed);
        _state.EncryptThenMac = EncryptThenMac.ReadServer(extensions, Suite);
        _expectsStatus = extensions.ContainsKey(ExtensionType.status_request);
        _expectsTicket = extensions.ContainsKey(ExtensionType.session_ticket);
        SelectedAlpn = Alpn.ReadChosen(_state, extensions);
        FragmentLengthCode = RecordLimits.ApplyServerExtensions(_state, extensions, resumed?.MaxFragmentLength ?? -1);
    }

    private void CheckAllowed(ExtensionType type, ReadOnlyMemory<byte> data)
    {
        // renegotiation_info may answer TLS_EMPTY_RENEGOTIATION_INFO_SCSV instead of an extension (RFC 5746 section 3.4).
        if (type != ExtensionType.renegotiation_info && !offer.Extensions.ContainsKey(type))
        {
            throw _state.Fail("UNSOLICITED_EXTENSION", AlertDescription.unsupported_extension);
        }

        switch (type)
        {
            case ExtensionType.server_name or ExtensionType.status_request or ExtensionType.session_ticket
                or ExtensionType.extended_master_secret or ExtensionType.encrypt_then_mac:
                if (!data.IsEmpty)
                {
                    throw _state.Fail("BAD_EXTENSION", AlertDescription.decode_error);
                }

                break;
            case ExtensionType.ec_point_formats:
                PointFormats.CheckServer(_state, data);
                break;
            case ExtensionType.application_layer_protocol_negotiation or ExtensionType.max_fragment_length or ExtensionType.record_size_limit
                or ExtensionType.renegotiation_info or ExtensionType.supported_groups:
                // supported_groups is not allowed in a ServerHello, but some servers send it.
                break;
            default:
                throw _state.Fail("BAD_EXTENSION", AlertDescription.illegal_parameter);
        }
    }
}
