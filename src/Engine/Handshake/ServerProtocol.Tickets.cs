namespace SslModule.Engine.Handshake;

/// <content>A ticket of TLS 1.2 or older that is renewed while it is resumed.</content>
internal sealed partial class ServerProtocol
{
    /// <inheritdoc/>
    protected override void SendChangeCipherSpecMessage()
    {
        if (Context.SecurityParameters.IsResumedSession && role.Sessions.RenewsTicket)
        {
            // RFC 5077 section 3.3, figure 3: behind the ServerHello. BouncyCastle has it in full handshakes only.
            SendNewSessionTicketMessage(role.Sessions.RenewedTicket());
        }

        base.SendChangeCipherSpecMessage();
    }
}
