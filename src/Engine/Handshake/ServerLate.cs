using System.Security.Cryptography;
using Org.BouncyCastle.Tls;
using SslModule.Engine.Crypto;
using TlsContext = Org.BouncyCastle.Tls.TlsContext;

namespace SslModule.Engine.Handshake;

/// <summary>What a client may send after the handshake, and the server's requests for its certificate.</summary>
/// <param name="state">The connection's facts.</param>
/// <param name="cipher">The record protection in force.</param>
/// <param name="tickets">Gives tickets after an authentication; null where none can come.</param>
/// <param name="context">BouncyCastle's context, to parse with; null where the client may not be asked.</param>
internal sealed class ServerLate(HandshakeState state, RecordCipher cipher, ServerTickets? tickets, TlsContext? context) : LateProtocol(state, cipher)
{
    private const int RequestContextLength = 32;

    private readonly HandshakeState _state = state;
    private PostHandshakeRequest? _request;

    /// <summary>True while a CertificateRequest waits for its answer.</summary>
    public bool IsCertificateRequested => _request is not null;

    /// <summary>True between the client's Certificate and its Finished, which nothing may part (RFC 8446 section 4.4).</summary>
    public override bool IsInsideFlight => _request is { HasBegun: true };

    /// <inheritdoc/>
    public override int? LongestLateMessage(byte type) => (_state.Version == 0x0304, (short)type) switch
    {
        (true, HandshakeType.key_update) when !IsInsideFlight => LateKeyUpdate.Length,
        (true, _) => _request?.LongestMessage(type),
        (false, HandshakeType.client_hello) => HandshakeMessages.LongestClientHello,
        _ => null,
    };

    /// <inheritdoc/>
    public override void ReceiveLateMessage(byte type, byte[] message)
    {
        switch ((short)type)
        {
            case HandshakeType.key_update:
                ReceiveKeyUpdate(message);
                break;
            case HandshakeType.client_hello:
                RefuseRenegotiation();
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
        CertificateRequest request = ServerRole.CertificateRequest(_state, requestContext);
        byte[] message = HandshakeMessages.Make(HandshakeType.certificate_request, output => request.Encode(context, output));
        _request = new PostHandshakeRequest(_state, context!, Cipher13, request, message);
        SendMessage(message);
    }
}
