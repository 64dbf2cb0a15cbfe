using SslModule.Engine.Context;

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

        // In TLS 1.3 it is for middleboxes alone (RFC 8446 appendix D.4), and the application may turn it off.
        if (state.Version != 0x0304 || (state.Context.Options & (ulong)TlsOptions.EnableMiddleboxCompat) != 0)
        {
            base.SendChangeCipherSpecMessage();
        }
    }
}
