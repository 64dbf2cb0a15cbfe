using Org.BouncyCastle.Tls;

namespace SslModule.Engine.Handshake;

/// <summary>BouncyCastle's client handshake, with TLS 1.3's half-close and a peer that refuses renegotiation tolerated.</summary>
internal sealed partial class ClientProtocol(HandshakeState state) : TlsClientProtocol, IEngineProtocol
{
    /// <inheritdoc/>
    public bool PeerClosed { get; private set; }

    /// <inheritdoc/>
    public void SendCloseNotify() => RaiseAlertWarning(AlertDescription.close_notify, "");

    /// <inheritdoc/>
    public void SendFatalAlert(byte description) => RaiseAlertFatal(description, "", null);

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
