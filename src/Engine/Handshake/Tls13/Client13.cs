using System.Security.Cryptography;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Wire;
using Certificate = SslModule.Engine.Certificates.Certificate;

namespace SslModule.Engine.Handshake.Tls13;

/// <summary>A client's handshake: its ClientHello, the server's flight, its answer to it.</summary>
/// <param name="state">The connection's facts.</param>
/// <param name="sessions">The client's part in resumption.</param>
internal sealed partial class Client13(HandshakeState state, ClientSessions sessions) : Handshake13(state)
{
    private readonly HandshakeState _state = state;
    private HandshakeType _expected = HandshakeType.server_hello;
    private HandshakeSecrets? _secrets;
    private CertificateRequestMessage? _request;
    private byte[]? _alpn;
    private int _suite;
    private int _olderVersion;
    private int _maxFragmentLength = -1;
    private bool _usesPsk;

    /// <inheritdoc/>
    public override LateProtocol Establish() => new ClientLate(_state, Cipher!, sessions, mayAnswer: _state.KeepsTranscript);

    /// <inheritdoc/>
    public override bool Expects(HandshakeType type) => type switch
    {
        // RFC 5246 section 7.4.1.1: a client that shakes hands already has no use for it.
        HandshakeType.hello_request => _state.Version == 0,
        HandshakeType.certificate_request => _expected == HandshakeType.certificate && _request is null,
        _ => type == _expected,
    };

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _secrets?.Dispose();
        DropShares();
        DropPsks();
    }

    /// <inheritdoc/>
    protected override bool ReceiveMessage(HandshakeType type, ReadOnlyMemory<byte> message)
    {
        if (!Expects(type))
        {
            throw Unexpected();
        }

        switch (type)
        {
            case HandshakeType.hello_request:
                return true;
            case HandshakeType.server_hello:
                return ReceiveServerHello(message);
            case HandshakeType.encrypted_extensions:
                ReceiveEncryptedExtensions(Body(message));
                _expected = _usesPsk ? HandshakeType.finished : HandshakeType.certificate;
                break;
            case HandshakeType.certificate_request:
                ReceiveCertificateRequest(Body(message));
                break;
            case HandshakeType.certificate:
                ReceiveCertificate(Body(message));
                _expected = HandshakeType.certificate_verify;
                break;
            case HandshakeType.certificate_verify:
                CheckSignature(_secrets!, Body(message), _state.Prepared.SignatureSchemes(ofClient: false));
                _expected = HandshakeType.finished;
                break;
            default:
                ReceiveFinished(message);
                return true;
        }

        _state.Transcript.Append(message.Span);
        return true;
    }

    /// <inheritdoc/>
    protected override void HandOver(ReadOnlyMemory<byte> messages)
    {
        DropShares();
        DropPsks();
        _state.Connection.UseOlderClient(_olderVersion, messages.Span);
    }

    private bool ReceiveServerHello(ReadOnlyMemory<byte> message)
    {
        ReceivedServerHello hello = new ServerHelloCheck(_state, _offer!, HasShare).Check(Body(message));
        if (hello.Version < ProtocolVersion.TLSv13)
        {
            // A HelloRetryRequest has settled on TLS 1.3.
            _olderVersion = hello.Version;
            return IsRetried ? throw _state.Fail("UNSUPPORTED_PROTOCOL", AlertDescription.illegal_parameter) : false;
        }

        if (hello.IsRetry)
        {
            ReceiveRetryRequest(hello, message.Span);
            return true;
        }

        if (IsRetried && hello.Suite != _suite)
        {
            throw _state.Fail("WRONG_CIPHER_RETURNED", AlertDescription.illegal_parameter);
        }

        _state.Version = hello.Version;
        Settle(hello.Suite);
        _secrets = SelectPsk(hello);
        Agree(hello.Extensions[ExtensionType.key_share]);
        _state.Transcript.Append(message.Span);
        Protect(_secrets, _offer!.Random, _suite);
        _expected = HandshakeType.encrypted_extensions;
        return true;
    }

    private void Settle(int suite)
    {
        _suite = suite;
        _state.Cipher = CipherSuites.ById(suite);
    }

    /// <summary>Computes the key exchange's secret from the server's share; that it is of a group of ours has been checked.</summary>
    private void Agree(ReadOnlyMemory<byte> extension)
    {
        var reader = new WireReader(extension);
        reader.TryNumber(2, out int group);
        reader.TryVector(2, out ReadOnlyMemory<byte> value);
        _state.Group = group;
        byte[] secret = ShareOf(group).Agree(value.Span);
        _secrets!.Advance(secret);
        CryptographicOperations.ZeroMemory(secret);
        DropShares();
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
        CheckFinished(_secrets!, Body(message).Span);
        _state.Transcript.Append(message.Span);
        Span<byte> client = stackalloc byte[_secrets!.Length];
        Span<byte> server = stackalloc byte[_secrets.Length];
        DeriveApplicationSecrets(_secrets, client, server);
        if (!IsRetried)
        {
            // With the flight that it precedes, not sooner: a server that has refused and closed by now answers any byte by a
            // reset, which takes its alert away.
            SendChangeCipherSpec();
        }

        if (_request is not null)
        {
            SendCertificate(_request);
        }

        byte[] finished = SendFinished(_secrets);
        Cipher!.ChangeWriteSecret(client);
        Cipher.ChangeReadSecret(server);
        CryptographicOperations.ZeroMemory(client);
        CryptographicOperations.ZeroMemory(server);
        Complete(_state.IsResumed ? Body(message).ToArray() : finished);
    }

    private void SendCertificate(CertificateRequestMessage request)
    {
        if (Credentials.Choose(_state, _state.Bound.Credentials.Keys, request.Schemes, _state.Version, request.CertificateSchemes) is { } chosen)
        {
            SendCertificate(_secrets!, chosen.Key, chosen.Scheme!.Value, staple: null);
            return;
        }

        CertificateMessage.Write(Begin(HandshakeType.certificate), [], [], staple: null);
        Send();
    }

    /// <summary>Takes stock: the handshake is over.</summary>
    /// <param name="firstFinished">What OpenSSL answers for tls-unique in TLS 1.3 too, where it is not defined: the first Finished (RFC 5929 section 3.1).</param>
    private void Complete(byte[] firstFinished)
    {
        var settled = new Negotiated(_state.Version, _suite, ExtendedMasterSecret: true, EncryptThenMac: false, _maxFragmentLength, _alpn);
        sessions.Completing(settled, DeriveResumption(_secrets!));
        _state.TlsUnique = firstFinished;
        Completion.Record(_state, settled);
        _state.EndTranscript();
    }
}
