using SslModule.Engine.Errors;

namespace SslModule.Engine.Connection;

/// <content>Writing: what goes to the peer.</content>
public sealed partial class SocketDriver
{
    private readonly object _writeLock = new();
    private readonly object _sendLock = new();

    /// <summary>True when the write that holds the lock may wait for the transport.</summary>
    private volatile bool _writerWaits;

    /// <summary>How many bytes of the write that is going on have been sealed.</summary>
    private int _sealed;

    /// <summary>Sends all of <paramref name="source"/>, or as much as the timeout allows.</summary>
    /// <param name="source">The bytes; after WantWrite, the same again, or at least as many of them as were sealed.</param>
    /// <param name="count">The length of <paramref name="source"/> on Complete.</param>
    /// <param name="timeout">See the class.</param>
    /// <returns>Complete, WantRead, WantWrite, TimedOut or Interrupted.</returns>
    /// <exception cref="TlsError">The connection failed, or a repeated write came with fewer bytes than were sealed.</exception>
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
        // What was sealed cannot be taken back: the bound of OpenSSL's SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER.
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

            // During the handshake a write reads.
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

    /// <summary>Sends all that waits.</summary>
    private TlsStatus Flush(Deadline deadline)
    {
        while (connection.OutputLength > 0)
        {
            if (!TryEnter(_sendLock, deadline, TransportEvents.Writable, out TlsStatus refused))
            {
                return refused;
            }

            int count;
            try
            {
                count = connection.SendOutput(transport);
            }
            finally
            {
                Monitor.Exit(_sendLock);
            }

            TlsStatus waited = count > 0 ? TlsStatus.Complete : Await(count, TransportEvents.Writable, deadline);
            if (count > 0 && deadline.IsUnlimited && connection.OutputLength > 0 && transport.IsInterrupted())
            {
                // A call that blocks sends less than it was given when a signal has ended it.
                waited = TlsStatus.Interrupted;
            }

            if (waited != TlsStatus.Complete)
            {
                return waited;
            }
        }

        return TlsStatus.Complete;
    }

    /// <summary>Sends the protocol output and whatever was sealed before it, as far as that goes without waiting.</summary>
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

    /// <summary>What became of the protocol output; all of it has left in the default value.</summary>
    /// <param name="Exists">True when some has not left.</param>
    /// <param name="Error">The system's negative errno for it, or 0.</param>
    /// <param name="IsBeingSent">True when another thread is sending: it leaves with what that sends.</param>
    /// <param name="IsTooLong">True when nothing must be read that could add to it.</param>
    private readonly record struct UnsentOutput(bool Exists, int Error, bool IsBeingSent, bool IsTooLong)
    {
        /// <summary>What a reader waits for.</summary>
        public TransportEvents WaitsFor
            => IsTooLong ? TransportEvents.Writable
                : !Exists || IsBeingSent ? TransportEvents.Readable
                : TransportEvents.Readable | TransportEvents.Writable;
    }
}
