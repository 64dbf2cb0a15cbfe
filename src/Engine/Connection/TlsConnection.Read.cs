using Org.BouncyCastle.Tls;
using SslModule.Engine.Crypto;
using SslModule.Engine.Errors;
using SslModule.Engine.Handshake;

namespace SslModule.Engine.Connection;

/// <content>Reading application data.</content>
public sealed partial class TlsConnection
{
    private int _plaintextOffset;
    private int _plaintextLength;
    private int _openRecordLength;

    /// <summary>How many decrypted bytes can be read without another record.</summary>
    public int Pending => _plaintextLength;

    private bool PeerClosed => _protocol is IEngineProtocol { PeerClosed: true };

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

    /// <summary>Opens the next record in place; what is not application data goes on to BouncyCastle.</summary>
    private void OpenRecord()
    {
        if (_input.Span[0] != ContentType.application_data || _crypto.Current is not { } cipher)
        {
            FeedRecord();
            return;
        }

        int recordLength = RecordLength();
        int start = _input.Start;
        byte type;
        try
        {
            type = cipher.Open(_input.Array, start, recordLength - RecordCipher.HeaderLength, out _plaintextOffset, out _plaintextLength);
            if (_plaintextLength > 1 << 14)
            {
                throw new TlsFatalAlert(AlertDescription.record_overflow);
            }
        }
        catch (TlsFatalAlert alert)
        {
            _plaintextLength = 0;
            ((IEngineProtocol)_protocol!).SendFatalAlert((byte)alert.AlertDescription);
            throw;
        }

        if (type == ContentType.application_data)
        {
            _trace?.RecordRead(_input.Span[..recordLength]);
            _trace?.Opened(type, _input.Array.AsSpan(_plaintextOffset, _plaintextLength));
            _openRecordLength = recordLength;
            if (_plaintextLength == 0)
            {
                _input.Consume(recordLength);
            }

            return;
        }

        cipher.ReplayOpened(_input.Array, _plaintextOffset, _plaintextLength, type);
        _plaintextLength = 0;
        FeedRecord();
    }

    private int TakePlaintext(Span<byte> destination)
    {
        int count = Math.Min(destination.Length, _plaintextLength);
        _input.Array.AsSpan(_input.Start + RelativeOffset(), count).CopyTo(destination);
        _plaintextOffset += count;
        _plaintextLength -= count;
        if (_plaintextLength == 0)
        {
            _input.Consume(_openRecordLength);
        }

        return count;
    }

    private int RelativeOffset() => _plaintextOffset - _input.Start;
}
