using Org.BouncyCastle.Tls;

namespace SslModule.Engine.Handshake;

/// <summary>BouncyCastle's server handshake, with half-close and the server-name callback ahead of every choice.</summary>
internal sealed partial class ServerProtocol(HandshakeState state, ServerRole role) : TlsServerProtocol, IEngineProtocol
{
    /// <inheritdoc/>
    public void SendCloseNotify() => RaiseAlertWarning(AlertDescription.close_notify, "");

    /// <inheritdoc/>
    public void SendFatalAlert(byte description) => RaiseAlertFatal(description, "", null);

    /// <inheritdoc/>
    protected override ClientHello ReceiveClientHelloMessage(MemoryStream buf)
    {
        ReadOnlyMemory<byte> body = MessageGuard.Body(buf);
        new ClientHelloCheck(state, m_connectionState != CS_START).Check(body);
        if (state.Transcript.RetriedHello is { } first)
        {
            new RetriedHelloCheck(state).Check(first.AsMemory(HandshakeMessages.HeaderLength), body);
        }

        ClientHello hello = base.ReceiveClientHelloMessage(buf);
        role.AskServerName(hello.Extensions);
        role.NoteHello(hello.Extensions);
        NotePostHandshakeAuth(hello.Extensions);
        role.Sessions.Offer = ResumptionOffer.Of(hello.Extensions);
        return hello;
    }

    /// <inheritdoc/>
    protected override void HandleAlertMessage(short alertLevel, short alertDescription)
    {
        // SSL 3.0's way to send no certificate (RFC 6101 section 5.5.2) is the one warning that BouncyCastle must see.
        bool isNoCertificate = alertDescription == AlertDescription.no_certificate && state.Version == 0x0300;
        if (isNoCertificate || !state.Alerts.Tolerates(alertLevel, alertDescription))
        {
            base.HandleAlertMessage(isNoCertificate ? alertLevel : AlertLevel.fatal, alertDescription);
        }
    }
}
