using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using SslModule.Engine.Crypto;
using SslModule.Engine.Handshake.Tls13;
using SslModule.Engine.Records;

namespace SslModule.Engine.Handshake;

/// <summary>
/// The transcript of one post-handshake authentication: the main handshake up to the client's Finished, then the messages of this
/// exchange (RFC 8446 section 4.4). Only the hash is kept.
/// </summary>
internal sealed class PostHandshakeTranscript(Transcript firstHandshake, AeadRecordCipher cipher)
{
    private readonly IDigest _hash = firstHandshake.CopyHash();

    /// <summary>The length of a Finished.</summary>
    public int HashLength => cipher.ClientSecret.Length;

    /// <summary>Adds a whole message.</summary>
    public void Add(byte[] message) => _hash.BlockUpdate(message);

    /// <summary>The transcript hash, which the client signs (RFC 8446 section 4.4.3).</summary>
    public byte[] Hash()
    {
        IDigest soFar = HashAlgorithms.Copy(_hash);
        byte[] digest = new byte[soFar.GetDigestSize()];
        soFar.DoFinal(digest);
        return digest;
    }

    /// <summary>The client's verify_data, keyed by its current application traffic secret (RFC 8446 section 4.4.4).</summary>
    public byte[] VerifyData()
    {
        byte[] verifyData = new byte[HashLength];
        HandshakeSecrets.VerifyData(cipher.Hash, cipher.ClientSecret, Hash(), verifyData);
        return verifyData;
    }

    /// <summary>True when a received Finished body is correct.</summary>
    public bool Matches(ReadOnlySpan<byte> verifyData) => CryptographicOperations.FixedTimeEquals(VerifyData(), verifyData);
}
