using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SslModule.Engine.Crypto.MlKem;

/// <summary>The hash functions of FIPS 203 section 4.1 on one Keccak state, for short inputs absorbed in parts.</summary>
internal struct Sponge
{
    private const byte Sha3Suffix = 0x06;
    private const byte ShakeSuffix = 0x1F;
    private const int Sha3Rate256 = 136;
    private const int Sha3Rate512 = 72;
    private const int ShakeRate256 = 136;

    private readonly int _rate;
    private State _state;
    private State _other;
    private int _at;

    private Sponge(int rate) => _rate = rate;

    /// <summary>G: SHA3-512, split into two halves.</summary>
    public static void G(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> digest) => Hash(Sha3Rate512, Sha3Suffix, first, second, digest);

    /// <summary>H: SHA3-256.</summary>
    public static void H(ReadOnlySpan<byte> input, Span<byte> digest) => Hash(Sha3Rate256, Sha3Suffix, input, [], digest);

    /// <summary>J: 32 bytes of SHAKE256.</summary>
    public static void J(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> output) => Hash(ShakeRate256, ShakeSuffix, first, second, output);

    // When there is a second part, the first is a whole number of lanes.
    private static void Hash(int rate, byte suffix, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> output)
    {
        var sponge = new Sponge(rate);
        sponge.Absorb(first);
        sponge.Absorb(second);
        sponge.Finish(suffix, output);
    }

    private void Absorb(ReadOnlySpan<byte> input)
    {
        while (input.Length >= sizeof(ulong))
        {
            _state[_at / sizeof(ulong)] ^= BinaryPrimitives.ReadUInt64LittleEndian(input);
            input = input[sizeof(ulong)..];
            _at += sizeof(ulong);
            if (_at == _rate)
            {
                Permute();
                _at = 0;
            }
        }

        foreach (byte one in input)
        {
            Add(_at++, one);
        }
    }

    private void Finish(byte suffix, Span<byte> output)
    {
        Add(_at, suffix);
        Add(_rate - 1, 0x80);
        Permute();
        for (int lane = 0; lane < output.Length / sizeof(ulong); lane++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(output[(lane * sizeof(ulong))..], _state[lane]);
        }

        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes((Span<ulong>)_state));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes((Span<ulong>)_other));
    }

    private void Add(int place, byte value) => _state[place / sizeof(ulong)] ^= (ulong)value << (8 * (place % sizeof(ulong)));

    private void Permute() => Keccak.Permute<ulong, Lane>(ref _state[0], ref _other[0]);

    [InlineArray(Keccak.Lanes)]
    private struct State
    {
        private ulong _first;
    }

    private readonly struct Lane : IKeccakLane<ulong>
    {
        public static ulong Xor(ulong a, ulong b) => a ^ b;

        public static ulong AndNot(ulong a, ulong b) => ~a & b;

        public static ulong Rotate(ulong a, [ConstantExpected] byte count) => BitOperations.RotateLeft(a, count);

        public static ulong Constant(ulong value) => value;
    }
}
