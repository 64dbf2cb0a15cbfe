using System.Buffers.Binary;
using SslModule.Engine.Errors;
using SslModule.Engine.Handshake;
using SslModule.Engine.Records;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Connection;

/// <content>The side that faces the peer: whole records in, records out, failures with their alerts.</content>
public sealed partial class TlsConnection
{
    private volatile int _protocolOutputLength;
    private int _protocolOutputBytes;
    private int _peerRecordVersion;

    /// <summary>How many bytes at the front of the input are gone if the step at hand refuses them: a record, or the header that was enough.</summary>
    private int _refusable;
    private bool _alerted;
    private int _recordsTaken;

    /// <summary>How many records were taken in. A step that found nothing to take may find more to do when another thread has taken one.</summary>
    internal int RecordsTaken => Volatile.Read(ref _recordsTaken);

    /// <summary>Whether nothing can go on without more of the peer's bytes.</summary>
    /// <param name="wanted">How many bytes the record at hand lacks, as far as its length is known.</param>
    internal bool NeedsInput(out int wanted)
    {
        lock (_sync)
        {
            wanted = 0;
            if (_plaintextLength > 0 || PeerClosed || _failure is not null)
            {
                // Another thread has brought it while this one waited for its turn.
                return false;
            }

            int have = UnusedInput;
            wanted = have < RecordCipher.HeaderLength ? RecordCipher.HeaderLength - have : RecordLength() - have;
            return wanted > 0;
        }
    }

    /// <summary>Shows the connection up to <paramref name="most"/> bytes of the transport, which may block; they stay there.</summary>
    /// <returns>The count, or what the transport answered.</returns>
    internal int ReceiveInput(ITransport transport, int most)
    {
        byte[] array;
        int start;
        lock (_sync)
        {
            Span<byte> room = _input.Reserve(most);
            array = _input.Array;
            start = array.Length - room.Length;
            _input.InFlight = true;
        }

        int count = 0;
        try
        {
            return count = transport.Peek(array.AsSpan(start, most));
        }
        finally
        {
            lock (_sync)
            {
                _input.InFlight = false;
                if (count > 0)
                {
                    _input.Commit(count);
                }
                else
                {
                    _input.Truncate(0);
                }
            }
        }
    }

    /// <summary>Takes over what waits in a memory BIO, where that is one record or a part of one. What is refused by its header stays there.</summary>
    internal bool TryTakeInput(MemoryBioTransport transport)
    {
        lock (_sync)
        {
            Span<byte> header = stackalloc byte[RecordCipher.HeaderLength];
            return _input.Length == 0 && transport.Peek(header) == header.Length && _state.Records.Headers.Allows(header) && transport.TryReceive(_input);
        }
    }

    /// <summary>Tells how much of the last <paramref name="ahead"/> bytes, which are still in the transport, is not used yet.</summary>
    /// <param name="ahead">How many.</param>
    /// <param name="forget">True when the connection reads no further: it has dropped them, the transport keeps them.</param>
    /// <returns>The bytes to leave in the transport: whole records that wait, and what no record begins with. A part of a record counts as used.</returns>
    internal int ReleaseInput(int ahead, out bool forget)
    {
        lock (_sync)
        {
            int left = Math.Min(ahead, UnusedInput);
            forget = PeerClosed || _failure is not null;
            if (forget)
            {
                _input.Truncate(left);
                return left;
            }

            return HasWholeRecord() || HasInvalidHeader() ? left : 0;
        }
    }

    /// <summary>The bytes for the peer; call <see cref="OutputSent"/> with what left.</summary>
    public ReadOnlySpan<byte> Output => _output.Span;

    /// <summary>How many bytes wait for the peer.</summary>
    public int OutputLength => _output.Length;

    /// <summary>How many bytes of the peer are here, opened or not.</summary>
    public int InputLength => _input.Length;

    /// <summary>Takes bytes that came from the peer.</summary>
    public void Input(ReadOnlySpan<byte> bytes)
    {
        lock (_sync)
        {
            _input.Append(bytes);
        }
    }

