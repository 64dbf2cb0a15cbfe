using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using SslModule.Engine.Handshake;
using SslModule.Engine.Records;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Connection;

/// <content>Writing application data and closing.</content>
public sealed partial class TlsConnection
{
    private const int MaxPlaintextLength = 1 << 14;

    /// <summary>The maximum number of bytes that one <see cref="Write"/> seals: about what one system call sends.</summary>
    private const int WriteWindow = 1 << 18;

    /// <summary>The length of the first record of a long write, which fits one TCP segment.</summary>
    private const int FirstRecordLength = 1400;

    private int _recordLength = FirstRecordLength;
    private long _lastLongWrite;

    /// <summary>Seals bytes into records in <see cref="Output"/>.</summary>
    /// <param name="source">The data to send.</param>
    /// <param name="count">The number of bytes sealed: all, or 256 KiB.</param>
    /// <returns>Complete, or WantRead while the handshake is not complete.</returns>
    /// <exception cref="TlsError">The connection failed or was shut down.</exception>
    public TlsStatus Write(ReadOnlySpan<byte> source, out int count)
    {
        ThrowIfReentered();
        lock (_sync)
        {
            return WriteStep(source, out count);
        }
    }

    /// <summary>The same, called with <see cref="StepLock"/> held.</summary>
    internal TlsStatus WriteStep(ReadOnlySpan<byte> source, out int count)
    {
        count = 0;
        TlsStatus status = HandshakeStep();
        if (status == TlsStatus.Complete && _state.IsRenegotiating)
        {
            status = RenegotiationStep();
        }

        if (status != TlsStatus.Complete)
        {
            return status;
        }

        if (_state.SentCloseNotify)
        {
            throw TlsError.Ssl("SSL", "PROTOCOL_IS_SHUTDOWN");
        }

        try
        {
            Seal(source, ref count);
        }
        catch (FatalAlertException alert)
        {
            throw Failed(alert);
        }

        return TlsStatus.Complete;
    }

    private void Seal(ReadOnlySpan<byte> source, ref int count)
    {
        SendPendingMessages();
        RecordCipher cipher = _state.Writing!;
        ushort version = RecordVersion();
        bool isLong = source.Length > MaxPlaintextLength;
        if (isLong)
        {
            PrepareLongWrite(cipher, Math.Min(source.Length, WriteWindow));
        }

        while (count < source.Length && count < WriteWindow)
        {
            ReadOnlySpan<byte> chunk = source.Slice(count, Math.Min(Math.Min(isLong ? NextRecordLength() : MaxPlaintextLength, _state.WriteLimit), source.Length - count));
            if (cipher.NeedsKeyUpdate)
            {
                SendKeyUpdate(requestPeer: false);
            }

            // An empty record's MAC makes the initialization vector unpredictable (CVE-2011-3389).
            if (cipher.HasKnownVector && !_state.Settings.Has(TlsOptions.DontInsertEmptyFragments))
            {
                SealRecord(cipher, version, ContentType.application_data, []);
            }

            SealRecord(cipher, version, ContentType.application_data, chunk);
            count += chunk.Length;
        }
    }

    /// <summary>
    /// Reserves space for all records of a write. A long write after a pause starts with small records: the peer cannot use a record
    /// before it is complete, and TCP starts slowly after a pause.
    /// </summary>
    private void PrepareLongWrite(RecordCipher cipher, int length)
    {
        long now = _context.Time.GetTimestamp();
        if (now - _lastLongWrite > _context.Time.TimestampFrequency)
        {
            _recordLength = FirstRecordLength;
        }

        _lastLongWrite = now;
        int records = (length / MaxPlaintextLength) + (_recordLength == MaxPlaintextLength ? 1 : 6);
        _output.Reserve(length + (records * cipher.SealedLength(0)) + 256);
    }

    private int NextRecordLength()
    {
        int length = _recordLength;
        _recordLength = Math.Min(MaxPlaintextLength, 2 * length);
        return length;
    }

