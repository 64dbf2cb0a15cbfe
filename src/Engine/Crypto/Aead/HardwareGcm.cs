using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Crypto;

/// <summary>
/// AES-GCM (NIST SP 800-38D) with processor instructions. For short records this is faster than a call into a native library,
/// whose overhead exceeds the encryption itself.
/// </summary>
internal sealed class HardwareGcm : AeadAlgorithm
{
    private readonly AesCounter _cipher;
    private readonly Ghash _hash;
    private PlatformAead.Gcm? _platform;

    /// <summary>Expands a key of 16 or 32 bytes.</summary>
    public HardwareGcm(ReadOnlySpan<byte> key)
    {
        _cipher = new AesCounter(key);
        _hash = new Ghash(_cipher.Encrypt(Vector128<byte>.Zero));
    }

    /// <summary>True when the processor supports the instructions.</summary>
    public static bool IsSupported => AesCounter.IsSupported && Ghash.IsSupported;

    /// <summary>True when this is used: the processor supports it, and the cryptography may be other than the platform's.</summary>
    public static bool IsUsed => IsSupported && !PlatformCryptography.IsOnly;

    /// <summary>Which instructions, and for which texts, in a few words for a report.</summary>
    public static string Description
    {
        get
        {
            int longest = GcmSpeed.LongestText(keyLength: 32);
            string longer = longest == int.MaxValue ? "" : $", the platform's beyond {longest} bytes, measured as faster there";
            return $"the processor's instructions ({(Ghash.IsWide ? "256" : "128")} bits wide){longer}";
        }
    }

    /// <summary>The longest text processed here; .NET's implementation takes longer ones. Null: whichever is faster (<see cref="GcmSpeed"/>).</summary>
    public int? Longest { get; init; }

    private bool GoesToPlatform(int length)
        => Longest is { } longest ? length > longest : length > GcmSpeed.Short && length > GcmSpeed.LongestText(_cipher.Key.Length);

    private PlatformAead.Gcm Platform => _platform ??= new PlatformAead.Gcm(_cipher.Key);

    /// <inheritdoc/>
    public override void Encrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associatedData)
    {
        if (GoesToPlatform(plaintext.Length))
        {
            Platform.Encrypt(nonce, plaintext, ciphertext, tag, associatedData);
            return;
        }

        Seal(nonce, plaintext, [], ciphertext, tag, associatedData);
    }

    /// <inheritdoc/>
    public override void EncryptInner(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> content, ContentType contentType, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associatedData)
    {
        if (GoesToPlatform(ciphertext.Length))
        {
            base.EncryptInner(nonce, content, contentType, ciphertext, tag, associatedData);
            return;
        }

        Seal(nonce, content, [(byte)contentType], ciphertext, tag, associatedData);
    }

    /// <inheritdoc/>
    /// <remarks>Decrypts only after the tag has been verified.</remarks>
    public override bool TryDecrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associatedData)
    {
        if (GoesToPlatform(ciphertext.Length))
        {
            return Platform.TryDecrypt(nonce, ciphertext, tag, plaintext, associatedData);
        }

        Span<byte> expected = stackalloc byte[Vector128<byte>.Count];
        Vector128<ulong> hash = _hash.Absorb(_hash.Absorb(Vector128<ulong>.Zero, associatedData), ciphertext);
        Tag(nonce, hash, associatedData.Length, ciphertext.Length).CopyTo(expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, tag))
        {
            return false;
        }

        _cipher.Apply(nonce, ciphertext, plaintext);
        return true;
    }

    /// <inheritdoc/>
    public override bool TryRekey(ReadOnlySpan<byte> key)
    {
        _platform?.Dispose();
        _platform = null;
        _cipher.Rekey(key);
        _hash.Rekey(_cipher.Encrypt(Vector128<byte>.Zero));
        return true;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _cipher.Clear();
        _hash.Clear();
        _platform?.Dispose();
    }

    /// <summary>Encrypts a text in two pieces, the second of which has at most one byte.</summary>
    private void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> text, ReadOnlySpan<byte> behind, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associatedData)
    {
        Vector128<uint> counter = AesCounter.Counter(nonce);
        Vector128<ulong> hash = SealRuns(text, ciphertext, ref counter, _hash.Absorb(Vector128<ulong>.Zero, associatedData));
        int done = text.Length & -AesCounter.RunLength;
        if (done < ciphertext.Length)
        {
            Span<byte> run = stackalloc byte[AesCounter.RunLength];
            text[done..].CopyTo(run);
            behind.CopyTo(run[(text.Length - done)..]);
            _cipher.Run(ref MemoryMarshal.GetReference(run), ref MemoryMarshal.GetReference(run), counter);
            Span<byte> last = ciphertext[done..];
            run[..last.Length].CopyTo(last);
            hash = _hash.Absorb(hash, last);
        }

        Tag(nonce, hash, associatedData.Length, ciphertext.Length).CopyTo(tag);
    }

    // The hash runs two runs behind the encryption, so that both interleave and loads do not wait for stores.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Vector128<ulong> SealRuns(ReadOnlySpan<byte> source, Span<byte> destination, ref Vector128<uint> counter, Vector128<ulong> hash)
    {
        const int Behind = 2 * AesCounter.RunLength;
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref byte to = ref MemoryMarshal.GetReference(destination);
        Vector128<uint> count = counter;
        Vector128<ulong> absorbed = hash;
        nuint length = (nuint)(source.Length & -AesCounter.RunLength);
        for (nuint at = 0; at < length; at += AesCounter.RunLength)
        {
            _cipher.Run(ref Unsafe.Add(ref from, at), ref Unsafe.Add(ref to, at), count);
            count = AesCounter.Next(count);
            if (at >= Behind)
            {
                absorbed = _hash.Absorb(absorbed, ref Unsafe.Add(ref to, at - Behind));
            }
        }

        counter = count;
        int left = (int)Math.Min(length, Behind);
        return _hash.Absorb(absorbed, destination.Slice((int)length - left, left));
    }

    private Vector128<byte> Tag(ReadOnlySpan<byte> nonce, Vector128<ulong> hash, int associatedData, int ciphertext)
        => _hash.Finish(hash, associatedData, ciphertext) ^ _cipher.Encrypt(AesCounter.Block(nonce, 1));
}
