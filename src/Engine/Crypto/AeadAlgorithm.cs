using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace SslModule.Engine.Crypto;

/// <summary>One direction's AEAD key, ready to use. Nonces are 12 bytes, tags 16 or, in CCM_8, 8.</summary>
internal abstract class AeadAlgorithm : IDisposable
{
    private const int LongTag = 16;
    private const int ShortTag = 8;

    /// <summary>The tag's length in bytes.</summary>
    public virtual int TagLength => LongTag;

    /// <summary>The nonce's length in bytes.</summary>
    public const int NonceLength = 12;

    /// <summary>AES-GCM with a 16- or 32-byte key: the engine's own where the processor has the instructions, .NET's otherwise.</summary>
    public static AeadAlgorithm AesGcm(ReadOnlySpan<byte> key) => HardwareGcm.IsSupported ? new HardwareGcm(key) : new Gcm(key);

    /// <summary>ChaCha20-Poly1305 (RFC 8439): .NET's where the platform has it, BouncyCastle's otherwise.</summary>
    public static AeadAlgorithm ChaCha20Poly1305(ReadOnlySpan<byte> key)
        => System.Security.Cryptography.ChaCha20Poly1305.IsSupported ? new ChaCha(key) : new Managed(key, LongTag, () => new Org.BouncyCastle.Crypto.Modes.ChaCha20Poly1305());

    /// <summary>AES-CCM (RFC 6655): .NET's where the platform has it, BouncyCastle's otherwise.</summary>
    public static AeadAlgorithm AesCcm(ReadOnlySpan<byte> key)
        => System.Security.Cryptography.AesCcm.IsSupported ? new Ccm(key, LongTag) : new Managed(key, LongTag, NewCcm);

    /// <summary>AES-CCM with a tag of 8 bytes.</summary>
    public static AeadAlgorithm AesCcm8(ReadOnlySpan<byte> key)
        => System.Security.Cryptography.AesCcm.IsSupported ? new Ccm(key, ShortTag) : new Managed(key, ShortTag, NewCcm);

    /// <summary>ARIA-GCM (RFC 6209) with a 16- or 32-byte key.</summary>
    public static AeadAlgorithm AriaGcm(ReadOnlySpan<byte> key) => new Managed(key, LongTag, () => new GcmBlockCipher(new AriaEngine()));

    private static CcmBlockCipher NewCcm() => new(new AesEngine());

    /// <summary>Encrypts; <paramref name="ciphertext"/> may be <paramref name="plaintext"/> itself.</summary>
    public abstract void Encrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associatedData);

    /// <summary>Encrypts a TLSInnerPlaintext without padding (RFC 8446 section 5.2): a record's content, and its type behind it.</summary>
    public virtual void EncryptInner(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> content, byte contentType, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associatedData)
    {
        content.CopyTo(ciphertext);
        ciphertext[^1] = contentType;
        Encrypt(nonce, ciphertext, ciphertext, tag, associatedData);
    }

    /// <summary>Decrypts; <paramref name="plaintext"/> may be <paramref name="ciphertext"/> itself.</summary>
    /// <returns>False when the tag is wrong.</returns>
    public abstract bool TryDecrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associatedData);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>.NET's AES-GCM.</summary>
    internal sealed class Gcm(ReadOnlySpan<byte> key) : AeadAlgorithm
    {
        private readonly System.Security.Cryptography.AesGcm _gcm = new(key, LongTag);

        public override void Encrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associatedData)
            => _gcm.Encrypt(nonce, plaintext, ciphertext, tag, associatedData);

        public override bool TryDecrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associatedData)
        {
            try
            {
                _gcm.Decrypt(nonce, ciphertext, tag, plaintext, associatedData);
                return true;
            }
            catch (AuthenticationTagMismatchException)
            {
                return false;
            }
        }

        public override void Dispose() => _gcm.Dispose();
    }

    private sealed class ChaCha(ReadOnlySpan<byte> key) : AeadAlgorithm
    {
        private readonly System.Security.Cryptography.ChaCha20Poly1305 _chacha = new(key);

        public override void Encrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associatedData)
            => _chacha.Encrypt(nonce, plaintext, ciphertext, tag, associatedData);

        public override bool TryDecrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associatedData)
        {
            try
            {
                _chacha.Decrypt(nonce, ciphertext, tag, plaintext, associatedData);
                return true;
            }
            catch (AuthenticationTagMismatchException)
            {
                return false;
            }
        }

        public override void Dispose() => _chacha.Dispose();
    }

    private sealed class Ccm(ReadOnlySpan<byte> key, int tagLength) : AeadAlgorithm
    {
        private readonly System.Security.Cryptography.AesCcm _ccm = new(key);

        public override int TagLength => tagLength;

        public override void Encrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associatedData)
            => _ccm.Encrypt(nonce, plaintext, ciphertext, tag, associatedData);

        public override bool TryDecrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associatedData)
        {
            try
            {
                _ccm.Decrypt(nonce, ciphertext, tag, plaintext, associatedData);
                return true;
            }
            catch (AuthenticationTagMismatchException)
            {
                return false;
            }
        }

        public override void Dispose() => _ccm.Dispose();
    }

    /// <summary>BouncyCastle's implementation of an algorithm that the platform lacks.</summary>
    internal sealed class Managed(ReadOnlySpan<byte> key, int tagLength, Func<IAeadCipher> create) : AeadAlgorithm
    {
        private readonly byte[] _key = key.ToArray();

        public override int TagLength => tagLength;

        public override void Encrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associatedData)
        {
            IAeadCipher cipher = Cipher(true, nonce, associatedData);
            byte[] output = new byte[cipher.GetOutputSize(plaintext.Length)];
            int n = cipher.ProcessBytes(plaintext, output);
            cipher.DoFinal(output.AsSpan(n));
            output.AsSpan(0, plaintext.Length).CopyTo(ciphertext);
            output.AsSpan(plaintext.Length).CopyTo(tag);
        }

        public override bool TryDecrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associatedData)
        {
            IAeadCipher cipher = Cipher(false, nonce, associatedData);
            byte[] output = new byte[ciphertext.Length + tag.Length];
            try
            {
                int n = cipher.ProcessBytes(ciphertext, output);
                n += cipher.ProcessBytes(tag, output.AsSpan(n));
                n += cipher.DoFinal(output.AsSpan(n));
                output.AsSpan(0, n).CopyTo(plaintext);
                return true;
            }
            catch (InvalidCipherTextException)
            {
                return false;
            }
        }

        public override void Dispose() => CryptographicOperations.ZeroMemory(_key);

        private IAeadCipher Cipher(bool encrypt, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData)
        {
            IAeadCipher cipher = create();
            cipher.Init(encrypt, new AeadParameters(new KeyParameter(_key), tagLength * 8, nonce.ToArray(), associatedData.ToArray()));
            return cipher;
        }
    }
}
