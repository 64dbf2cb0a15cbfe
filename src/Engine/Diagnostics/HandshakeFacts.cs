using System.Security.Authentication;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Diagnostics;

/// <summary>What a complete handshake has settled.</summary>
/// <param name="Version">The version's wire number.</param>
/// <param name="CipherSuite">The suite's name of the IANA registry.</param>
/// <param name="Group">OpenSSL's name of the key-exchange group; null for none.</param>
/// <param name="IsResumed">True if a session was resumed.</param>
/// <param name="ServerName">The server's name that the client knows or has sent; null for none.</param>
/// <param name="Protocol">The protocol that ALPN has selected; null for none.</param>
internal readonly record struct HandshakeFacts(int Version, string CipherSuite, string? Group, bool IsResumed, string? ServerName, string? Protocol)
{
    /// <summary>The lowest wire number of a version.</summary>
    public const int OldestVersion = ProtocolVersion.SSLv3;

    /// <summary>How many versions there are; their wire numbers are consecutive.</summary>
    public const int Versions = ProtocolVersion.TLSv13 - OldestVersion + 1;

    /// <summary>OpenTelemetry's tls.protocol.name.</summary>
    public static string ProtocolName(int version) => version == ProtocolVersion.SSLv3 ? "ssl" : "tls";

    /// <summary>OpenTelemetry's tls.protocol.version.</summary>
    public static string ProtocolNumber(int version) => version switch
    {
        ProtocolVersion.SSLv3 => "3",
        ProtocolVersion.TLSv10 => "1.0",
        ProtocolVersion.TLSv11 => "1.1",
        ProtocolVersion.TLSv12 => "1.2",
        _ => "1.3",
    };

    /// <summary>The version as .NET numbers it. Its names of versions before TLS 1.2 are marked as obsolete.</summary>
    public static SslProtocols SslProtocol(int version) => version switch
    {
        ProtocolVersion.SSLv3 => (SslProtocols)0x30,
        ProtocolVersion.TLSv10 => (SslProtocols)0xC0,
        ProtocolVersion.TLSv11 => (SslProtocols)0x300,
        ProtocolVersion.TLSv12 => SslProtocols.Tls12,
        _ => SslProtocols.Tls13,
    };
}
