using Org.BouncyCastle.Tls;
using ContentType = SslModule.Engine.Wire.ContentType;
using HandshakeType = SslModule.Engine.Wire.HandshakeType;

namespace SslModule.Engine.Handshake;

/// <content>The messages: each passes here, sent or received.</content>
internal sealed partial class ClientProtocol
{
    private readonly OlderRecords _records = new(state);

    /// <inheritdoc/>
    protected override void WriteRecord(short type, ReadOnlySpan<byte> buffer) => _records.Write((ContentType)type, buffer);

    /// <inheritdoc/>
    protected override void SendChangeCipherSpec()
    {
        base.SendChangeCipherSpec();
        state.WritesSealed = true;
    }

    /// <inheritdoc/>
    protected override void HandleHandshakeMessage(short type, HandshakeMessageInput buf) => MessageGuard.Read(state, this, (HandshakeType)type, buf);

    /// <inheritdoc/>
    public bool Expects(HandshakeType type) => type switch
    {
        HandshakeType.hello_request => true,
        HandshakeType.server_hello => m_connectionState < CS_SERVER_HELLO,
        HandshakeType.finished or HandshakeType.new_session_ticket => Context.SecurityParameters.IsResumedSession || m_connectionState >= CS_CLIENT_FINISHED,
        HandshakeType.certificate or HandshakeType.certificate_status or HandshakeType.server_key_exchange
            or HandshakeType.certificate_request or HandshakeType.server_hello_done => m_connectionState < CS_CLIENT_FINISHED,
        _ => false,
    };

    /// <inheritdoc/>
    public void ReadGuarded(HandshakeType type, HandshakeMessageInput message)
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
