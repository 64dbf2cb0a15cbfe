using System.Security.Cryptography;
using SslModule.Engine.Crypto;

namespace SslModule.Engine.Handshake.Tls13;

/// <summary>The key schedule of a TLS 1.3 handshake (RFC 8446 section 7.1): one secret, which each stage replaces.</summary>
internal sealed class HandshakeSecrets : IDisposable
{
    /// <summary>The longest digest of a TLS 1.3 suite.</summary>
    public const int LongestDigest = SHA384.HashSizeInBytes;

    private readonly byte[] _stage;

    /// <summary>Begins with the early secret.</summary>
    /// <param name="hash">The number of the suite's hash.</param>
    /// <param name="psk">The pre-shared key; empty for none.</param>
    public HandshakeSecrets(int hash, ReadOnlySpan<byte> psk)
    {
        Hash = hash;
        _stage = new byte[HashAlgorithms.Length(hash)];
        ReadOnlySpan<byte> zeros = stackalloc byte[_stage.Length];
        HashAlgorithms.Hmac(hash, zeros, psk.IsEmpty ? zeros : psk, _stage);
    }

    /// <summary>The number of the suite's hash.</summary>
    public int Hash { get; }

    /// <summary>The length of every secret, and of a Finished.</summary>
    public int Length => _stage.Length;

    /// <summary>The next stage: the handshake secret from the key exchange's, the master secret from nothing.</summary>
    public void Advance(ReadOnlySpan<byte> shared)
    {
        Span<byte> salt = stackalloc byte[Length];
        Span<byte> zeros = stackalloc byte[Length];
        zeros.Clear();
        DeriveFromNothing("derived", salt);
        HashAlgorithms.Hmac(Hash, salt, shared.IsEmpty ? zeros : shared, _stage);
        CryptographicOperations.ZeroMemory(salt);
    }

    /// <summary>Derive-Secret over a transcript's hash.</summary>
    public void Derive(string label, ReadOnlySpan<byte> transcriptHash, Span<byte> secret)
        => KeySchedule.ExpandLabel(Hash, _stage, label, transcriptHash, secret);

    /// <summary>A PSK's binder (RFC 8446 section 4.2.11.2), from the early secret.</summary>
    /// <param name="ofTicket">True of a ticket's key, false of an external one.</param>
    /// <param name="transcriptHash">Of all up to the list of binders.</param>
    /// <param name="binder">Gets it.</param>
    public void Binder(bool ofTicket, ReadOnlySpan<byte> transcriptHash, Span<byte> binder)
    {
        Span<byte> key = stackalloc byte[Length];
        DeriveFromNothing(ofTicket ? "res binder" : "ext binder", key);
        VerifyData(Hash, key, transcriptHash, binder);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>The content of a Finished (RFC 8446 section 4.4.4).</summary>
    /// <param name="hash">The number of the suite's hash.</param>
    /// <param name="secret">The sender's traffic secret.</param>
    /// <param name="transcriptHash">Of all before the Finished.</param>
    /// <param name="verifyData">Gets it.</param>
    public static void VerifyData(int hash, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> transcriptHash, Span<byte> verifyData)
    {
        Span<byte> key = stackalloc byte[secret.Length];
        KeySchedule.ExpandLabel(hash, secret, "finished", key);
        HashAlgorithms.Hmac(hash, key, transcriptHash, verifyData);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(_stage);

    private void DeriveFromNothing(string label, Span<byte> secret)
    {
        Span<byte> empty = stackalloc byte[Length];
        HashAlgorithms.Hash(Hash, [], empty);
        Derive(label, empty, secret);
    }
}
