using System.Security.Cryptography;
using Org.BouncyCastle.Tls;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Handshake;

/// <content>What a client may send after the handshake.</content>
internal sealed partial class ServerProtocol : ILateMessageHandler
{
    private const int RequestContextLength = 32;

    private LateMessages? _late;
    private PostHandshakeRequest? _request;

    /// <inheritdoc/>
    public LateMessages Late => _late ??= new LateMessages(state, this);

    /// <summary>True while a CertificateRequest waits for its answer.</summary>
    public bool IsCertificateRequested => _request is not null;

    /// <summary>True between the client's Certificate and its Finished, which nothing may part (RFC 8446 section 4.4).</summary>
    public bool IsInsideLateFlight => _request is { HasBegun: true };

    /// <inheritdoc/>
    public int? LongestLateMessage(byte type) => (state.Version == 0x0304, (short)type) switch
    {
        (true, HandshakeType.key_update) when !IsInsideLateFlight => LateKeyUpdate.Length,
        (true, _) => _request?.LongestMessage(type),
        (false, HandshakeType.client_hello) => HandshakeMessages.LongestClientHello,
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
                state.KeyLogging.Updated(Context.SecurityParameters, ofServer: false);
                break;
            case HandshakeType.client_hello:
                RefuseRenegotiation();
                break;
            default:
                if (_request!.Receive(type, message))
                {
                    _request = null;
                    SendTickets();
                }

                break;
        }
    }

    /// <inheritdoc/>
    public void SendKeyUpdate(bool requestPeer)
    {
        Send13KeyUpdate(requestPeer);
        state.KeyLogging.Updated(Context.SecurityParameters, ofServer: true);
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

    /// <summary>Asks the client for a certificate after the handshake.</summary>
    public void RequestCertificate()
    {
        byte[] requestContext = RandomNumberGenerator.GetBytes(RequestContextLength);
        CertificateRequest request = role.CertificateRequest(requestContext);
        byte[] message = HandshakeMessages.Make(HandshakeType.certificate_request, output => request.Encode(Context, output));
        _request = new PostHandshakeRequest(state, Context, request, message);
        LateRecords.Write(message, ApplicationDataLimit, fragment => SafeWriteRecord(ContentType.handshake, fragment));
    }
}
