using System.Buffers.Binary;
using Org.BouncyCastle.Tls;
using SslModule.Engine.Crypto;
using SslModule.Engine.Errors;
using SslModule.Engine.Handshake;

namespace SslModule.Engine.Connection;

/// <content>The side that faces the peer: whole records in, records out, failures with their alerts.</content>
public sealed partial class TlsConnection
{
    private const int MaxFragmentLength = (1 << 14) + 2048;

    /// <summary>How many bytes are missing until the next whole record can be processed. Feeding more is allowed, but bytes behind close_notify are then lost to the plain stream.</summary>
    public int InputWanted
    {
        get
        {
            lock (_sync)
            {
                return RecordCipher.HeaderLength - _input.Length > 0
                    ? RecordCipher.HeaderLength - _input.Length
                    : Math.Max(0, RecordLength() - _input.Length);
            }
        }
    }

    /// <summary>The bytes for the peer; call <see cref="OutputSent"/> with what left.</summary>
    public ReadOnlySpan<byte> Output => _output.Span;

    /// <summary>How many bytes wait for the peer.</summary>
    public int OutputLength => _output.Length;

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
        }
    }

    /// <summary>Sends from the output without holding up a reader; the transport may block.</summary>
    /// <returns>The count sent, or what the transport answered.</returns>
    internal int SendOutput(ITransport transport)
    {
        byte[] array;
        int start;
        int length;
        lock (_sync)
        {
            (array, start, length) = (_output.Array, _output.Start, _output.Length);
            _output.InFlight = true;
        }

        int count = transport.Send(array.AsSpan(start, length));
        lock (_sync)
        {
            _output.InFlight = false;
            _output.Consume(Math.Max(0, count));
        }

        return count;
    }

    private int RecordLength()
        => RecordCipher.HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(_input.Span[3..]);

    private bool HasWholeRecord() => _input.Length >= RecordCipher.HeaderLength && _input.Length >= RecordLength();

    /// <summary>Hands the next record to BouncyCastle, as it came.</summary>
    private void FeedRecord()
    {
        int length = RecordLength();
        _trace?.RecordRead(_input.Span[..length]);
        _protocol!.OfferInput(_input.Array, _input.Start, length);
        _input.Consume(length);
        TakeOutput();
    }

    private void TakeOutput()
    {
        if (_protocol is null)
        {
            return;
        }

        int available = _protocol.GetAvailableOutputBytes();
        if (available > 0)
        {
            Span<byte> room = _output.Reserve(available);
            byte[] copy = _output.Array;
            int at = copy.Length - room.Length;
            _protocol.ReadOutput(copy, at, available);
            _trace?.RecordsWritten(copy.AsSpan(at, available));
            _output.Commit(available);
        }
    }

    /// <summary>Turns whatever a step threw into the failure the host sees; the alert is in the output by then.</summary>
    private TlsError Failed(Exception exception)
    {
        int before = _output.Length;
        TakeOutput();
        if (exception is TlsFatalAlert early && _state.Version == 0 && _output.Length == before)
        {
            // BouncyCastle sends nothing until it has accepted a ClientHello.
            AppendPlainAlert(early.AlertDescription);
        }

        _failure = _state.Failure ?? exception switch
        {
            TlsError error => error,
            TlsFatalAlertReceived received => AlertErrors.Received(received.AlertDescription),
            TlsFatalAlert { InnerException: TlsError error } => error,
            TlsFatalAlert raised => AlertErrors.Raised(raised.AlertDescription, ServerSide, raised),
            _ => TlsError.Ssl("SSL", "INTERNAL_ERROR", (byte)AlertDescription.internal_error, exception),
        };
        return _failure;
    }

    /// <summary>Refuses what can never become a TLS record, before anything is read into it.</summary>
    private void CheckFirstBytes()
    {
        ReadOnlySpan<byte> bytes = _input.Span;
        if (_state.Version != 0 || bytes.Length < RecordCipher.HeaderLength || bytes[0] is >= (byte)ContentType.change_cipher_spec and <= (byte)ContentType.application_data && bytes[1] == 3)
        {
            if (bytes.Length >= RecordCipher.HeaderLength && RecordLength() - RecordCipher.HeaderLength > MaxFragmentLength)
            {
                throw Refused("PACKET_LENGTH_TOO_LONG", AlertDescription.record_overflow);
            }

            return;
        }

        bool http = bytes.StartsWith("GET "u8) || bytes.StartsWith("POST "u8) || bytes.StartsWith("HEAD "u8) || bytes.StartsWith("PUT "u8);
        if (ServerSide && http)
        {
            throw TlsError.Ssl("SSL", "HTTP_REQUEST");
        }

        if (ServerSide && bytes.StartsWith("CONNE"u8))
        {
            throw TlsError.Ssl("SSL", "HTTPS_PROXY_REQUEST");
        }

        throw Refused("WRONG_VERSION_NUMBER", AlertDescription.protocol_version);
    }

    private TlsError Refused(string reason, short alert)
    {
        AppendPlainAlert(alert);
        return TlsError.Ssl("SSL", reason, (byte)alert);
    }

    // Before the hellos there is no record layer to seal the alert: it goes out as plain TLS 1.0 (RFC 8446 section 5.1).
    private void AppendPlainAlert(short alert)
        => _output.Append([(byte)ContentType.alert, 3, 1, 0, 2, (byte)AlertLevel.fatal, (byte)alert]);
}
