using Org.BouncyCastle.Tls;

namespace SslModule.Engine.Handshake;

/// <content>Pre-shared keys.</content>
internal sealed partial class ServerProtocol
{
    /// <inheritdoc/>
    protected override ServerHello Generate13ServerHello(ClientHello clientHello, HandshakeMessageInput clientHelloMessage, bool afterHelloRetryRequest)
    {
        try
        {
            return base.Generate13ServerHello(clientHello, clientHelloMessage, afterHelloRetryRequest);
        }
        catch (TlsFatalAlert alert) when (alert.AlertDescription == AlertDescription.decrypt_error)
        {
            // Nothing else in a ClientHello is decrypted or verified.
            throw role.BinderRefused();
        }
    }
}
