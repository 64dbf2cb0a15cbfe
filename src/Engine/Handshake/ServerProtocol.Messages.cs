using Org.BouncyCastle.Tls;

namespace SslModule.Engine.Handshake;

/// <content>The messages: each passes here, sent or received.</content>
internal sealed partial class ServerProtocol
{
    private readonly OlderRecords _records = new(state);

    /// <inheritdoc/>
    protected override void WriteRecord(short type, ReadOnlySpan<byte> buffer) => _records.Write(type, buffer);

    /// <inheritdoc/>
    protected override void SendChangeCipherSpec()
    {
        base.SendChangeCipherSpec();
        _records.AreSealed = true;
    }

    /// <inheritdoc/>
    protected override void HandleHandshakeMessage(short type, HandshakeMessageInput buf)
    {
        CheckOrder(type);
        MessageGuard.Read(state, this, type, buf);
    }

    // RFC 2246 section 7.4.6: who is asked for a certificate and has none sends an empty message. BouncyCastle does without it.
    private void CheckOrder(short type)
    {
        if (type == HandshakeType.client_key_exchange && m_connectionState == CS_SERVER_HELLO_DONE && m_certificateRequest is not null && state.Version is 0x0301 or 0x0302)
        {
            throw state.Fail("UNEXPECTED_MESSAGE", AlertDescription.unexpected_message);
        }
    }

    /// <inheritdoc/>
    public void ReadGuarded(short type, HandshakeMessageInput message) => base.HandleHandshakeMessage(type, message);

    /// <inheritdoc/>
    protected override void CompleteHandshake()
    {
        role.Sessions.Completing(Context.SecurityParameters);
        base.CompleteHandshake();
        state.EndTranscript();
    }
}
