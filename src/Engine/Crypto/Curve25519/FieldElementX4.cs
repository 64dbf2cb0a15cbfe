using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SslModule.Engine.Crypto.Curve25519;

/// <summary>
/// Four integers modulo 2^255 - 19, one in each lane of ten vectors, with alternating limbs of 26 and 25 bits. The inputs of a
/// product may have limbs of 27.7 and 26.7 bits, as sums and differences of two products have; its output has limbs slightly
/// above 26 and 25 bits. No branch or memory access depends on a value.
/// </summary>
[InlineArray(Limbs)]
internal struct FieldElementX4
{
    /// <summary>The number of limbs of an integer.</summary>
    public const int Limbs = 10;

    /// <summary>The length of an encoding in bytes.</summary>
    public const int Length = 32;

    private const int EvenBits = 26;
    private const int OddBits = 25;
    private const ulong EvenMask = (1UL << EvenBits) - 1;
    private const ulong OddMask = (1UL << OddBits) - 1;

    private Vector256<ulong> _first;

    /// <summary>True when the processor supports the required instructions.</summary>
    public static bool IsSupported => Avx2.IsSupported;

    /// <summary>A limb of twice the prime, added before a subtraction to keep limbs nonnegative.</summary>
    public static ulong TwicePrime(int place) => place == 0 ? 2 * (EvenMask - 18) : 2 * ((place & 1) == 0 ? EvenMask : OddMask);

    /// <summary>Sets a lane that holds zero to a small number.</summary>
    public void Set(int lane, uint value) => this[0] = this[0].WithElement(lane, value);

    /// <summary>
    /// Reads 32 little-endian bytes into a lane. The top bit is ignored (RFC 7748 section 5), and values at or above the prime are
    /// accepted and reduced.
    /// </summary>
    public void Read(int lane, ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        for (int place = 0; place < Limbs; place++)
        {
            // A limb spans at most four bytes and one bit of a fifth: read eight bytes where available.
            int first = Math.Min(at / 8, Length - sizeof(ulong));
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(bytes[first..]) >> (at - (8 * first));
            bool even = (place & 1) == 0;
            this[place] = this[place].WithElement(lane, word & (even ? EvenMask : OddMask));
            at += even ? EvenBits : OddBits;
        }
    }

    /// <summary>Writes the canonical encoding of a lane. The lane must hold a product.</summary>
    public readonly void Write(int lane, Span<byte> bytes)
    {
        Span<ulong> limbs = stackalloc ulong[Limbs];
        for (int place = 0; place < Limbs; place++)
        {
            limbs[place] = this[place].GetElement(lane);
        }

        limbs[0] += 19 * Carry(limbs);
        limbs[0] += 19 * Carry(limbs);

        // Adding 19 carries out of the top exactly when the value is at or above the prime: add it then and drop the carry.
        ulong over = 19;
        for (int place = 0; place < Limbs; place++)
        {
            over = (limbs[place] + over) >> ((place & 1) == 0 ? EvenBits : OddBits);
        }

        limbs[0] += 19 * over;
        Carry(limbs);
        bytes[..Length].Clear();
        int at = 0;
        for (int place = 0; place < Limbs; place++)
        {
            int first = Math.Min(at / 8, Length - sizeof(ulong));
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(bytes[first..]);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[first..], word | (limbs[place] << (at - (8 * first))));
            at += (place & 1) == 0 ? EvenBits : OddBits;
        }

