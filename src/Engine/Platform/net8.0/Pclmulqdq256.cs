using System.Runtime.Intrinsics;

namespace SslModule.Engine.Platform;

/// <summary>Carry-less multiplication of two pairs of numbers at a time, which .NET 8 does not offer.</summary>
internal static class Pclmulqdq256
{
    /// <summary>Always false: AES-GCM multiplies one pair at a time, and long texts go to .NET's own.</summary>
    public static bool IsSupported => false;

    /// <summary>Not to be called.</summary>
    /// <exception cref="PlatformNotSupportedException">Always.</exception>
    public static Vector256<ulong> Multiply(Vector256<ulong> left, Vector256<ulong> right, byte control) => throw new PlatformNotSupportedException();
}
