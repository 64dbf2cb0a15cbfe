using Org.BouncyCastle.Tls;

namespace SslModule.Engine.Handshake;

/// <content>The messages: each passes here, sent or received.</content>
internal sealed partial class ClientProtocol
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
    protected override void HandleHandshakeMessage(short type, HandshakeMessageInput buf) => MessageGuard.Read(state, this, type, buf);

    /// <inheritdoc/>
    public void ReadGuarded(short type, HandshakeMessageInput message)
    {
        if (!TakeRenewedTicket(type, message))
        {
            HandleChecked(type, message);
        }
    }

    /// <inheritdoc/>
    protected override void CompleteHandshake()
    {
        role.Sessions.Completing(Context.SecurityParameters);
        base.CompleteHandshake();
        state.EndTranscript();
    }
}
