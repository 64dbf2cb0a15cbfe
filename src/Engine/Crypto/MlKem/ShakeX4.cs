using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace SslModule.Engine.Crypto.MlKem;

/// <summary>
/// Four SHAKE states, one per 64-bit lane of a vector, which expand the matrix and the noise. Each hashes the same 32-byte seed
/// and a tail of one or two bytes.
/// </summary>
internal struct ShakeX4
{
    /// <summary>The number of states.</summary>
    public const int Count = 4;

    /// <summary>The rate of SHAKE128 in bytes.</summary>
    public const int Rate128 = 168;

    /// <summary>The rate of SHAKE256 in bytes.</summary>
    public const int Rate256 = 136;

    private const ulong ShakeSuffix = 0x1F;
    private const int SeedLanes = 4;

    private readonly int _rate;
    private State _state;
    private State _other;

    private ShakeX4(int rate, ReadOnlySpan<byte> seed, Vector256<ulong> tails)
    {
        _rate = rate;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(seed);
        for (int lane = 0; lane < SeedLanes; lane++)
        {
            _state[lane] = Vector256.Create(words[lane]);
        }

        _state[SeedLanes] = tails;
        _state[(rate / sizeof(ulong)) - 1] = Vector256.Create(1UL << 63);
    }

    /// <summary>Starts SHAKE128 over the seed and two bytes, the lower halves of the tails.</summary>
    public static ShakeX4 Shake128(ReadOnlySpan<byte> seed, Vector256<ulong> tails)
        => new(Rate128, seed, Avx2.Or(tails, Vector256.Create(ShakeSuffix << 16)));

    /// <summary>Starts SHAKE256 over the seed and one byte.</summary>
    public static ShakeX4 Shake256(ReadOnlySpan<byte> seed, Vector256<ulong> tails)
        => new(Rate256, seed, Avx2.Or(tails, Vector256.Create(ShakeSuffix << 8)));

    /// <summary>Writes the next output block of each state, of the length of the rate.</summary>
    /// <param name="output">The start of the first state's output.</param>
    /// <param name="stride">The distance in bytes between the outputs.</param>
    public void Squeeze(Span<byte> output, int stride)
    {
        Keccak.Permute<Vector256<ulong>, Lane>(ref _state[0], ref _other[0]);

        // Transpose four lanes of four states into 32 bytes per state. The last four lanes are written again when the rate is not a multiple.
        int last = (_rate / sizeof(ulong)) - Count;
        for (int lane = 0; lane < last; lane += Count)
        {
            Write(lane, output, stride);
        }

        Write(last, output, stride);
    }

    /// <summary>Clears the states.</summary>
    public void Clear()
    {
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes((Span<Vector256<ulong>>)_state));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes((Span<Vector256<ulong>>)_other));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Write(int lane, Span<byte> output, int stride)
    {
        Vector256<ulong> low01 = Avx2.UnpackLow(_state[lane], _state[lane + 1]);
        Vector256<ulong> high01 = Avx2.UnpackHigh(_state[lane], _state[lane + 1]);
        Vector256<ulong> low23 = Avx2.UnpackLow(_state[lane + 2], _state[lane + 3]);
        Vector256<ulong> high23 = Avx2.UnpackHigh(_state[lane + 2], _state[lane + 3]);
        output = output[(lane * sizeof(ulong))..];
        Avx2.Permute2x128(low01, low23, 0x20).AsByte().CopyTo(output);
        Avx2.Permute2x128(high01, high23, 0x20).AsByte().CopyTo(output[stride..]);
        Avx2.Permute2x128(low01, low23, 0x31).AsByte().CopyTo(output[(2 * stride)..]);
        Avx2.Permute2x128(high01, high23, 0x31).AsByte().CopyTo(output[(3 * stride)..]);
    }

    [InlineArray(Keccak.Lanes)]
    private struct State
    {
        private Vector256<ulong> _first;
    }

    private readonly struct Lane : IKeccakLane<Vector256<ulong>>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<ulong> Xor(Vector256<ulong> a, Vector256<ulong> b) => Avx2.Xor(a, b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<ulong> AndNot(Vector256<ulong> a, Vector256<ulong> b) => Avx2.AndNot(a, b);

#pragma warning disable CA1857 // What is left of 64 is a constant as well, once this is inlined.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<ulong> Rotate(Vector256<ulong> a, [ConstantExpected] byte count)
            => Avx2.Or(Avx2.ShiftLeftLogical(a, count), Avx2.ShiftRightLogical(a, (byte)(64 - count)));
#pragma warning restore CA1857

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<ulong> Constant(ulong value) => Vector256.Create(value);
    }
}