    /// <summary>Notes that the peer's stream ended.</summary>
    public void InputEnd() => _inputEnded = true;

    /// <summary>Drops <paramref name="count"/> bytes of <see cref="Output"/> that have left.</summary>
    public void OutputSent(int count)
    {
        lock (_sync)
        {
            _output.Consume(count);
            CountSent(count);
        }
    }

    /// <summary>Hands all of the output over to an empty buffer, for those who send it by a call that they wait for.</summary>
    /// <returns>False when there was none.</returns>
    internal bool TakeOutput(ByteBuffer destination)
    {
        lock (_sync)
        {
            CountSent(_output.Length);
            _output.MoveTo(destination);
            return destination.Length > 0;
        }
    }

    /// <summary>How many bytes of the output reach to the end of the last record that is no application data.</summary>
    internal int ProtocolOutputLength => _protocolOutputLength;

    /// <summary>How many bytes such records had since the output was last without one.</summary>
    internal int ProtocolOutputBytes => _protocolOutputBytes;

    /// <summary>Sends from the output without holding up a reader; the transport may block.</summary>
    /// <returns>The count sent, or what the transport answered.</returns>
    internal int SendOutput(ITransport transport) => Send(transport, protocolOnly: false);

    /// <summary>Sends the first <see cref="ProtocolOutputLength"/> bytes as far as that goes without waiting.</summary>
    /// <returns>As <see cref="SendOutput"/>.</returns>
    internal int SendProtocolOutput(ITransport transport) => Send(transport, protocolOnly: true);

    private int Send(ITransport transport, bool protocolOnly)
    {
        byte[] array;
        int start;
        int length;
        lock (_sync)
        {
            if (transport is MemoryBioTransport memory)
            {
                int moved = memory.Send(_output);
                CountSent(moved);
                return moved;
            }

            (array, start, length) = (_output.Array, _output.Start, protocolOnly ? _protocolOutputLength : _output.Length);
            _output.InFlight = true;
        }

        int count = 0;
        try
        {
            ReadOnlySpan<byte> bytes = array.AsSpan(start, length);
            return count = protocolOnly ? transport.SendWithoutWaiting(bytes) : transport.Send(bytes);
        }
        finally
        {
            lock (_sync)
            {
                _output.InFlight = false;
                _output.Consume(Math.Max(0, count));
                CountSent(Math.Max(0, count));
            }
        }
    }

    private void CountProtocolRecord(int recordLength)
    {
        _protocolOutputBytes += recordLength;
        _protocolOutputLength = _output.Length;
    }

    private void CountSent(int count)
    {
        _protocolOutputLength = Math.Max(0, _protocolOutputLength - count);
        if (_protocolOutputLength == 0)
        {
            _protocolOutputBytes = 0;
        }
    }

    private int RecordLength()
        => IsV2ClientHello ? V2ClientHello.HeaderLength + V2ClientHello.LengthIn(_input.Span) : RecordCipher.FirstLength(_input.Span[(_input.Length - UnusedInput)..]);

    // The first record of all may be none, but a hello in the format of SSL 2.0.
    private bool IsV2ClientHello => _state.Records.Headers.IsV2ClientHello(_input.Span);

    private bool HasWholeRecord() => UnusedInput >= RecordCipher.HeaderLength && UnusedInput >= RecordLength();

    private bool HasInvalidHeader()
        => UnusedInput >= RecordCipher.HeaderLength && !_state.Records.Headers.Allows(_input.Span[(_input.Length - UnusedInput)..]);

    // A record that is open lies before them until its last byte is read.
    private int UnusedInput => _plaintextLength > 0 ? _input.Length - _openRecordLength : _input.Length;

