using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SslModule.Engine.Crypto.MlKem;

/// <summary>Arithmetic modulo q in 16-bit lanes with Montgomery and Barrett reduction, without branches on values.</summary>
internal static class Modular
{
    /// <summary>The modulus.</summary>
    public const short Q = 3329;

    /// <summary>The inverse of q modulo 2^16.</summary>
    private const short InverseOfQ = unchecked((short)62209);

    // 2^26 / q, rounded.
    private const short BarrettFactor = 20159;
    private const int BarrettShift = 26 - 16;

    /// <summary>The factor that <see cref="Multiply"/> takes for a number: its Montgomery form, nearest to zero.</summary>
    public static short Factor(int number)
    {
        int factor = (int)(((long)number << 16) % Q);
        factor += factor < -Q / 2 ? Q : 0;
        return (short)(factor > Q / 2 ? factor - Q : factor);
    }

    /// <summary>The companion of a factor, which <see cref="Multiply"/> takes too: the factor times the inverse of q modulo 2^16.</summary>
    public static short Companion(short factor) => unchecked((short)(factor * InverseOfQ));

    /// <summary>The product with the number that a factor represents, between -q and q; takes any 16-bit numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Multiply(Vector256<short> numbers, Vector256<short> factors, Vector256<short> companions)
        => Avx2.Subtract(
            Avx2.MultiplyHigh(numbers, factors),
            Avx2.MultiplyHigh(Avx2.MultiplyLow(numbers, companions), Vector256.Create(Q)));

    /// <summary>The value modulo q, from 0 to q.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Reduce(Vector256<short> numbers)
    {
        Vector256<short> times = Avx2.ShiftRightArithmetic(Avx2.MultiplyHigh(numbers, Vector256.Create(BarrettFactor)), BarrettShift);
        return Avx2.Subtract(numbers, Avx2.MultiplyLow(times, Vector256.Create(Q)));
    }

    /// <summary>The value modulo q, below q.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Normalize(Vector256<short> numbers)
    {
        Vector256<short> q = Vector256.Create(Q);
        Vector256<short> less = Avx2.Subtract(Reduce(numbers), q);
        return Avx2.Add(less, Avx2.And(Avx2.ShiftRightArithmetic(less, 15), q));
    }

    /// <summary>
    /// Reduces sums of products below 2^15 q in 32-bit lanes, even and odd positions separately: each is divided by 2^16 modulo q,
    /// between -q and q, and the results are interleaved.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Reduce(Vector256<int> even, Vector256<int> odd)
    {
        Vector256<short> high = Avx2.Blend(Avx2.ShiftRightLogical(even, 16).AsInt16(), odd.AsInt16(), 0b10101010);
        Vector256<short> low = Avx2.Blend(even.AsInt16(), Avx2.ShiftLeftLogical(odd, 16).AsInt16(), 0b10101010);
        Vector256<short> times = Avx2.MultiplyLow(low, Vector256.Create(InverseOfQ));
        return Avx2.Subtract(high, Avx2.MultiplyHigh(times, Vector256.Create(Q)));
    }
}
