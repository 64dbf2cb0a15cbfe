using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Modes;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Crypto;

/// <summary>An AEAD algorithm with the key of one direction. Nonces are 12 bytes, tags 16 bytes or, for CCM_8, 8 bytes.</summary>
internal abstract class AeadAlgorithm : IDisposable
{
    private protected const int LongTag = 16;
    private const int ShortTag = 8;

    /// <summary>The tag's length in bytes.</summary>
    public virtual int TagLength => LongTag;

    /// <summary>The nonce's length in bytes.</summary>
    public const int NonceLength = 12;

    /// <summary>Creates AES-GCM with a 16- or 32-byte key: by processor instructions where they are used, else .NET's.</summary>
    public static AeadAlgorithm AesGcm(ReadOnlySpan<byte> key) => HardwareGcm.IsUsed ? new HardwareGcm(key) : new PlatformAead.Gcm(key);

    /// <summary>Creates ChaCha20-Poly1305 (RFC 8439): .NET's when the platform supports it, else BouncyCastle's.</summary>
    public static AeadAlgorithm ChaCha20Poly1305(ReadOnlySpan<byte> key)
        => System.Security.Cryptography.ChaCha20Poly1305.IsSupported ? new PlatformAead.ChaCha(key) : new ManagedAead(key, LongTag, () => new Org.BouncyCastle.Crypto.Modes.ChaCha20Poly1305());

    /// <summary>Creates AES-CCM (RFC 6655): .NET's when the platform supports it, else BouncyCastle's.</summary>
    public static AeadAlgorithm AesCcm(ReadOnlySpan<byte> key)
        => System.Security.Cryptography.AesCcm.IsSupported ? new PlatformAead.Ccm(key, LongTag) : new ManagedAead(key, LongTag, NewCcm);

    /// <summary>Creates AES-CCM with a tag of 8 bytes.</summary>
    public static AeadAlgorithm AesCcm8(ReadOnlySpan<byte> key)
        => System.Security.Cryptography.AesCcm.IsSupported ? new PlatformAead.Ccm(key, ShortTag) : new ManagedAead(key, ShortTag, NewCcm);

    /// <summary>Creates ARIA-GCM (RFC 6209) with a 16- or 32-byte key.</summary>
    public static AeadAlgorithm AriaGcm(ReadOnlySpan<byte> key) => new ManagedAead(key, LongTag, () => new GcmBlockCipher(new AriaEngine()));

    private static CcmBlockCipher NewCcm() => new(new AesEngine());

    /// <summary>Encrypts; <paramref name="ciphertext"/> may be <paramref name="plaintext"/>.</summary>
    public abstract void Encrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associatedData);

    /// <summary>Encrypts a TLSInnerPlaintext without padding (RFC 8446 section 5.2): the content, then its type.</summary>
    public virtual void EncryptInner(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> content, ContentType contentType, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associatedData)
    {
        content.CopyTo(ciphertext);
        ciphertext[^1] = (byte)contentType;
        Encrypt(nonce, ciphertext, ciphertext, tag, associatedData);
    }

    /// <summary>Decrypts; <paramref name="plaintext"/> may be <paramref name="ciphertext"/>.</summary>
    /// <returns>False when the tag is wrong.</returns>
    public abstract bool TryDecrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associatedData);

    /// <summary>Replaces the key with another of the same length.</summary>
    /// <returns>False when the algorithm does not support this; the caller then disposes of it and creates a new one.</returns>
    public virtual bool TryRekey(ReadOnlySpan<byte> key) => false;

    /// <inheritdoc/>
    public abstract void Dispose();
}
