using Org.BouncyCastle.Tls;
using SslModule.Engine.Crypto;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Handshake;

/// <summary>BouncyCastle's server handshake, with half-close and the server-name callback ahead of every choice.</summary>
internal sealed partial class ServerProtocol(HandshakeState state, ServerRole role) : TlsServerProtocol, IEngineProtocol
{
    private ServerTickets? _tickets;

    /// <inheritdoc/>
    public void SendFatalAlert(byte description) => RaiseAlertFatal(description, "", null);

    /// <inheritdoc/>
    public LateProtocol Establish(RecordCipher cipher)
        => new ServerLate(state, cipher, _tickets, state.Version == 0x0304 && state.KeepsTranscript ? Context : null);

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

    /// <summary>Notes whether the client takes a CertificateRequest after the handshake (RFC 8446 section 4.2.6).</summary>
    private void NotePostHandshakeAuth(IDictionary<int, byte[]>? extensions)
    {
        if (extensions is null || !extensions.TryGetValue(ExtensionType.post_handshake_auth, out byte[]? data))
        {
            return;
        }

        if (data.Length > 0)
        {
            throw state.Fail(TlsError.Ssl("SSL", "POST_HANDSHAKE_AUTH_ENCODING_ERR", (byte)AlertDescription.decode_error));
        }

        state.KeepsTranscript = true;
    }
}
