using System.Security.Cryptography;
using SslModule.Engine.Crypto;
using HashAlgorithm = SslModule.Engine.Wire.HashAlgorithm;

namespace SslModule.Engine.Handshake.Tls12;

/// <summary>
/// Differences of SSL 3.0 from TLS 1.0. Keys, Finished and signatures use hashes without HMAC (RFC 6101 sections 5.6.8, 5.6.9 and
/// 6), the MAC is <see cref="Records.Ssl3RecordMac"/>, and a client without a certificate sends an alert (section 5.5.2). The only
/// extension is renegotiation_info in the ServerHello (RFC 5746 section 4.5).
/// </summary>
internal static class Ssl3
{
    /// <summary>The length of a Finished: an MD5 hash and a SHA-1 hash.</summary>
    public const int FinishedLength = MD5.HashSizeInBytes + SHA1.HashSizeInBytes;

    private const int Md5PadLength = 48;
    private const int Sha1PadLength = 40;

    /// <summary>Derives the master secret or the key block: MD5 over the secret and a SHA-1 hash of a repeated letter, the secret and the seed.</summary>
    public static void Derive(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> seed, Span<byte> output)
    {
        for (int round = 1; !output.IsEmpty; round++)
        {
            byte[] letters = new byte[round];
            Array.Fill(letters, (byte)('A' - 1 + round));
            byte[] inner = SHA1.HashData([.. letters, .. secret, .. seed]);
            byte[] chunk = MD5.HashData([.. secret, .. inner]);
            int taken = Math.Min(chunk.Length, output.Length);
            chunk.AsSpan(0, taken).CopyTo(output);
            output = output[taken..];
            CryptographicOperations.ZeroMemory(inner);
            CryptographicOperations.ZeroMemory(chunk);
        }
    }

    /// <summary>The verify_data of a Finished.</summary>
    public static byte[] VerifyData(ReadOnlySpan<byte> master, bool ofServer, ReadOnlySpan<byte> messages)
        => Hashes(master, ofServer ? "SRVR"u8 : "CLNT"u8, messages);

    /// <summary>The concatenated MD5 and SHA-1 hashes that a CertificateVerify signs.</summary>
    public static byte[] SignedHashes(ReadOnlySpan<byte> master, ReadOnlySpan<byte> messages) => Hashes(master, [], messages);

    private static byte[] Hashes(ReadOnlySpan<byte> master, ReadOnlySpan<byte> sender, ReadOnlySpan<byte> messages) =>
    [
        .. Nested(HashAlgorithm.md5, Md5PadLength, master, sender, messages),
        .. Nested(HashAlgorithm.sha1, Sha1PadLength, master, sender, messages),
    ];

    private static byte[] Nested(int hash, int padLength, ReadOnlySpan<byte> master, ReadOnlySpan<byte> sender, ReadOnlySpan<byte> messages)
    {
        byte[] pad = new byte[padLength];
        Array.Fill(pad, (byte)0x36);
        byte[] inner = HashAlgorithms.Hash(hash, [.. messages, .. sender, .. master, .. pad]);
        Array.Fill(pad, (byte)0x5C);
        return HashAlgorithms.Hash(hash, [.. master, .. pad, .. inner]);
    }
}
