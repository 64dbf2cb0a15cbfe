using SslModule.Engine.Context;

namespace SslModule.IronPython;

/// <summary>The level of OpenSSL's API that the module offers to Python 3.4, which knows none from 3.0 on.</summary>
internal static class OpenSslLevel
{
    /// <summary>OPENSSL_VERSION_INFO: 1.1.1w, the last before 3.0; it has all that Python 3.4's libraries ask the version for.</summary>
    public static readonly IReadOnlyList<int> Info = [1, 1, 1, 23, 15];

    /// <summary>OPENSSL_VERSION_NUMBER: 0xMNNFFPPS.</summary>
    public const long Number = 0x1010117F;

    /// <summary>OPENSSL_VERSION: OpenSSL's beginning, then what it really is.</summary>
    public static readonly string Text = "OpenSSL 1.1.1w API" + SslConstants.Version[SslConstants.Version.IndexOf(" (", StringComparison.Ordinal)..];
}
