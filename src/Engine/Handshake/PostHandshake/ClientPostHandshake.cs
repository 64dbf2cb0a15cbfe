using SslModule.Engine.Certificates;
using SslModule.Engine.Handshake.Tls13;
using SslModule.Engine.Records;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>A client's post-handshake messages: what a server may send, and the client's answers.</summary>
/// <param name="state">The connection's state.</param>
/// <param name="cipher">The current record protection.</param>
/// <param name="tickets">Stores the server's tickets; null before TLS 1.3.</param>
/// <param name="mayAnswer">Whether the client offered post-handshake authentication.</param>
internal sealed class ClientPostHandshake(HandshakeState state, RecordCipher cipher, ClientSessions? tickets, bool mayAnswer) : PostHandshakeProtocol(state, cipher)
{
    private readonly HandshakeState _state = state;

    /// <inheritdoc/>
    public override int? LongestMessage(HandshakeType type) => (_state.Version == ProtocolVersion.TLSv13, type) switch
    {
        (true, HandshakeType.key_update) => KeyUpdateState.Length,
        (true, HandshakeType.new_session_ticket) => HandshakeMessages.LongestTicket,
        (true, HandshakeType.certificate_request) when mayAnswer => HandshakeMessages.LongestCertificate,
        (false, HandshakeType.hello_request) => 0,
        _ => null,
    };

    /// <inheritdoc/>
    public override void ReceiveMessage(HandshakeType type, byte[] message)
    {
        switch (type)
        {
            case HandshakeType.key_update:
                ReceiveKeyUpdate(message);
                break;
            case HandshakeType.new_session_ticket:
                tickets!.Received13(HandshakeMessages.Body(message));
                break;
            case HandshakeType.certificate_request:
                AnswerCertificateRequest(message);
                break;
            default:
                ReceiveHelloRequest();
                break;
        }
    }

    /// <summary>Starts a renegotiation (RFC 5246 section 7.4.1.1) if the application allows it and the server supports secure renegotiation (RFC 5746 section 4.2).</summary>
    private void ReceiveHelloRequest()
    {
        if (_state.SentCloseNotify)
        {
            // RFC 8446 section 6.1: nothing is sent after close_notify.
            return;
        }

        if (_state.Settings.Has(Context.TlsOptions.NoRenegotiation) || _state.VerifyData is null)
        {
            RejectRenegotiation();
            return;
        }

        _state.Connection.Renegotiate();
    }

    /// <summary>Answers a post-handshake CertificateRequest (RFC 8446 section 4.6.2).</summary>
    private void AnswerCertificateRequest(byte[] message)
    {
        CertificateRequestMessage request = CertificateRequestMessage.Read(_state, HandshakeMessages.Body(message));
        if (_state.SentCloseNotify)
        {
            // RFC 8446 section 6.1: nothing is sent after close_notify.
            return;
        }

        (CertifiedKey Key, int? Scheme)? credentials = Credentials.Choose(_state, _state.Settings.Credentials.Keys, request.Schemes, _state.Version, request.CertificateSchemes);
        var transcript = new PostHandshakeTranscript(_state.Transcript, Cipher13);
        transcript.Add(message);
        Send(transcript, HandshakeMessages.Make(HandshakeType.certificate, writer
            => CertificateMessage.Write(writer, request.Context, credentials is { } chosen ? Credentials.Chain(_state.Context, chosen.Key) : [], staple: null)));
        if (credentials is { } signer)
        {
            Send(transcript, HandshakeMessages.Make(HandshakeType.certificate_verify, writer
                => CertificateVerifyMessage.Write(_state, writer, signer.Key.Key, signer.Scheme!.Value, transcript.Hash())));
        }

        Send(transcript, HandshakeMessages.Make(HandshakeType.finished, writer => writer.Bytes(transcript.VerifyData())));
    }

    private void Send(PostHandshakeTranscript transcript, byte[] message)
    {
        transcript.Add(message);
        SendMessage(message);
    }
}
