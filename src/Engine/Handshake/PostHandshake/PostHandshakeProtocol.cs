using SslModule.Engine.Records;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>
/// The protocol messages, other than application data, that one end sends and receives after the handshake. The handshake object,
/// which uses ten times the memory, has been released by then.
/// </summary>
internal abstract class PostHandshakeProtocol(HandshakeState state, RecordCipher cipher) : IPostHandshakeHandler
{
    private PostHandshakeMessages? _messages;

    /// <summary>True when a handshake message has been received in part.</summary>
    public bool IsInsideMessage => _messages is { IsInsideMessage: true };

    /// <summary>True in the middle of a flight of messages that must be consecutive.</summary>
    public virtual bool IsInsideFlight => false;

    /// <summary>The record protection; only TLS 1.3 updates its keys.</summary>
    protected AeadRecordCipher Cipher13 => (AeadRecordCipher)cipher;

    /// <summary>Processes the content of a handshake record.</summary>
    public void Receive(ReadOnlySpan<byte> fragment) => (_messages ??= new PostHandshakeMessages(state, this)).Receive(fragment);

    /// <summary>Writes close_notify without closing the reading side (RFC 8446 section 6.1).</summary>
    public void SendCloseNotify() => SendAlert(AlertLevel.warning, (byte)AlertDescription.close_notify);

    /// <summary>Writes a fatal alert.</summary>
    public void SendFatalAlert(byte description)
    {
        try
        {
            SendAlert(AlertLevel.fatal, description);
        }
        catch (FatalAlertException)
        {
            // The write key has reached its usage limit, so no alert can be sent. The application still gets the original failure.
        }
    }

    /// <summary>Writes a KeyUpdate and updates the write key (RFC 8446 section 4.6.3).</summary>
    public void SendKeyUpdate(bool requestPeer)
    {
        SendMessage([(byte)HandshakeType.key_update, 0, 0, KeyUpdateState.Length, requestPeer ? KeyUpdateRequest.update_requested : KeyUpdateRequest.update_not_requested]);
        Cipher13.UpdateWriteKey();
        state.KeyLogging.Updated(Cipher13.WriteSecret, ofServer: state.IsServer);
    }

    /// <inheritdoc/>
    public abstract int? LongestMessage(HandshakeType type);

    /// <inheritdoc/>
    public abstract void ReceiveMessage(HandshakeType type, byte[] message);

    /// <summary>Updates the read key after the peer's KeyUpdate.</summary>
    protected void ReceiveKeyUpdate(byte[] message)
    {
        state.KeyUpdates.Received(message);
        Cipher13.UpdateReadKey();
        state.KeyLogging.Updated(Cipher13.ReadSecret, ofServer: !state.IsServer);
    }

    /// <summary>Rejects a HelloRequest or ClientHello with a no_renegotiation warning; the connection continues (RFC 5246 section 7.2.2).</summary>
    protected void RejectRenegotiation()
    {
        if (state.Version == ProtocolVersion.SSLv3)
        {
            // SSL 3.0 has no such warning (RFC 5746 section 4.5).
            throw new FatalAlertException(AlertDescription.handshake_failure);
        }

        SendAlert(AlertLevel.warning, (byte)AlertDescription.no_renegotiation);
    }

    /// <summary>Writes a handshake message, fragmented by the peer's record limit.</summary>
    protected void SendMessage(ReadOnlySpan<byte> message)
    {
        while (!message.IsEmpty)
        {
            state.Connection.WriteRecord(ContentType.handshake, HandshakeMessages.NextFragment(ref message, state.WriteLimit));
        }
    }

    private void SendAlert(AlertLevel level, byte description)
        => state.Connection.WriteRecord(ContentType.alert, [(byte)level, description]);
}
