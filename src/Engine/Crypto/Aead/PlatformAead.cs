using System.Security.Cryptography;

namespace SslModule.Engine.Crypto;

/// <summary>.NET's AEAD implementations, which call the platform's crypto library.</summary>
internal abstract class PlatformAead : AeadAlgorithm
{
    /// <inheritdoc/>
    public sealed override bool TryDecrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associatedData)
    {
        try
        {
            Decrypt(nonce, ciphertext, tag, plaintext, associatedData);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    /// <summary>Decrypts, or throws an <see cref="AuthenticationTagMismatchException"/>.</summary>
    protected abstract void Decrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associatedData);

    /// <summary>AES-GCM.</summary>
    internal sealed class Gcm(ReadOnlySpan<byte> key) : PlatformAead
    {
        private readonly System.Security.Cryptography.AesGcm _gcm = new(key, LongTag);

        public override void Encrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associatedData)
            => _gcm.Encrypt(nonce, plaintext, ciphertext, tag, associatedData);

        public override void Dispose() => _gcm.Dispose();

        protected override void Decrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associatedData)
            => _gcm.Decrypt(nonce, ciphertext, tag, plaintext, associatedData);
    }

    /// <summary>ChaCha20-Poly1305.</summary>
    internal sealed class ChaCha(ReadOnlySpan<byte> key) : PlatformAead
    {
        private readonly System.Security.Cryptography.ChaCha20Poly1305 _chacha = new(key);

        public override void Encrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associatedData)
            => _chacha.Encrypt(nonce, plaintext, ciphertext, tag, associatedData);

        public override void Dispose() => _chacha.Dispose();

        protected override void Decrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associatedData)
            => _chacha.Decrypt(nonce, ciphertext, tag, plaintext, associatedData);
    }

    /// <summary>AES-CCM.</summary>
    internal sealed class Ccm(ReadOnlySpan<byte> key, int tagLength) : PlatformAead
    {
        private readonly System.Security.Cryptography.AesCcm _ccm = new(key);

        public override int TagLength => tagLength;

        public override void Encrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associatedData)
            => _ccm.Encrypt(nonce, plaintext, ciphertext, tag, associatedData);

        public override void Dispose() => _ccm.Dispose();

        protected override void Decrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associatedData)
            => _ccm.Decrypt(nonce, ciphertext, tag, plaintext, associatedData);
    }
}
