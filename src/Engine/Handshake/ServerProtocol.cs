using Org.BouncyCastle.Tls;

namespace SslModule.Engine.Handshake;

/// <summary>BouncyCastle's server handshake, with half-close and the server-name callback ahead of every choice.</summary>
internal sealed partial class ServerProtocol(HandshakeState state, ServerRole role) : TlsServerProtocol, IEngineProtocol
{
    /// <inheritdoc/>
    public bool PeerClosed { get; private set; }

    /// <inheritdoc/>
    public void SendCloseNotify() => RaiseAlertWarning(AlertDescription.close_notify, "");

    /// <inheritdoc/>
    public void SendFatalAlert(byte description) => RaiseAlertFatal(description, "", null);

    /// <inheritdoc/>
    protected override ClientHello ReceiveClientHelloMessage(MemoryStream buf)
    {
        ClientHello hello = base.ReceiveClientHelloMessage(buf);
        role.AskServerName(hello.Extensions);
        state.KeepsTranscript = hello.Extensions?.ContainsKey(ExtensionType.post_handshake_auth) == true;
        return hello;
    }

    /// <inheritdoc/>
    protected override void HandleAlertWarningMessage(short alertDescription)
    {
        switch (alertDescription)
        {
            case AlertDescription.close_notify:
                PeerClosed = true;
                break;
            case AlertDescription.no_renegotiation:
                break;
            default:
                base.HandleAlertWarningMessage(alertDescription);
                break;
        }
    }
}
