using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace SslModule.Engine.Crypto;

/// <summary>BouncyCastle's AEAD implementations, for algorithms that the platform lacks.</summary>
internal sealed class ManagedAead(ReadOnlySpan<byte> key, int tagLength, Func<IAeadCipher> create) : AeadAlgorithm
{
    private readonly byte[] _key = key.ToArray();

    /// <inheritdoc/>
    public override int TagLength => tagLength;

    /// <inheritdoc/>
    public override void Encrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associatedData)
    {
        IAeadCipher cipher = Cipher(true, nonce, associatedData);
        byte[] output = new byte[cipher.GetOutputSize(plaintext.Length)];
        int n = cipher.ProcessBytes(plaintext, output);
        cipher.DoFinal(output.AsSpan(n));
        output.AsSpan(0, plaintext.Length).CopyTo(ciphertext);
        output.AsSpan(plaintext.Length).CopyTo(tag);
    }

    /// <inheritdoc/>
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

    /// <inheritdoc/>
    public override void Dispose() => CryptographicOperations.ZeroMemory(_key);

    private IAeadCipher Cipher(bool encrypt, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData)
    {
        IAeadCipher cipher = create();
        cipher.Init(encrypt, new AeadParameters(new KeyParameter(_key), tagLength * 8, nonce.ToArray(), associatedData.ToArray()));
        return cipher;
    }
}
