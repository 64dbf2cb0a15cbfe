using System.Buffers;
using SslModule.Engine.Crypto;
using SslModule.Engine.Errors;
using SslModule.Engine.Handshake;
using SslModule.Engine.Handshake.Tls13;
using SslModule.Engine.Wire;

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

    /// <summary>True when the handshake, or an authentication after it, failed with an alert for a peer that speaks TLS.</summary>
    internal bool HasFailedHandshake => _alerted && (!_state.IsComplete || _late is ServerLate { IsCertificateRequested: true }) && !_state.Records.Headers.IsNoTls;

    /// <summary>The same within <see cref="StepLock"/>.</summary>
    internal TlsStatus HandshakeStep()
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
            if (_state.CallbackFailure is { } callback)
            {
                _ = Failed(exception);
                _failure = _state.Failure ?? TlsError.Ssl("SSL", "CALLBACK_FAILED");
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(callback);
            }

            throw Failed(exception);
        }
    }

    /// <summary>Whether the handshake may go on with a message of a type.</summary>
    internal bool Expects(HandshakeType type) => _handshake?.Expects(type) ?? ((IEngineProtocol)_protocol!).Expects(type);

    /// <summary>Lets go of the handshake and all that it holds.</summary>
    private void Establish()
    {
        _late = _handshake?.Establish() ?? ((IEngineProtocol)_protocol!).Establish(_crypto.Current!);
        _handshake?.Dispose();
        (_handshake, _protocol) = (null, null);
        _crypto.HandshakeDone();
        _state.HandshakeDone();
    }

    private void Begin()
    {
        if (_begun)
        {
            return;
        }

        _begun = true;
        Trace();
        _context.Statistics.Started(ServerSide);
        if (ServerSide)
        {
            // That there are any is found out before a client is waited for.
            _ = (_state.Prepared.ServerVersions, _state.Prepared.ServerSuites);
            _handshake = new Server13(_state);
            return;
        }

        PrepareOlder();
        var sessions = new ClientSessions(_state);
        var opening = new Client13(_state, sessions);
        var role = new ClientRole(_state, sessions);
        var client = new ClientProtocol(_state, role, opening);
        (_handshake, _protocol) = (opening, client);
        client.Connect(role);
    }

    /// <summary>Goes on with BouncyCastle's server: the client has no TLS 1.3.</summary>
    /// <param name="role">Its answers.</param>
    /// <param name="version">What it will choose.</param>
    /// <param name="messages">The handshake messages that it is to read, from the ClientHello on.</param>
    internal void UseOlderServer(ServerRole role, int version, ReadOnlySpan<byte> messages)
    {
        PrepareOlder();
        var server = new ServerProtocol(_state, role, version, HandshakeMessages.LengthOf(messages)!.Value);
        (_handshake, _protocol) = (null, server);
        server.Accept(role);
        Replay(messages);
    }

    /// <summary>Goes on with BouncyCastle's client: the server has chosen an older version.</summary>
    /// <param name="version">That version's wire number.</param>
    /// <param name="messages">The handshake messages that it is to read, from the ServerHello on.</param>
    internal void UseOlderClient(int version, ReadOnlySpan<byte> messages)
    {
        _handshake = null;
        ((ClientProtocol)_protocol!).TakeHello(version);
        Replay(messages);
    }

    private void PrepareOlder()
    {
        _crypto.Opened = _state.Records.CheckOpened;
        LogKeys();
    }

    private void LogKeys()
    {
        _crypto.KeysReady = _context.KeyLog is null ? null : _state.KeyLogging.KeysReady;
        _crypto.Encrypted = _context.KeyLog is null ? null : _state.KeyLogging.Encrypted;
    }

    /// <summary>Hands BouncyCastle's protocol messages in records, which is the only way in.</summary>
    private void Replay(ReadOnlySpan<byte> messages)
    {
        byte[] record = ArrayPool<byte>.Shared.Rent(RecordCipher.HeaderLength + Math.Min(messages.Length, MaxPlaintextLength));
        while (!messages.IsEmpty)
        {
            ReadOnlySpan<byte> content = HandshakeMessages.NextFragment(ref messages, MaxPlaintextLength);
            RecordCipher.WriteHeader(record, ContentType.handshake, ProtocolVersion.TLSv12, content.Length);
            content.CopyTo(record.AsSpan(RecordCipher.HeaderLength));
            _protocol!.OfferInput(record, 0, RecordCipher.HeaderLength + content.Length);
        }

        ArrayPool<byte>.Shared.Return(record, clearArray: true);
    }

    // What OpenSSL calls the version before there is one: the newest it has on a server, the newest it offers on a client.
    private int NewestVersion()
        => ServerSide ? ProtocolVersion.TLSv13 : _state.Prepared.ClientVersions[0];

    // Which messages are told of is settled when the connection is made and again when its context is replaced: what the new
    // context's callback is told begins there.
    private void Trace()
    {
        if (_tellsMessages)
        {
            _crypto.Trace = _trace ??= new MessageTrace(Tell, () => _state.Version == 0 ? NewestVersion() : _state.Version);
        }
    }

    private void Tell(TlsMessage message)
    {
        if (_tellsMessages)
        {
            _context.MessageCallback?.Invoke(this, message);
        }
    }
}
