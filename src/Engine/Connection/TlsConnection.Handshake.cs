using SslModule.Engine.Errors;
using SslModule.Engine.Handshake;

namespace SslModule.Engine.Connection;

/// <content>The handshake.</content>
public sealed partial class TlsConnection
{
    /// <summary>Takes the handshake as far as the bytes at hand allow.</summary>
    /// <returns>Complete, WantRead, or Closed.</returns>
    /// <exception cref="TlsError">The handshake failed; flush <see cref="Output"/> before raising it.</exception>
    public TlsStatus Handshake()
    {
        RefuseReentry();
        lock (_sync)
        {
            return HandshakeStep();
        }
    }

    /// <summary>True when the handshake failed after the peer had shown that it speaks TLS.</summary>
    internal bool HasFailedHandshake => _failure is not null && !_state.IsComplete && _state.Version != 0;

    private TlsStatus HandshakeStep()
    {
        if (_failure is not null)
        {
            throw _failure;
        }

        if (_state.IsComplete)
        {
            return TlsStatus.Complete;
        }

        try
        {
            Begin();
            while (!_state.IsComplete)
            {
                CheckRecordHeader();
                if (!HasWholeRecord())
                {
                    return _inputEnded ? throw TlsError.Eof() : TlsStatus.WantRead;
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
            if (_state.CallbackFailure is { } callback)
            {
                TakeOutput();
                _failure = _state.Failure ?? TlsError.Ssl("SSL", "CALLBACK_FAILED");
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(callback);
            }

            throw Failed(exception);
        }
    }

    /// <summary>Lets go of BouncyCastle's protocol and all that it holds: what is left to do is the engine's own.</summary>
    private void Establish()
    {
        _late = ((IEngineProtocol)_protocol!).Establish(_crypto.Current!);
        _protocol = null;
        _crypto.HandshakeDone();
        _state.HandshakeDone();
    }

    private void Begin()
    {
        if (_protocol is not null)
        {
            return;
        }

        Trace();
        _crypto.Opened = _state.Records.CheckOpened;
        _crypto.KeysReady = _state.KeyLogging.KeysReady;
        _crypto.Encrypted = _context.KeyLog is null ? null : _state.KeyLogging.Encrypted;
        _context.Statistics.Started(ServerSide);
        if (ServerSide)
        {
            var role = new ServerRole(_state);
            var server = new ServerProtocol(_state, role);
            _protocol = server;
            server.Accept(role);
        }
        else
        {
            var role = new ClientRole(_state);
            var client = new ClientProtocol(_state, role);
            _protocol = client;
            client.Connect(role);
        }

        TakeOutput();
    }

    // What OpenSSL calls the version before there is one: the newest it has on a server, the newest it offers on a client.
    private int NewestVersion()
        => ServerSide ? 0x0304 : _context.Prepared.ClientVersions[0].FullVersion;

    // A server-name callback may have changed the context: what its message callback is told begins there.
    private void Trace()
    {
        if (_context.MessageCallback is not null)
        {
            _crypto.Trace = _trace ??= new MessageTrace(message => _context.MessageCallback?.Invoke(this, message), () => _state.Version == 0 ? NewestVersion() : _state.Version);
        }
    }
}
