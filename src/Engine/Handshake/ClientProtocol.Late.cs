using Org.BouncyCastle.Tls;

namespace SslModule.Engine.Handshake;

/// <content>What a server may send after the handshake.</content>
internal sealed partial class ClientProtocol : ILateMessageHandler
{
    private LateMessages? _late;

    /// <inheritdoc/>
    public LateMessages Late => _late ??= new LateMessages(state, this);

    /// <inheritdoc/>
    public int? LongestLateMessage(byte type) => (state.Version == 0x0304, (short)type) switch
    {
        (true, HandshakeType.key_update) => LateKeyUpdate.Length,
        (true, HandshakeType.new_session_ticket) => HandshakeMessages.LongestTicket,
        (true, HandshakeType.certificate_request) when state.KeepsTranscript => HandshakeMessages.LongestCertificate,
        (false, HandshakeType.hello_request) => 0,
        _ => null,
    };

    /// <inheritdoc/>
    public void ReceiveLateMessage(byte type, byte[] message)
    {
        switch ((short)type)
        {
            case HandshakeType.key_update:
                state.KeyUpdates.Received(message);
                Receive13KeyUpdate(HandshakeMessages.Body(message));
                state.KeyLogging.Updated(Context.SecurityParameters, ofServer: true);
                break;
            case HandshakeType.new_session_ticket:
                Receive13NewSessionTicket(HandshakeMessages.Body(message));
                break;
            case HandshakeType.certificate_request:
                AnswerCertificateRequest(message);
                break;
            default:
                RefuseRenegotiation();
                break;
        }
    }

    /// <inheritdoc/>
    public void SendKeyUpdate(bool requestPeer)
    {
        Send13KeyUpdate(requestPeer);
        state.KeyLogging.Updated(Context.SecurityParameters, ofServer: false);
    }

    /// <summary>Answers a CertificateRequest that came after the handshake (RFC 8446 section 4.6.2).</summary>
    private void AnswerCertificateRequest(byte[] message)
    {
        MemoryStream body = HandshakeMessages.Body(message);
        CertificateRequest request = CertificateRequest.Parse(Context, body);
        HandshakeMessages.AssertRead(body);
        if (state.SentCloseNotify)
        {
            // RFC 8446 section 6.1: nothing is sent after close_notify, not even an answer.
            return;
        }

        byte[] requestContext = request.GetCertificateRequestContext();
        SigningCredentials? credentials = Credentials.Choose(
            state, state.Context.CertifiedKeys, request.SupportedSignatureAlgorithms, ProtocolVersion.TLSv13, requestContext);
        Certificate certificate = credentials?.Certificate ?? new Certificate(requestContext, []);
        var transcript = new PostHandshakeTranscript(state.Transcript, Context.SecurityParameters);
        transcript.Add(message);
        SendLate(transcript, HandshakeMessages.Make(HandshakeType.certificate, output => certificate.Encode(Context, output, null)));
        if (credentials is not null)
        {
            DigitallySigned signed = credentials.Sign(transcript.SignedContent());
            SendLate(transcript, HandshakeMessages.Make(HandshakeType.certificate_verify, signed.Encode));
        }

        SendLate(transcript, HandshakeMessages.Make(HandshakeType.finished, output => output.Write(transcript.VerifyData())));
    }

    private void SendLate(PostHandshakeTranscript transcript, byte[] message)
    {
        transcript.Add(message);
        LateRecords.Write(message, ApplicationDataLimit, fragment => SafeWriteRecord(ContentType.handshake, fragment));
    }
}
