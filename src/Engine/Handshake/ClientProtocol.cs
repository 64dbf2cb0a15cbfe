using Org.BouncyCastle.Tls;
using SslModule.Engine.Context;

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
    protected override void SendChangeCipherSpecMessage()
    {
        // In TLS 1.3 it is for middleboxes alone (RFC 8446 appendix D.4), and the application may turn it off.
        if (state.Version != 0x0304 || (state.Context.Options & (ulong)TlsOptions.EnableMiddleboxCompat) != 0)
        {
            base.SendChangeCipherSpecMessage();
        }
    }

    /// <inheritdoc/>
    protected override void HandleAlertMessage(short alertLevel, short alertDescription)
    {
        if (!state.Alerts.Tolerates(alertLevel, alertDescription))
        {
            base.HandleAlertMessage(AlertLevel.fatal, alertDescription);
        }
    }
}
