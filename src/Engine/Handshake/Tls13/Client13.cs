using System.Security.Cryptography;
using SslModule.Engine.Wire;
using Certificate = SslModule.Engine.Certificates.Certificate;

namespace SslModule.Engine.Handshake.Tls13;

/// <summary>A client's TLS 1.3 handshake from the ServerHello on: processes the server's flight and answers it.</summary>
/// <param name="state">The connection's state.</param>
/// <param name="sessions">The client's session resumption.</param>
/// <param name="offer">The client's ClientHello.</param>
/// <param name="secrets">The key schedule, after the key exchange.</param>
/// <param name="usesPsk">Whether the server selected a PSK.</param>
/// <param name="isRetried">Whether there was a HelloRetryRequest.</param>
internal sealed partial class Client13(HandshakeState state, ClientSessions sessions, OfferedHello offer, HandshakeSecrets secrets, bool usesPsk, bool isRetried)
    : Handshake13(state)
{
    private readonly HandshakeState _state = state;
    private HandshakeType _expected = HandshakeType.encrypted_extensions;
    private CertificateRequestMessage? _request;
    private byte[]? _alpn;
    private int _suite;
    private int _maxFragmentLength = -1;
    private bool _sentChangeCipherSpec = isRetried;

    /// <summary>Continues from a checked ServerHello.</summary>
    public Client13 Begin(ReceivedServerHello hello, ReadOnlyMemory<byte> message)
    {
        _suite = hello.Suite;
        _state.Transcript.Append(message.Span);
        Protect(secrets, offer.Random, _suite);
        return this;
    }

    /// <summary>The first encrypted record may be an alert: what a middlebox waits for goes before it too (RFC 8446 appendix D.4).</summary>
    public override void BeforeAlert() => SendFirstChangeCipherSpec();

    /// <inheritdoc/>
    public override PostHandshakeProtocol Establish() => new ClientPostHandshake(_state, Cipher!, sessions, mayAnswer: _state.KeepsTranscript);

    /// <inheritdoc/>
    public override bool Expects(HandshakeType type) => type switch
    {
        HandshakeType.certificate_request => _expected == HandshakeType.certificate && _request is null,
        _ => type == _expected,
    };

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        secrets.Dispose();
    }

    /// <inheritdoc/>
    public override HandshakeRole Receive(HandshakeType type, ReadOnlyMemory<byte> message)
    {
        switch (type)
        {
            case HandshakeType.encrypted_extensions:
                ReceiveEncryptedExtensions(Body(message));
                _expected = usesPsk ? HandshakeType.finished : HandshakeType.certificate;
                break;
            case HandshakeType.certificate_request:
                ReceiveCertificateRequest(Body(message));
                break;
            case HandshakeType.certificate:
                ReceiveCertificate(Body(message));
                _expected = HandshakeType.certificate_verify;
                break;
            case HandshakeType.certificate_verify:
                CheckSignature(secrets, Body(message), _state.Derived.SignatureSchemes(ofClient: false, _state.Version));
                _expected = HandshakeType.finished;
                break;
            default:
                ReceiveFinished(message);
                return this;
        }

        _state.Transcript.Append(message.Span);
        return this;
    }

    /// <summary>Sends the ChangeCipherSpec, unless the second ClientHello was preceded by it.</summary>
    private void SendFirstChangeCipherSpec()
    {
        if (!_sentChangeCipherSpec)
        {
            _sentChangeCipherSpec = true;
            SendCompatibilityChangeCipherSpec();
        }
    }

    private void ReceiveCertificateRequest(ReadOnlyMemory<byte> body)
    {
        _request = CertificateRequestMessage.Read(_state, body);
        if (_request.Context.Length > 0)
        {
            throw _state.Fail("BAD_EXTENSION", AlertDescription.illegal_parameter);
        }
    }

    private void ReceiveCertificate(ReadOnlyMemory<byte> body)
    {
        Certificate[] chain = CertificateMessage.Read(_state, body, []);
        if (chain.Length == 0)
        {
            throw _state.Fail("LENGTH_MISMATCH", AlertDescription.decode_error);
        }

        PeerVerification.Check(_state, chain);
    }

    private void ReceiveFinished(ReadOnlyMemory<byte> message)
    {
        CheckFinished(secrets, Body(message).Span);
        if (usesPsk)
        {
            PeerVerification.CheckWithoutCertificate(_state, _state.Resumed);
        }

        _state.Transcript.Append(message.Span);
        Span<byte> client = stackalloc byte[secrets.Length];
        Span<byte> server = stackalloc byte[secrets.Length];
        DeriveApplicationSecrets(secrets, client, server);

        // Sent with the client's flight, not earlier: a server that has rejected the handshake and closed the socket would answer
        // with a TCP reset, which can discard its alert before it is read.
        SendFirstChangeCipherSpec();
        if (_request is not null)
        {
            SendCertificate(_request);
        }

        byte[] finished = SendFinished(secrets);
        Cipher!.ChangeWriteSecret(client);
        Cipher.ChangeReadSecret(server);
        CryptographicOperations.ZeroMemory(client);
        CryptographicOperations.ZeroMemory(server);
        Complete(_state.IsResumed ? Body(message).ToArray() : finished);
    }

    private void SendCertificate(CertificateRequestMessage request)
    {
        if (Credentials.Choose(_state, _state.Settings.Credentials.Keys, request.Schemes, _state.Version, request.CertificateSchemes) is { } chosen)
        {
            SendCertificate(secrets, chosen.Key, chosen.Scheme!.Value, staple: null);
            return;
        }

        CertificateMessage.Write(Begin(HandshakeType.certificate), [], [], staple: null);
        Send();
    }

    /// <summary>Completes the handshake.</summary>
    /// <param name="firstFinished">The first Finished (RFC 5929 section 3.1). OpenSSL returns it as tls-unique in TLS 1.3 too, where tls-unique is undefined.</param>
    private void Complete(byte[] firstFinished)
    {
        var negotiated = new NegotiatedParameters(_state.Version, _suite, ExtendedMasterSecret: true, EncryptThenMac: false, _maxFragmentLength, _alpn);
        sessions.HandshakeCompleted(negotiated, DeriveResumption(secrets));
        _state.TlsUnique = firstFinished;
        HandshakeResult.Apply(_state, negotiated);
        _state.EndTranscript();
    }
}
