using SslModule.Engine.Certificates;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Crypto;
using SslModule.Engine.Errors;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Context;

/// <summary>The protocol versions that a connection may negotiate.</summary>
internal static class ProtocolVersions
{
    /// <summary>Python's TLSVersion.MINIMUM_SUPPORTED.</summary>
    public const int MinimumSupported = -2;

    /// <summary>Python's TLSVersion.MAXIMUM_SUPPORTED.</summary>
    public const int MaximumSupported = -1;

    /// <summary>The version number of SSL 2.0. A context of SSL 2.0 can be created, but no version is enabled.</summary>
    public const int Ssl2 = 0x0002;

    private static readonly (int Version, TlsOptions Off)[] NewestFirst =
    [
        (ProtocolVersion.TLSv13, TlsOptions.NoTlsV1_3),
        (ProtocolVersion.TLSv12, TlsOptions.NoTlsV1_2),
        (ProtocolVersion.TLSv11, TlsOptions.NoTlsV1_1),
        (ProtocolVersion.TLSv10, TlsOptions.NoTlsV1),
        (ProtocolVersion.SSLv3, TlsOptions.NoSslV3),
    ];

    /// <summary>The versions that a client offers, highest first. A ClientHello before TLS 1.3 specifies a range, so like OpenSSL, of a range with gaps only the lowest contiguous part is used.</summary>
    /// <exception cref="TlsError">No version is enabled: OpenSSL's NO_PROTOCOLS_AVAILABLE, or UNSUPPORTED_PROTOCOL for SSL 2.0.</exception>
    public static int[] ForClient(ConnectionSettings settings)
    {
        int[] enabled = [.. NewestFirst.Select((entry, place) => IsEnabled(settings, entry) ? place : -1).Where(place => place >= 0)];
        int oldest = enabled.Length - 1;
        int newest = oldest;
        while (newest > 0 && enabled[newest - 1] == enabled[newest] - 1)
        {
            newest--;
        }

        return NotEmpty(settings, enabled.Skip(newest).Select(place => NewestFirst[place].Version));
    }

    /// <summary>The versions that a server accepts, highest first. TLS 1.3 requires a suitable key, a PSK callback, or a server-name callback, which may replace the context.</summary>
    /// <exception cref="TlsError">No version is enabled: OpenSSL's NO_PROTOCOLS_AVAILABLE, or UNSUPPORTED_PROTOCOL for SSL 2.0.</exception>
    public static int[] ForServer(ConnectionSettings settings, TlsContext context)
        => NotEmpty(settings, NewestFirst.Where(entry => IsEnabled(settings, entry)).Select(entry => entry.Version)
            .Where(version => version != ProtocolVersion.TLSv13 || CanServeTls13(settings, context)));

    /// <summary>OpenSSL's name of a version, such as <c>TLSv1.3</c>.</summary>
    public static string Name(int version) => version switch
    {
        ProtocolVersion.SSLv3 => "SSLv3",
        ProtocolVersion.TLSv10 => "TLSv1",
        ProtocolVersion.TLSv11 => "TLSv1.1",
        ProtocolVersion.TLSv12 => "TLSv1.2",
        ProtocolVersion.TLSv13 => "TLSv1.3",
        _ => "unknown",
    };

    private static bool IsEnabled(ConnectionSettings settings, (int Version, TlsOptions Off) entry)
    {
        int version = entry.Version;
        return version >= settings.Versions.Oldest
            && version <= settings.Versions.Newest
            && !settings.Has(entry.Off)
            && SecurityLevels.AllowsVersion(settings.Credentials.SecurityLevel, version);
    }

    private static bool CanServeTls13(ConnectionSettings settings, TlsContext context)
        => context.ServerNameCallback is not null || settings.MayHaveServerPsk
            || settings.Credentials.Keys.Any(key => key.Key.Kind != KeyKind.Dsa && (key.Key.Kind != KeyKind.Ec || SchemeCodes.OfCurve(key.Key.CurveOid) is not null));

    private static int[] NotEmpty(ConnectionSettings settings, IEnumerable<int> versions)
        => versions.ToArray() is { Length: > 0 } found ? found
            : settings.Versions.Newest == Ssl2 ? throw TlsError.Explained("UNSUPPORTED_PROTOCOL", "RFC 6176 prohibits SSL 2.0", (byte)AlertDescription.protocol_version)
            : throw TlsError.Ssl("SSL", "NO_PROTOCOLS_AVAILABLE", (byte)AlertDescription.protocol_version);
}
