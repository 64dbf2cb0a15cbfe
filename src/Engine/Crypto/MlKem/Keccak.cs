using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace SslModule.Engine.Crypto.MlKem;

/// <summary>The operations that <see cref="Keccak"/> needs on a lane: one 64-bit word, or one word of each of several states.</summary>
internal interface IKeccakLane<T>
{
    /// <summary>Exclusive or.</summary>
    static abstract T Xor(T a, T b);

    /// <summary>The second operand and not the first.</summary>
    static abstract T AndNot(T a, T b);

    /// <summary>Rotation to the left.</summary>
    static abstract T Rotate(T a, [ConstantExpected] byte count);

    /// <summary>A constant, the same in every state.</summary>
    static abstract T Constant(ulong value);
}

/// <summary>The permutation Keccak-f[1600] (FIPS 202 section 3), generic over the number of states.</summary>
internal static class Keccak
{
    /// <summary>The number of lanes in a state.</summary>
    public const int Lanes = 25;

    private static ReadOnlySpan<ulong> RoundConstants =>
    [
        0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000, 0x000000000000808B, 0x0000000080000001,
        0x8000000080008081, 0x8000000000008009, 0x000000000000008A, 0x0000000000000088, 0x0000000080008009, 0x000000008000000A,
        0x000000008000808B, 0x800000000000008B, 0x8000000000008089, 0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
        0x000000000000800A, 0x800000008000000A, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
    ];

    /// <summary>Applies all rounds, alternating between the two buffers.</summary>
    /// <param name="state">The first lane; lane (x, y) is at x + 5 y.</param>
    /// <param name="other">A buffer for another state.</param>
    public static void Permute<T, TLane>(ref T state, ref T other)
        where TLane : struct, IKeccakLane<T>
    {
        for (int round = 0; round < RoundConstants.Length; round += 2)
        {
            Round<T, TLane>(ref state, ref other, TLane.Constant(RoundConstants[round]));
            Round<T, TLane>(ref other, ref state, TLane.Constant(RoundConstants[round + 1]));
        }
    }

    private static void Round<T, TLane>(ref T a, ref T e, T constant)
        where TLane : struct, IKeccakLane<T>
    {
        // theta: the column parities, and the value XORed into each column.
        T c0 = Parity<T, TLane>(ref a, 0);
        T c1 = Parity<T, TLane>(ref a, 1);
        T c2 = Parity<T, TLane>(ref a, 2);
        T c3 = Parity<T, TLane>(ref a, 3);
        T c4 = Parity<T, TLane>(ref a, 4);
        T d0 = TLane.Xor(c4, TLane.Rotate(c1, 1));
        T d1 = TLane.Xor(c0, TLane.Rotate(c2, 1));
        T d2 = TLane.Xor(c1, TLane.Rotate(c3, 1));
        T d3 = TLane.Xor(c2, TLane.Rotate(c4, 1));
        T d4 = TLane.Xor(c3, TLane.Rotate(c0, 1));

        // rho and pi move five lanes into each row; chi combines the row.
        T b0 = TLane.Xor(a, d0);
        T b1 = Lane<T, TLane>(ref a, 6, d1, 44);
        T b2 = Lane<T, TLane>(ref a, 12, d2, 43);
        T b3 = Lane<T, TLane>(ref a, 18, d3, 21);
        T b4 = Lane<T, TLane>(ref a, 24, d4, 14);
        Row<T, TLane>(ref e, b0, b1, b2, b3, b4);
        e = TLane.Xor(e, constant);

        b0 = Lane<T, TLane>(ref a, 3, d3, 28);
        b1 = Lane<T, TLane>(ref a, 9, d4, 20);
        b2 = Lane<T, TLane>(ref a, 10, d0, 3);
        b3 = Lane<T, TLane>(ref a, 16, d1, 45);
        b4 = Lane<T, TLane>(ref a, 22, d2, 61);
        Row<T, TLane>(ref Unsafe.Add(ref e, 5), b0, b1, b2, b3, b4);

        b0 = Lane<T, TLane>(ref a, 1, d1, 1);
        b1 = Lane<T, TLane>(ref a, 7, d2, 6);
        b2 = Lane<T, TLane>(ref a, 13, d3, 25);
        b3 = Lane<T, TLane>(ref a, 19, d4, 8);
        b4 = Lane<T, TLane>(ref a, 20, d0, 18);
        Row<T, TLane>(ref Unsafe.Add(ref e, 10), b0, b1, b2, b3, b4);

        b0 = Lane<T, TLane>(ref a, 4, d4, 27);
        b1 = Lane<T, TLane>(ref a, 5, d0, 36);
        b2 = Lane<T, TLane>(ref a, 11, d1, 10);
        b3 = Lane<T, TLane>(ref a, 17, d2, 15);
        b4 = Lane<T, TLane>(ref a, 23, d3, 56);
        Row<T, TLane>(ref Unsafe.Add(ref e, 15), b0, b1, b2, b3, b4);

        b0 = Lane<T, TLane>(ref a, 2, d2, 62);
        b1 = Lane<T, TLane>(ref a, 8, d3, 55);
        b2 = Lane<T, TLane>(ref a, 14, d4, 39);
        b3 = Lane<T, TLane>(ref a, 15, d0, 41);
        b4 = Lane<T, TLane>(ref a, 21, d1, 2);
        Row<T, TLane>(ref Unsafe.Add(ref e, 20), b0, b1, b2, b3, b4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Parity<T, TLane>(ref T a, int x)
        where TLane : struct, IKeccakLane<T>
        => TLane.Xor(
            TLane.Xor(TLane.Xor(Unsafe.Add(ref a, x), Unsafe.Add(ref a, x + 5)), TLane.Xor(Unsafe.Add(ref a, x + 10), Unsafe.Add(ref a, x + 15))),
            Unsafe.Add(ref a, x + 20));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Lane<T, TLane>(ref T a, int place, T change, [ConstantExpected] byte count)
        where TLane : struct, IKeccakLane<T>
        => TLane.Rotate(TLane.Xor(Unsafe.Add(ref a, place), change), count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row<T, TLane>(ref T e, T b0, T b1, T b2, T b3, T b4)
        where TLane : struct, IKeccakLane<T>
    {
        e = TLane.Xor(b0, TLane.AndNot(b1, b2));
        Unsafe.Add(ref e, 1) = TLane.Xor(b1, TLane.AndNot(b2, b3));
        Unsafe.Add(ref e, 2) = TLane.Xor(b2, TLane.AndNot(b3, b4));
        Unsafe.Add(ref e, 3) = TLane.Xor(b3, TLane.AndNot(b4, b0));
        Unsafe.Add(ref e, 4) = TLane.Xor(b4, TLane.AndNot(b0, b1));
    }
}
