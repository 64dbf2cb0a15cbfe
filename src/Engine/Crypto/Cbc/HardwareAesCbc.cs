using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using AesInstructions = System.Runtime.Intrinsics.X86.Aes;

namespace SslModule.Engine.Crypto.Cbc;

/// <summary>AES-CBC with AES instructions, in constant time.</summary>
internal sealed class HardwareAesCbc : CbcMode
{
    private const int Length = 16;
    private const int RunLength = 8 * Length;
    private readonly Vector128<byte>[] _writeKeys;
    private readonly Vector128<byte>[] _readKeys;

    /// <summary>Creates the cipher with keys of 16 or 32 bytes.</summary>
    public HardwareAesCbc(ReadOnlySpan<byte> writeKey, ReadOnlySpan<byte> readKey)
    {
        _writeKeys = new Vector128<byte>[AesKeySchedule.Count(writeKey.Length)];
        AesKeySchedule.Expand(writeKey, _writeKeys);
        _readKeys = new Vector128<byte>[AesKeySchedule.Count(readKey.Length)];
        AesKeySchedule.Expand(readKey, _readKeys);
        AesKeySchedule.Invert(_readKeys);
    }

    /// <inheritdoc/>
    public override int BlockLength => Length;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Encrypt(Span<byte> chain, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        ref Vector128<byte> keys = ref MemoryMarshal.GetArrayDataReference(_writeKeys);
        int last = _writeKeys.Length - 1;
        Vector128<byte> block = Vector128.Create<byte>(chain);
        for (; source.Length >= Length; source = source[Length..], destination = destination[Length..])
        {
            block ^= Vector128.Create(source) ^ keys;
            for (int round = 1; round < last; round++)
            {
                block = AesInstructions.Encrypt(block, Unsafe.Add(ref keys, round));
            }

            block = AesInstructions.EncryptLast(block, Unsafe.Add(ref keys, last));
            block.CopyTo(destination);
        }

        block.CopyTo(chain);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Decrypt(Span<byte> chain, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        Vector128<byte> before = Vector128.Create<byte>(chain);
        for (; source.Length >= RunLength; source = source[RunLength..], destination = destination[RunLength..])
        {
            before = Run(source[..RunLength], destination[..RunLength], before);
        }

        ReadOnlySpan<Vector128<byte>> keys = _readKeys;
        for (; source.Length >= Length; source = source[Length..], destination = destination[Length..])
        {
            Vector128<byte> ciphertext = Vector128.Create(source);
            Vector128<byte> block = ciphertext ^ keys[0];
            foreach (Vector128<byte> key in keys[1..^1])
            {
                block = AesInstructions.Decrypt(block, key);
            }

            (AesInstructions.DecryptLast(block, keys[^1]) ^ before).CopyTo(destination);
            before = ciphertext;
        }

        before.CopyTo(chain);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _writeKeys.AsSpan().Clear();
        _readKeys.AsSpan().Clear();
    }

    /// <summary>Decrypts eight blocks at once, because an AES instruction takes several cycles, and one can start in each.</summary>
    /// <returns>The last ciphertext block.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<byte> Run(ReadOnlySpan<byte> text, Span<byte> plaintext, Vector128<byte> before)
    {
        ref byte source = ref MemoryMarshal.GetReference(text);
        ref byte destination = ref MemoryMarshal.GetReference(plaintext);
        ref Vector128<byte> keys = ref MemoryMarshal.GetArrayDataReference(_readKeys);
        int last = _readKeys.Length - 1;
        Vector128<byte> key = keys;
        Vector128<byte> behind = Vector128.LoadUnsafe(ref source, 112);
        Vector128<byte> b0 = Vector128.LoadUnsafe(ref source) ^ key;
        Vector128<byte> b1 = Vector128.LoadUnsafe(ref source, 16) ^ key;
        Vector128<byte> b2 = Vector128.LoadUnsafe(ref source, 32) ^ key;
        Vector128<byte> b3 = Vector128.LoadUnsafe(ref source, 48) ^ key;
        Vector128<byte> b4 = Vector128.LoadUnsafe(ref source, 64) ^ key;
        Vector128<byte> b5 = Vector128.LoadUnsafe(ref source, 80) ^ key;
        Vector128<byte> b6 = Vector128.LoadUnsafe(ref source, 96) ^ key;
        Vector128<byte> b7 = behind ^ key;
        for (int round = 1; round < last; round++)
        {
            key = Unsafe.Add(ref keys, round);
            b0 = AesInstructions.Decrypt(b0, key);
            b1 = AesInstructions.Decrypt(b1, key);
            b2 = AesInstructions.Decrypt(b2, key);
            b3 = AesInstructions.Decrypt(b3, key);
            b4 = AesInstructions.Decrypt(b4, key);
            b5 = AesInstructions.Decrypt(b5, key);
            b6 = AesInstructions.Decrypt(b6, key);
            b7 = AesInstructions.Decrypt(b7, key);
        }

        // From last to first: when decrypting in place, a block's predecessor must still be ciphertext.
        key = Unsafe.Add(ref keys, last);
        (AesInstructions.DecryptLast(b7, key) ^ Vector128.LoadUnsafe(ref source, 96)).StoreUnsafe(ref destination, 112);
        (AesInstructions.DecryptLast(b6, key) ^ Vector128.LoadUnsafe(ref source, 80)).StoreUnsafe(ref destination, 96);
        (AesInstructions.DecryptLast(b5, key) ^ Vector128.LoadUnsafe(ref source, 64)).StoreUnsafe(ref destination, 80);
        (AesInstructions.DecryptLast(b4, key) ^ Vector128.LoadUnsafe(ref source, 48)).StoreUnsafe(ref destination, 64);
        (AesInstructions.DecryptLast(b3, key) ^ Vector128.LoadUnsafe(ref source, 32)).StoreUnsafe(ref destination, 48);
        (AesInstructions.DecryptLast(b2, key) ^ Vector128.LoadUnsafe(ref source, 16)).StoreUnsafe(ref destination, 32);
        (AesInstructions.DecryptLast(b1, key) ^ Vector128.LoadUnsafe(ref source)).StoreUnsafe(ref destination, 16);
        (AesInstructions.DecryptLast(b0, key) ^ before).StoreUnsafe(ref destination);
        return behind;
    }
}
