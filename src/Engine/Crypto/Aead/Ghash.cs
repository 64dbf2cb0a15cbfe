using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using SslModule.Engine.Platform;

namespace SslModule.Engine.Crypto;

/// <summary>
/// GHASH (NIST SP 800-38D section 6.4) with carry-less multiplication instructions, in constant time.
/// </summary>
/// <remarks>
/// GCM orders the coefficients of a polynomial from the most significant bit down, so a byte-reversed block is the bit-reflected
/// number. A product of two reflected numbers is short by one bit, which is corrected by storing the hash key multiplied by x.
/// In this order the reduction polynomial is 0xC2 at the top and 1 at the bottom.
/// </remarks>
internal readonly struct Ghash
{
    private const int BlockLength = 16;
    private const int Powers = 8;
    /// <summary>The number of bytes processed at once.</summary>
    public const int RunLength = Powers * BlockLength;
    private const byte HalvesSwapped = 0b01_00_11_10;
    private const ulong Top = 0xC2UL << 56;

    /// <summary>
    /// The powers of the hash key, highest first, one for each block processed at once; then the XOR of each power's halves, for
    /// Karatsuba multiplication.
    /// </summary>
    private readonly Vector128<ulong>[] _powers;

    /// <summary>Creates a hash with the key <paramref name="key"/>: the encryption of the zero block.</summary>
    public Ghash(Vector128<byte> key)
    {
        _powers = new Vector128<ulong>[2 * Powers];
        Rekey(key);
    }

    /// <summary>Replaces the key.</summary>
    public void Rekey(Vector128<byte> key)
    {
        Vector128<ulong> power = TimesX(Ssse3.Shuffle(key, Reverse).AsUInt64());
        for (int i = Powers - 1; i >= 0; i--)
        {
            _powers[i] = power;
            _powers[Powers + i] = power ^ Swapped(power);
            power = Multiply(power, _powers[Powers - 1]);
        }
    }

    /// <summary>True when the processor supports the required instructions.</summary>
    public static bool IsSupported => Pclmulqdq.IsSupported && Ssse3.IsSupported;

    /// <summary>Whether two blocks can be multiplied at a time. Each instruction set can be disabled separately.</summary>
    public static bool IsWide => Pclmulqdq256.IsSupported && Avx2.IsSupported;

    private static Vector128<byte> Reverse => Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);

    /// <summary>Absorbs associated data or ciphertext: a multiple of the run length, or the final part of either.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Vector128<ulong> Absorb(Vector128<ulong> hash, ReadOnlySpan<byte> data)
    {
        ref byte bytes = ref MemoryMarshal.GetReference(data);
        nuint runs = (nuint)(data.Length & -RunLength);
        Vector128<ulong> absorbed = hash;
        for (nuint at = 0; at < runs; at += RunLength)
        {
            absorbed = Absorb(absorbed, ref Unsafe.Add(ref bytes, at));
        }

        return data.Length == (int)runs ? absorbed : AbsorbLast(absorbed, data[(int)runs..]);
    }

    /// <summary>Absorbs <see cref="RunLength"/> bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<ulong> Absorb(Vector128<ulong> hash, ref byte run)
        => IsWide ? WideRun(hash, ref run) : Run(hash, ref run, Powers);

    /// <summary>Finishes the hash with the lengths of the associated data and the ciphertext.</summary>
    public Vector128<byte> Finish(Vector128<ulong> hash, int associatedData, int ciphertext)
        => Ssse3.Shuffle(Multiply(hash ^ Vector128.Create(8UL * (uint)ciphertext, 8UL * (uint)associatedData), _powers[Powers - 1]).AsByte(), Reverse);

    /// <summary>Zeroes the key.</summary>
    public void Clear() => _powers.AsSpan().Clear();

    private Vector128<ulong> AbsorbLast(Vector128<ulong> hash, ReadOnlySpan<byte> data)
    {
        Span<byte> padded = stackalloc byte[RunLength];
        padded.Clear();
        data.CopyTo(padded);
        return Run(hash, ref MemoryMarshal.GetReference(padded), (data.Length + BlockLength - 1) / BlockLength);
    }

    // Multiplies several blocks by their powers of the key and reduces the sum once.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<ulong> Run(Vector128<ulong> hash, ref byte blocks, int count)
    {
        ref Vector128<ulong> powers = ref MemoryMarshal.GetArrayDataReference(_powers);
        Vector128<ulong> low = Vector128<ulong>.Zero;
        Vector128<ulong> middle = Vector128<ulong>.Zero;
        Vector128<ulong> high = Vector128<ulong>.Zero;
        for (int i = 0; i < count; i++)
        {
            Vector128<ulong> block = hash ^ Ssse3.Shuffle(Vector128.LoadUnsafe(ref blocks, (nuint)(i * BlockLength)), Reverse).AsUInt64();
            hash = Vector128<ulong>.Zero;
            Vector128<ulong> power = Unsafe.Add(ref powers, Powers - count + i);
            low ^= Pclmulqdq.CarrylessMultiply(block, power, 0x00);
            middle ^= Pclmulqdq.CarrylessMultiply(block, power, 0x01) ^ Pclmulqdq.CarrylessMultiply(block, power, 0x10);
            high ^= Pclmulqdq.CarrylessMultiply(block, power, 0x11);
        }

        return Reduce(low, middle, high);
    }

    // The same for eight blocks, two per instruction; Karatsuba needs three multiplications per product instead of four. The two
    // blocks that depend on the hash come last.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<ulong> WideRun(Vector128<ulong> hash, ref byte blocks)
    {
        ref Vector256<ulong> powers = ref Unsafe.As<Vector128<ulong>, Vector256<ulong>>(ref MemoryMarshal.GetArrayDataReference(_powers));
        var reverse = Vector256.Create(Reverse, Reverse);
        Vector256<ulong> low = Vector256<ulong>.Zero;
        Vector256<ulong> high = Vector256<ulong>.Zero;
        Vector256<ulong> middle = Vector256<ulong>.Zero;
        Wide(Reversed(ref blocks, 1, reverse), ref powers, 1, ref low, ref middle, ref high);
        Wide(Reversed(ref blocks, 2, reverse), ref powers, 2, ref low, ref middle, ref high);
        Wide(Reversed(ref blocks, 3, reverse), ref powers, 3, ref low, ref middle, ref high);
        Wide(Reversed(ref blocks, 0, reverse) ^ hash.ToVector256(), ref powers, 0, ref low, ref middle, ref high);
        middle ^= low ^ high;
        return Reduce(low.GetLower() ^ low.GetUpper(), middle.GetLower() ^ middle.GetUpper(), high.GetLower() ^ high.GetUpper());
    }

    private static Vector256<ulong> Reversed(ref byte blocks, int pair, Vector256<byte> reverse)
        => Avx2.Shuffle(Vector256.LoadUnsafe(ref blocks, (nuint)(pair * 2 * BlockLength)), reverse).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Wide(Vector256<ulong> b, ref Vector256<ulong> powers, int pair, ref Vector256<ulong> low, ref Vector256<ulong> middle, ref Vector256<ulong> high)
    {
        Vector256<ulong> power = Unsafe.Add(ref powers, pair);
        low ^= Pclmulqdq256.Multiply(b, power, 0x00);
        high ^= Pclmulqdq256.Multiply(b, power, 0x11);
        middle ^= Pclmulqdq256.Multiply(b ^ Avx2.Shuffle(b.AsInt32(), HalvesSwapped).AsUInt64(), Unsafe.Add(ref powers, (Powers / 2) + pair), 0x00);
    }

    private static Vector128<ulong> Multiply(Vector128<ulong> a, Vector128<ulong> b) => Reduce(
        Pclmulqdq.CarrylessMultiply(a, b, 0x00),
        Pclmulqdq.CarrylessMultiply(a, b, 0x01) ^ Pclmulqdq.CarrylessMultiply(a, b, 0x10),
        Pclmulqdq.CarrylessMultiply(a, b, 0x11));

    // The product has three parts, 64 bits apart. Folds the lowest 64 bits into the rest, twice.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Reduce(Vector128<ulong> low, Vector128<ulong> middle, Vector128<ulong> high)
    {
        Vector128<ulong> top = Vector128.CreateScalar(Top);
        middle ^= Swapped(low) ^ Pclmulqdq.CarrylessMultiply(low, top, 0x00);
        return high ^ Swapped(middle) ^ Pclmulqdq.CarrylessMultiply(middle, top, 0x00);
    }

    private static Vector128<ulong> Swapped(Vector128<ulong> value) => Vector128.Shuffle(value, Vector128.Create(1UL, 0UL));

    private static Vector128<ulong> TimesX(Vector128<ulong> value)
    {
        (ulong low, ulong high) = (value.GetElement(0), value.GetElement(1));
        ulong carry = 0 - (high >> 63);
        return Vector128.Create((low << 1) | (carry & 1), ((high << 1) | (low >> 63)) ^ (carry & Top));
    }
}
