using System.Security.Cryptography;

namespace SslModule.Engine.Crypto;

/// <summary>One direction's AEAD key, held as .NET's native handle. Nonces are 12 bytes, tags 16.</summary>
internal abstract class AeadAlgorithm : IDisposable
{
    /// <summary>The tag's length in bytes.</summary>
    public const int TagLength = 16;

    /// <summary>The nonce's length in bytes.</summary>
    public const int NonceLength = 12;

    /// <summary>AES-GCM with a 16- or 32-byte key.</summary>
    public static AeadAlgorithm AesGcm(ReadOnlySpan<byte> key) => new Gcm(key);

    /// <summary>ChaCha20-Poly1305 (RFC 8439): .NET's where the platform has it, BouncyCastle's otherwise.</summary>
    public static AeadAlgorithm ChaCha20Poly1305(ReadOnlySpan<byte> key)
        => System.Security.Cryptography.ChaCha20Poly1305.IsSupported ? new ChaCha(key) : new ManagedChaCha(key);

    /// <summary>Encrypts; <paramref name="ciphertext"/> may be <paramref name="plaintext"/> itself.</summary>
    public abstract void Encrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associatedData);

    /// <summary>Decrypts; <paramref name="plaintext"/> may be <paramref name="ciphertext"/> itself.</summary>
    /// <returns>False when the tag is wrong.</returns>
    public abstract bool TryDecrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associatedData);

    /// <inheritdoc/>
    public abstract void Dispose();

    private sealed class Gcm(ReadOnlySpan<byte> key) : AeadAlgorithm
    {
        private readonly System.Security.Cryptography.AesGcm _gcm = new(key, TagLength);

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

    private sealed class ManagedChaCha(ReadOnlySpan<byte> key) : AeadAlgorithm
    {
        private readonly byte[] _key = key.ToArray();

        public override void Encrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associatedData)
        {
            var cipher = Cipher(true, nonce, associatedData);
            byte[] output = new byte[cipher.GetOutputSize(plaintext.Length)];
            int n = cipher.ProcessBytes(plaintext, output);
            cipher.DoFinal(output.AsSpan(n));
            output.AsSpan(0, plaintext.Length).CopyTo(ciphertext);
            output.AsSpan(plaintext.Length).CopyTo(tag);
        }

        public override bool TryDecrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associatedData)
        {
            var cipher = Cipher(false, nonce, associatedData);
            byte[] output = new byte[ciphertext.Length + TagLength];
            try
            {
                int n = cipher.ProcessBytes(ciphertext, output);
                n += cipher.ProcessBytes(tag, output.AsSpan(n));
                n += cipher.DoFinal(output.AsSpan(n));
                output.AsSpan(0, n).CopyTo(plaintext);
                return true;
            }
            catch (Org.BouncyCastle.Crypto.InvalidCipherTextException)
            {
                return false;
            }
        }

        public override void Dispose() => CryptographicOperations.ZeroMemory(_key);

        private Org.BouncyCastle.Crypto.Modes.ChaCha20Poly1305 Cipher(bool encrypt, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData)
        {
            var cipher = new Org.BouncyCastle.Crypto.Modes.ChaCha20Poly1305();
            cipher.Init(encrypt, new Org.BouncyCastle.Crypto.Parameters.AeadParameters(
                new Org.BouncyCastle.Crypto.Parameters.KeyParameter(_key), TagLength * 8, nonce.ToArray(), associatedData.ToArray()));
            return cipher;
        }
    }
}
