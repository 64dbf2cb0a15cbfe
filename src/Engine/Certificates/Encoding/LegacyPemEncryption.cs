using System.Security.Cryptography;

namespace SslModule.Engine.Certificates;

/// <summary>Decrypts "Proc-Type: 4,ENCRYPTED" PEM (RFC 1421), whose key is derived with MD5 from password and salt.</summary>
internal static class LegacyPemEncryption
{
    private const int SaltLength = 8;

    /// <summary>Decrypts a block with the DEK-Info header <paramref name="info"/>; null on failure.</summary>
    public static byte[]? Decrypt(string info, byte[] data, byte[] password)
    {
        string[] parts = info.Split(',', 2);
        if (parts.Length != 2 || CbcCipher.FromName(parts[0].Trim()) is not { } cipher)
        {
            return null;
        }

        byte[] iv;
        try
        {
            iv = Convert.FromHexString(parts[1].Trim());
        }
        catch (FormatException)
        {
            return null;
        }

        return iv.Length < SaltLength ? null : cipher.Decrypt(Key(password, iv.AsSpan(0, SaltLength), cipher.KeySize), iv, data);
    }

    // EVP_BytesToKey with one iteration: each digest covers the previous one, the password and the salt.
    private static byte[] Key(byte[] password, ReadOnlySpan<byte> salt, int size)
    {
        var key = new byte[size];
        byte[] input = [.. new byte[MD5.HashSizeInBytes], .. password, .. salt];
        Span<byte> block = input.AsSpan(0, MD5.HashSizeInBytes);
        for (int at = 0; at < size; at += MD5.HashSizeInBytes)
        {
            MD5.HashData(at == 0 ? input.AsSpan(MD5.HashSizeInBytes) : input, block);
            block[..Math.Min(block.Length, size - at)].CopyTo(key.AsSpan(at));
        }

        CryptographicOperations.ZeroMemory(input);
        return key;
    }
}
