using System.Security.Cryptography;
using SslModule.Engine.Crypto;
using SslModule.Engine.Wire;
using HashAlgorithm = SslModule.Engine.Wire.HashAlgorithm;

namespace SslModule.Engine.Handshake.Tls12;

/// <summary>The pseudorandom function of TLS 1.2 and earlier: RFC 5246 section 5, and RFC 2246 section 5 for TLS 1.0 and 1.1.</summary>
internal static class Prf
{
    private const int MaxDigestLength = SHA512.HashSizeInBytes;

    // Labels, randoms and digests fit the stack; the context of exported keying material may not.
    private const int LongestOnStack = 512;

    /// <summary>Fills <paramref name="output"/>.</summary>
    /// <param name="version">TLS 1.0 to 1.2.</param>
    /// <param name="hash">The suite's hash algorithm, which only TLS 1.2 uses.</param>
    /// <param name="secret">The secret.</param>
    /// <param name="label">ASCII.</param>
    /// <param name="seed">What follows the label.</param>
    /// <param name="output">Receives the result.</param>
    public static void Fill(int version, int hash, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> label, ReadOnlySpan<byte> seed, Span<byte> output)
    {
        if (version >= ProtocolVersion.TLSv12)
        {
            Expand(hash, secret, label, seed, output);
            return;
        }

        // Each hash uses one half of the secret. If the length is odd, the halves share the middle byte.
        int half = (secret.Length + 1) / 2;
        Span<byte> other = output.Length <= LongestOnStack ? stackalloc byte[output.Length] : new byte[output.Length];
        Expand(HashAlgorithm.md5, secret[..half], label, seed, output);
        Expand(HashAlgorithm.sha1, secret[^half..], label, seed, other);
        for (int i = 0; i < output.Length; i++)
        {
            output[i] ^= other[i];
        }

        CryptographicOperations.ZeroMemory(other);
    }

    /// <summary>P_hash: HMACs over A(i), the label and the seed. A(i) is updated in place.</summary>
    private static void Expand(int hash, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> label, ReadOnlySpan<byte> seed, Span<byte> output)
    {
        int digestLength = HashAlgorithms.Length(hash);
        int length = digestLength + label.Length + seed.Length;
        Span<byte> block = length <= LongestOnStack ? stackalloc byte[length] : new byte[length];
        label.CopyTo(block[digestLength..]);
        seed.CopyTo(block[(digestLength + label.Length)..]);
        Span<byte> chunk = (stackalloc byte[MaxDigestLength])[..digestLength];
        HashAlgorithms.Hmac(hash, secret, block[digestLength..], block[..digestLength]);
        while (true)
        {
            HashAlgorithms.Hmac(hash, secret, block, chunk);
            int taken = Math.Min(digestLength, output.Length);
            chunk[..taken].CopyTo(output);
            output = output[taken..];
            if (output.IsEmpty)
            {
                break;
            }

            HashAlgorithms.Hmac(hash, secret, block[..digestLength], chunk);
            chunk.CopyTo(block);
        }

        CryptographicOperations.ZeroMemory(chunk);
        CryptographicOperations.ZeroMemory(block[..digestLength]);
    }
}
