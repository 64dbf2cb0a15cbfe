using Org.BouncyCastle.Crypto;
using SslModule.Engine.Crypto;
using SslModule.Engine.Handshake.Tls13;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>
/// The handshake messages of a connection from the ClientHello to the last Finished (RFC 8446 section 4.4.1). After the
/// handshake they are gone: where post-handshake authentication may go on from them, the state of their hash is kept, which is
/// short however long the peer's messages were.
/// </summary>
internal sealed class Transcript
{
    private readonly ByteBuffer _open = new();
    private IDigest? _closed;

    /// <summary>The first ClientHello, its header included, once a HelloRetryRequest has answered it; the second must be like it.</summary>
    public byte[]? RetriedHello { get; private set; }

    /// <summary>True while messages are taken: until <see cref="Close"/> or <see cref="Drop"/>.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>Takes the next message, or the next part of one.</summary>
    public void Append(ReadOnlySpan<byte> message)
    {
        if (IsOpen)
        {
            _open.Append(message);
        }
    }

    /// <summary>Writes the hash of all messages: what a Finished or a CertificateVerify signs.</summary>
    /// <param name="hash">The number of the suite's hash.</param>
    /// <param name="digest">Gets it.</param>
    public void Hash(int hash, Span<byte> digest) => HashAlgorithms.Hash(hash, Messages, digest);

    /// <summary>A HelloRetryRequest is about to answer the ClientHello that is all there is: it counts by its hash alone from there on (RFC 8446 section 4.4.1).</summary>
    public void Retry(int hash)
    {
        RetriedHello = _open.Span.ToArray();
        Span<byte> digest = stackalloc byte[HandshakeSecrets.LongestDigest];
        digest = digest[..HashAlgorithms.Hash(hash, _open.Span, digest)];
        _open.Consume(_open.Length);
        _open.Append([(byte)HandshakeType.message_hash, 0, 0, (byte)digest.Length]);
        _open.Append(digest);
    }

    /// <summary>Ends the transcript: later messages are no part of it, and of those that are the hash alone is kept.</summary>
    /// <param name="hash">The number of the suite's hash.</param>
    public void Close(int hash)
    {
        if (IsOpen)
        {
            _closed = HashAlgorithms.Begin(hash);
            _closed.BlockUpdate(_open.Span);
            Drop();
        }
    }

    /// <summary>Begins anew, for another handshake on the connection.</summary>
    public void Reopen()
    {
        Drop();
        IsOpen = true;
    }

    /// <summary>Frees the messages.</summary>
    public void Drop()
    {
        IsOpen = false;
        RetriedHello = null;
        _open.Consume(_open.Length);
    }

    /// <summary>True after <see cref="Close"/>: <see cref="GoOn"/> has what to go on from.</summary>
    public bool IsClosed => _closed is not null;

    /// <summary>A hash that has taken all messages of the closed transcript in, for those of a post-handshake authentication.</summary>
    public IDigest GoOn() => HashAlgorithms.Copy(_closed ?? throw new InvalidOperationException("The transcript was dropped."));

    /// <summary>The messages so far, until the transcript ends.</summary>
    public ReadOnlySpan<byte> Messages => IsOpen ? _open.Span : throw new InvalidOperationException("The transcript has ended.");
}
