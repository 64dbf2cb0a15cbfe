using SslModule.Engine.Certificates;
using SslModule.Engine.Context;
using SslModule.Engine.Sessions;
using SslModule.Engine.Wire;
using Certificate = SslModule.Engine.Certificates.Certificate;

namespace SslModule.Engine.Handshake.Tls12;

/// <summary>A client's handshake of TLS 1.2 or earlier from the ServerHello on (RFC 5246 section 7.3).</summary>
/// <param name="state">The connection's state.</param>
/// <param name="sessions">The client's session resumption.</param>
/// <param name="offer">The client's ClientHello.</param>
internal sealed partial class Client12(HandshakeState state, ClientSessions sessions, OfferedHello offer) : Handshake12(state, Order)
{
    private static readonly HandshakeType?[] Order =
    [
        HandshakeType.certificate, HandshakeType.certificate_status, HandshakeType.server_key_exchange,
        HandshakeType.certificate_request, HandshakeType.server_hello_done,
        HandshakeType.new_session_ticket, null, HandshakeType.finished,
    ];

    private readonly HandshakeState _state = state;
    private KeyExchange.KeyExchange? _exchange;
    private CertificateRequest12? _request;
    private byte[] _finished = [];
    private bool _expectsStatus;
    private bool _expectsTicket;
    private bool _knowsRenegotiation;

    /// <summary>Continues from a ServerHello whose encoding was checked.</summary>
    public Client12 Begin(ReceivedServerHello hello, ReadOnlyMemory<byte> message)
    {
        _state.Version = hello.Version;
        _state.Cipher = Ciphers.CipherSuites.ById(hello.Suite);
        offer.Random.CopyTo(Randoms, 0);
        hello.Random.CopyTo(Randoms.AsMemory(RandomLength));
        SessionId = hello.SessionId.ToArray();
        TlsSession? resumed = ResumedSession(hello);
        ReadExtensions(hello.Extensions, resumed?.State);
        _state.Transcript.Append(message.Span);
        if (resumed is not null)
        {
            Resume(resumed.State);
            GoTo(HandshakeType.new_session_ticket);
        }
        else
        {
            CheckLegacySignatures();
            _exchange = KeyExchange.KeyExchange.Of(_state, Suite);
            if (!Suite.HasCertificate)
            {
                // In a renegotiation, the certificates of the previous handshake no longer apply.
                (_state.PeerChain, _state.VerifiedChain) = ([], null);
            }
        }

        return this;
    }

    /// <inheritdoc/>
    public override PostHandshakeProtocol Establish() => new ClientPostHandshake(_state, Protection, tickets: null, mayAnswer: false);

    /// <inheritdoc/>
    public override bool Expects(HandshakeType type) => type == HandshakeType.hello_request || base.Expects(type);

    /// <inheritdoc/>
    public override HandshakeRole Receive(HandshakeType type, ReadOnlyMemory<byte> message)
    {
        // RFC 5246 section 7.4.1.1: a HelloRequest is ignored during a handshake, and is not part of the transcript.
        return type == HandshakeType.hello_request ? this : base.Receive(type, message);
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
        HandshakeType.certificate => Suite.HasCertificate ? Presence.Required : Presence.Absent,
        HandshakeType.certificate_status => _expectsStatus ? Presence.Optional : Presence.Absent,
        HandshakeType.server_key_exchange => _exchange!.ServerKeyExchange,
        HandshakeType.certificate_request => Suite.HasCertificate ? Presence.Optional : Presence.Absent,
        HandshakeType.new_session_ticket => _expectsTicket ? Presence.Required : Presence.Absent,
        _ => Presence.Required,
    };

