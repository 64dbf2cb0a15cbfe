using SslModule.Engine.Ciphers;
using SslModule.Engine.Handshake.Tls12;
using SslModule.Engine.Handshake.Tls13;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>The start of a server's handshake: reads the ClientHello and selects the version.</summary>
internal sealed class ServerVersionNegotiation(HandshakeState state) : HandshakeRole(state)
{
    private readonly HandshakeState _state = state;
    private readonly ServerSessions _sessions = new(state);

    /// <summary>The TLS 1.3 handshake that answered the first ClientHello with a HelloRetryRequest.</summary>
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

        // A ClientHello in SSL 2.0 format enters the transcript as received (RFC 5246 appendix E.2).
        _state.Transcript.Append(_state.V2ClientHello ?? message.Span);
        return new Server12(_state, _sessions, hello, version).Answer();
    }

    /// <summary>
    /// Reads and checks a ClientHello and calls the server-name callback, which may replace the context. Like OpenSSL, the version
    /// and a TLS 1.3 suite are selected before the callback.
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

        _sessions.Offer = ResumptionOffer.Of(_state, hello.Extensions, version);
        CallServerNameCallback(_sessions.Offer.ServerName, isRetried);
        PostHandshakeAuth.Read(_state, hello.Extensions);
        _state.WantsOcspResponse = OcspStaple.Requested(_state, hello.Extensions);
        _state.OfferedSuites = [.. hello.Suites.Where(suite => CipherSuites.ById(suite) is not null).Distinct()];
        return hello;
    }

    /// <summary>
    /// Calls the server-name callback with the requested name. Like OpenSSL, a second ClientHello calls it again, using the context
    /// that the first call may have set.
    /// </summary>
    private void CallServerNameCallback(string? name, bool isRetried)
    {
        Context.TlsContext before = _state.Context;
        _state.ServerName?.Invoke(name);
        _state.AcceptsServerName = name is not null && before.ServerNameCallback is not null;
        if (before != _state.Context && !isRetried)
        {
            // Move the started handshake to the statistics of the context that will count its completion.
            before.Statistics.ContextChanged();
            _state.Context.Statistics.Started(isServer: true);
        }
    }
}
