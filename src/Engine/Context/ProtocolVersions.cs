using Org.BouncyCastle.Tls;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Context;

/// <summary>Which protocol versions a context may negotiate.</summary>
internal static class ProtocolVersions
{
    /// <summary>Python's TLSVersion.MINIMUM_SUPPORTED.</summary>
    public const int MinimumSupported = -2;

    /// <summary>Python's TLSVersion.MAXIMUM_SUPPORTED.</summary>
    public const int MaximumSupported = -1;

    private static readonly (ProtocolVersion Version, TlsOptions Off)[] NewestFirst =
    [
        (ProtocolVersion.TLSv13, TlsOptions.NoTlsV1_3),
        (ProtocolVersion.TLSv12, TlsOptions.NoTlsV1_2),
        (ProtocolVersion.TLSv11, TlsOptions.NoTlsV1_1),
        (ProtocolVersion.TLSv10, TlsOptions.NoTlsV1),
        (ProtocolVersion.SSLv3, TlsOptions.NoSslV3),
    ];

    /// <summary>The versions in force, newest first.</summary>
    /// <exception cref="TlsError">None is left: OpenSSL's NO_PROTOCOLS_AVAILABLE.</exception>
    public static ProtocolVersion[] Enabled(TlsContext context)
    {
        int minimum = context.MinimumVersion == MinimumSupported ? 0x0300 : context.MinimumVersion;
        int maximum = context.MaximumVersion == MaximumSupported ? 0x0304 : context.MaximumVersion;
        var enabled = new List<ProtocolVersion>();
        foreach ((ProtocolVersion version, TlsOptions off) in NewestFirst)
        {
            if (version.FullVersion >= minimum && version.FullVersion <= maximum && ((TlsOptions)context.Options & off) == 0)
            {
                enabled.Add(version);
            }
        }

        // RFC 8446 and OpenSSL: a hole in the range ends it, so that the oldest versions cannot be reached past it.
        return enabled.Count > 0 ? [.. enabled] : throw TlsError.Ssl("SSL", "NO_PROTOCOLS_AVAILABLE");
    }

    /// <summary>OpenSSL's name of a version, such as <c>TLSv1.3</c>.</summary>
    public static string Name(ProtocolVersion version) => version.FullVersion switch
    {
        0x0300 => "SSLv3",
        0x0301 => "TLSv1",
        0x0302 => "TLSv1.1",
        0x0303 => "TLSv1.2",
        0x0304 => "TLSv1.3",
        _ => "unknown",
    };
}
