using System.Security.Cryptography;
using SslModule.Engine.Crypto;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake.Tls13;

/// <summary>
/// One end of a TLS 1.3 handshake (RFC 8446 section 4). It also takes in the first message of any handshake: where that settles
/// on an older version, BouncyCastle's protocol goes on from there.
/// </summary>
internal abstract class Handshake13(HandshakeState state) : IDisposable
{
    private readonly ByteBuffer _pending = new();
    private readonly ByteBuffer _outgoing = new();
    private int _begun;

    /// <summary>What goes on when the handshake is done.</summary>
    public abstract LateProtocol Establish();

    /// <summary>Whether a message may be the next.</summary>
    public abstract bool Expects(HandshakeType type);

    /// <summary>Takes in what a record held, opened and checked.</summary>
    public void Receive(ContentType type, ReadOnlyMemory<byte> content)
    {
        switch (type)
        {
            case ContentType.alert:
                state.Alerts.Receive(content.Span);
                break;
            case ContentType.change_cipher_spec when state.Version == ProtocolVersion.TLSv13:
                // It means nothing (RFC 8446 appendix D.4).
                break;
            case ContentType.handshake:
                ReceiveHandshake(content);
                break;
            default:
                throw new FatalAlertException(AlertDescription.unexpected_message);
        }
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        _pending.Consume(_pending.Length);
        _outgoing.Consume(_outgoing.Length);
    }

    /// <summary>The record protection of both directions, once there are keys.</summary>
    protected AeadRecordCipher? Cipher { get; private set; }

    /// <summary>Takes a whole message in.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="message">The message with its header; gone when this returns.</param>
    /// <returns>False when an older version was settled on: the message is still to be read, by another.</returns>
    protected abstract bool ReceiveMessage(HandshakeType type, ReadOnlyMemory<byte> message);

    /// <summary>Hands what was not read over to BouncyCastle's protocol.</summary>
    /// <param name="messages">Handshake messages, the last of which may be cut.</param>
    protected abstract void HandOver(ReadOnlyMemory<byte> messages);

    /// <summary>What follows a message's header.</summary>
    protected static ReadOnlyMemory<byte> Body(ReadOnlyMemory<byte> message) => message[HandshakeMessages.HeaderLength..];

    /// <summary>Refuses a message that has no place here.</summary>
    protected static Exception Unexpected() => new FatalAlertException(AlertDescription.unexpected_message);

    /// <summary>Begins a message to send.</summary>
    protected WireWriter Begin(HandshakeType type)
    {
        var writer = new WireWriter(_outgoing);
        writer.Number(1, (int)type);
        _begun = writer.Open(HandshakeMessages.HeaderLength - 1);
        return writer;
    }

    /// <summary>Where <see cref="Begin"/> writes.</summary>
    protected ByteBuffer Outgoing => _outgoing;

    /// <summary>Ends the message that was begun: it is whole in <see cref="Outgoing"/>.</summary>
    protected ReadOnlySpan<byte> End()
    {
        new WireWriter(_outgoing).Close(HandshakeMessages.HeaderLength - 1, _begun);
        return _outgoing.Span;
    }

    /// <summary>Sends the message that was begun, as a part of the transcript.</summary>
    protected void Send()
    {
        ReadOnlySpan<byte> message = End();
        state.Transcript.Append(message);
        SendRecords(message);
        _outgoing.Consume(_outgoing.Length);
    }

    /// <summary>Writes a message in as many records as the peer's limit asks for.</summary>
    protected void SendRecords(ReadOnlySpan<byte> message)
    {
        while (!message.IsEmpty)
        {
            state.Connection.WriteRecord(ContentType.handshake, HandshakeMessages.NextFragment(ref message, state.WriteLimit));
        }
    }

    /// <summary>For middleboxes alone (RFC 8446 appendix D.4); the application may turn it off.</summary>
    protected void SendChangeCipherSpec()
    {
        if (state.Bound.Has(Context.TlsOptions.EnableMiddleboxCompat))
        {
            state.Connection.WriteRecord(ContentType.change_cipher_spec, [ChangeCipherSpec.change_cipher_spec], isSealed: false);
        }
    }

    /// <summary>Derives the handshake's keys and takes them into use in both directions.</summary>
    protected void Protect(HandshakeSecrets secrets, ReadOnlySpan<byte> clientRandom, int suite)
    {
        Span<byte> digest = stackalloc byte[secrets.Length];
        Span<byte> client = stackalloc byte[secrets.Length];
        Span<byte> server = stackalloc byte[secrets.Length];
        state.Transcript.Hash(secrets.Hash, digest);
        secrets.Derive("c hs traffic", digest, client);
        secrets.Derive("s hs traffic", digest, server);
        Cipher = state.Crypto.Protect(new AeadRecordCipher(AeadSuite.OfTls13(suite), secrets.Hash, state.IsServer, client, server));
        state.KeyLogging.HandshakeKeysReady(clientRandom, client, server);
        CryptographicOperations.ZeroMemory(client);
        CryptographicOperations.ZeroMemory(server);
    }

