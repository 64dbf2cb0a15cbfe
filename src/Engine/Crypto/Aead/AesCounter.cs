using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using AesInstructions = System.Runtime.Intrinsics.X86.Aes;

namespace SslModule.Engine.Crypto;

/// <summary>
/// AES (FIPS 197) in counter mode with GCM's counter blocks (NIST SP 800-38D section 6.5), with AES instructions, in constant
/// time.
/// </summary>
internal readonly struct AesCounter
{
    private const int BlockLength = 16;
    /// <summary>The number of bytes that <see cref="Run"/> processes.</summary>
    public const int RunLength = 8 * BlockLength;

    private readonly Vector128<byte>[] _keys;

    /// <summary>Expands a key of 16 or 32 bytes.</summary>
    public AesCounter(ReadOnlySpan<byte> key)
    {
        _keys = new Vector128<byte>[AesKeySchedule.Count(key.Length)];
        Rekey(key);
    }

    /// <summary>Replaces the key with another of the same length.</summary>
    public void Rekey(ReadOnlySpan<byte> key) => AesKeySchedule.Expand(key, _keys);

    /// <summary>True when the processor supports the instructions.</summary>
    public static bool IsSupported => AesKeySchedule.IsSupported && Ssse3.IsSupported;

    /// <summary>The key: the first part of its expansion.</summary>
    public ReadOnlySpan<byte> Key => MemoryMarshal.AsBytes(_keys.AsSpan())[..((_keys.Length - 7) * sizeof(uint))];

    // The counter is the last four bytes of a block, big-endian; it is incremented in a byte-reversed block.
    private static Vector128<byte> Reverse => Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);

    /// <summary>Encrypts one block: the zero block for GHASH's key, or the block that masks the tag.</summary>
    public Vector128<byte> Encrypt(Vector128<byte> block)
    {
        ReadOnlySpan<Vector128<byte>> keys = _keys;
        block ^= keys[0];
        foreach (Vector128<byte> key in keys[1..^1])
        {
            block = AesInstructions.Encrypt(block, key);
        }

        return AesInstructions.EncryptLast(block, keys[^1]);
    }

    /// <summary>The counter block for a nonce of 12 bytes and a counter value.</summary>
    public static Vector128<byte> Block(ReadOnlySpan<byte> nonce, uint count)
    {
        Span<byte> block = stackalloc byte[BlockLength];
        nonce.CopyTo(block);
        BinaryPrimitives.WriteUInt32BigEndian(block[nonce.Length..], count);
        return Vector128.Create<byte>(block);
    }

    /// <summary>Encrypts or decrypts from the second counter block on; <paramref name="destination"/> may be <paramref name="source"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        Vector128<uint> counter = Counter(nonce);
        for (; source.Length >= RunLength; source = source[RunLength..], destination = destination[RunLength..])
        {
            Run(ref MemoryMarshal.GetReference(source), ref MemoryMarshal.GetReference(destination), counter);
            counter = Next(counter);
        }

        if (!source.IsEmpty)
        {
            Span<byte> last = stackalloc byte[RunLength];
            source.CopyTo(last);
            Run(ref MemoryMarshal.GetReference(last), ref MemoryMarshal.GetReference(last), counter);
            last[..source.Length].CopyTo(destination);
            last.Clear();
        }
    }

    /// <summary>The second counter block of a nonce.</summary>
    public static Vector128<uint> Counter(ReadOnlySpan<byte> nonce) => Ssse3.Shuffle(Block(nonce, 2), Reverse).AsUInt32();

    /// <summary>The counter after a run.</summary>
    public static Vector128<uint> Next(Vector128<uint> counter) => counter + Vector128.CreateScalar(8u);

    /// <summary>Zeroes the key.</summary>
    public void Clear() => _keys.AsSpan().Clear();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Block(Vector128<uint> counter, uint further)
        => Ssse3.Shuffle((counter + Vector128.CreateScalar(further)).AsByte(), Reverse);

    /// <summary>Encrypts or decrypts <see cref="RunLength"/> bytes, eight blocks starting at <paramref name="counter"/>.</summary>
    /// <remarks>Blocks are interleaved because an AES instruction takes several cycles, and one can start in each cycle.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run(ref byte source, ref byte destination, Vector128<uint> counter)
    {
        ref Vector128<byte> keys = ref MemoryMarshal.GetArrayDataReference(_keys);
        int last = _keys.Length - 1;
        Vector128<byte> key = keys;
        Vector128<byte> b0 = Block(counter, 0) ^ key;
        Vector128<byte> b1 = Block(counter, 1) ^ key;
        Vector128<byte> b2 = Block(counter, 2) ^ key;
        Vector128<byte> b3 = Block(counter, 3) ^ key;
        Vector128<byte> b4 = Block(counter, 4) ^ key;
        Vector128<byte> b5 = Block(counter, 5) ^ key;
        Vector128<byte> b6 = Block(counter, 6) ^ key;
        Vector128<byte> b7 = Block(counter, 7) ^ key;
        for (int round = 1; round < last; round++)
        {
            key = Unsafe.Add(ref keys, round);
            b0 = AesInstructions.Encrypt(b0, key);
            b1 = AesInstructions.Encrypt(b1, key);
            b2 = AesInstructions.Encrypt(b2, key);
            b3 = AesInstructions.Encrypt(b3, key);
            b4 = AesInstructions.Encrypt(b4, key);
            b5 = AesInstructions.Encrypt(b5, key);
            b6 = AesInstructions.Encrypt(b6, key);
            b7 = AesInstructions.Encrypt(b7, key);
        }

        key = Unsafe.Add(ref keys, last);
        (AesInstructions.EncryptLast(b0, key) ^ Vector128.LoadUnsafe(ref source)).StoreUnsafe(ref destination);
        (AesInstructions.EncryptLast(b1, key) ^ Vector128.LoadUnsafe(ref source, 16)).StoreUnsafe(ref destination, 16);
        (AesInstructions.EncryptLast(b2, key) ^ Vector128.LoadUnsafe(ref source, 32)).StoreUnsafe(ref destination, 32);
        (AesInstructions.EncryptLast(b3, key) ^ Vector128.LoadUnsafe(ref source, 48)).StoreUnsafe(ref destination, 48);
        (AesInstructions.EncryptLast(b4, key) ^ Vector128.LoadUnsafe(ref source, 64)).StoreUnsafe(ref destination, 64);
        (AesInstructions.EncryptLast(b5, key) ^ Vector128.LoadUnsafe(ref source, 80)).StoreUnsafe(ref destination, 80);
        (AesInstructions.EncryptLast(b6, key) ^ Vector128.LoadUnsafe(ref source, 96)).StoreUnsafe(ref destination, 96);
        (AesInstructions.EncryptLast(b7, key) ^ Vector128.LoadUnsafe(ref source, 112)).StoreUnsafe(ref destination, 112);
    }
}
