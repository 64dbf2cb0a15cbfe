using Org.BouncyCastle.Tls;

namespace SslModule.Engine.Handshake;

/// <summary>BouncyCastle's client handshake, with TLS 1.3's half-close and a peer that refuses renegotiation tolerated.</summary>
internal sealed partial class ClientProtocol(HandshakeState state, ClientRole role) : TlsClientProtocol, IEngineProtocol
{
    /// <inheritdoc/>
    public bool IsInsideLateFlight => false;

    /// <inheritdoc/>
    public void SendCloseNotify() => RaiseAlertWarning(AlertDescription.close_notify, "");

    /// <inheritdoc/>
    public void SendFatalAlert(byte description) => RaiseAlertFatal(description, "", null);

    /// <inheritdoc/>
    protected override void HandleAlertMessage(short alertLevel, short alertDescription)
    {
        if (!state.Alerts.Tolerates(alertLevel, alertDescription))
        {
            base.HandleAlertMessage(AlertLevel.fatal, alertDescription);
        }
    }
}