    /// <summary>Derives the application's traffic secrets and the exporter's from the messages up to the server's Finished.</summary>
    protected void DeriveApplicationSecrets(HandshakeSecrets secrets, Span<byte> client, Span<byte> server)
    {
        Span<byte> digest = stackalloc byte[secrets.Length];
        byte[] exporter = new byte[secrets.Length];
        secrets.Advance([]);
        state.Transcript.Hash(secrets.Hash, digest);
        secrets.Derive("c ap traffic", digest, client);
        secrets.Derive("s ap traffic", digest, server);
        secrets.Derive("exp master", digest, exporter);
        state.Exporter = Exporter.Tls13(state.Crypto, exporter, secrets.Hash);
        state.KeyLogging.ApplicationKeysReady(exporter, client, server);
    }

    /// <summary>Sends this end's Finished.</summary>
    /// <returns>Its content.</returns>
    protected byte[] SendFinished(HandshakeSecrets secrets)
    {
        byte[] verifyData = new byte[secrets.Length];
        VerifyData(secrets, Cipher!.WriteSecret, verifyData);
        Begin(HandshakeType.finished).Bytes(verifyData);
        Send();
        return verifyData;
    }

    /// <summary>Checks the peer's Finished, which is no part of the transcript yet.</summary>
    /// <exception cref="FatalAlertException">It is not what it should be.</exception>
    protected void CheckFinished(HandshakeSecrets secrets, ReadOnlySpan<byte> verifyData)
    {
        if (verifyData.Length != secrets.Length)
        {
            throw state.Fail("BAD_DIGEST_LENGTH", AlertDescription.decode_error);
        }

        Span<byte> expected = stackalloc byte[secrets.Length];
        VerifyData(secrets, Cipher!.ReadSecret, expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, verifyData))
        {
            throw state.Fail("DIGEST_CHECK_FAILED", AlertDescription.decrypt_error);
        }
    }

    /// <summary>Checks that the peer has signed the transcript with the key of its certificate.</summary>
    protected void CheckSignature(HandshakeSecrets secrets, ReadOnlyMemory<byte> body, int[] accepted)
    {
        Span<byte> digest = stackalloc byte[secrets.Length];
        state.Transcript.Hash(secrets.Hash, digest);
        state.PeerSignature = CertificateVerifyMessage.Check(state, body, state.PeerChain[0].PublicKey, accepted, digest);
    }

    /// <summary>Sends the chain of a key and a signature by it over the transcript.</summary>
    protected void SendCertificate(HandshakeSecrets secrets, Certificates.CertifiedKey key, int scheme, byte[]? staple)
    {
        IReadOnlyList<Certificates.Certificate> chain = Credentials.Chain(state.Context, key);
        CertificateMessage.Write(Begin(HandshakeType.certificate), [], chain, staple);
        Send();
        state.LocalCertificate = chain[0];
        Span<byte> digest = stackalloc byte[secrets.Length];
        state.Transcript.Hash(secrets.Hash, digest);
        CertificateVerifyMessage.Write(state, Begin(HandshakeType.certificate_verify), key.Key, scheme, digest);
        Send();
    }

    /// <summary>The secret of the tickets, once all messages are in the transcript.</summary>
    protected ResumptionSecret DeriveResumption(HandshakeSecrets secrets)
    {
        Span<byte> digest = stackalloc byte[secrets.Length];
        state.Transcript.Hash(secrets.Hash, digest);
        return new ResumptionSecret(secrets, digest);
    }

    private void VerifyData(HandshakeSecrets secrets, ReadOnlySpan<byte> trafficSecret, Span<byte> verifyData)
    {
        Span<byte> digest = stackalloc byte[secrets.Length];
        state.Transcript.Hash(secrets.Hash, digest);
        HandshakeSecrets.VerifyData(secrets.Hash, trafficSecret, digest, verifyData);
    }

    private void ReceiveHandshake(ReadOnlyMemory<byte> content)
    {
        if (_pending.Length == 0)
        {
            int read = ReceiveMessages(content, out bool handedOver);
            if (!handedOver)
            {
                _pending.Append(content.Span[read..]);
            }

            return;
        }

        _pending.Append(content.Span);
        int taken = ReceiveMessages(_pending.Array.AsMemory(_pending.Start, _pending.Length), out _);
        _pending.Consume(taken);
    }

    /// <summary>Takes in the whole messages at the front of some bytes.</summary>
    /// <returns>How many bytes they are.</returns>
    private int ReceiveMessages(ReadOnlyMemory<byte> bytes, out bool handedOver)
    {
        handedOver = false;
        int at = 0;
        while (HandshakeMessages.LengthOf(bytes.Span[at..]) is { } length && length <= bytes.Length - at)
        {
            var type = (HandshakeType)bytes.Span[at];
            state.Handling = type;
            if (!ReceiveMessage(type, bytes.Slice(at, length)))
            {
                handedOver = true;
                state.Handling = null;
                HandOver(bytes[at..]);
                return bytes.Length;
            }

            state.Handling = null;
            state.Records.Framing.Delivered(type);
            at += length;
        }

        return at;
    }
}
