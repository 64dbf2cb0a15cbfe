using SslModule.Engine.Errors;
using SslModule.Engine.Handshake;
using SslModule.Engine.Records;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Connection;

/// <content>Another handshake on a client's connection (RFC 5246 section 7.4.1.1, RFC 5746).</content>
public sealed partial class TlsConnection
{
    // What the server has sent before it knew of the ClientHello, and nobody has read yet: OpenSSL's servers stop at once.
    private const int MaxBuffered = 1 << 20;

    /// <summary>Application data that came while a write waited for the handshake.</summary>
    private readonly ByteBuffer _kept = new();

    /// <summary>The record protection that the handshake at hand is to replace.</summary>
    private RecordCipher? _replaced;

    // What comes of the ClientHello is taken in by the steps that follow.
    void IHandshakeConnection.Renegotiate()
    {
        _state.BeginRenegotiation();
        _replaced = _state.Reading;
        _context.Statistics.Renegotiated();
        var opening = new ClientOpening(_state, new ClientSessions(_state));
        _handshake = new HandshakeProtocol(_state, opening);
        opening.StartRenegotiation();
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

    /// <summary>Takes the renegotiation as far as the bytes at hand allow; nothing is written before it is done.</summary>
    private TlsStatus RenegotiationStep()
    {
        while (_state.IsRenegotiating)
        {
            KeepPlaintext();
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

    /// <summary>Makes way for the next record.</summary>
    private void KeepPlaintext()
    {
        if (_plaintextLength == 0)
        {
            return;
        }

        if (_kept.Length + _plaintextLength > MaxBuffered)
        {
            throw Failed(_state.Fail("UNEXPECTED_RECORD", AlertDescription.unexpected_message));
        }

        Span<byte> open = _input.Array.AsSpan(_input.Start + _plaintextOffset, _plaintextLength);
        _kept.Append(open);
        open.Clear();
        _plaintextLength = 0;
        ConsumeRecord(_openRecordLength);
    }
}
