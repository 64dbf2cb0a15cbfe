using System.Security.Cryptography;
using SslModule.Engine.Crypto;

namespace SslModule.Engine.Handshake;

/// <summary>
/// What the signature and the Finished of one post-handshake authentication cover: the first handshake up to the client's
/// Finished, then the messages of this exchange (RFC 8446 section 4.4).
/// </summary>
internal sealed class PostHandshakeTranscript(Transcript firstHandshake, AeadRecordCipher cipher)
{
    private readonly List<byte> _messages = [];

    /// <summary>The length of a Finished.</summary>
    public int HashLength => cipher.ClientSecret.Length;

    /// <summary>Adds a whole message.</summary>
    public void Add(byte[] message) => _messages.AddRange(message);

    /// <summary>What the client signs (RFC 8446 section 4.4.3).</summary>
    public byte[] SignedContent()
        => [.. Enumerable.Repeat((byte)0x20, 64), .. "TLS 1.3, client CertificateVerify"u8, 0, .. Current()];

    /// <summary>The client's verify_data, keyed by its application traffic secret in force (RFC 8446 section 4.4.4).</summary>
    public byte[] VerifyData()
    {
        byte[] digest = Current();
        Span<byte> key = stackalloc byte[digest.Length];
        KeySchedule.ExpandLabel(cipher.Hash, cipher.ClientSecret, "finished", key);
        byte[] verifyData = new byte[digest.Length];
        HashAlgorithms.Hmac(cipher.Hash, key, digest, verifyData);
        CryptographicOperations.ZeroMemory(key);
        return verifyData;
    }

    /// <summary>True when a received Finished body is right.</summary>
    public bool Matches(ReadOnlySpan<byte> verifyData) => CryptographicOperations.FixedTimeEquals(VerifyData(), verifyData);

    private byte[] Current() => firstHandshake.Hash(cipher.Hash, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_messages));
}
