using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SslModule.Engine.Platform;

/// <summary>Carry-less multiplication of two pairs of 64-bit numbers at a time (VPCLMULQDQ).</summary>
internal static class Pclmulqdq256
{
    /// <summary>True when the processor supports the instruction.</summary>
    public static bool IsSupported => Pclmulqdq.V256.IsSupported;

    /// <summary>Multiplies one 64-bit half of each 128-bit lane of two vectors.</summary>
    /// <param name="left">One vector.</param>
    /// <param name="right">The other.</param>
    /// <param name="control">Selects the halves: bit 0 for <paramref name="left"/>, bit 4 for <paramref name="right"/>; must be a constant.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Multiply(Vector256<ulong> left, Vector256<ulong> right, [ConstantExpected] byte control)
        => Pclmulqdq.V256.CarrylessMultiply(left, right, control);
}
