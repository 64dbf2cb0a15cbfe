using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake.Tls12;

/// <summary>A server's handshake of TLS 1.2 or earlier from the ClientHello on (RFC 5246 section 7.3).</summary>
internal sealed partial class Server12 : Handshake12
{
    private static readonly HandshakeType?[] Order =
    [
        HandshakeType.certificate, HandshakeType.client_key_exchange, HandshakeType.certificate_verify, null, HandshakeType.finished,
    ];

    private readonly HandshakeState _state;
    private readonly ServerSessions _sessions;
    private readonly ReceivedHello _hello;
    private KeyExchange.KeyExchange? _exchange;
    private byte[] _finished = [];
    private bool _asksForCertificate;

    /// <param name="state">The connection's state.</param>
    /// <param name="sessions">The server's session resumption.</param>
    /// <param name="hello">The ClientHello; its message buffer is valid until <see cref="Answer"/> returns.</param>
    /// <param name="version">The negotiated version.</param>
    public Server12(HandshakeState state, ServerSessions sessions, ReceivedHello hello, int version)
        : base(state, Order)
    {
        (_state, _sessions, _hello) = (state, sessions, hello);
        _state.Version = version;
    }

    /// <summary>Sends the server's first flight.</summary>
    public Server12 Answer()
    {
        if (_sessions.Find(_hello.SessionId, _hello.Suites, _state.Derived.ServerSuites) is { } session)
        {
            AnswerResumption(session);
            return this;
        }

        Choice choice = new SuiteSelection(_state, _hello).Choose();
        _exchange = KeyExchange.KeyExchange.Of(_state, Suite);
        SendServerHello(_sessions.NewId(), isResumed: false);
        if (choice.Key is { } key)
        {
            SendCertificate(key);
        }

        SendServerKeyExchange(choice);
        SendCertificateRequest();
        Begin(HandshakeType.server_hello_done);
        Send();
        return this;
    }

    /// <inheritdoc/>
    public override PostHandshakeProtocol Establish() => new ServerPostHandshake(_state, Protection, tickets: null);

    /// <inheritdoc/>
    public override bool TakesAlert(AlertDescription alert)
    {
        if (alert != AlertDescription.no_certificate || _state.Version != ProtocolVersion.SSLv3 || !Expects(HandshakeType.certificate))
        {
            return false;
        }

        PeerVerification.Check(_state, []);
        GoTo(HandshakeType.client_key_exchange);
        return true;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _exchange?.Dispose();
    }

    /// <inheritdoc/>
    protected override Presence PresenceOf(int step) => Order[step] switch
    {
        // RFC 2246 section 7.4.6: a client without a certificate sends an empty Certificate message.
        HandshakeType.certificate => _asksForCertificate ? Presence.Required : Presence.Absent,
        HandshakeType.certificate_verify => _state.PeerChain.Count > 0 ? Presence.Required : Presence.Absent,
        _ => Presence.Required,
    };

    /// <inheritdoc/>
    protected override void ReceiveMessage(HandshakeType type, ReadOnlyMemory<byte> message)
    {
        switch (type)
        {
            case HandshakeType.certificate:
                PeerVerification.Check(_state, CertificateMessage.Read(_state, Body(message)));
                _state.Transcript.Append(message.Span);
                break;
            case HandshakeType.client_key_exchange:
                ReceiveClientKeyExchange(message);
                break;
            default:
                ReceiveCertificateVerify(Body(message));
                _state.Transcript.Append(message.Span);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void ReceiveFinished(byte[] verifyData)
    {
        if (_state.IsResumed || !Suite.HasCertificate)
        {
            PeerVerification.CheckWithoutCertificate(_state, _sessions.Accepted);
        }

        if (!_state.IsResumed)
        {
            SendTicket();
            SendFinished();
        }

        _sessions.HandshakeCompleted(Negotiated, Master!.Bytes, SessionId);
        Complete(_state.IsResumed ? _finished : verifyData);
    }

    private void ReceiveClientKeyExchange(ReadOnlyMemory<byte> message)
    {
        var reader = new WireReader(Body(message));
        byte[] premaster = _exchange!.ReadClientKeyExchange(ref reader);
        _state.Transcript.Append(message.Span);
        Agree(premaster);
    }

    /// <summary>Checks the client's CertificateVerify (RFC 5246 section 7.4.8).</summary>
    private void ReceiveCertificateVerify(ReadOnlyMemory<byte> body)
    {
        var reader = new WireReader(body);
        HandshakeSignature.Check(_state, ref reader, _state.PeerChain[0].PublicKey, _state.Transcript.Messages, LegacyTranscriptHashes);
    }
}
