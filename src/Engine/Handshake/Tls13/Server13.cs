using System.Security.Cryptography;
using SslModule.Engine.Certificates;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Sessions;
using SslModule.Engine.Wire;
using Certificate = SslModule.Engine.Certificates.Certificate;

namespace SslModule.Engine.Handshake.Tls13;

/// <summary>A server's handshake: ClientHello, the server's flight, the client's answer to it.</summary>
internal sealed partial class Server13(HandshakeState state) : Handshake13(state)
{
    private readonly HandshakeState _state = state;
    private readonly ServerSessions _sessions = new(state);
    private HandshakeType _expected = HandshakeType.client_hello;
    private ReceivedHello? _older;
    private int _olderVersion;
    private HandshakeSecrets? _secrets;
    private ServerTickets? _tickets;
    private byte[] _clientSecret = [];
    private byte[] _finished = [];
    private byte[]? _alpn;
    private int _suite;
    private int _maxFragmentLength = -1;

    /// <inheritdoc/>
    public override LateProtocol Establish() => new ServerLate(_state, Cipher!, _tickets);

    /// <inheritdoc/>
    public override bool Expects(HandshakeType type) => type == _expected;

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _secrets?.Dispose();
        CryptographicOperations.ZeroMemory(_clientSecret);
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
            case HandshakeType.client_hello:
                return ReceiveClientHello(message);
            case HandshakeType.certificate:
                ReceiveCertificate(message);
                return true;
            case HandshakeType.certificate_verify:
                CheckSignature(_secrets!, Body(message), _state.Prepared.SignatureSchemes(ofClient: true));
                _state.Transcript.Append(message.Span);
                _expected = HandshakeType.finished;
                return true;
            default:
                ReceiveFinished(message);
                return true;
        }
    }

    /// <inheritdoc/>
    protected override void HandOver(ReadOnlyMemory<byte> messages)
        => _state.Connection.UseOlderServer(new ServerRole(_state, _sessions, _older!, _olderVersion), _olderVersion, messages.Span);

    private bool ReceiveClientHello(ReadOnlyMemory<byte> message)
    {
        ReceivedHello hello = ReadHello(Body(message), out int version);
        if (version < ProtocolVersion.TLSv13)
        {
            (_older, _olderVersion) = (hello, version);
            return false;
        }

        _state.Version = version;
        bool usesPsk = TakePsk(message.Span);
        int group = ChooseGroup(hello, out int[] groups);
        if (HelloExtensions.KeyShare(hello.Extensions[ExtensionType.key_share], group) is not { } share)
        {
            SendRetryRequest(hello, group);
            return true;
        }

        (CertifiedKey Key, int? Scheme)? signer = usesPsk ? null : ChooseSigner(hello);
        (_state.Group, _state.IsResumed) = (group, usesPsk);
        _maxFragmentLength = RecordLimits.Take(_state, hello.Extensions, _sessions.Offer.MaxFragmentLength);
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

    /// <summary>
    /// Reads and checks a hello, and lets the application look at the name in it: its context may change by that. As in OpenSSL,
    /// the version and a suite of TLS 1.3 are chosen before.
    /// </summary>
    private ReceivedHello ReadHello(ReadOnlyMemory<byte> body, out int version)
    {
        ReceivedHello hello = new ClientHelloCheck(_state, IsRetried).Check(body);
        if (_state.Transcript.RetriedHello is { } first)
        {
            new RetriedHelloCheck(_state).Check(first.AsMemory(HandshakeMessages.HeaderLength), body);
        }

        version = IsRetried ? ProtocolVersion.TLSv13 : hello.BestVersion(_state);
        if (version == ProtocolVersion.TLSv13)
        {
            ChooseSuite(hello);
        }

        _sessions.Offer = ResumptionOffer.Of(_state, hello.Extensions);
        AskServerName(_sessions.Offer.ServerName);
        NotePostHandshakeAuth(hello.Extensions);
        _state.WantsOcspResponse = OcspStaple.Requested(_state, hello.Extensions);
        _state.OfferedSuites = [.. hello.Suites.Where(suite => CipherSuites.ById(suite) is not null).Distinct()];
        return hello;
    }

    /// <summary>
    /// Tells the host's callback which name the client asked for, before anything is chosen. As in OpenSSL, a second ClientHello
    /// asks again, and by then it is the callback of the context that the first may have set.
    /// </summary>
    private void AskServerName(string? name)
    {
        Context.TlsContext before = _state.Context;
        _state.ServerName?.Invoke(name);
        if (before != _state.Context && !IsRetried)
        {
            // The handshake is counted where it will be counted as done.
            before.Statistics.Moved();
            _state.Context.Statistics.Started(isServer: true);
        }
    }

    /// <summary>Notes whether the client takes a CertificateRequest after the handshake (RFC 8446 section 4.2.6).</summary>
    private void NotePostHandshakeAuth(Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions)
    {
        if (extensions.TryGetValue(ExtensionType.post_handshake_auth, out ReadOnlyMemory<byte> data))
        {
            _state.PeerTakesLateRequest = data.IsEmpty ? true : throw _state.Fail("POST_HANDSHAKE_AUTH_ENCODING_ERR", AlertDescription.decode_error);
        }
    }

    private void ChooseSuite(ReceivedHello hello)
    {
        if (!IsRetried)
        {
            _suite = Tls13Suites.Choose(_state, hello.Suites) ?? throw _state.Fail("NO_SHARED_CIPHER", AlertDescription.handshake_failure);
            _state.Cipher = CipherSuites.ById(_suite);
        }
    }

    private (CertifiedKey Key, int? Scheme) ChooseSigner(ReceivedHello hello)
    {
        // RFC 8446 section 4.2.3: who is to sign must be told how.
        int[] accepted = hello.Schemes ?? throw _state.Fail("MISSING_SIGALGS_EXTENSION", AlertDescription.missing_extension);
        return Credentials.Choose(_state, _state.Bound.Credentials.Keys, accepted, _state.Version, hello.CertificateSchemes)
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
        _state.Transcript.Append(message.Span);
        Cipher!.ChangeReadSecret(_clientSecret);
        ResumptionSecret resumption = DeriveResumption(_secrets!);
        var settled = new Negotiated(_state.Version, _suite, ExtendedMasterSecret: true, EncryptThenMac: false, _maxFragmentLength, _alpn);
        SessionState template = _sessions.Completing(settled);
        _state.TlsUnique = _state.IsResumed ? _finished : Body(message).ToArray();
        Completion.Record(_state, settled);
        _state.EndTranscript();

        // Tickets come after the handshake: no part of the transcript.
        _tickets = new ServerTickets(_state, _sessions, template, resumption);
        _tickets.Send(SendRecords);
        if (!_state.KeepsTranscript)
        {
            // Only an authentication could bring more.
            _tickets.Destroy();
            _tickets = null;
        }
    }
}
