using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace SslModule.Engine.Crypto;

/// <summary>
/// AES-GCM (NIST SP 800-38D) by the processor's instructions, without a call into a native library: five of those cost more
/// than a short record's encryption.
/// </summary>
internal sealed class HardwareGcm : AeadAlgorithm
{
    private readonly AesCounter _cipher;
    private readonly Ghash _hash;
    private Gcm? _platform;

    /// <summary>Expands a key of 16 or 32 bytes.</summary>
    public HardwareGcm(ReadOnlySpan<byte> key)
    {
        _cipher = new AesCounter(key);
        _hash = new Ghash(_cipher.Encrypt(Vector128<byte>.Zero));
    }

    /// <summary>True where the processor has the instructions.</summary>
    public static bool IsSupported => AesCounter.IsSupported && Ghash.IsSupported;

    /// <summary>
    /// The longest text that goes through here; .NET's does longer ones. Code that is compiled for the very processor wins at
    /// every length, code that must run on any up to a few KiB.
    /// </summary>
    public int Longest { get; init; } = RuntimeFeature.IsDynamicCodeCompiled && Pclmulqdq.V256.IsSupported ? int.MaxValue : 4096;

    private Gcm Platform => _platform ??= new Gcm(_cipher.Key);

    /// <inheritdoc/>
    public override void Encrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associatedData)
    {
        if (plaintext.Length > Longest)
        {
            Platform.Encrypt(nonce, plaintext, ciphertext, tag, associatedData);
            return;
        }

        _cipher.Apply(nonce, plaintext, ciphertext);
        Tag(nonce, ciphertext, associatedData).CopyTo(tag);
    }

    /// <inheritdoc/>
    /// <remarks>Nothing is decrypted before the tag was found right.</remarks>
    public override bool TryDecrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associatedData)
    {
        if (ciphertext.Length > Longest)
        {
            return Platform.TryDecrypt(nonce, ciphertext, tag, plaintext, associatedData);
        }

        Span<byte> expected = stackalloc byte[Vector128<byte>.Count];
        Tag(nonce, ciphertext, associatedData).CopyTo(expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, tag))
        {
            return false;
        }

        _cipher.Apply(nonce, ciphertext, plaintext);
        return true;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _cipher.Clear();
        _hash.Clear();
        _platform?.Dispose();
    }

    private Vector128<byte> Tag(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> associatedData)
        => _hash.Hash(associatedData, ciphertext) ^ _cipher.Encrypt(AesCounter.Block(nonce, 1));
}
