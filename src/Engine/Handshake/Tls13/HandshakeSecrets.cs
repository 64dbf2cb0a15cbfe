using System.Security.Cryptography;
using SslModule.Engine.Crypto;

namespace SslModule.Engine.Handshake.Tls13;

/// <summary>The key schedule of a TLS 1.3 handshake (RFC 8446 section 7.1). It holds the secret of the current stage.</summary>
internal sealed class HandshakeSecrets : IDisposable
{
    /// <summary>The longest digest of a TLS 1.3 suite.</summary>
    public const int MaxDigestLength = SHA384.HashSizeInBytes;

    private readonly byte[] _stage;

    /// <summary>Starts the key schedule at the early secret.</summary>
    /// <param name="hash">The suite's hash algorithm.</param>
    /// <param name="psk">The PSK; empty for none.</param>
    public HandshakeSecrets(int hash, ReadOnlySpan<byte> psk)
    {
        Hash = hash;
        _stage = new byte[HashAlgorithms.Length(hash)];
        ReadOnlySpan<byte> zeros = stackalloc byte[_stage.Length];
        HashAlgorithms.Hmac(hash, zeros, psk.IsEmpty ? zeros : psk, _stage);
    }

    /// <summary>The suite's hash algorithm.</summary>
    public int Hash { get; }

    /// <summary>The length of every secret and of a Finished, in bytes.</summary>
    public int Length => _stage.Length;

    /// <summary>Advances to the next stage: to the handshake secret with the shared secret, to the master secret with an empty input.</summary>
    public void Advance(ReadOnlySpan<byte> shared)
    {
        Span<byte> salt = stackalloc byte[Length];
        Span<byte> zeros = stackalloc byte[Length];
        zeros.Clear();
        DeriveFromNothing("derived", salt);
        HashAlgorithms.Hmac(Hash, salt, shared.IsEmpty ? zeros : shared, _stage);
        CryptographicOperations.ZeroMemory(salt);
    }

    /// <summary>Derive-Secret with a transcript hash.</summary>
    public void Derive(string label, ReadOnlySpan<byte> transcriptHash, Span<byte> secret)
        => KeySchedule.ExpandLabel(Hash, _stage, label, transcriptHash, secret);

    /// <summary>Computes a PSK binder (RFC 8446 section 4.2.11.2) from the early secret.</summary>
    /// <param name="ofTicket">True for a resumption PSK, false for an external one.</param>
    /// <param name="transcriptHash">The hash of the transcript up to the list of binders.</param>
    /// <param name="binder">Receives the result.</param>
    public void Binder(bool ofTicket, ReadOnlySpan<byte> transcriptHash, Span<byte> binder)
    {
        Span<byte> key = stackalloc byte[Length];
        DeriveFromNothing(ofTicket ? "res binder" : "ext binder", key);
        VerifyData(Hash, key, transcriptHash, binder);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>The verify_data of a Finished (RFC 8446 section 4.4.4).</summary>
    /// <param name="hash">The suite's hash algorithm.</param>
    /// <param name="secret">The sender's traffic secret.</param>
    /// <param name="transcriptHash">The hash of the messages before the Finished.</param>
    /// <param name="verifyData">Receives the result.</param>
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