    /// <summary>Hands the next record to the handshake; nothing is to be had of an empty one that is not protected.</summary>
    private void FeedRecord()
    {
        int length = RecordLength();
        if (IsV2ClientHello)
        {
            FeedV2ClientHello(length);
            return;
        }

        _trace?.RecordRead(_input.Span[..length]);
        _state.Records.Headers.RecordReceived();
        _refusable = length;
        if ((ContentType)_input.Span[0] is >= ContentType.change_cipher_spec and <= ContentType.application_data)
        {
            _peerRecordVersion = BinaryPrimitives.ReadUInt16BigEndian(_input.Span[1..]);
        }

        bool isSealed = _state.Records.CheckRecord(_input.Span[..length]);
        if ((isSealed || length > RecordCipher.HeaderLength) && !(ServerSide && _state.EarlyData.TrySkip(_input.Span[..length])))
        {
            Feed(_handshake!, length, isSealed);

            if (!_state.IsComplete)
            {
                _state.Records.Framing.CheckBegun();
            }
        }

        ConsumeRecord(length);
    }

    private void ConsumeRecord(int length)
    {
        _refusable = 0;
        _input.Consume(length);
        Volatile.Write(ref _recordsTaken, _recordsTaken + 1);
    }

    private void FeedV2ClientHello(int length)
    {
        byte[] hello = _input.Span[V2ClientHello.HeaderLength..length].ToArray();
        _trace?.V2ClientHelloRead(hello);
        _state.Records.Headers.RecordReceived();
        _refusable = length;
        _state.V2ClientHello = hello;
        _handshake!.Receive(ContentType.handshake, V2ClientHello.ToTls(_state, hello));
        ConsumeRecord(length);
    }

    private void Feed(HandshakeProtocol handshake, int length, bool isSealed)
    {
        var type = (ContentType)_input.Span[0];
        int offset = _input.Start + RecordCipher.HeaderLength;
        int count = length - RecordCipher.HeaderLength;
        if (isSealed)
        {
            RecordCipher cipher = _state.Reading ?? throw new FatalAlertException(AlertDescription.unexpected_message);
            type = cipher.Open(_input.Array, _input.Start, count, out offset, out count);
            _trace?.Opened(type, _input.Array.AsSpan(offset, count));
            _state.Records.CheckOpened(type, _input.Array.AsSpan(offset, count));
        }

        handshake.Receive(type, _input.Array.AsMemory(offset, count));
    }

    /// <summary>Turns whatever a step threw into the failure the host sees; the alert is in the output by then.</summary>
    private TlsError Failed(Exception exception)
    {
        _failure = _state.Failure ?? exception switch
        {
            // What a file would be blamed for came with the handshake.
            FatalAlertException { InnerException: TlsError { Library: "PEM", Reason: null } malformed } refused => TlsError.LibraryOnly("SSL", malformed.Message, (byte)refused.Alert, malformed),
            TlsError error => error,
            AlertReceivedException received => AlertErrors.Received(received.Alert),
            FatalAlertException { InnerException: TlsError error } => error,
            FatalAlertException raised => AlertErrors.Raised(raised.Alert, ServerSide, raised),
            _ => TlsError.Ssl("SSL", "INTERNAL_ERROR", (byte)AlertDescription.internal_error, exception),
        };
        ConsumeRecord(Math.Min(_refusable, UnusedInput));
        if (_state.IsComplete && _failure.Kind != TlsErrorKind.Eof)
        {
            _state.Session?.Invalidate();
            ServerSessions.Forget(_state);
        }

        byte? owed = exception is FatalAlertException fatal ? (byte)fatal.Alert : _failure.Alert;
        if (!_alerted && owed is { } alert)
        {
            SendAlert(alert);
        }

        _handshake?.Dispose();
        return _failure;
    }

    private void SendAlert(byte alert)
    {
        if (_state.SentCloseNotify)
        {
            // Nothing follows it (RFC 8446 section 6.1).
            return;
        }

        if (_postHandshake is not null)
        {
            _postHandshake.SendFatalAlert(alert);
        }
        else
        {
            WriteRecord(ContentType.alert, [(byte)AlertLevel.fatal, alert]);
        }
    }

    /// <summary>Refuses a record by its header, as soon as that is there.</summary>
    private void CheckRecordHeader()
    {
        if (_input.Length >= RecordCipher.HeaderLength)
        {
            _refusable = RecordCipher.HeaderLength;
            _state.Records.Headers.Check(_input.Span);
            _refusable = 0;
        }
    }
}
