using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace SslModule.Engine.Crypto.Curve25519;

/// <summary>
/// Scalar multiplication of the base point, on the Edwards curve that is birationally equivalent to Curve25519 (RFC 7748
/// section 4.1). A table of multiples, created on first use, saves most of the doublings.
/// </summary>
internal static class BasePoint
{
    private const int Digits = 64;
    private const int Windows = Digits / 2;
    private const int Multiples = 8;

    // The lanes of a point.
    private const int X = 0;
    private const int Y = 1;
    private const int Z = 3;

    // RFC 8032 section 5.1: the base point and twice the curve constant d, little-endian.
    private static ReadOnlySpan<byte> BaseX =>
    [
        0x1A, 0xD5, 0x25, 0x8F, 0x60, 0x2D, 0x56, 0xC9, 0xB2, 0xA7, 0x25, 0x95, 0x60, 0xC7, 0x2C, 0x69,
        0x5C, 0xDC, 0xD6, 0xFD, 0x31, 0xE2, 0xA4, 0xC0, 0xFE, 0x53, 0x6E, 0xCD, 0xD3, 0x36, 0x69, 0x21,
    ];

    private static ReadOnlySpan<byte> BaseY =>
    [
        0x58, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
        0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
    ];

    private static ReadOnlySpan<byte> TwiceD =>
    [
        0x59, 0xF1, 0xB2, 0x26, 0x94, 0x9B, 0xD6, 0xEB, 0x56, 0xB1, 0x83, 0x82, 0x9A, 0x14, 0xE0, 0x00,
        0x30, 0xD1, 0xF3, 0xEE, 0xF2, 0x80, 0x8E, 0x19, 0xE7, 0xFC, 0xDF, 0x56, 0xDC, 0xD9, 0x06, 0x24,
    ];

    /// <summary>
    /// For each pair of digits: one to eight times the base point times 256^i, as y - x, y + x, 2dxy and 2, in ten limbs of
    /// four 32-bit lanes each.
    /// </summary>
    private static readonly Vector128<uint>[] Table = MakeTable();

