using Org.BouncyCastle.Crypto;
using SslModule.Engine.Crypto;
using SslModule.Engine.Handshake.Tls13;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>
/// The handshake transcript, from the ClientHello to the last Finished (RFC 8446 section 4.4.1). After the handshake the messages
/// are released; if post-handshake authentication is possible, the hash state is kept, whose size does not depend on the messages.
/// </summary>
internal sealed class Transcript
{
    private readonly ByteBuffer _open = new();
    private IDigest? _closed;

    /// <summary>The first ClientHello, including its header, after a HelloRetryRequest; used to check the second one.</summary>
    public byte[]? RetriedHello { get; private set; }

    /// <summary>True while messages are added, until <see cref="Close"/> or <see cref="Drop"/>.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>Adds a message, or a part of one.</summary>
    public void Append(ReadOnlySpan<byte> message)
    {
        if (IsOpen)
        {
            _open.Append(message);
        }
    }

    /// <summary>Computes the transcript hash, for Finished and CertificateVerify.</summary>
    /// <param name="hash">The suite's hash algorithm.</param>
    /// <param name="digest">Receives the result.</param>
    public void Hash(int hash, Span<byte> digest) => HashAlgorithms.Hash(hash, Messages, digest);

    /// <summary>Replaces the first ClientHello by a message_hash message, before a HelloRetryRequest is added (RFC 8446 section 4.4.1).</summary>
    public void Retry(int hash)
    {
        RetriedHello = _open.Span.ToArray();
        Span<byte> digest = stackalloc byte[HandshakeSecrets.MaxDigestLength];
        digest = digest[..HashAlgorithms.Hash(hash, _open.Span, digest)];
        _open.Consume(_open.Length);
        _open.Append([(byte)HandshakeType.message_hash, 0, 0, (byte)digest.Length]);
        _open.Append(digest);
    }

    /// <summary>Ends the transcript and keeps only its hash state; later messages are not part of it.</summary>
    /// <param name="hash">The suite's hash algorithm.</param>
    public void Close(int hash)
    {
        if (IsOpen)
        {
            _closed = HashAlgorithms.Begin(hash);
            _closed.BlockUpdate(_open.Span);
            Drop();
        }
    }

    /// <summary>Starts an empty transcript for a renegotiation.</summary>
    public void Reopen()
    {
        Drop();
        IsOpen = true;
    }

    /// <summary>Releases the messages.</summary>
    public void Drop()
    {
        IsOpen = false;
        RetriedHello = null;
        _open.Consume(_open.Length);
    }

    /// <summary>True after <see cref="Close"/>: <see cref="CopyHash"/> can be used.</summary>
    public bool IsClosed => _closed is not null;

    /// <summary>A copy of the hash state of the closed transcript, to which the messages of a post-handshake authentication are added.</summary>
    public IDigest CopyHash() => HashAlgorithms.Copy(_closed ?? throw new InvalidOperationException("The transcript was dropped."));

    /// <summary>The messages so far, while the transcript is open.</summary>
    public ReadOnlySpan<byte> Messages => IsOpen ? _open.Span : throw new InvalidOperationException("The transcript has ended.");
}