    void IHandshakeConnection.WriteRecord(ContentType contentType, ReadOnlySpan<byte> content, bool isSealed) => WriteRecord(contentType, content, isSealed);

    /// <summary>Writes a record that is not application data.</summary>
    /// <param name="contentType">The content type.</param>
    /// <param name="content">The plaintext.</param>
    /// <param name="isSealed">False to write it unprotected even if keys are installed.</param>
    internal void WriteRecord(ContentType contentType, ReadOnlySpan<byte> content, bool isSealed = true)
    {
        if (contentType == ContentType.alert)
        {
            _alerted |= (AlertLevel)content[0] == AlertLevel.fatal;
            Observation?.AlertSent(content);
        }

        if (isSealed && _state.Writing is { } cipher)
        {
            SealRecord(cipher, RecordVersion(), contentType, content);
            return;
        }

        int length = RecordCipher.HeaderLength + content.Length;
        Span<byte> record = _output.Reserve(length)[..length];
        RecordCipher.WriteHeader(record, contentType, RecordVersion(), content.Length);
        content.CopyTo(record[RecordCipher.HeaderLength..]);
        _trace?.RecordsWritten(record);
        _output.Commit(length);
        CountProtocolRecord(length);
    }

    private void SealRecord(RecordCipher cipher, ushort version, ContentType contentType, ReadOnlySpan<byte> content)
    {
        Span<byte> record = _output.Reserve(cipher.SealedLength(content.Length));
        int length = cipher.Seal(contentType, version, content, record);
        _trace?.Sealed(contentType, content);
        _trace?.RecordsWritten(record[..length]);
        _output.Commit(length);
        if (contentType != ContentType.application_data)
        {
            CountProtocolRecord(length);
        }
    }

    /// <summary>Sends close_notify and waits for the peer's (RFC 8446 section 6.1).</summary>
    /// <returns>Complete once both were exchanged; WantRead until the peer's is received.</returns>
    /// <exception cref="TlsError">The handshake is in progress, or the peer sent data instead.</exception>
    public TlsStatus Shutdown()
    {
        ThrowIfReentered(shutdown: true);
        lock (_sync)
        {
            return ShutdownStep();
        }
    }

    /// <summary>The same, called with <see cref="StepLock"/> held.</summary>
    internal TlsStatus ShutdownStep()
    {
        if (_failure is not null)
        {
            throw _failure;
        }

        if (!_state.IsComplete || _state.IsRenegotiating || _certificateRequestPending)
        {
            throw TlsError.Ssl("SSL", "SHUTDOWN_WHILE_IN_INIT");
        }

        if (!_state.SentCloseNotify)
        {
            _state.SentCloseNotify = true;
            _postHandshake!.SendCloseNotify();
        }

        return AwaitCloseNotify();
    }

    private TlsStatus AwaitCloseNotify()
    {
        while (!PeerClosed)
        {
            if (Pending > 0)
            {
                throw TlsError.Ssl("SSL", "APPLICATION_DATA_AFTER_CLOSE_NOTIFY");
            }

            bool isWhole;
            try
            {
                CheckRecordHeader();
                isWhole = HasWholeRecord();
                if (isWhole)
                {
                    int none = 0;
                    OpenRecord([], ref none);
                }
            }
            catch (Exception exception)
            {
                throw Failed(exception);
            }

            if (!isWhole)
            {
                return EndOrWait();
            }
        }

        return TlsStatus.Complete;
    }

    /// <summary>
    /// The record version of sent records. Before the version is negotiated, a ClientHello uses the lowest one (RFC 8446 section
    /// 5.1), and a client's alert uses the version of the record that it rejects, because a server that has selected a version
    /// accepts no other.
    /// </summary>
    private ushort RecordVersion() => _state.Version switch
    {
        > 0 => (ushort)Math.Min(_state.Version, ProtocolVersion.TLSv12),
        _ when !ServerSide && _peerRecordVersion is >= ProtocolVersion.SSLv3 and <= ProtocolVersion.TLSv12 => (ushort)_peerRecordVersion,
        _ => (ushort)_state.HelloRecordVersion,
    };
}
