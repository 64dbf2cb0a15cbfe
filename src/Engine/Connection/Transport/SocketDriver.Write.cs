using SslModule.Engine.Errors;

namespace SslModule.Engine.Connection;

/// <content>Writing.</content>
public sealed partial class SocketDriver
{
    private readonly object _writeLock = new();
    private readonly object _sendLock = new();

    /// <summary>True if the write that holds the lock may wait for the transport.</summary>
    private volatile bool _writerWaits;

    /// <summary>The number of bytes of the current write that have been sealed.</summary>
    private int _sealed;

    /// <summary>Sends all of <paramref name="source"/>, or a part if the timeout expires.</summary>
    /// <param name="source">The data. After WantWrite, pass the same data again; it may be shorter, but must include all sealed bytes.</param>
    /// <param name="count">The length of <paramref name="source"/> on Complete.</param>
    /// <param name="timeout">See the class.</param>
    /// <returns>Complete, WantRead, WantWrite, TimedOut or Interrupted.</returns>
    /// <exception cref="TlsError">The connection failed, or a repeated write has fewer bytes than were sealed.</exception>
    public TlsStatus Write(ReadOnlySpan<byte> source, out int count, int timeout)
    {
        connection.ThrowIfReentered();
        count = 0;
        Deadline deadline = new(timeout, _time);
        if (!TryEnter(_writeLock, deadline, TransportEvents.Writable, out TlsStatus refused))
        {
            return refused;
        }

        try
        {
            _writerWaits = !deadline.IsImmediate;
            return WriteAll(source, ref count, deadline);
        }
        finally
        {
            Monitor.Exit(_writeLock);
        }
    }

    private TlsStatus WriteAll(ReadOnlySpan<byte> source, ref int count, Deadline deadline)
    {
        // Sealed bytes cannot be undone. OpenSSL's SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER has the same check.
        if (source.Length < _sealed)
        {
            throw TlsError.Ssl("SSL", "BAD_WRITE_RETRY");
        }

        while (true)
        {
            TlsStatus status = connection.IsHandshakeComplete ? Flush(deadline) : TlsStatus.Complete;
            if (status != TlsStatus.Complete)
            {
                return status;
            }

            if (_sealed >= source.Length && _sealed > 0 || source.IsEmpty && connection.IsHandshakeComplete)
            {
                _sealed = 0;
                count = source.Length;
                return TlsStatus.Complete;
            }

            int taken = connection.RecordsTaken;
            if (!TryWriteStep(source[_sealed..], out status, deadline))
            {
                return status;
            }

            // During the handshake, a write needs input.
            status = status == TlsStatus.WantRead ? Feed(taken, deadline) : status;
            if (status != TlsStatus.Complete)
            {
                return status;
            }
        }
    }

    private bool TryWriteStep(ReadOnlySpan<byte> source, out TlsStatus status, Deadline deadline)
    {
        try
        {
            if (!TryEnter(connection.StepLock, deadline, TransportEvents.Writable, out status))
            {
                return false;
            }

            try
            {
                status = connection.WriteStep(source, out int taken);
                _sealed += taken;
                return true;
            }
            finally
            {
                LeaveStep();
            }
        }
        catch
        {
            _sealed = 0;
            SendProtocolOutput();
            throw;
        }
    }

    /// <summary>Sends all pending output, or protocol output alone with the records sealed before it.</summary>
    private TlsStatus Flush(Deadline deadline, bool protocolOnly = false)
    {
        while ((protocolOnly ? connection.ProtocolOutputLength : connection.OutputLength) > 0)
        {
            if (!TryEnter(_sendLock, deadline, TransportEvents.Writable, out TlsStatus refused))
            {
                return refused;
            }

            int count;
            try
            {
                count = protocolOnly ? connection.SendProtocolOutput(transport) : connection.SendOutput(transport);
            }
            finally
            {
                Monitor.Exit(_sendLock);
            }

            TlsStatus waited = count > 0 ? TlsStatus.Complete : Await(count, TransportEvents.Writable, deadline);
            if (count > 0 && deadline.IsUnlimited && connection.OutputLength > 0 && transport.IsInterrupted())
            {
                // A blocking call that sends only a part was interrupted by a signal.
                waited = TlsStatus.Interrupted;
            }

            if (waited != TlsStatus.Complete)
            {
                return waited;
            }
        }

        return TlsStatus.Complete;
    }

    /// <summary>Sends protocol output, and records sealed before it, without waiting.</summary>
    private UnsentOutput SendProtocolOutput()
    {
        while (connection.ProtocolOutputLength > 0)
        {
            if (!Monitor.TryEnter(_sendLock))
            {
                return Unsent(isBeingSent: true);
            }

            int count;
            try
            {
                count = connection.SendProtocolOutput(transport);
            }
            finally
            {
                Monitor.Exit(_sendLock);
            }

            if (count <= 0)
            {
                return Unsent(error: count == TransportResult.WouldBlock ? 0 : count);
            }
        }

        return default;
    }

    private UnsentOutput Unsent(int error = 0, bool isBeingSent = false)
        => new(true, error, isBeingSent, connection.ProtocolOutputBytes >= MaxProtocolOutput);

    /// <summary>The result of sending protocol output. The default value means that all of it was sent.</summary>
    /// <param name="Exists">True if some was not sent.</param>
    /// <param name="Error">The negative errno, or 0.</param>
    /// <param name="IsBeingSent">True if another thread is sending, which will send it.</param>
    /// <param name="IsTooLong">True if no more input may be processed, because that could add more protocol output.</param>
    private readonly record struct UnsentOutput(bool Exists, int Error, bool IsBeingSent, bool IsTooLong)
    {
        /// <summary>What a reader waits for.</summary>
        public TransportEvents WaitsFor
            => IsTooLong ? TransportEvents.Writable
                : !Exists || IsBeingSent ? TransportEvents.Readable
                : TransportEvents.Readable | TransportEvents.Writable;
    }
}
