using System.Buffers.Binary;
using SslModule.Engine.Errors;
using SslModule.Engine.Handshake;
using SslModule.Engine.Records;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Connection;

/// <content>Input and output of records, and alerts for failures.</content>
public sealed partial class TlsConnection
{
    private volatile int _protocolOutputLength;
    private int _protocolOutputBytes;
    private int _peerRecordVersion;

    /// <summary>The number of bytes that the current step discards from the input if it rejects them: a record or its header.</summary>
    private int _rejectable;
    private bool _alerted;
    private int _recordsTaken;

    /// <summary>The number of records processed. A change tells a waiting step that another thread has made progress.</summary>
    internal int RecordsTaken => Volatile.Read(ref _recordsTaken);

    /// <summary>Whether the connection needs more input.</summary>
    /// <param name="wanted">The number of bytes missing from the current record, as far as its length is known.</param>
    internal bool NeedsInput(out int wanted)
    {
        lock (_sync)
        {
            wanted = 0;
            if (_plaintextLength > 0 || PeerClosed || _failure is not null)
            {
                // Another thread has received it while this one waited.
                return false;
            }

            int have = UnusedInput;
            wanted = have < RecordCipher.HeaderLength ? RecordCipher.HeaderLength - have : RecordLength() - have;
            return wanted > 0;
        }
    }

    /// <summary>Peeks up to <paramref name="most"/> bytes of the transport, which may block, and leaves them there.</summary>
    /// <returns>The count, or the transport's result.</returns>
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

    /// <summary>Moves the content of a memory BIO to the input, if it is one record or a part of one. A record with an invalid header stays there.</summary>
    internal bool TryTakeInput(MemoryBioTransport transport)
    {
        lock (_sync)
        {
            Span<byte> header = stackalloc byte[RecordCipher.HeaderLength];
            return _input.Length == 0 && transport.Peek(header) == header.Length && _state.Records.Headers.Allows(header) && transport.TryReceive(_input);
        }
    }

    /// <summary>Returns how many of the last <paramref name="ahead"/> input bytes, which are still in the transport, have not been used.</summary>
    /// <param name="ahead">The number of bytes.</param>
    /// <param name="forget">True if the connection reads no further. It drops the bytes, and the transport keeps them.</param>
    /// <returns>The number of bytes to leave in the transport: unread whole records, and bytes that are not a record. A partial record counts as used.</returns>
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

    /// <summary>The output for the peer. Call <see cref="OutputSent"/> with the number of bytes sent.</summary>
    public ReadOnlySpan<byte> Output => _output.Span;

    /// <summary>The number of bytes of output.</summary>
    public int OutputLength => _output.Length;

    /// <summary>The number of bytes of input, decrypted or not.</summary>
    public int InputLength => _input.Length;

    /// <summary>Appends data received from the peer.</summary>
    public void Input(ReadOnlySpan<byte> bytes)
    {
        lock (_sync)
        {
            _input.Append(bytes);
        }
    }

    /// <summary>Marks the end of the peer's stream.</summary>
    public void InputEnd() => _inputEnded = true;

    /// <summary>Removes <paramref name="count"/> sent bytes from <see cref="Output"/>.</summary>
    public void OutputSent(int count)
    {
        lock (_sync)
        {
            _output.Consume(count);
            CountSent(count);
        }
    }

    /// <summary>Moves all output to an empty buffer, for asynchronous sending.</summary>
    /// <returns>False if there was none.</returns>
    internal bool TakeOutput(ByteBuffer destination)
    {
        lock (_sync)
        {
            CountSent(_output.Length);
            _output.MoveTo(destination);
            return destination.Length > 0;
        }
    }

    /// <summary>The length of the output up to the end of the last record that is not application data.</summary>
    internal int ProtocolOutputLength => _protocolOutputLength;

    /// <summary>The total length of such records since the output last had none.</summary>
    internal int ProtocolOutputBytes => _protocolOutputBytes;

    /// <summary>Sends output. The transport may block; readers are not blocked meanwhile.</summary>
    /// <returns>The count sent, or the transport's result.</returns>
    internal int SendOutput(ITransport transport) => Send(transport, protocolOnly: false);

