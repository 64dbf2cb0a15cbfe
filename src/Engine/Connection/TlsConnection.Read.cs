using SslModule.Engine.Errors;
using SslModule.Engine.Records;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Connection;

/// <content>Reading application data.</content>
public sealed partial class TlsConnection
{
    // The current record is the first in the input and decrypted in place. Its unread plaintext starts at this offset.
    private int _plaintextOffset;
    private int _plaintextLength;
    private int _openRecordLength;

    /// <summary>Level, description, and the content type of TLS 1.3.</summary>
    private const int SealedAlertLength = 3;

    /// <summary>The number of decrypted bytes that can be read without another record.</summary>
    public int Pending => _bufferedPlaintext.Length + _plaintextLength;

    private bool PeerClosed => _state.Alerts.Closed;

    /// <summary>
    /// Reads decrypted bytes: the rest of the current record or the next record, and then following records that are available and
    /// fit completely.
    /// </summary>
    /// <param name="destination">The buffer. Bytes after the first <paramref name="count"/> may be overwritten.</param>
    /// <param name="count">The number of bytes read.</param>
    /// <returns>Complete (with a positive count, unless the destination is empty), WantRead, or Closed.</returns>
    /// <exception cref="TlsError">The connection failed, or the stream ended without close_notify.</exception>
    public TlsStatus Read(Span<byte> destination, out int count)
    {
        ThrowIfReentered();
        lock (_sync)
        {
            count = 0;
            return ReadStep(destination, ref count);
        }
    }

    /// <summary>The same, called with <see cref="StepLock"/> held; <paramref name="count"/> must be 0.</summary>
    internal TlsStatus ReadStep(Span<byte> destination, ref int count)
    {
        TlsStatus status = ReadFirst(destination, ref count);
        while (count > 0 && count < destination.Length && NextRecordFits(destination.Length - count))
        {
            try
            {
                CheckRecordHeader();
                OpenRecord(destination[count..], ref count);
            }
            catch (Exception exception)
            {
                // Return the data received before the failure. The next read throws.
                _ = Failed(exception);
            }
        }

        return status;
    }

    /// <summary>Reads bytes counted by <see cref="Pending"/>, without decrypting another record.</summary>
    public TlsStatus ReadOpen(Span<byte> destination, out int count)
    {
        ThrowIfReentered();
        lock (_sync)
        {
            count = TakePlaintext(destination);
            return count > 0 ? TlsStatus.Complete : TlsStatus.WantRead;
        }
    }

    private TlsStatus ReadFirst(Span<byte> destination, ref int count)
    {
        if (Pending > 0)
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

        SendPendingCertificateRequest();
        return destination.IsEmpty ? TlsStatus.Complete : ReadRecord(destination, ref count);
    }

    // A record that may be a TLS 1.3 alert is left for the next read. Otherwise a close_notify would be removed from the transport
    // together with the data before it, and select() would not report it to the application.
    private bool NextRecordFits(int room)
        => Pending == 0 && !PeerClosed && _failure is null && HasWholeRecord()
            && (ContentType)_input.Span[0] == ContentType.application_data
            && _state.Reading is { } cipher && cipher.PlaintextLimit(RecordLength() - RecordCipher.HeaderLength) is > SealedAlertLength and var limit
            && limit <= room;

    private TlsStatus ReadRecord(Span<byte> destination, ref int count)
    {
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
                CheckRecordHeader();
                if (!HasWholeRecord())
                {
                    return EndOrWait();
                }

                OpenRecord(destination, ref count);
            }
            catch (Exception exception)
            {
                throw Failed(exception);
            }

            if (_plaintextLength > 0)
            {
                count = TakePlaintext(destination);
            }

            if (count > 0)
            {
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

        return IgnoresUnexpectedEnd ? TlsStatus.Closed : throw TlsError.Eof();
    }

    /// <summary>Whether an end of stream without close_notify counts as close_notify, also during the handshake.</summary>
    private bool IgnoresUnexpectedEnd => _state.Settings.Has(SslModule.Engine.Context.TlsOptions.IgnoreUnexpectedEof);

    /// <summary>
    /// Decrypts the next record, into <paramref name="destination"/> if it fits, otherwise in place. A record that is not
    /// application data is processed.
    /// </summary>
    private void OpenRecord(Span<byte> destination, ref int count)
    {
        int recordLength = RecordLength();
        _rejectable = recordLength;
        _trace?.RecordRead(_input.Span[..recordLength]);
        _state.Records.CheckRecord(_input.Span[..recordLength]);
        RecordCipher cipher = _state.Reading!;
        int offset = 0;
        ContentType type = default;
        int length = 0;
        bool direct = _handshake is null && cipher.TryOpenInto(_input.Span[..recordLength], destination, out type, out length);
        if (!direct)
        {
            type = cipher.Open(_input.Array, _input.Start, recordLength - RecordCipher.HeaderLength, out offset, out length);
        }

        Span<byte> plaintext = direct ? destination[..length] : _input.Array.AsSpan(offset, length);
        _trace?.Opened(type, plaintext);
        CheckOpened(type, plaintext);
        ObserveReceived(type, plaintext);
        if (type != ContentType.application_data)
        {
            if (_handshake is null)
            {
                ReceivePostHandshake(type, plaintext);
            }
            else
            {
                ReceiveRenegotiation(type, _input.Array.AsMemory(offset, length));
            }

            plaintext.Clear();
            ConsumeRecord(recordLength);
            return;
        }

        if (_handshake is { AllowsApplicationData: false })
        {
            throw _state.Fail("UNEXPECTED_RECORD", AlertDescription.unexpected_message);
        }

        if (length > 0)
        {
            _state.HasUnreadTickets = false;
            _state.KeyUpdates.DataReceived();
        }

        if (cipher.NeedsPeerUpdate && !_state.KeyUpdates.IsAwaited && !_state.SentCloseNotify)
        {
            SendKeyUpdate(requestPeer: true);
        }

        if (direct || length == 0)
        {
            ConsumeRecord(recordLength);
            count += length;
            return;
        }

        _rejectable = 0;
        (_plaintextOffset, _plaintextLength, _openRecordLength) = (offset - _input.Start, length, recordLength);
    }

    private int TakePlaintext(Span<byte> destination)
    {
        if (_bufferedPlaintext.Length > 0)
        {
            return TakeBuffered(destination);
        }

        if (_plaintextLength == 0)
        {
            // The record's bytes may have been dropped from the input.
            return 0;
        }

        int count = Math.Min(destination.Length, _plaintextLength);
        Span<byte> taken = _input.Array.AsSpan(_input.Start + _plaintextOffset, count);
        taken.CopyTo(destination);
        taken.Clear();
        _plaintextOffset += count;
        _plaintextLength -= count;
        if (_plaintextLength == 0 && count > 0)
        {
            ConsumeRecord(_openRecordLength);
        }

        return count;
    }
}
