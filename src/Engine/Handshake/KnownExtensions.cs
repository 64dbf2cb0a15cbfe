using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>
/// The extensions of a ClientHello that mean something to this engine before TLS 1.3. BouncyCastle would read more of them, and
/// refuse a hello for the form of one that a server which does not have it must ignore (RFC 5246 section 7.4.1.4).
/// </summary>
internal static class KnownExtensions
{
    private static readonly ExtensionType[] Types =
    [
        ExtensionType.server_name, ExtensionType.max_fragment_length, ExtensionType.status_request, ExtensionType.supported_groups,
        ExtensionType.ec_point_formats, ExtensionType.signature_algorithms, ExtensionType.application_layer_protocol_negotiation,
        ExtensionType.encrypt_then_mac, ExtensionType.extended_master_secret, ExtensionType.record_size_limit,
        ExtensionType.session_ticket, ExtensionType.supported_versions, ExtensionType.signature_algorithms_cert, ExtensionType.renegotiation_info,
    ];

    /// <summary>Takes the others out of a hello.</summary>
    public static void Keep(IDictionary<int, byte[]>? extensions)
    {
        foreach (int type in extensions?.Keys.Where(type => !Types.Contains((ExtensionType)type)).ToArray() ?? [])
        {
            extensions!.Remove(type);
        }
    }
}
