using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc7748;

namespace SslModule.Engine.Crypto.Curve25519;

/// <summary>X25519 (RFC 7748 section 5) in constant time, with SIMD instructions that multiply four numbers at once.</summary>
internal static class X25519
{
    /// <summary>The length in bytes of a scalar, a point and a shared secret.</summary>
    public const int Length = FieldElementX4.Length;

    // (486662 - 2) / 4.
    private const ulong CurveConstant = 121665;

    /// <summary>True when the processor supports the required instructions.</summary>
    public static bool IsSupported => FieldElementX4.IsSupported;

    /// <summary>True when this is used: the processor supports it, and the cryptography may be other than the platform's.</summary>
    public static bool IsUsed => IsSupported && !PlatformCryptography.IsOnly;

    /// <summary>Computes the public key of a private key.</summary>
    public static void PublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey)
    {
        Span<byte> scalar = stackalloc byte[Length];
        Clamp(privateKey, scalar);
        BasePoint.Multiply(scalar, publicKey);
        CryptographicOperations.ZeroMemory(scalar);
    }

    /// <summary>Computes the shared secret of a private key and a peer's public key.</summary>
    /// <returns>False when the secret is zero, which happens for points of small order (RFC 7748 section 6.1); the caller must reject it.</returns>
    public static bool TryDeriveSecret(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> peer, Span<byte> secret)
    {
        Span<byte> scalar = stackalloc byte[Length];
        Clamp(privateKey, scalar);
        Ladder(scalar, peer, secret);
        CryptographicOperations.ZeroMemory(scalar);
        int any = 0;
        foreach (byte one in secret[..Length])
        {
            any |= one;
        }

        return any != 0;
    }

    /// <summary>Writes the quotient of two lanes; division by zero gives zero.</summary>
    public static void Divide(ref FieldElementX4 lanes, int dividend, int divisor, Span<byte> quotient)
    {
        Span<byte> bytes = stackalloc byte[Length];
        Span<int> number = stackalloc int[X25519Field.Size];
        lanes.Write(divisor, bytes);
        X25519Field.Decode255(bytes, number);
        X25519Field.Inv(number, number);
        X25519Field.Encode(number, bytes);
        FieldElementX4 inverse = default;
        inverse.Read(dividend, bytes);
        FieldElementX4.Multiply(in lanes, in inverse, ref inverse);
        inverse.Write(dividend, quotient);
        CryptographicOperations.ZeroMemory(bytes);
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(number));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(new Span<FieldElementX4>(ref inverse)));
    }

    private static void Clamp(ReadOnlySpan<byte> privateKey, Span<byte> scalar)
    {
        privateKey[..Length].CopyTo(scalar);
        scalar[0] &= 248;
        scalar[31] = (byte)((scalar[31] & 127) | 64);
    }

    private static void Ladder(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> u, Span<byte> result)
    {
        State s = default;
        s.Points.Set(0, 1);
        s.Points.Read(2, u);
        s.Points.Set(3, 1);
        s.Factors.Set(0, 1);
        s.Factors.Set(2, 1);
        s.Factors.Read(3, u);
        for (int place = 0; place < FieldElementX4.Limbs; place++)
        {
            // Added to the complement of x to negate it.
            ulong opposite = FieldElementX4.TwicePrime(place) + 1;
            s.Opposite[place] = Vector256.Create(0, opposite, 0, opposite);
        }

        uint last = 0;
        for (int bit = 254; bit >= 0; bit--)
        {
            uint one = (uint)(scalar[bit >> 3] >> (bit & 7)) & 1;
            Step(ref s, one ^ last);
            last = one;
        }

        Vector256<uint> order = Order(last);
        for (int place = 0; place < FieldElementX4.Limbs; place++)
        {
            s.Points[place] = Avx2.PermuteVar8x32(s.Points[place].AsUInt32(), order).AsUInt64();
        }

        Divide(ref s.Points, 0, 1, result);
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(new Span<State>(ref s)));
    }

    /// <summary>Swaps the halves of the lanes when the bit is 1, in constant time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Order(uint exchange) => Avx2.Xor(Vector256.Create(0u, 1, 2, 3, 4, 5, 6, 7), Vector256.Create(exchange << 2));

    /// <summary>
    /// One step of the Montgomery ladder with RFC 7748's names: the lanes hold x_2, z_2, x_3, z_3 before and after. It takes three
    /// rounds of four products.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Step(ref State s, uint exchange)
    {
        Vector256<uint> order = Order(exchange);
        Vector256<ulong> complement = Vector256.Create(0, ulong.MaxValue, 0, ulong.MaxValue);
        Vector256<uint> zero = Vector256.Create(0u);
        Vector256<uint> constant = Vector256.Create(CurveConstant).AsUInt32();
        for (int place = 0; place < FieldElementX4.Limbs; place++)
        {
            // A, B, C, D times A, B, B, A.
            Vector256<ulong> points = Avx2.PermuteVar8x32(s.Points[place].AsUInt32(), order).AsUInt64();
            Vector256<ulong> x = Avx2.UnpackLow(points, points);
            Vector256<ulong> z = Avx2.UnpackHigh(points, points);
            Vector256<ulong> sums = Avx2.Add(x, Avx2.Add(Avx2.Xor(z, complement), s.Opposite[place]));
            s.F[place] = sums;
            s.G[place] = Avx2.Permute4x64(sums, 0b00_01_01_00);
        }

        FieldElementX4.Multiply(in s.F, in s.G, ref s.Points);
        for (int place = 0; place < FieldElementX4.Limbs; place++)
        {
            // From AA, BB, CB, DA to AA, E, CB + DA, CB - DA times BB, a24, CB + DA, CB - DA.
            Vector256<ulong> products = s.Points[place];
            Vector256<ulong> exchanged = Avx2.Shuffle(products.AsUInt32(), 0b01_00_11_10).AsUInt64();
            Vector256<ulong> sums = Avx2.Add(exchanged, Avx2.Add(Avx2.Xor(products, complement), s.Opposite[place]));
            s.F[place] = Avx2.Blend(sums.AsUInt32(), products.AsUInt32(), 0b00_00_00_11).AsUInt64();
            Vector256<uint> factors = Avx2.Blend(sums.AsUInt32(), exchanged.AsUInt32(), 0b00_00_00_11);
            s.G[place] = Avx2.Blend(factors, constant, 0b00_00_11_00).AsUInt64();
            constant = zero;
            s.Square[place] = Avx2.Blend(zero, exchanged.AsUInt32(), 0b00_00_11_00).AsUInt64();
        }

        FieldElementX4.Multiply(in s.F, in s.G, ref s.Points);
        for (int place = 0; place < FieldElementX4.Limbs; place++)
        {
            // 1, E, 1, x_1 times AA * BB, AA + a24 * E, (CB + DA)^2, (CB - DA)^2.
            s.F[place] = Avx2.Blend(s.Factors[place].AsUInt32(), s.F[place].AsUInt32(), 0b00_00_11_00).AsUInt64();
            s.G[place] = Avx2.Add(s.Points[place], s.Square[place]);
        }

        FieldElementX4.Multiply(in s.F, in s.G, ref s.Points);
    }

    private struct State
    {
        public FieldElementX4 Points;
        public FieldElementX4 Factors;
        public FieldElementX4 Opposite;
        public FieldElementX4 Square;
        public FieldElementX4 F;
        public FieldElementX4 G;
    }
}