    /// <summary>Writes the Montgomery u-coordinate of a clamped scalar times the base point.</summary>
    public static void Multiply(ReadOnlySpan<byte> scalar, Span<byte> u)
    {
        Span<sbyte> digits = stackalloc sbyte[Digits];
        Recode(scalar, digits);
        State s = default;
        s.Begin();
        for (int at = 1; at < Digits; at += 2)
        {
            Select(ref s, at / 2, digits[at]);
            s.Add();
        }

        for (int bit = 0; bit < 4; bit++)
        {
            s.Double();
        }

        for (int at = 0; at < Digits; at += 2)
        {
            Select(ref s, at / 2, digits[at]);
            s.Add();
        }

        s.WriteMontgomery(u);
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(digits));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(new Span<State>(ref s)));
    }

    /// <summary>Recodes the scalar in radix 16 with signed digits from -8 to 8.</summary>
    private static void Recode(ReadOnlySpan<byte> scalar, Span<sbyte> digits)
    {
        int carry = 0;
        for (int at = 0; at < Digits; at++)
        {
            int digit = ((scalar[at / 2] >> (4 * (at & 1))) & 15) + carry;
            carry = at == Digits - 1 ? 0 : (digit + 8) >> 4;
            digits[at] = (sbyte)(digit - (carry << 4));
        }
    }

    /// <summary>Looks up a digit's multiple in constant time and with a memory access pattern that does not depend on the digit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Select(ref State s, int window, int digit)
    {
        uint sign = (uint)(digit >> 31);
        uint magnitude = ((uint)digit ^ sign) - sign;

        // For the negated point, y + x and y - x are swapped and the third lane is negated.
        Vector256<uint> order = Avx2.Xor(Vector256.Create(0u, 1, 2, 3, 4, 5, 6, 7), Vector256.Create(sign & 2, sign & 2, sign & 2, sign & 2, 0, 0, 0, 0));
        Vector256<ulong> complement = Vector256.Create(0u, 0, 0, 0, sign, sign, 0, 0).AsUInt64();
        Vector128<uint> wanted = Vector128.Create(magnitude);
        ReadOnlySpan<Vector128<uint>> row = Table.AsSpan(window * Multiples * FieldElementX4.Limbs, Multiples * FieldElementX4.Limbs);
        for (int place = 0; place < FieldElementX4.Limbs; place++)
        {
            // A zero digit selects nothing; the neutral element is 1, 1, 0, 2.
            Vector128<uint> found = place == 0
                ? Vector128.Equals(wanted, Vector128<uint>.Zero) & Vector128.Create(1u, 1, 0, 2)
                : Vector128<uint>.Zero;
            for (int index = 0; index < Multiples; index++)
            {
                found |= Vector128.Equals(wanted, Vector128.Create((uint)index + 1)) & row[(index * FieldElementX4.Limbs) + place];
            }

            Vector256<ulong> lanes = Avx2.PermuteVar8x32(Avx2.ConvertToVector256Int64(found).AsUInt32(), order).AsUInt64();
            s.Addend[place] = Avx2.Add(Avx2.Xor(lanes, complement), Avx2.And(complement, s.Bias(place)));
        }
    }

    private static Vector128<uint>[] MakeTable()
    {
        var points = new FieldElementX4[Windows * Multiples];
        State place = default;
        place.Begin();
        place.Points = default;
        place.Points.Read(X, BaseX);
        place.Points.Read(Y, BaseY);
        place.Points.Set(Z, 1);
        place.SetProduct();
        for (int window = 0; window < Windows; window++)
        {
            State multiple = place;
            multiple.Addend = place.ToAddend();
            for (int index = 0; index < Multiples; index++)
            {
                points[(window * Multiples) + index] = multiple.Points;
                multiple.Add();
            }

            for (int bit = 0; bit < 8; bit++)
            {
                place.Double();
            }
        }

        MakeAffine(points);
        var table = new Vector128<uint>[points.Length * FieldElementX4.Limbs];
        for (int index = 0; index < points.Length; index++)
        {
            place.Points = points[index];
            FieldElementX4 addend = place.ToAddend();
            for (int limb = 0; limb < FieldElementX4.Limbs; limb++)
            {
                Vector256<uint> packed = Avx2.PermuteVar8x32(addend[limb].AsUInt32(), Vector256.Create(0u, 2, 4, 6, 0, 0, 0, 0));
                table[(index * FieldElementX4.Limbs) + limb] = packed.GetLower();
            }
        }

        return table;
    }

    /// <summary>Normalizes all points to z = 1 with a single inversion (Montgomery's trick).</summary>
    private static void MakeAffine(FieldElementX4[] points)
    {
        var before = new FieldElementX4[points.Length];
        FieldElementX4 product = Broadcast(points[0], Z);
        for (int index = 1; index < points.Length; index++)
        {
            before[index] = product;
            FieldElementX4 z = Broadcast(points[index], Z);
            FieldElementX4.Multiply(in product, in z, ref product);
        }

        FieldElementX4 one = default;
        one.Set(X, 1);
        Span<byte> bytes = stackalloc byte[FieldElementX4.Length];
        for (int limb = 0; limb < FieldElementX4.Limbs; limb++)
        {
            one[limb] = Avx2.Blend(one[limb].AsUInt32(), product[limb].AsUInt32(), 0b00_00_11_00).AsUInt64();
        }

        X25519.Divide(ref one, X, Y, bytes);
        FieldElementX4 inverse = default;
        inverse.Read(X, bytes);
        inverse = Broadcast(inverse, X);
        for (int index = points.Length - 1; index >= 0; index--)
        {
            FieldElementX4 own = inverse;
            if (index > 0)
            {
                FieldElementX4.Multiply(in inverse, in before[index], ref own);
                FieldElementX4 z = Broadcast(points[index], Z);
                FieldElementX4.Multiply(in inverse, in z, ref inverse);
            }

            FieldElementX4.Multiply(in points[index], in own, ref points[index]);
        }
    }

    private static FieldElementX4 Broadcast(in FieldElementX4 lanes, int lane)
    {
        FieldElementX4 all = default;
        for (int place = 0; place < FieldElementX4.Limbs; place++)
        {
            all[place] = Vector256.Create(lanes[place].GetElement(lane));
        }

        return all;
    }

    /// <summary>
    /// A point of the twisted Edwards curve with a = -1 in extended homogeneous coordinates (RFC 8032 section 5.1.4), lanes in the
    /// order x, y, t, z. In addend form the lanes are y - x, y + x, 2dt, 2z.
    /// </summary>
    private struct State
    {
        public FieldElementX4 Points;
        public FieldElementX4 Addend;
        private FieldElementX4 _f;
        private FieldElementX4 _g;
        private FieldElementX4 _bias;

        /// <summary>Added to a limb's complement to negate it.</summary>
        public readonly Vector256<ulong> Bias(int place) => _bias[place];

        /// <summary>The neutral element.</summary>
        public void Begin()
        {
            Points.Set(Y, 1);
            Points.Set(Z, 1);
            for (int place = 0; place < FieldElementX4.Limbs; place++)
            {
                _bias[place] = Vector256.Create(FieldElementX4.TwicePrime(place) + 1);
            }
        }

        /// <summary>Computes t from x and y, where z is 1.</summary>
        public void SetProduct()
        {
            FieldElementX4 x = Broadcast(Points, X);
            FieldElementX4 y = Broadcast(Points, Y);
            FieldElementX4.Multiply(in x, in y, ref x);
            for (int place = 0; place < FieldElementX4.Limbs; place++)
            {
                Points[place] = Avx2.Blend(Points[place].AsUInt32(), x[place].AsUInt32(), 0b00_11_00_00).AsUInt64();
            }
        }

        /// <summary>Converts the point to addend form.</summary>
        public FieldElementX4 ToAddend()
        {
            Spread();
            FieldElementX4 factors = default;
            factors.Set(0, 1);
            factors.Set(1, 1);
            factors.Read(2, TwiceD);
            factors.Set(3, 2);
            FieldElementX4.Multiply(in _f, in factors, ref factors);
            return factors;
        }

        /// <summary>Adds a point in addend form; the formulas are complete.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Add()
        {
            Spread();
            FieldElementX4.Multiply(in _f, in Addend, ref Points);
            Vector256<ulong> complement = Vector256.Create(ulong.MaxValue, 0, ulong.MaxValue, 0);
            for (int place = 0; place < FieldElementX4.Limbs; place++)
            {
                // From A, B, C, D to B - A, B + A, D - C, D + C: E, H, F, G of RFC 8032.
                Vector256<ulong> products = Points[place];
                Vector256<ulong> exchanged = Avx2.Shuffle(products.AsUInt32(), 0b01_00_11_10).AsUInt64();
                Cross(place, Avx2.Add(exchanged, Avx2.Add(Avx2.Xor(products, complement), Avx2.And(_bias[place], complement))));
            }

            FieldElementX4.Multiply(in _f, in _g, ref Points);
        }

        /// <summary>Doubles the point.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Double()
        {
            Vector256<ulong> last = Vector256.Create(0, 0, 0, ulong.MaxValue);
            for (int place = 0; place < FieldElementX4.Limbs; place++)
            {
                // x, y, z, x + y.
                Vector256<ulong> points = Points[place];
                Vector256<ulong> y = Avx2.And(Avx2.Permute4x64(points, 0b01_01_01_01), last);
                _f[place] = Avx2.Add(Avx2.Permute4x64(points, 0b00_11_01_00), y);
            }

            FieldElementX4.Multiply(in _f, in _f, ref Points);
            Vector256<ulong> second = Vector256.Create(0UL, 0, ulong.MaxValue, ulong.MaxValue);
            Vector256<ulong> first = Vector256.Create(ulong.MaxValue, 0, 0, 0);
            Vector256<ulong> third = Vector256.Create(0, 0, ulong.MaxValue, 0);
            for (int place = 0; place < FieldElementX4.Limbs; place++)
            {
                // From xx, yy, zz, (x + y)^2 to xx + yy - (x + y)^2, xx + yy, 2zz + xx - yy, xx - yy: E, H, F, G.
                Vector256<ulong> squares = Points[place];
                Vector256<ulong> xx = Avx2.Permute4x64(squares, 0b00_00_00_00);
                Vector256<ulong> yy = Avx2.Permute4x64(squares, 0b01_01_01_01);
                Vector256<ulong> others = Avx2.Permute4x64(squares, 0b10_10_11_11);
                Vector256<ulong> twice = Avx2.And(Avx2.Add(others, others), third);
                Vector256<ulong> minus = Avx2.Add(Avx2.AndNot(others, first), Avx2.And(_bias[place], first));
                Vector256<ulong> difference = Avx2.Add(xx, Avx2.Add(Avx2.Xor(yy, second), Avx2.And(_bias[place], second)));
                _g[place] = Avx2.Add(difference, Avx2.Add(twice, minus));
            }

            FieldElementX4.Carry(in _g, ref _g);
            for (int place = 0; place < FieldElementX4.Limbs; place++)
            {
                Cross(place, _g[place]);
            }

            FieldElementX4.Multiply(in _f, in _g, ref Points);
        }

        /// <summary>Writes (1 + y) / (1 - y), the u-coordinate of the point on Curve25519.</summary>
        public void WriteMontgomery(Span<byte> u)
        {
            Vector256<ulong> complement = Vector256.Create(0, ulong.MaxValue, 0, 0);
            for (int place = 0; place < FieldElementX4.Limbs; place++)
            {
                Vector256<ulong> z = Avx2.Permute4x64(Points[place], 0b11_11_11_11);
                Vector256<ulong> y = Avx2.Permute4x64(Points[place], 0b01_01_01_01);
                _f[place] = Avx2.Add(z, Avx2.Add(Avx2.Xor(y, complement), Avx2.And(_bias[place], complement)));
            }

            FieldElementX4.Carry(in _f, ref _f);
            X25519.Divide(ref _f, 0, 1, u);
        }

        /// <summary>Arranges E, H, F, G for the products that form the new point.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Cross(int place, Vector256<ulong> parts)
        {
            _f[place] = Avx2.Permute4x64(parts, 0b10_00_01_00);
            _g[place] = Avx2.Permute4x64(parts, 0b11_01_11_10);
        }

        /// <summary>y - x, y + x, t, z.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Spread()
        {
            Vector256<ulong> complement = Vector256.Create(ulong.MaxValue, 0, 0, 0);
            for (int place = 0; place < FieldElementX4.Limbs; place++)
            {
                Vector256<ulong> points = Points[place];
                Vector256<ulong> exchanged = Avx2.Shuffle(points.AsUInt32(), 0b01_00_11_10).AsUInt64();
                Vector256<ulong> sums = Avx2.Add(exchanged, Avx2.Add(Avx2.Xor(points, complement), Avx2.And(_bias[place], complement)));
                _f[place] = Avx2.Blend(sums.AsUInt32(), points.AsUInt32(), 0b11_11_00_00).AsUInt64();
            }
        }
    }
}
