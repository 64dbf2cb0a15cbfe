using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SslModule.Engine.Crypto.MlKem;

/// <summary>
/// Encodes polynomials as bytes, uncompressed and compressed (FIPS 203 section 4.2.1). Coefficients to encode must be in [0, q).
/// Some decoders read a few bytes past their input; keys and ciphertexts always have more bytes after it.
/// </summary>
internal static class Encoding
{
    /// <summary>The length in bytes of a polynomial with twelve bits per coefficient.</summary>
    public const int Length12 = 384;

    /// <summary>The length with ten bits per coefficient.</summary>
    public const int Length10 = 320;

    /// <summary>The length with four bits per coefficient.</summary>
    public const int Length4 = 128;

    /// <summary>The length with one bit per coefficient.</summary>
    public const int Length1 = 32;

    // The bytes that half a vector encodes to, and the bytes read to decode it.
    private const int Half12 = 12;
    private const int Half10 = 10;
    private const int Looked = 16;

    /// <summary>Encodes with twelve bits per coefficient.</summary>
    public static void Write12(ref readonly Polynomial polynomial, Span<byte> bytes)
    {
        Vector256<byte> order = Both(Vector128.Create(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 255, 255, 255, 255));
        for (int place = 0; place < Polynomial.Vectors; place++)
        {
            Vector256<int> pairs = Avx2.MultiplyAddAdjacent(polynomial[place], Vector256.Create(1 | (1 << (16 + 12))).AsInt16());
            Vector256<byte> packed = Avx2.Shuffle(pairs.AsByte(), order);
            WriteHalf(packed.GetLower(), bytes[(2 * place * Half12)..], Half12);
            WriteHalf(Avx2.ExtractVector128(packed, 1), bytes[(((2 * place) + 1) * Half12)..], Half12);
        }
    }

    /// <summary>Decodes twelve bits per coefficient.</summary>
    /// <returns>False when a coefficient is not below q (FIPS 203 section 7.2).</returns>
    public static bool TryRead12(ReadOnlySpan<byte> bytes, ref Polynomial polynomial)
    {
        Vector256<byte> order = Both(Vector128.Create((byte)0, 1, 1, 2, 3, 4, 4, 5, 6, 7, 7, 8, 9, 10, 10, 11));
        Vector256<short> excess = Vector256<short>.Zero;
        for (int place = 0; place < Polynomial.Vectors; place++)
        {
            Vector256<ushort> pairs = Avx2.Shuffle(ReadHalves(bytes, 2 * place * Half12, Half12), order).AsUInt16();
            Vector256<short> numbers = Avx2.And(
                Avx2.Blend(pairs, Avx2.ShiftRightLogical(pairs, 4), 0b10101010),
                Vector256.Create((ushort)0xFFF)).AsInt16();
            excess = Avx2.Or(excess, Avx2.CompareGreaterThan(numbers, Vector256.Create((short)(Modular.Q - 1))));
            polynomial[place] = numbers;
        }

        return Avx.TestZ(excess, excess);
    }

    /// <summary>Compresses and encodes with ten bits per coefficient.</summary>
    public static void WriteCompressed10(ref readonly Polynomial polynomial, Span<byte> bytes)
    {
        Vector256<byte> order = Both(Vector128.Create(0, 1, 2, 3, 4, 8, 9, 10, 11, 12, 255, 255, 255, 255, 255, 255));
        for (int place = 0; place < Polynomial.Vectors; place++)
        {
            // Combine ten-bit values to twenty bits, then to forty.
            Vector256<short> compressed = Compress(polynomial[place], 10);
            Vector256<int> pairs = Avx2.MultiplyAddAdjacent(compressed, Vector256.Create(1 | (1 << (16 + 10))).AsInt16());
            Vector256<uint> joined = Avx2.ShiftLeftLogicalVariable(pairs.AsUInt32(), Vector256.Create(12UL).AsUInt32());
            Vector256<byte> packed = Avx2.Shuffle(Avx2.ShiftRightLogical(joined.AsUInt64(), 12).AsByte(), order);
            WriteHalf(packed.GetLower(), bytes[(2 * place * Half10)..], Half10);
            WriteHalf(Avx2.ExtractVector128(packed, 1), bytes[(((2 * place) + 1) * Half10)..], Half10);
        }
    }

    /// <summary>Decodes and decompresses ten bits per coefficient.</summary>
    public static void ReadCompressed10(ReadOnlySpan<byte> bytes, ref Polynomial polynomial)
    {
        Vector256<byte> order = Both(Vector128.Create((byte)0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 6, 7, 7, 8, 8, 9));
        Vector256<short> shifts = Vector256.Create(64, 16, 4, 1, 64, 16, 4, 1, 64, 16, 4, 1, 64, 16, 4, 1);
        for (int place = 0; place < Polynomial.Vectors; place++)
        {
            // Shift to the top to drop the next coefficient's bits, then to the position that Decompress expects.
            Vector256<short> pairs = Avx2.Shuffle(ReadHalves(bytes, 2 * place * Half10, Half10), order).AsInt16();
            Vector256<ushort> upper = Avx2.ShiftRightLogical(Avx2.MultiplyLow(pairs, shifts).AsUInt16(), 1);
            polynomial[place] = Decompress(Avx2.And(upper, Vector256.Create((ushort)(0x3FF << 5))).AsInt16());
        }
    }