    /// <summary>Sends the first <see cref="ProtocolOutputLength"/> bytes without waiting.</summary>
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
        => IsV2ClientHello ? V2ClientHello.HeaderLength + V2ClientHello.LengthIn(_input.Span) : RecordCipher.RecordLength(_input.Span[(_input.Length - UnusedInput)..]);

    // The first input may be a ClientHello in SSL 2.0 format instead of a record.
    private bool IsV2ClientHello => _state.Records.Headers.IsV2ClientHello(_input.Span);

    private bool HasWholeRecord() => UnusedInput >= RecordCipher.HeaderLength && UnusedInput >= RecordLength();

    private bool HasInvalidHeader()
        => UnusedInput >= RecordCipher.HeaderLength && !_state.Records.Headers.Allows(_input.Span[(_input.Length - UnusedInput)..]);

    // The current record precedes them until its last byte is read.
    private int UnusedInput => _plaintextLength > 0 ? _input.Length - _openRecordLength : _input.Length;

    /// <summary>Passes the next record to the handshake. An empty unprotected record is ignored.</summary>
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
        _rejectable = length;
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
        _rejectable = 0;
        _input.Consume(length);
        Volatile.Write(ref _recordsTaken, _recordsTaken + 1);
    }

    private void FeedV2ClientHello(int length)
    {
        byte[] hello = _input.Span[V2ClientHello.HeaderLength..length].ToArray();
        _trace?.V2ClientHelloRead(hello);
        _state.Records.Headers.RecordReceived();
        _rejectable = length;
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

        ObserveReceived(type, _input.Array.AsSpan(offset, count));
        handshake.Receive(type, _input.Array.AsMemory(offset, count));
    }

    /// <summary>Converts an exception of a step to the error for the host, after writing the alert to the output.</summary>
    private TlsError Failed(Exception exception)
    {
        _failure = _state.Failure ?? exception switch
        {
            // Reasons about files do not apply, because the data came with the handshake.
            FatalAlertException { InnerException: TlsError { Library: "PEM", Reason: null } malformed } refused => TlsError.LibraryOnly("SSL", malformed.Message, (byte)refused.Alert, malformed),
            TlsError error => error,
            AlertReceivedException received => AlertErrors.Received(received.Alert),
            FatalAlertException { InnerException: TlsError error } => error,
            FatalAlertException raised => AlertErrors.Raised(raised.Alert, ServerSide, raised),
            _ => TlsError.Ssl("SSL", "INTERNAL_ERROR", (byte)AlertDescription.internal_error, exception),
        };
        ProtocolExplanation.Add(_failure, _state, (exception as AlertReceivedException)?.Alert, _input.Span);
        ConsumeRecord(Math.Min(_rejectable, UnusedInput));
        if (_state.IsComplete && _failure.Kind != TlsErrorKind.Eof)
        {
            _state.Session?.Invalidate();
            ServerSessions.Forget(_state);
        }

        byte? description = exception is FatalAlertException fatal ? (byte)fatal.Alert : _failure.Alert;
        if (!_alerted && description is { } alert)
        {
            SendAlert(alert);
        }

        ObserveFailure(_failure);
        _handshake?.Dispose();
        return _failure;
    }

    private void SendAlert(byte alert)
    {
        if (_state.SentCloseNotify)
        {
            // Nothing is sent after close_notify (RFC 8446 section 6.1).
            return;
        }

        if (_postHandshake is not null)
        {
            _postHandshake.SendFatalAlert(alert);
        }
        else
        {
            _handshake?.BeforeAlert();
            WriteRecord(ContentType.alert, [(byte)AlertLevel.fatal, alert]);
        }
    }

    /// <summary>Rejects a record with an invalid header as soon as the header has arrived.</summary>
    private void CheckRecordHeader()
    {
        if (_input.Length >= RecordCipher.HeaderLength)
        {
            _rejectable = RecordCipher.HeaderLength;
            _state.Records.Headers.Check(_input.Span);
            _rejectable = 0;
        }
    }
}
