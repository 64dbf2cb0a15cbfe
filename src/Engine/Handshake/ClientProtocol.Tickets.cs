using Org.BouncyCastle.Tls;
using ExtensionType = SslModule.Engine.Wire.ExtensionType;
using HandshakeType = SslModule.Engine.Wire.HandshakeType;

namespace SslModule.Engine.Handshake;

/// <content>A ticket that is renewed while it is resumed.</content>
internal sealed partial class ClientProtocol
{
    /// <summary>
    /// In a resumption of TLS 1.2 the server may renew the ticket (RFC 5077 section 3.3), which BouncyCastle does not expect.
    /// It has put the message into its transcript already.
    /// </summary>
    private bool TakeRenewedTicket(HandshakeType type, HandshakeMessageInput message)
    {
        if (type != HandshakeType.new_session_ticket || m_connectionState != CS_SERVER_HELLO || !Context.SecurityParameters.IsResumedSession
            || m_serverExtensions?.ContainsKey((int)ExtensionType.session_ticket) != true || role.Sessions.HasNewTicket)
        {
            return false;
        }

        ReceiveNewSessionTicket(message);
        return true;
    }
}
