using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace SslModule.Engine.Crypto.MlKem;

/// <summary>Samples polynomials from hashes: uniform ones from the public seed, small ones from a secret seed (FIPS 203 section 4.2.2).</summary>
internal static class Sampling
{
    private const int CandidateMask = (1 << 12) - 1;

    // Three blocks of SHAKE128 output nearly always suffice. The buffer has extra space because vectors read past the end.
    private const int UniformOutputs = 3;
    private const int UniformStride = 512;
    private const int NoiseLength = 128;
    private const int NoiseStride = 160;
    private const int CandidatesAtOnce = 8;
    private const int BytesAtOnce = 12;

    /// <summary>For each selection out of eight lanes, the shuffle that moves the selected lanes to the front.</summary>
    private static readonly Vector128<byte>[] s_compact = MakeCompact();

    /// <summary>Expands the matrix from a public seed (algorithm 13, lines 3 to 7): row i, column j hashes the seed, j and i.</summary>
    public static void Matrix(ReadOnlySpan<byte> seed, ref PolynomialMatrix matrix)
    {
        Four(seed, 0, ref matrix[0], ref matrix[1], ref matrix[2], ref matrix[3]);
        Four(seed, 4, ref matrix[4], ref matrix[5], ref matrix[6], ref matrix[7]);
        Unsafe.SkipInit(out Polynomial unused);
        Four(seed, 8, ref matrix[8], ref unused, ref unused, ref unused);
    }

    /// <summary>
    /// Samples four small polynomials (algorithm 8) from the seed and four consecutive counters; coefficients lie between -2
    /// and 2.
    /// </summary>
    [SkipLocalsInit]
    public static void Noise(ReadOnlySpan<byte> seed, uint number, ref Polynomial first, ref Polynomial second, ref Polynomial third, ref Polynomial fourth)
    {
        Span<byte> output = stackalloc byte[ShakeX4.Count * NoiseStride];
        ShakeX4 sponges = ShakeX4.Shake256(seed, Vector256.Create(number, number + 1, number + 2, number + 3UL));
        sponges.Squeeze(output, NoiseStride);
        Binomial(output[..NoiseLength], ref first);
        Binomial(output.Slice(NoiseStride, NoiseLength), ref second);
        Binomial(output.Slice(2 * NoiseStride, NoiseLength), ref third);
        Binomial(output.Slice(3 * NoiseStride, NoiseLength), ref fourth);
        sponges.Clear();
        CryptographicOperations.ZeroMemory(output);
    }

    [SkipLocalsInit]
    private static void Four(ReadOnlySpan<byte> seed, uint place, ref Polynomial first, ref Polynomial second, ref Polynomial third, ref Polynomial fourth)
    {
        Span<byte> output = stackalloc byte[ShakeX4.Count * UniformStride];
        Span<int> counts = [0, 0, 0, 0];
        ShakeX4 sponges = ShakeX4.Shake128(seed, Vector256.Create(Tail(place), Tail(place + 1), Tail(place + 2), Tail(place + 3)));
        for (int at = 0; at < UniformOutputs; at++)
        {
            sponges.Squeeze(output[(at * ShakeX4.Rate128)..], UniformStride);
        }

        int length = UniformOutputs * ShakeX4.Rate128;
        while (true)
        {
            counts[0] = Uniform(output, length, ref first, counts[0]);
            counts[1] = Uniform(output[UniformStride..], length, ref second, counts[1]);
            counts[2] = Uniform(output[(2 * UniformStride)..], length, ref third, counts[2]);
            counts[3] = Uniform(output[(3 * UniformStride)..], length, ref fourth, counts[3]);
            if (counts[0] + counts[1] + counts[2] + counts[3] == ShakeX4.Count * Polynomial.Length)
            {
                return;
            }

            sponges.Squeeze(output, UniformStride);
            length = ShakeX4.Rate128;
        }
    }

    private static ulong Tail(uint place) => (place % PolynomialVector.Rank) | ((place / PolynomialVector.Rank) << 8);