    /// <inheritdoc/>
    protected override void ReceiveMessage(HandshakeType type, ReadOnlyMemory<byte> message)
    {
        ReadOnlyMemory<byte> body = Body(message);
        _state.Transcript.Append(message.Span);
        switch (type)
        {
            case HandshakeType.certificate:
                ReceiveCertificate(body);
                break;
            case HandshakeType.certificate_status:
                _state.OcspResponse = OcspStaple.ReadMessage(_state, body);
                break;
            case HandshakeType.server_key_exchange:
                ReceiveServerKeyExchange(body);
                break;
            case HandshakeType.certificate_request:
                _request = CertificateRequest12.Read(_state, body);
                break;
            case HandshakeType.server_hello_done:
                if (!Suite.HasCertificate)
                {
                    PeerVerification.CheckWithoutCertificate(_state, resumed: null);
                }

                SendFlight();
                break;
            default:
                ReceiveTicket(body);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void ReceiveFinished(byte[] verifyData)
    {
        if (_state.IsResumed)
        {
            PeerVerification.CheckWithoutCertificate(_state, offer.Session!.State);
            _finished = SendFinished();
        }

        _state.VerifyData = _knowsRenegotiation ? (_finished, verifyData) : null;
        sessions.HandshakeCompleted(Negotiated, Master!.Bytes.ToArray(), SessionId);
        Complete(_state.IsResumed ? verifyData : _finished);
    }

    /// <summary>The session that the server resumed; null for none.</summary>
    private TlsSession? ResumedSession(ReceivedServerHello hello)
    {
        if (offer.Session is not { } session || hello.SessionId.IsEmpty || !hello.SessionId.Span.SequenceEqual(session.Id.Span))
        {
            return null;
        }

        if (hello.Version != session.State.Version)
        {
            throw _state.Fail("SSL_SESSION_VERSION_MISMATCH", AlertDescription.protocol_version);
        }

        return hello.Suite == session.State.Suite
            ? session
            : throw _state.Fail("OLD_SESSION_CIPHER_NOT_RETURNED", AlertDescription.illegal_parameter);
    }

    private void CheckLegacySignatures()
    {
        if (Suite.HasSignedKeyExchange && _state.Version < ProtocolVersion.TLSv12 && !SupportedAlgorithms.AllowsLegacySignatures(_state.Settings.Credentials))
        {
            throw _state.Fail("LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED", AlertDescription.internal_error);
        }
    }

    private void ReceiveCertificate(ReadOnlyMemory<byte> body)
    {
        Certificate[] chain = CertificateMessage.Read(_state, body);
        if (chain.Length == 0)
        {
            throw _state.Fail("LENGTH_MISMATCH", AlertDescription.decode_error);
        }

        PeerVerification.Check(_state, chain);
        CheckKey(chain[0]);
    }

    /// <summary>Checks that the server's key type and key usage fit the suite (RFC 5246 section 7.4.2, RFC 8422 section 5.3).</summary>
    private void CheckKey(Certificate leaf)
    {
        KeyKind kind = leaf.PublicKey.Kind;
        bool fits = Suite.Au == "ECDSA" ? kind is KeyKind.Ec or KeyKind.Ed25519 or KeyKind.Ed448
            : kind == KeyKind.Rsa || (Suite.HasSignedKeyExchange && kind == KeyKind.RsaPss);
        if (!fits)
        {
            throw _state.Fail("WRONG_CERTIFICATE_TYPE", AlertDescription.illegal_parameter);
        }

        if (Suite.Au == "ECDSA" && leaf.Extensions.KeyUsage is { } usage && (usage & KeyUsages.DigitalSignature) == 0)
        {
            throw _state.Fail("BAD_ECC_CERT", AlertDescription.handshake_failure);
        }
    }

    private void ReceiveServerKeyExchange(ReadOnlyMemory<byte> body)
    {
        var reader = new WireReader(body);
        _exchange!.ReadServerParameters(ref reader);
        if (Suite.HasSignedKeyExchange)
        {
            byte[] signed = [.. Randoms, .. body.Span[..^reader.Rest.Length]];
            HandshakeSignature.Check(_state, ref reader, _state.PeerChain[0].PublicKey, signed, () => HandshakeSignature.Hashes(signed));
        }
        else if (!reader.Rest.IsEmpty)
        {
            throw _state.Fail("EXTRA_DATA_IN_MESSAGE", AlertDescription.decode_error);
        }

        _exchange.AcceptServerParameters();
    }

    private void ReceiveTicket(ReadOnlyMemory<byte> body)
    {
        var reader = new WireReader(body);
        if (!reader.TryLong(out uint lifetime) || !reader.TryVector(2, out ReadOnlyMemory<byte> ticket) || !reader.Rest.IsEmpty)
        {
            throw _state.Fail("LENGTH_MISMATCH", AlertDescription.decode_error);
        }

        sessions.Received(ticket.ToArray(), lifetime);
    }
}
