using System.Buffers.Binary;
using System.Security.Cryptography;
using Org.BouncyCastle.Tls;
using SslModule.Engine.Connection;
using SslModule.Engine.Crypto;

namespace SslModule.Engine.Handshake;

/// <summary>
/// The handshake messages of a TLS 1.3 connection from ClientHello to the client's Finished (RFC 8446 section 4.4.1).
/// BouncyCastle's own transcript is out of reach and ends before tickets and post-handshake authentication need it.
/// </summary>
internal sealed class Transcript
{
    private const int HeaderLength = 4;
    private const int RandomOffset = HeaderLength + 2;
    private const int SessionIdOffset = RandomOffset + 32;
    private readonly ByteBuffer _open = new();
    private byte[]? _closed;
    private bool _retried;

    /// <summary>The first ClientHello, its header included, once a HelloRetryRequest has answered it; the second must be like it.</summary>
    public byte[]? RetriedHello { get; private set; }

    /// <summary>True while messages are taken: until <see cref="Close"/> or <see cref="Drop"/>.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>Takes the next message, or the next fragment of one that is being sent.</summary>
    /// <param name="message">With its header.</param>
    /// <param name="version">The negotiated version, 0 before it is known; the older versions need no transcript here.</param>
    public void Append(ReadOnlySpan<byte> message, int version)
    {
        if (!IsOpen)
        {
            return;
        }

        if (version is not (0 or 0x0304))
        {
            Drop();
            return;
        }

        if (!_retried && IsRetryRequest(message))
        {
            _retried = true;
            ReplaceFirstHello(message);
        }

        _open.Append(message);
    }

    /// <summary>The hash of all messages and then of <paramref name="more"/>: what a Finished or a CertificateVerify signs.</summary>
    /// <param name="hash">BouncyCastle's number of the suite's hash.</param>
    /// <param name="more">The messages of a post-handshake authentication.</param>
    public byte[] Hash(int hash, ReadOnlySpan<byte> more = default)
    {
        ReadOnlySpan<byte> messages = IsOpen ? _open.Span : _closed ?? throw new InvalidOperationException("The transcript was dropped.");
        if (more.IsEmpty)
        {
            return HashAlgorithms.Hash(hash, messages);
        }

        byte[] all = [.. messages, .. more];
        return HashAlgorithms.Hash(hash, all);
    }

    /// <summary>Ends the transcript: later messages are no part of it, and <see cref="Hash"/> goes on answering.</summary>
    public void Close()
    {
        if (IsOpen)
        {
            _closed = _open.Span.ToArray();
            _open.Consume(_open.Length);
            RetriedHello = null;
            IsOpen = false;
        }
    }

    /// <summary>Frees the messages when nothing can need their hash any more.</summary>
    public void Drop()
    {
        IsOpen = false;
        _closed = RetriedHello = null;
        _open.Consume(_open.Length);
    }

    /// <summary>A received message with its header, wherever its reader stands.</summary>
    public static ReadOnlySpan<byte> Whole(HandshakeMessageInput message)
        => message.TryGetBuffer(out ArraySegment<byte> whole) ? whole : message.ToArray();

    private static bool IsRetryRequest(ReadOnlySpan<byte> message)
        => message.Length > SessionIdOffset && message[0] == HandshakeType.server_hello
            && message.Slice(RandomOffset, HandshakeMessages.RetryRandom.Length).SequenceEqual(HandshakeMessages.RetryRandom);

    /// <summary>After a HelloRetryRequest the first ClientHello counts by its hash alone (RFC 8446 section 4.4.1).</summary>
    private void ReplaceFirstHello(ReadOnlySpan<byte> retryRequest)
    {
        int suiteOffset = SessionIdOffset + 1 + retryRequest[SessionIdOffset];
        if (retryRequest.Length < suiteOffset + 2)
        {
            throw new TlsFatalAlert(AlertDescription.decode_error);
        }

        int suite = BinaryPrimitives.ReadUInt16BigEndian(retryRequest[suiteOffset..]);
        RetriedHello = _open.Span.ToArray();
        byte[] digest = suite == CipherSuite.TLS_AES_256_GCM_SHA384 ? SHA384.HashData(_open.Span) : SHA256.HashData(_open.Span);
        _open.Consume(_open.Length);
        _open.Append([(byte)HandshakeType.message_hash, 0, 0, (byte)digest.Length]);
        _open.Append(digest);
    }
}
