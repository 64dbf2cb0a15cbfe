using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SslModule.Engine.Crypto;

/// <summary>TLS 1.3's HKDF-Expand-Label (RFC 8446 section 7.1).</summary>
internal static class KeySchedule
{
    private const int MaxDigestLength = 64;

    /// <summary>HKDF-Expand-Label with an empty context.</summary>
    /// <param name="hash">The code of the suite's hash.</param>
    /// <param name="secret">The secret to expand.</param>
    /// <param name="label">The label without the "tls13 " prefix.</param>
    /// <param name="output">Receives the key, IV or secret.</param>
    public static void ExpandLabel(int hash, ReadOnlySpan<byte> secret, string label, Span<byte> output)
        => ExpandLabel(hash, secret, label, [], output);

    /// <summary>HKDF-Expand-Label.</summary>
    /// <param name="hash">The code of the suite's hash.</param>
    /// <param name="secret">The secret to expand.</param>
    /// <param name="label">The label without the "tls13 " prefix.</param>
    /// <param name="context">At most 255 bytes.</param>
    /// <param name="output">Receives the key, IV or secret.</param>
    public static void ExpandLabel(int hash, ReadOnlySpan<byte> secret, string label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        ReadOnlySpan<byte> prefix = "tls13 "u8;
        Span<byte> block = stackalloc byte[2 + 1 + prefix.Length + label.Length + 1 + context.Length + 1];
        BinaryPrimitives.WriteUInt16BigEndian(block, (ushort)output.Length);
        block[2] = (byte)(prefix.Length + label.Length);
        prefix.CopyTo(block[3..]);
        Encoding.ASCII.GetBytes(label, block[(3 + prefix.Length)..]);
        block[3 + prefix.Length + label.Length] = (byte)context.Length;
        context.CopyTo(block[^(context.Length + 1)..]);
        block[^1] = 1;
        if (PlatformCryptography.IsOnly || output.Length > HashAlgorithms.Length(hash))
        {
            HKDF.Expand(HashAlgorithms.NameOf(hash), secret, output, block[..^1]);
            return;
        }

        Span<byte> digest = stackalloc byte[MaxDigestLength];
        HashAlgorithms.Hmac(hash, secret, block, digest);
        digest[..output.Length].CopyTo(output);
        CryptographicOperations.ZeroMemory(digest);
    }
}
