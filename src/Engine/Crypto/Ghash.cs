using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SslModule.Engine.Crypto;

/// <summary>
/// GCM's hash (NIST SP 800-38D section 6.4) by the processor's carry-less multiplication, whose time depends on no value.
/// </summary>
/// <remarks>
/// GCM writes a polynomial's coefficients from the most significant bit down; with its bytes in reverse a block is a number
/// that reads from the other end. A product of two such numbers is one bit short, which the hash key makes up for: it is kept
/// multiplied by x. In that order the field's polynomial has the coefficients 0xC2 at the top and 1 at the bottom.
/// </remarks>
internal readonly struct Ghash
{
    private const int BlockLength = 16;
    private const int Powers = 8;
    private const int RunLength = Powers * BlockLength;
    private const ulong Top = 0xC2UL << 56;

    /// <summary>The hash key's powers, the highest first: as many blocks as are taken at once meet the last ones.</summary>
    private readonly Vector128<ulong>[] _powers;

    /// <summary>A hash with the key <paramref name="key"/>: the cipher's encryption of a block of zeros.</summary>
    public Ghash(Vector128<byte> key)
    {
        _powers = new Vector128<ulong>[Powers];
        _powers[^1] = TimesX(Ssse3.Shuffle(key, Reverse).AsUInt64());
        for (int i = Powers - 1; i > 0; i--)
        {
            _powers[i - 1] = Multiply(_powers[i], _powers[^1]);
        }
    }

    /// <summary>True where the processor has the instructions.</summary>
    public static bool IsSupported => Pclmulqdq.IsSupported && Ssse3.IsSupported;

    private static Vector128<byte> Reverse => Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);

    /// <summary>The hash of associated data, ciphertext and their lengths.</summary>
    public Vector128<byte> Hash(ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext)
    {
        Vector128<ulong> hash = Absorb(Absorb(Vector128<ulong>.Zero, associatedData), ciphertext);
        Vector128<ulong> lengths = Vector128.Create(8UL * (uint)ciphertext.Length, 8UL * (uint)associatedData.Length);
        return Ssse3.Shuffle(Multiply(hash ^ lengths, _powers[^1]).AsByte(), Reverse);
    }

    /// <summary>Zeroes the key.</summary>
    public void Clear() => _powers.AsSpan().Clear();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Vector128<ulong> Absorb(Vector128<ulong> hash, ReadOnlySpan<byte> data)
    {
        for (; data.Length >= RunLength; data = data[RunLength..])
        {
            hash = Pclmulqdq.V256.IsSupported
                ? WideRun(hash, ref MemoryMarshal.GetReference(data))
                : Run(hash, ref MemoryMarshal.GetReference(data), Powers);
        }

        if (!data.IsEmpty)
        {
            Span<byte> padded = stackalloc byte[RunLength];
            padded.Clear();
            data.CopyTo(padded);
            hash = Run(hash, ref MemoryMarshal.GetReference(padded), (data.Length + BlockLength - 1) / BlockLength);
        }

        return hash;
    }

    // Several blocks, each times its own power of the key, and one reduction of their sum.
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

    // The same for eight blocks, two in an instruction.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<ulong> WideRun(Vector128<ulong> hash, ref byte blocks)
    {
        ref ulong powers = ref Unsafe.As<Vector128<ulong>, ulong>(ref MemoryMarshal.GetArrayDataReference(_powers));
        var reverse = Vector256.Create(Reverse, Reverse);
        Vector256<ulong> low = Vector256<ulong>.Zero;
        Vector256<ulong> middle = Vector256<ulong>.Zero;
        Vector256<ulong> high = Vector256<ulong>.Zero;
        Vector256<ulong> before = hash.ToVector256();
        for (nuint i = 0; i < Powers; i += 2)
        {
            Vector256<ulong> pair = before ^ Avx2.Shuffle(Vector256.LoadUnsafe(ref blocks, i * BlockLength), reverse).AsUInt64();
            before = Vector256<ulong>.Zero;
            Vector256<ulong> power = Vector256.LoadUnsafe(ref powers, 2 * i);
            low ^= Pclmulqdq.V256.CarrylessMultiply(pair, power, 0x00);
            middle ^= Pclmulqdq.V256.CarrylessMultiply(pair, power, 0x01) ^ Pclmulqdq.V256.CarrylessMultiply(pair, power, 0x10);
            high ^= Pclmulqdq.V256.CarrylessMultiply(pair, power, 0x11);
        }

        return Reduce(low.GetLower() ^ low.GetUpper(), middle.GetLower() ^ middle.GetUpper(), high.GetLower() ^ high.GetUpper());
    }

    private static Vector128<ulong> Multiply(Vector128<ulong> a, Vector128<ulong> b) => Reduce(
        Pclmulqdq.CarrylessMultiply(a, b, 0x00),
        Pclmulqdq.CarrylessMultiply(a, b, 0x01) ^ Pclmulqdq.CarrylessMultiply(a, b, 0x10),
        Pclmulqdq.CarrylessMultiply(a, b, 0x11));

    // The product's three parts, 64 bits apart: twice the lowest 64 bits are folded into what lies above them.
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