    /// <summary>Accepts 12-bit candidates below q (algorithm 7) until the polynomial is complete. The data is public, so timing may vary.</summary>
    /// <returns>The number of coefficients of the polynomial so far.</returns>
    private static int Uniform(ReadOnlySpan<byte> bytes, int length, ref Polynomial polynomial, int count)
    {
        ref short coefficients = ref Unsafe.As<Polynomial, short>(ref polynomial);
        ref byte input = ref MemoryMarshal.GetReference(bytes[..(length + sizeof(ulong))]);
        ref Vector128<byte> compact = ref MemoryMarshal.GetArrayDataReference(s_compact);
        int at = 0;
        while (count <= Polynomial.Length - CandidatesAtOnce && at < length)
        {
            Vector128<ushort> pairs = Ssse3.Shuffle(
                Vector128.LoadUnsafe(ref input, (nuint)at),
                Vector128.Create((byte)0, 1, 1, 2, 3, 4, 4, 5, 6, 7, 7, 8, 9, 10, 10, 11)).AsUInt16();
            Vector128<short> candidates = Sse2.And(
                Sse41.Blend(pairs, Sse2.ShiftRightLogical(pairs, 4), 0b10101010),
                Vector128.Create((ushort)CandidateMask)).AsInt16();
            Vector128<short> good = Sse2.CompareLessThan(candidates, Vector128.Create(Modular.Q));
            int choice = Sse2.MoveMask(Sse2.PackSignedSaturate(good, Vector128<short>.Zero));
            Ssse3.Shuffle(candidates.AsByte(), Unsafe.Add(ref compact, choice)).AsInt16().StoreUnsafe(ref coefficients, (nuint)count);
            count += BitOperations.PopCount((uint)choice);
            at += BytesAtOnce;
        }

        for (; count < Polynomial.Length && at < length; at += 3)
        {
            int both = Unsafe.Add(ref input, at) | (Unsafe.Add(ref input, at + 1) << 8) | (Unsafe.Add(ref input, at + 2) << 16);
            int candidate = both & CandidateMask;
            if (candidate < Modular.Q)
            {
                Unsafe.Add(ref coefficients, count++) = (short)candidate;
            }

            candidate = both >> 12;
            if (candidate < Modular.Q && count < Polynomial.Length)
            {
                Unsafe.Add(ref coefficients, count++) = (short)candidate;
            }
        }

        return count;
    }

    /// <summary>For each half of a byte: the sum of two bits minus the sum of the other two.</summary>
    private static void Binomial(ReadOnlySpan<byte> bytes, ref Polynomial polynomial)
    {
        Vector256<byte> everySecond = Vector256.Create((byte)0x55);
        Vector256<byte> twoOfFour = Vector256.Create((byte)0x33);
        Vector256<byte> half = Vector256.Create((byte)0x0F);
        Vector256<byte> three = Vector256.Create((byte)3);
        for (int block = 0; block < NoiseLength / Vector256<byte>.Count; block++)
        {
            Vector256<byte> bits = Vector256.Create(bytes.Slice(block * Vector256<byte>.Count, Vector256<byte>.Count));
            Vector256<byte> sums = Avx2.Add(Avx2.And(bits, everySecond), Avx2.And(Avx2.ShiftRightLogical(bits.AsUInt16(), 1).AsByte(), everySecond));

            // Add three first, so that neither half borrows from the other.
            Vector256<byte> differences = Avx2.Subtract(
                Avx2.Add(Avx2.And(sums, twoOfFour), twoOfFour),
                Avx2.And(Avx2.ShiftRightLogical(sums.AsUInt16(), 2).AsByte(), twoOfFour));
            Vector256<byte> even = Avx2.Subtract(Avx2.And(differences, half), three);
            Vector256<byte> odd = Avx2.Subtract(Avx2.And(Avx2.ShiftRightLogical(differences.AsUInt16(), 4).AsByte(), half), three);
            Vector256<sbyte> low = Avx2.UnpackLow(even, odd).AsSByte();
            Vector256<sbyte> high = Avx2.UnpackHigh(even, odd).AsSByte();
            polynomial[4 * block] = Avx2.ConvertToVector256Int16(low.GetLower());
            polynomial[(4 * block) + 1] = Avx2.ConvertToVector256Int16(high.GetLower());
            polynomial[(4 * block) + 2] = Avx2.ConvertToVector256Int16(Avx2.ExtractVector128(low, 1));
            polynomial[(4 * block) + 3] = Avx2.ConvertToVector256Int16(Avx2.ExtractVector128(high, 1));
        }
    }

    private static Vector128<byte>[] MakeCompact()
    {
        var table = new Vector128<byte>[1 << CandidatesAtOnce];
        Span<byte> shuffle = stackalloc byte[Vector128<byte>.Count];
        for (int choice = 0; choice < table.Length; choice++)
        {
            shuffle.Fill(byte.MaxValue);
            int count = 0;
            for (int lane = 0; lane < CandidatesAtOnce; lane++)
            {
                if (((choice >> lane) & 1) != 0)
                {
                    shuffle[count++] = (byte)(2 * lane);
                    shuffle[count++] = (byte)((2 * lane) + 1);
                }
            }

            table[choice] = Vector128.Create<byte>(shuffle);
        }

        return table;
    }
}
