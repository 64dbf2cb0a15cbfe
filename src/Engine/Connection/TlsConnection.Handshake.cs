using SslModule.Engine.Errors;
using SslModule.Engine.Handshake;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Connection;

/// <content>The handshake.</content>
public sealed partial class TlsConnection
{
    /// <summary>Advances the handshake with the available input.</summary>
    /// <returns>Complete, WantRead, or Closed.</returns>
    /// <exception cref="TlsError">The handshake failed; flush <see cref="Output"/> before raising it.</exception>
    public TlsStatus Handshake()
    {
        ThrowIfReentered();
        lock (_sync)
        {
            return HandshakeStep();
        }
    }

    /// <summary>True if the handshake or post-handshake authentication failed and an alert was sent to a peer that speaks TLS.</summary>
    internal bool HasFailedHandshake => _alerted && (!_state.IsComplete || IsClientCertificateRequested) && !_state.Records.Headers.IsNotTls;

    /// <summary>The same, called with <see cref="StepLock"/> held.</summary>
    internal TlsStatus HandshakeStep()
    {
        if (_failure is not null)
        {
            throw _failure;
        }

        try
        {
            if (_state.IsComplete)
            {
                SendPendingCertificateRequest();
                return TlsStatus.Complete;
            }

            Begin();
            while (!_state.IsComplete)
            {
                CheckRecordHeader();
                if (!HasWholeRecord())
                {
                    return !_inputEnded ? TlsStatus.WantRead : throw (IgnoresUnexpectedEnd ? TlsError.ZeroReturn() : TlsError.Eof());
                }

                FeedRecord();
                if (PeerClosed && !_state.IsComplete)
                {
                    throw TlsError.ZeroReturn();
                }
            }

            Establish();
            return TlsStatus.Complete;
        }
        catch (Exception exception)
        {
            throw Failed(exception);
        }
    }

    bool IHandshakeConnection.Expects(HandshakeType type) => _handshake!.Expects(type);

    /// <summary>Completes the handshake and releases its memory.</summary>
    private void Establish()
    {
        _postHandshake = _handshake!.Establish();
        _handshake.Dispose();
        _handshake = null;
        _state.HandshakeDone();
        ObserveCompletion();
    }

    private void Begin()
    {
        if (_begun)
        {
            return;
        }

        _begun = true;
        Observe();
        Trace();
        _context.Statistics.Started(ServerSide);
        if (ServerSide)
        {
            // Fail now, before waiting for a client, if no version or suite is enabled.
            _ = (_state.Derived.ServerVersions, _state.Derived.ServerSuites);
            _handshake = new HandshakeProtocol(_state, new ServerVersionNegotiation(_state));
            return;
        }

        var negotiation = new ClientVersionNegotiation(_state, new ClientSessions(_state));
        _handshake = new HandshakeProtocol(_state, negotiation);
        negotiation.Start();
    }

    // Like OpenSSL, report the highest enabled version (server) or offered version (client) before one is negotiated.
    private int NewestVersion()
        => ServerSide ? ProtocolVersion.TLSv13 : _state.Derived.ClientVersions[0];

    // The message callback is set up when the connection is created, and again when its context is replaced.
    private void Trace()
    {
        if (_reportsMessages)
        {
            _trace ??= new MessageTrace(ReportMessage, () => _state.Version == 0 ? NewestVersion() : _state.Version);
        }
    }

    private void ReportMessage(TlsMessage message)
    {
        if (_reportsMessages)
        {
            _context.MessageCallback?.Invoke(this, message);
        }
    }
}
