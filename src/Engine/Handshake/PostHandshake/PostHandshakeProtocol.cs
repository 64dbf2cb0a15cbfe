using SslModule.Engine.Records;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>
/// What one end of a connection says and hears besides data once its handshake is done. The handshake, which keeps ten times as
/// much, is gone by then.
/// </summary>
internal abstract class PostHandshakeProtocol(HandshakeState state, RecordCipher cipher) : IPostHandshakeHandler
{
    private PostHandshakeMessages? _messages;

    /// <summary>True while the rest of a handshake message is missing.</summary>
    public bool IsInsideMessage => _messages is { IsInsideMessage: true };

    /// <summary>True while the peer owes the rest of several messages that nothing may part.</summary>
    public virtual bool IsInsideFlight => false;

    /// <summary>The record protection of TLS 1.3, which alone changes its keys.</summary>
    protected AeadRecordCipher Cipher13 => (AeadRecordCipher)cipher;

    /// <summary>Takes what a handshake record held.</summary>
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
            // The writing key is used up: the failure that is on its way to the application is all there is left to tell.
        }
    }

    /// <summary>Writes a KeyUpdate and changes the writing key (RFC 8446 section 4.6.3).</summary>
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

    /// <summary>Changes the reading key as the peer has changed its own.</summary>
    protected void ReceiveKeyUpdate(byte[] message)
    {
        state.KeyUpdates.Received(message);
        Cipher13.UpdateReadKey();
        state.KeyLogging.Updated(Cipher13.ReadSecret, ofServer: !state.IsServer);
    }

    /// <summary>Answers a HelloRequest or a ClientHello: the connection goes on as it is (RFC 5246 section 7.2.2).</summary>
    protected void RefuseRenegotiation()
    {
        if (state.Version == ProtocolVersion.SSLv3)
        {
            // SSL 3.0 has no such warning (RFC 5746 section 4.5).
            throw new FatalAlertException(AlertDescription.handshake_failure);
        }

        SendAlert(AlertLevel.warning, (byte)AlertDescription.no_renegotiation);
    }

    /// <summary>Writes a handshake message, in as many records as the peer's limit asks for.</summary>
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
