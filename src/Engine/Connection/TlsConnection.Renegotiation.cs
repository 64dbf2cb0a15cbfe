using SslModule.Engine.Errors;
using SslModule.Engine.Handshake;
using SslModule.Engine.Records;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Connection;

/// <content>Renegotiation on a client (RFC 5246 section 7.4.1.1, RFC 5746).</content>
public sealed partial class TlsConnection
{
    // Limits the unread data that a peer sends before it answers. OpenSSL servers send none before a renegotiation.
    private const int MaxBuffered = 1 << 20;

    /// <summary>Application data received while a write waits for the handshake, or a server for the client's certificate.</summary>
    private readonly ByteBuffer _bufferedPlaintext = new();

    /// <summary>The record protection that the renegotiation replaces.</summary>
    private RecordCipher? _replaced;

    // Sends the ClientHello. The following steps process the server's answer.
    void IHandshakeConnection.Renegotiate()
    {
        _state.BeginRenegotiation();
        _replaced = _state.Reading;
        _context.Statistics.Renegotiated();
        Observation?.HandshakeBegan();
        var negotiation = new ClientVersionNegotiation(_state, new ClientSessions(_state));
        _handshake = new HandshakeProtocol(_state, negotiation);
        negotiation.StartRenegotiation();
    }

    private void ReceiveRenegotiation(ContentType type, ReadOnlyMemory<byte> content)
    {
        _handshake!.Receive(type, content);
        if (!_state.IsRenegotiating)
        {
            Establish();
            _replaced?.Dispose();
            _replaced = null;
        }
        else
        {
            _state.Records.Framing.CheckBegun();
        }
    }

    /// <summary>Advances the renegotiation with the available input. No application data is sent until it is complete.</summary>
    private TlsStatus RenegotiationStep() => AwaitMessages(static connection => connection._state.IsRenegotiating);

    /// <summary>Processes the available input, and buffers the application data in it, until the peer's messages have ended a state.</summary>
    private TlsStatus AwaitMessages(Func<TlsConnection, bool> isWaiting)
    {
        while (isWaiting(this))
        {
            BufferPlaintext();
            try
            {
                CheckRecordHeader();
                if (!HasWholeRecord())
                {
                    return !_inputEnded ? TlsStatus.WantRead : throw (IgnoresUnexpectedEnd ? TlsError.ZeroReturn() : TlsError.Eof());
                }

                int none = 0;
                OpenRecord([], ref none);
                if (PeerClosed)
                {
                    throw TlsError.ZeroReturn();
                }
            }
            catch (Exception exception)
            {
                throw Failed(exception);
            }
        }

        return TlsStatus.Complete;
    }

    /// <summary>Moves unread plaintext to a buffer, so that the next record can be processed.</summary>
    private void BufferPlaintext()
    {
        if (_plaintextLength == 0)
        {
            return;
        }

        if (_bufferedPlaintext.Length + _plaintextLength > MaxBuffered)
        {
            throw Failed(_state.Fail("UNEXPECTED_RECORD", AlertDescription.unexpected_message));
        }

        Span<byte> open = _input.Array.AsSpan(_input.Start + _plaintextOffset, _plaintextLength);
        _bufferedPlaintext.Append(open);
        open.Clear();
        _plaintextLength = 0;
        ConsumeRecord(_openRecordLength);
    }

    /// <summary>Moves data out of the buffer, which is zeroed as far as it was read.</summary>
    private int TakeBuffered(Span<byte> destination)
    {
        int count = Math.Min(destination.Length, _bufferedPlaintext.Length);
        _bufferedPlaintext.Span[..count].CopyTo(destination);
        DropBuffered(count);
        return count;
    }

    private void DropBuffered(int count)
    {
        _bufferedPlaintext.Array.AsSpan(_bufferedPlaintext.Start, count).Clear();
        _bufferedPlaintext.Consume(count);
    }
}