    /// <summary>Compresses and encodes with four bits per coefficient.</summary>
    public static void WriteCompressed4(ref readonly Polynomial polynomial, Span<byte> bytes)
    {
        for (int place = 0; place < Polynomial.Vectors; place += 4)
        {
            Vector256<short> first = Join4(Compress(polynomial[place], 4), Compress(polynomial[place + 1], 4));
            Vector256<short> second = Join4(Compress(polynomial[place + 2], 4), Compress(polynomial[place + 3], 4));
            Vector256<int> packed = Avx2.PackUnsignedSaturate(first, second).AsInt32();
            Avx2.PermuteVar8x32(packed, Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7)).AsByte().CopyTo(bytes[(place * 8)..]);
        }
    }

    /// <summary>Decodes and decompresses four bits per coefficient.</summary>
    public static void ReadCompressed4(ReadOnlySpan<byte> bytes, ref Polynomial polynomial)
    {
        Vector256<byte> order = Vector256.Create(
            Vector128.Create(0, 255, 0, 255, 1, 255, 1, 255, 2, 255, 2, 255, 3, 255, 3, 255),
            Vector128.Create(4, 255, 4, 255, 5, 255, 5, 255, 6, 255, 6, 255, 7, 255, 7, 255));
        for (int place = 0; place < Polynomial.Vectors; place++)
        {
            ulong eight = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(place * 8)..]);
            Vector256<short> halves = Avx2.And(Avx2.Shuffle(Vector256.Create(eight).AsByte(), order).AsInt16(), Vector256.Create(0x00F0000F).AsInt16());
            polynomial[place] = Decompress(Avx2.MultiplyLow(halves, Vector256.Create((128 << 16) | 2048).AsInt16()));
        }
    }

    /// <summary>Compresses and encodes with one bit per coefficient.</summary>
    public static void WriteCompressed1(ref readonly Polynomial polynomial, Span<byte> bytes)
    {
        for (int place = 0; place < Polynomial.Vectors; place += 2)
        {
            Vector256<sbyte> ones = Avx2.PackSignedSaturate(NearHalf(polynomial[place]), NearHalf(polynomial[place + 1]));
            int bits = Avx2.MoveMask(Avx2.Permute4x64(ones.AsInt64(), 0b11_01_10_00).AsByte());
            BinaryPrimitives.WriteInt32LittleEndian(bytes[(2 * place)..], bits);
        }
    }

    /// <summary>Decodes and decompresses one bit per coefficient.</summary>
    public static void ReadCompressed1(ReadOnlySpan<byte> bytes, ref Polynomial polynomial)
    {
        Vector256<short> bits = Vector256.Create(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, short.MinValue);
        for (int place = 0; place < Polynomial.Vectors; place++)
        {
            Vector256<short> all = Vector256.Create(BinaryPrimitives.ReadInt16LittleEndian(bytes[(2 * place)..]));
            polynomial[place] = Avx2.And(Avx2.CompareEqual(Avx2.And(all, bits), bits), Vector256.Create((short)((Modular.Q + 1) / 2)));
        }
    }

    /// <summary>Compress_d: 2^d x / q, rounded, modulo 2^d. The estimated quotient may be one too small; the remainder corrects it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Compress(Vector256<short> numbers, [System.Diagnostics.CodeAnalysis.ConstantExpected] byte bits)
    {
        Vector256<short> quotients = Avx2.MultiplyHighRoundScale(numbers, Vector256.Create((short)((1 << (15 + bits)) / Modular.Q)));
        Vector256<short> left = Avx2.Subtract(Avx2.ShiftLeftLogical(numbers, bits), Avx2.MultiplyLow(quotients, Vector256.Create(Modular.Q)));
        quotients = Avx2.Subtract(quotients, Avx2.CompareGreaterThan(left, Vector256.Create((short)(Modular.Q / 2))));
        return Avx2.And(quotients, Vector256.Create((short)((1 << bits) - 1)));
    }

    /// <summary>Decompress_d: q y / 2^d, rounded, where y is passed as 2^(15 - d) y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Decompress(Vector256<short> numbers) => Avx2.MultiplyHighRoundScale(numbers, Vector256.Create(Modular.Q));

    /// <summary>All ones where a number is nearer to q / 2 than to 0 and q.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> NearHalf(Vector256<short> numbers) => Avx2.And(
        Avx2.CompareGreaterThan(numbers, Vector256.Create((short)(Modular.Q / 4))),
        Avx2.CompareGreaterThan(Vector256.Create((short)((3 * Modular.Q / 4) + 1)), numbers));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Join4(Vector256<short> first, Vector256<short> second)
        => Avx2.MultiplyAddAdjacent(Avx2.PackUnsignedSaturate(first, second), Vector256.Create((short)0x1001).AsSByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> ReadHalves(ReadOnlySpan<byte> bytes, int at, int length)
    {
        ref byte first = ref MemoryMarshal.GetReference(bytes.Slice(at, length + Looked));
        return Avx2.InsertVector128(Vector128.LoadUnsafe(ref first).ToVector256Unsafe(), Vector128.LoadUnsafe(ref first, (nuint)length), 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteHalf(Vector128<byte> packed, Span<byte> bytes, int length)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, packed.AsUInt64().ToScalar());
        if (length == Half12)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[sizeof(ulong)..], packed.AsUInt32().GetElement(2));
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[sizeof(ulong)..], packed.AsUInt16().GetElement(4));
        }
    }

    private static Vector256<byte> Both(Vector128<byte> half) => Vector256.Create(half, half);
}
