using System.Security.Cryptography;
using SslModule.Engine.Certificates;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Sessions;
using SslModule.Engine.Wire;
using Certificate = SslModule.Engine.Certificates.Certificate;

namespace SslModule.Engine.Handshake.Tls13;

/// <summary>A server's TLS 1.3 handshake: answers the ClientHello, then processes the client's second flight.</summary>
/// <param name="state">The connection's state.</param>
/// <param name="sessions">The server's session resumption.</param>
internal sealed partial class Server13(HandshakeState state, ServerSessions sessions) : Handshake13(state)
{
    private readonly HandshakeState _state = state;
    private HandshakeType _expected;
    private HandshakeSecrets? _secrets;
    private ServerTickets? _tickets;
    private byte[] _clientSecret = [];
    private byte[] _finished = [];
    private byte[]? _alpn;
    private int _suite;
    private int _maxFragmentLength = -1;

    /// <inheritdoc/>
    public override PostHandshakeProtocol Establish() => new ServerPostHandshake(_state, Cipher!, _tickets);

    /// <inheritdoc/>
    public override bool Expects(HandshakeType type) => type == _expected;

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _secrets?.Dispose();
        CryptographicOperations.ZeroMemory(_clientSecret);
    }

    /// <summary>Selects the suite, before the server-name callback.</summary>
    public void ChooseSuite(ReceivedHello hello)
    {
        if (!IsRetried)
        {
            _suite = Tls13Suites.Choose(_state, hello.Suites) ?? throw _state.Fail("NO_SHARED_CIPHER", AlertDescription.handshake_failure);
            _state.Cipher = CipherSuites.ById(_suite);
        }
    }

    /// <summary>Sends the server's flight, or a HelloRetryRequest.</summary>
    /// <param name="hello">The ClientHello.</param>
    /// <param name="message">The encoded ClientHello message.</param>
    /// <returns>False after a HelloRetryRequest, which requires a second ClientHello.</returns>
    public bool Answer(ReceivedHello hello, ReadOnlyMemory<byte> message)
    {
        _state.Version = ProtocolVersion.TLSv13;
        bool usesPsk = TakePsk(message.Span);
        int group = ChooseGroup(hello, out int[] groups);
        if (KeyShares.Find(hello.Extensions[ExtensionType.key_share], group) is not { } share)
        {
            SendRetryRequest(hello, group);
            return false;
        }

        (CertifiedKey Key, int? Scheme)? signer = usesPsk ? null : ChooseSigner(hello);
        (_state.Group, _state.IsResumed) = (group, usesPsk);
        _maxFragmentLength = RecordLimits.ApplyClientExtensions(_state, hello.Extensions, sessions.Offer.MaxFragmentLength);
        SendServerHello(hello, share, usesPsk);
        SendEncryptedExtensions(hello, groups);
        bool asks = signer is not null && SendCertificateRequest();
        if (signer is { } chosen)
        {
            SendCertificate(_secrets!, chosen.Key, chosen.Scheme!.Value, _state.WantsOcspResponse ? _state.Context.OcspResponseBytes : null);
        }

        SendFinished();
        _expected = asks ? HandshakeType.certificate : HandshakeType.finished;
        return true;
    }

    /// <inheritdoc/>
    public override HandshakeRole Receive(HandshakeType type, ReadOnlyMemory<byte> message)
    {
        switch (type)
        {
            case HandshakeType.certificate:
                ReceiveCertificate(message);
                break;
            case HandshakeType.certificate_verify:
                CheckSignature(_secrets!, Body(message), _state.Derived.SignatureSchemes(ofClient: true, _state.Version));
                _state.Transcript.Append(message.Span);
                _expected = HandshakeType.finished;
                break;
            default:
                ReceiveFinished(message);
                break;
        }

        return this;
    }

    private (CertifiedKey Key, int? Scheme) ChooseSigner(ReceivedHello hello)
    {
        // RFC 8446 section 4.2.3: signature_algorithms is mandatory for certificate authentication.
        int[] accepted = hello.Schemes ?? throw _state.Fail("MISSING_SIGALGS_EXTENSION", AlertDescription.missing_extension);
        return Credentials.Choose(_state, _state.Settings.Credentials.Keys, accepted, _state.Version, hello.CertificateSchemes)
            ?? throw _state.Fail("NO_SUITABLE_SIGNATURE_ALGORITHM", AlertDescription.handshake_failure);
    }

    private void ReceiveCertificate(ReadOnlyMemory<byte> message)
    {
        Certificate[] chain = CertificateMessage.Read(_state, Body(message), []);
        PeerVerification.Check(_state, chain);
        _state.Transcript.Append(message.Span);
        _expected = chain.Length > 0 ? HandshakeType.certificate_verify : HandshakeType.finished;
    }

    private void ReceiveFinished(ReadOnlyMemory<byte> message)
    {
        CheckFinished(_secrets!, Body(message).Span);
        if (_state.IsResumed)
        {
            PeerVerification.CheckWithoutCertificate(_state, sessions.Accepted);
        }

        _state.Transcript.Append(message.Span);
        Cipher!.ChangeReadSecret(_clientSecret);
        ResumptionSecret resumption = DeriveResumption(_secrets!);
        var negotiated = new NegotiatedParameters(_state.Version, _suite, ExtendedMasterSecret: true, EncryptThenMac: false, _maxFragmentLength, _alpn);
        SessionState template = sessions.HandshakeCompleted(negotiated);
        _state.TlsUnique = _state.IsResumed ? _finished : Body(message).ToArray();
        HandshakeResult.Apply(_state, negotiated);
        _state.EndTranscript();

        // Tickets are sent after the handshake and are not part of the transcript.
        _tickets = new ServerTickets(_state, sessions, template, resumption);
        _tickets.Send(SendRecords);
        if (!_state.KeepsTranscript)
        {
            // No more tickets are sent, unless the client authenticates later.
            _tickets.Destroy();
            _tickets = null;
        }
    }
}
