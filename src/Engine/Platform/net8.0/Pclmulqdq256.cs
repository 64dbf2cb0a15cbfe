using System.Runtime.Intrinsics;

namespace SslModule.Engine.Platform;

/// <summary>A stand-in for the 256-bit carry-less multiplication, which .NET 8 does not offer.</summary>
internal static class Pclmulqdq256
{
    /// <summary>Always false: AES-GCM multiplies one pair at a time, and long texts use .NET's implementation.</summary>
    public static bool IsSupported => false;

    /// <summary>Not supported.</summary>
    /// <exception cref="PlatformNotSupportedException">Always.</exception>
    public static Vector256<ulong> Multiply(Vector256<ulong> left, Vector256<ulong> right, byte control) => throw new PlatformNotSupportedException();
}
