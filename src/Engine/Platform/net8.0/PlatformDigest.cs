using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;

namespace SslModule.Engine.Platform;

/// <summary>A stand-in for an incremental hash that can be copied, which .NET 8 does not offer.</summary>
internal static class PlatformDigest
{
    /// <summary>Always false.</summary>
    public static bool IsSupported => false;

    /// <summary>Not supported.</summary>
    /// <exception cref="PlatformNotSupportedException">Always.</exception>
    public static IDigest Begin(HashAlgorithmName algorithm) => throw new PlatformNotSupportedException();
}
