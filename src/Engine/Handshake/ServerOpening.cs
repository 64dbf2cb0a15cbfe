using SslModule.Engine.Ciphers;
using SslModule.Engine.Handshake.Tls12;
using SslModule.Engine.Handshake.Tls13;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>A server's handshake until the version is settled: it reads the ClientHello, whatever it offers, and chooses the version.</summary>
internal sealed class ServerOpening(HandshakeState state) : HandshakeRole(state)
{
    private readonly HandshakeState _state = state;
    private readonly ServerSessions _sessions = new(state);

    /// <summary>Who has answered the first hello with a HelloRetryRequest.</summary>
    private Server13? _tls13;

    /// <inheritdoc/>
    public override bool Expects(HandshakeType type) => type == HandshakeType.client_hello;

    /// <inheritdoc/>
    public override HandshakeRole Receive(HandshakeType type, ReadOnlyMemory<byte> message)
    {
        ReceivedHello hello = ReadHello(Body(message), out int version);
        if (version == ProtocolVersion.TLSv13)
        {
            return _tls13!.Answer(hello, message) ? _tls13 : this;
        }

        // A hello in the format of SSL 2.0 counts as it came (RFC 5246 appendix E.2).
        _state.Transcript.Append(_state.V2ClientHello ?? message.Span);
        return new Server12(_state, _sessions, hello, version).Answer();
    }

    /// <summary>
    /// Reads and checks a hello, and lets the application look at the name in it: its context may change by that. As in OpenSSL,
    /// the version and a suite of TLS 1.3 are chosen before.
    /// </summary>
    private ReceivedHello ReadHello(ReadOnlyMemory<byte> body, out int version)
    {
        bool isRetried = _tls13 is not null;
        ReceivedHello hello = new ClientHelloCheck(_state, isRetried).Check(body);
        if (_state.Transcript.RetriedHello is { } first)
        {
            new RetriedHelloCheck(_state).Check(first.AsMemory(HandshakeMessages.HeaderLength), body);
        }

        version = isRetried ? ProtocolVersion.TLSv13 : hello.BestVersion(_state);
        if (version == ProtocolVersion.TLSv13)
        {
            _tls13 ??= new Server13(_state, _sessions);
            _tls13.ChooseSuite(hello);
        }

        _sessions.Offer = ResumptionOffer.Of(_state, hello.Extensions);
        AskServerName(_sessions.Offer.ServerName, isRetried);
        NotePostHandshakeAuth(hello.Extensions);
        _state.WantsOcspResponse = OcspStaple.Requested(_state, hello.Extensions);
        _state.OfferedSuites = [.. hello.Suites.Where(suite => CipherSuites.ById(suite) is not null).Distinct()];
        return hello;
    }

    /// <summary>
    /// Tells the host's callback which name the client asked for, before anything is chosen. As in OpenSSL, a second ClientHello
    /// asks again, and by then it is the callback of the context that the first may have set.
    /// </summary>
    private void AskServerName(string? name, bool isRetried)
    {
        Context.TlsContext before = _state.Context;
        _state.ServerName?.Invoke(name);
        if (before != _state.Context && !isRetried)
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
            _state.PeerTakesPostHandshakeAuth = data.IsEmpty ? true : throw _state.Fail("POST_HANDSHAKE_AUTH_ENCODING_ERR", AlertDescription.decode_error);
        }
    }
}