        limbs.Clear();
    }

    /// <summary>Multiplies lane by lane; the destination may be one of the factors.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(ref readonly FieldElementX4 f, ref readonly FieldElementX4 g, ref FieldElementX4 product)
    {
        // A row holds the multipliers of one limb for every limb of the product. Since 2^255 = 19 modulo the prime, wrapped limbs are
        // stored first, times nineteen.
        Unsafe.SkipInit(out Row row);
        Vector256<ulong> nineteen = Vector256.Create(19UL);
        row[1] = Product(g[1], nineteen);
        row[2] = Product(g[2], nineteen);
        row[3] = Product(g[3], nineteen);
        row[4] = Product(g[4], nineteen);
        row[5] = Product(g[5], nineteen);
        row[6] = Product(g[6], nineteen);
        row[7] = Product(g[7], nineteen);
        row[8] = Product(g[8], nineteen);
        row[9] = Product(g[9], nineteen);
        row[10] = g[0];
        row[11] = g[1];
        row[12] = g[2];
        row[13] = g[3];
        row[14] = g[4];
        row[15] = g[5];
        row[16] = g[6];
        row[17] = g[7];
        row[18] = g[8];
        row[19] = g[9];
        ref Vector256<ulong> factors = ref row[0];

        // Limbs at odd positions have weight 2^(25.5 i + 0.5): a product of two of them counts twice.
        Vector256<ulong> f0 = f[0];
        Vector256<ulong> f1 = Avx2.Add(f[1], f[1]);
        Vector256<ulong> f2 = f[2];
        Vector256<ulong> f3 = Avx2.Add(f[3], f[3]);
        Vector256<ulong> f4 = f[4];
        Vector256<ulong> f5 = Avx2.Add(f[5], f[5]);
        Vector256<ulong> f6 = f[6];
        Vector256<ulong> f7 = Avx2.Add(f[7], f[7]);
        Vector256<ulong> f8 = f[8];
        Vector256<ulong> f9 = Avx2.Add(f[9], f[9]);
        Unsafe.SkipInit(out FieldElementX4 sums);
        ref Vector256<ulong> sum = ref sums[0];
        for (int place = 0; place < Limbs; place += 2)
        {
            sum = Sum(ref factors, f0, f1, f2, f3, f4, f5, f6, f7, f8, f9);
            sum = ref Unsafe.Add(ref sum, 2);
            factors = ref Unsafe.Add(ref factors, 2);
        }

        f1 = f[1];
        f3 = f[3];
        f5 = f[5];
        f7 = f[7];
        f9 = f[9];
        factors = ref row[1];
        sum = ref sums[1];
        for (int place = 1; place < Limbs; place += 2)
        {
            sum = Sum(ref factors, f0, f1, f2, f3, f4, f5, f6, f7, f8, f9);
            sum = ref Unsafe.Add(ref sum, 2);
            factors = ref Unsafe.Add(ref factors, 2);
        }

        Carry(in sums, ref product);
    }

    /// <summary>Carries limbs below 2^60 down to the size of a product's limbs, in two interleaved chains.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Carry(ref readonly FieldElementX4 sums, ref FieldElementX4 result)
    {
        Vector256<ulong> even = Vector256.Create(EvenMask);
        Vector256<ulong> odd = Vector256.Create(OddMask);
        Vector256<ulong> h0 = sums[0];
        Vector256<ulong> h4 = sums[4];
        Vector256<ulong> h1 = Avx2.Add(sums[1], Avx2.ShiftRightLogical(h0, EvenBits));
        Vector256<ulong> h5 = Avx2.Add(sums[5], Avx2.ShiftRightLogical(h4, EvenBits));
        h0 = Avx2.And(h0, even);
        h4 = Avx2.And(h4, even);
        Vector256<ulong> h2 = Avx2.Add(sums[2], Avx2.ShiftRightLogical(h1, OddBits));
        Vector256<ulong> h6 = Avx2.Add(sums[6], Avx2.ShiftRightLogical(h5, OddBits));
        h1 = Avx2.And(h1, odd);
        h5 = Avx2.And(h5, odd);
        Vector256<ulong> h3 = Avx2.Add(sums[3], Avx2.ShiftRightLogical(h2, EvenBits));
        Vector256<ulong> h7 = Avx2.Add(sums[7], Avx2.ShiftRightLogical(h6, EvenBits));
        result[2] = Avx2.And(h2, even);
        result[6] = Avx2.And(h6, even);
        h4 = Avx2.Add(h4, Avx2.ShiftRightLogical(h3, OddBits));
        Vector256<ulong> h8 = Avx2.Add(sums[8], Avx2.ShiftRightLogical(h7, OddBits));
        result[3] = Avx2.And(h3, odd);
        result[7] = Avx2.And(h7, odd);
        result[5] = Avx2.Add(h5, Avx2.ShiftRightLogical(h4, EvenBits));
        Vector256<ulong> h9 = Avx2.Add(sums[9], Avx2.ShiftRightLogical(h8, EvenBits));
        result[4] = Avx2.And(h4, even);
        result[8] = Avx2.And(h8, even);
        Vector256<ulong> over = Avx2.ShiftRightLogical(h9, OddBits);
        result[9] = Avx2.And(h9, odd);

        // Multiply by nineteen with shifts, because the carry may exceed 32 bits.
        Vector256<ulong> eighteen = Avx2.Add(Avx2.ShiftLeftLogical(over, 1), Avx2.ShiftLeftLogical(over, 4));
        h0 = Avx2.Add(h0, Avx2.Add(over, eighteen));
        result[1] = Avx2.Add(h1, Avx2.ShiftRightLogical(h0, EvenBits));
        result[0] = Avx2.And(h0, even);
    }

    /// <summary>Computes one limb of a product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Sum(
        ref Vector256<ulong> factors,
        Vector256<ulong> f0,
        Vector256<ulong> f1,
        Vector256<ulong> f2,
        Vector256<ulong> f3,
        Vector256<ulong> f4,
        Vector256<ulong> f5,
        Vector256<ulong> f6,
        Vector256<ulong> f7,
        Vector256<ulong> f8,
        Vector256<ulong> f9)
    {
        Vector256<ulong> one = Product(f0, Unsafe.Add(ref factors, 10));
        Vector256<ulong> other = Product(f1, Unsafe.Add(ref factors, 9));
        one = Avx2.Add(one, Product(f2, Unsafe.Add(ref factors, 8)));
        other = Avx2.Add(other, Product(f3, Unsafe.Add(ref factors, 7)));
        one = Avx2.Add(one, Product(f4, Unsafe.Add(ref factors, 6)));
        other = Avx2.Add(other, Product(f5, Unsafe.Add(ref factors, 5)));
        one = Avx2.Add(one, Product(f6, Unsafe.Add(ref factors, 4)));
        other = Avx2.Add(other, Product(f7, Unsafe.Add(ref factors, 3)));
        one = Avx2.Add(one, Product(f8, Unsafe.Add(ref factors, 2)));
        other = Avx2.Add(other, Product(f9, Unsafe.Add(ref factors, 1)));
        return Avx2.Add(one, other);
    }

    /// <summary>Multiplies the low halves of the lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Product(Vector256<ulong> a, Vector256<ulong> b) => Avx2.Multiply(a.AsUInt32(), b.AsUInt32());

    private static ulong Carry(Span<ulong> limbs)
    {
        ulong carry = 0;
        for (int place = 0; place < Limbs; place++)
        {
            limbs[place] += carry;
            bool even = (place & 1) == 0;
            carry = limbs[place] >> (even ? EvenBits : OddBits);
            limbs[place] &= even ? EvenMask : OddMask;
        }

        return carry;
    }

    [InlineArray(2 * Limbs)]
    private struct Row
    {
        private Vector256<ulong> _first;
    }
}
