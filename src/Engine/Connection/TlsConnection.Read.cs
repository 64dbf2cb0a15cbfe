using Org.BouncyCastle.Tls;
using SslModule.Engine.Crypto;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Connection;

/// <content>Reading application data.</content>
public sealed partial class TlsConnection
{
    private int _plaintextOffset;
    private int _plaintextLength;
    private int _openRecordLength;

    /// <summary>How many decrypted bytes can be read without another record.</summary>
    public int Pending => _plaintextLength;

    private bool PeerClosed => _state.Alerts.Closed;

    /// <summary>Reads decrypted bytes of at most one record.</summary>
    /// <param name="destination">Where they go.</param>
    /// <param name="count">How many came.</param>
    /// <returns>Complete (with count above 0, unless the destination is empty), WantRead, or Closed.</returns>
    /// <exception cref="TlsError">The connection failed, or the stream ended without close_notify.</exception>
    public TlsStatus Read(Span<byte> destination, out int count)
    {
        lock (_sync)
        {
            count = 0;
            if (_plaintextLength > 0)
            {
                count = TakePlaintext(destination);
                return TlsStatus.Complete;
            }

            if (!_state.IsComplete)
            {
                TlsStatus status = HandshakeStep();
                if (status != TlsStatus.Complete)
                {
                    return status;
                }
            }

            SendOwedRequest();
            return destination.IsEmpty ? TlsStatus.Complete : ReadRecord(destination, out count);
        }
    }

    private TlsStatus ReadRecord(Span<byte> destination, out int count)
    {
        count = 0;
        while (true)
        {
            if (PeerClosed)
            {
                return TlsStatus.Closed;
            }

            if (_failure is not null)
            {
                throw _failure;
            }

            try
            {
                CheckFirstBytes();
                if (!HasWholeRecord())
                {
                    return EndOrWait();
                }

                OpenRecord();
            }
            catch (Exception exception)
            {
                throw Failed(exception);
            }

            if (_plaintextLength > 0)
            {
                count = TakePlaintext(destination);
                return TlsStatus.Complete;
            }
        }
    }

    private TlsStatus EndOrWait()
    {
        if (!_inputEnded)
        {
            return TlsStatus.WantRead;
        }

        return (_context.Options & (ulong)SslModule.Engine.Context.TlsOptions.IgnoreUnexpectedEof) != 0
            ? TlsStatus.Closed
            : throw TlsError.Eof();
    }

    /// <summary>Opens the next record in place and takes in what is not application data.</summary>
    private void OpenRecord()
    {
        try
        {
            OpenNext();
        }
        catch (Exception exception) when (exception is not TlsFatalAlertReceived)
        {
            _plaintextLength = 0;
            Protocol.SendFatalAlert(AlertOf(exception));
            throw;
        }
    }

    private static byte AlertOf(Exception exception) => exception switch
    {
        TlsFatalAlert alert => (byte)alert.AlertDescription,
        TlsError { Alert: { } alert } => alert,
        _ => (byte)AlertDescription.internal_error,
    };

    private void OpenNext()
    {
        int recordLength = RecordLength();
        byte outerType = _input.Span[0];
        _trace?.RecordRead(_input.Span[..recordLength]);
        RecordCipher cipher = _crypto.Current!;
        if (cipher.UsesOpaqueRecordType && outerType != ContentType.application_data)
        {
            throw _state.Fail(TlsError.Ssl("SSL", "BAD_RECORD_TYPE", (byte)AlertDescription.unexpected_message));
        }

        byte type = cipher.Open(_input.Array, _input.Start, recordLength - RecordCipher.HeaderLength, out int offset, out int length);
        if (length > MaxPlaintextLength)
        {
            throw _state.Fail(TlsError.Ssl("SSL", "DATA_LENGTH_TOO_LONG", (byte)AlertDescription.record_overflow));
        }

        _trace?.Opened(type, _input.Array.AsSpan(offset, length));
        if (type != ContentType.application_data)
        {
            ReceiveLate(type, _input.Array.AsSpan(offset, length));
            _input.Consume(recordLength);
            TakeOutput();
            return;
        }

        if (Protocol.IsInsideLateFlight)
        {
            throw _state.Fail(TlsError.Ssl("SSL", "UNEXPECTED_RECORD", (byte)AlertDescription.unexpected_message));
        }

        _state.KeyUpdates.DataReceived();
        if (cipher.NeedsPeerUpdate && !_state.KeyUpdates.IsAwaited && !_state.SentCloseNotify)
        {
            SendKeyUpdate(requestPeer: true);
        }

        (_plaintextOffset, _plaintextLength, _openRecordLength) = (offset - _input.Start, length, recordLength);
        if (length == 0)
        {
            _input.Consume(recordLength);
        }
    }

    private int TakePlaintext(Span<byte> destination)
    {
        int count = Math.Min(destination.Length, _plaintextLength);
        _input.Array.AsSpan(_input.Start + _plaintextOffset, count).CopyTo(destination);
        _plaintextOffset += count;
        _plaintextLength -= count;
        if (_plaintextLength == 0)
        {
            _input.Consume(_openRecordLength);
        }

        return count;
    }
}
