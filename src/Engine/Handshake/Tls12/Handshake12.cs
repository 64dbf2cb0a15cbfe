using System.Security.Cryptography;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Records;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake.Tls12;

/// <summary>One end of a handshake of TLS 1.2 or earlier (RFC 5246 section 7.3): message order, keys and Finished, which client and server share.</summary>
/// <param name="state">The connection's state.</param>
/// <param name="order">The peer's messages after its ClientHello or ServerHello, in order; null stands for ChangeCipherSpec.</param>
internal abstract class Handshake12(HandshakeState state, HandshakeType?[] order) : HandshakeRole(state)
{
    /// <summary>The length of each end's random.</summary>
    protected const int RandomLength = 32;

    private readonly HandshakeState _state = state;
    private RecordCipher? _next;
    private int _step;

    /// <summary>The suite.</summary>
    protected CipherSuiteInfo Suite => _state.Cipher!;

    /// <summary>The client random followed by the server random.</summary>
    protected byte[] Randoms { get; } = new byte[2 * RandomLength];

    /// <summary>The session identifier.</summary>
    protected byte[] SessionId { get; set; } = [];

    /// <summary>The negotiated max_fragment_length code; -1 for none.</summary>
    protected int FragmentLengthCode { get; set; } = -1;

    /// <summary>The negotiated ALPN protocol; null for none.</summary>
    protected byte[]? SelectedAlpn { get; set; }

    /// <summary>The master secret; null before the key exchange.</summary>
    protected MasterSecret? Master { get; private set; }

    /// <summary>The negotiated parameters.</summary>
    protected NegotiatedParameters Negotiated => new(_state.Version, Suite.Id, _state.ExtendedMasterSecret, _state.EncryptThenMac, FragmentLengthCode, SelectedAlpn);

    /// <summary>The new record protection; null before the keys are derived.</summary>
    protected RecordCipher Protection => _next!;

    /// <inheritdoc/>
    public override bool Expects(HandshakeType type) => MayBeNext(type);

    /// <inheritdoc/>
    public override HandshakeRole Receive(HandshakeType type, ReadOnlyMemory<byte> message)
    {
        Advance(type);
        if (type == HandshakeType.finished)
        {
            ReceiveFinished(message);
        }
        else
        {
            ReceiveMessage(type, message);
        }

        return this;
    }

    /// <inheritdoc/>
    public override void ReceiveChangeCipherSpec()
    {
        if (!MayBeNext(null))
        {
            throw new FatalAlertException(AlertDescription.unexpected_message);
        }

        Advance(null);
        _state.Reading = _next;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        Master?.Dispose();
    }

    /// <summary>Whether the message of a step is required, optional or forbidden.</summary>
    protected abstract Presence PresenceOf(int step);

    /// <summary>Processes a message, before it is added to the transcript.</summary>
    protected abstract void ReceiveMessage(HandshakeType type, ReadOnlyMemory<byte> message);

    /// <summary>Processes the peer's Finished, which has been verified and added to the transcript.</summary>
    /// <param name="verifyData">Its verify_data.</param>
    protected abstract void ReceiveFinished(byte[] verifyData);

    /// <summary>Continues with the message of a step. Optional messages before it were omitted.</summary>
    /// <param name="type">The message's type; null for ChangeCipherSpec.</param>
    protected void GoTo(HandshakeType? type) => _step = Array.IndexOf(order, type);

    /// <summary>Derives the master secret and the keys. The transcript must end with the ClientKeyExchange.</summary>
    /// <param name="premaster">The premaster secret, which is zeroed.</param>
    protected void Agree(byte[] premaster)
    {
        int hash = MasterSecret.HashOf(Suite);
        Master = _state.ExtendedMasterSecret
            ? MasterSecret.Extended(_state.Version, hash, Randoms, premaster, MasterSecret.HashMessages(_state.Version, hash, _state.Transcript.Messages))
            : MasterSecret.FromPremaster(_state.Version, hash, Randoms, premaster);
        CryptographicOperations.ZeroMemory(premaster);
        DeriveKeys(Master);
    }

    /// <summary>Uses the master secret of a resumed session, and derives the keys.</summary>
    protected void Resume(Sessions.SessionState session)
    {
        _state.IsResumed = true;
        Master = MasterSecret.Resumed(_state.Version, MasterSecret.HashOf(Suite), Randoms, session.Secret);
        DeriveKeys(Master);
    }

    /// <summary>Sends ChangeCipherSpec, then Finished with the new keys.</summary>
    /// <returns>Its verify_data.</returns>
    protected byte[] SendFinished()
    {
        _state.Connection.WriteRecord(ContentType.change_cipher_spec, [ChangeCipherSpec.change_cipher_spec]);
        _state.Writing = _next;
        byte[] verifyData = Master!.VerifyData(ofServer: _state.IsServer, _state.Transcript.Messages);
        Begin(HandshakeType.finished).Bytes(verifyData);
        Send();
        return verifyData;
    }

    /// <summary>Completes the handshake after both Finished messages.</summary>
    /// <param name="firstFinished">RFC 5929's tls-unique.</param>
    protected void Complete(byte[] firstFinished)
    {
        _state.TlsUnique = firstFinished;
        _state.Group = _state.Resumed?.Group ?? _state.Group;

        // RFC 7627 section 5.4: without the extended master secret, another connection may have the same master secret.
        _state.Exporter = _state.ExtendedMasterSecret ? Master!.CreateExporter() : null;
        HandshakeResult.Apply(_state, Negotiated);
        _state.EndTranscript();
    }

    /// <summary>The MD5 and SHA-1 hashes of the transcript, which a CertificateVerify before TLS 1.2 signs.</summary>
    protected byte[] LegacyTranscriptHashes() => _state.Version == ProtocolVersion.SSLv3
        ? Ssl3.SignedHashes(Master!.Bytes, _state.Transcript.Messages)
        : HandshakeSignature.Hashes(_state.Transcript.Messages);

    private void DeriveKeys(MasterSecret master)
    {
        _state.KeyLogging.KeysReady(Randoms.AsSpan(0, RandomLength), master.Bytes);
        _next = RecordCiphers.Create(Suite, _state.Version, _state.EncryptThenMac, _state.IsServer, master.FillKeyBlock);
    }

    /// <summary>Whether a message, or ChangeCipherSpec for null, may be the next: only messages that are not required are before it.</summary>
    private bool MayBeNext(HandshakeType? type)
    {
        for (int step = _step; step < order.Length; step++)
        {
            if (order[step] == type)
            {
                return PresenceOf(step) != Presence.Absent;
            }

            if (PresenceOf(step) == Presence.Required)
            {
                return false;
            }
        }

        return false;
    }

    private void Advance(HandshakeType? type) => _step = Array.IndexOf(order, type, _step) + 1;

    private void ReceiveFinished(ReadOnlyMemory<byte> message)
    {
        byte[] expected = Master!.VerifyData(ofServer: !_state.IsServer, _state.Transcript.Messages);
        ReadOnlySpan<byte> received = Body(message).Span;
        if (received.Length != expected.Length)
        {
            throw _state.Fail("BAD_DIGEST_LENGTH", AlertDescription.decode_error);
        }

        if (!CryptographicOperations.FixedTimeEquals(received, expected))
        {
            throw _state.Fail("DIGEST_CHECK_FAILED", AlertDescription.decrypt_error);
        }

        _state.Transcript.Append(message.Span);
        ReceiveFinished(expected);
    }
}
