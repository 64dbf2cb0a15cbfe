using System.Security.Cryptography;
using SslModule.Engine.Handshake.Tls13;
using SslModule.Engine.Records;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>A server's post-handshake messages: what a client may send, and certificate requests.</summary>
/// <param name="state">The connection's state.</param>
/// <param name="cipher">The current record protection.</param>
/// <param name="tickets">Sends tickets after a post-handshake authentication; null if tickets are impossible.</param>
internal sealed class ServerPostHandshake(HandshakeState state, RecordCipher cipher, ServerTickets? tickets) : PostHandshakeProtocol(state, cipher)
{
    private const int RequestContextLength = 32;

    private readonly HandshakeState _state = state;
    private PostHandshakeRequest? _request;

    /// <summary>True while a CertificateRequest is unanswered.</summary>
    public bool IsCertificateRequested => _request is not null;

    /// <summary>True between the client's Certificate and Finished, which must be consecutive (RFC 8446 section 4.4).</summary>
    public override bool IsInsideFlight => _request is { HasBegun: true };

    /// <inheritdoc/>
    public override int? LongestMessage(HandshakeType type) => (_state.Version == ProtocolVersion.TLSv13, type) switch
    {
        (true, HandshakeType.key_update) when !IsInsideFlight => KeyUpdateState.Length,
        (true, _) => _request?.LongestMessage(type),
        (false, HandshakeType.client_hello) => HandshakeMessages.LongestClientHello,
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
            case HandshakeType.client_hello:
                RejectRenegotiation();
                break;
            default:
                if (_request!.Receive(type, message))
                {
                    _request = null;
                    tickets?.Send(SendMessage);
                }

                break;
        }
    }
    /// <summary>Asks the client for a certificate.</summary>
    public void RequestCertificate()
    {
        byte[] requestContext = RandomNumberGenerator.GetBytes(RequestContextLength);
        CertificateRequestMessage request = CertificateRequestMessage.Of(_state, requestContext);
        byte[] message = HandshakeMessages.Make(HandshakeType.certificate_request, writer => request.Write(_state, writer));
        _request = new PostHandshakeRequest(_state, Cipher13, request, message);
        SendMessage(message);
    }
}
