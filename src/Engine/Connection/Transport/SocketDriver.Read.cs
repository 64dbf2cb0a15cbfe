namespace SslModule.Engine.Connection;

/// <content>Reading.</content>
public sealed partial class SocketDriver
{
    // Enough for a server's certificate chain. If the peer has sent more, a TCP reset is accepted.
    private const int DiscardLimit = 1 << 17;

    // An idle connection uses the small window, a busy one the large window.
    private const int SmallWindow = 4096;
    private const int LargeWindow = 1 << 16;

    // Limits the answers that are buffered for a peer that does not read.
    private const int MaxProtocolOutput = 1 << 17;

    private readonly object _readLock = new();

    /// <summary>The number of bytes at the end of the connection's input that are still in the transport.</summary>
    private volatile int _ahead;
    private int _window = SmallWindow;

    /// <summary>Reads at most one record's plaintext; see <see cref="TlsConnection.Read"/>.</summary>
    public TlsStatus Read(Span<byte> destination, out int count, int timeout)
    {
        connection.ThrowIfReentered();
        Deadline deadline = new(timeout, _time);
        while (true)
        {
            int taken = connection.RecordsTaken;
            if (!TryReadStep(destination, out count, out TlsStatus status, deadline))
            {
                return status;
            }

            if (status != TlsStatus.WantRead)
            {
                SendProtocolOutput();
                return status;
            }

            status = Feed(taken, deadline);
            if (status != TlsStatus.Complete)
            {
                return status;
            }
        }
    }

    private bool TryReadStep(Span<byte> destination, out int count, out TlsStatus status, Deadline deadline)
    {
        count = 0;
        try
        {
            if (!TryEnter(connection.StepLock, deadline, TransportEvents.Readable, out status))
            {
                return false;
            }

            try
            {
                status = connection.ReadStep(destination, ref count);
                return true;
            }
            finally
            {
                LeaveStep();
            }
        }
        catch
        {
            EndAfterFailure();
            throw;
        }
    }

    /// <summary>Receives more input for the connection, and sends protocol output meanwhile.</summary>
    /// <param name="taken">The number of records processed before the step that needs input.</param>
    /// <param name="deadline">The deadline of the step.</param>
    /// <returns>Complete if the step should be repeated.</returns>
    private TlsStatus Feed(int taken, Deadline deadline)
    {
        // Another thread is receiving. Repeat the step, because that thread may have received the input it needs.
        if (!Monitor.TryEnter(_readLock, LockWait(deadline)))
        {
            return transport.IsInterrupted() ? TlsStatus.Interrupted
                : deadline.HasPassed ? NoTime(deadline, TransportEvents.Readable)
                : TlsStatus.Complete;
        }

        try
        {
            return Receive(taken, deadline);
        }
        finally
        {
            Monitor.Exit(_readLock);
        }
    }

    private TlsStatus Receive(int taken, Deadline deadline)
    {
        // Another reader may have used peeked bytes meanwhile. Remove them before the next peek.
        RemoveUsedInput();

        // It may also have completed the handshake, after which the peer may send nothing more.
        while (connection.NeedsInput(out int wanted) && connection.RecordsTaken == taken)
        {
            UnsentOutput unsent = SendProtocolOutput();
            if (transport is MemoryBioTransport memory && connection.TryTakeInput(memory))
            {
                return TlsStatus.Complete;
            }

            int count = PeekInput(unsent, Math.Max(wanted, _window));
            if (count > 0)
            {
                _ahead = count;
                _window = count < SmallWindow ? SmallWindow : LargeWindow;
                return TlsStatus.Complete;
            }

            if (unsent.Error != 0 && count is 0 or TransportResult.WouldBlock)
            {
                throw SystemFailure(unsent.Error);
            }

            if (count == 0 || (IsReset(count) && connection.HasUnreadTickets))
            {
                connection.InputEnd();
                return TlsStatus.Complete;
            }

            TlsStatus waited = Await(count, unsent.WaitsFor, deadline, unsent.IsBeingSent ? LockPollInterval : int.MaxValue);
            if (waited != TlsStatus.Complete)
            {
                return waited;
            }
        }

        return TlsStatus.Complete;
    }

    /// <summary>Peeks input for the connection. Blocks, if the transport is blocking, only if no protocol output is pending.</summary>
    private int PeekInput(UnsentOutput unsent, int most)
    {
        if (unsent.IsTooLong)
        {
            return TransportResult.WouldBlock;
        }

        return !unsent.Exists || transport.Wait(TransportEvents.Readable, 0) > 0
            ? connection.ReceiveInput(transport, most)
            : TransportResult.WouldBlock;
    }

    /// <summary>Removes the peeked bytes that the connection has used from the transport.</summary>
    private void RemoveUsedInput()
    {
        var spin = default(SpinWait);

        // A thread that waits for input holds the lock, but then there are no peeked bytes.
        while (_ahead > 0)
        {
            if (!Monitor.TryEnter(_readLock))
            {
                // Without Thread.Sleep, from which Thread.Interrupt would take out the thread together with what it has read.
                spin.SpinOnce(sleep1Threshold: -1);
                continue;
            }

            try
            {
                int left = connection.ReleaseInput(_ahead, out bool forget);
                if (left > 0 && !forget && transport.DropsLate)
                {
                    // A whole record is unread, so the descriptor must stay readable. Remove the used bytes together with it later.
                    return;
                }

                Drop(_ahead - left);
                _ahead = forget ? 0 : left;
                return;
            }
            finally
            {
                Monitor.Exit(_readLock);
            }
        }
    }

    private void Drop(int total)
    {
        if (total == 0)
        {
            return;
        }

        byte[] scratch = System.Buffers.ArrayPool<byte>.Shared.Rent(total);
        for (int dropped = 0, count; dropped < total; dropped += count)
        {
            count = transport.Drop(scratch.AsSpan(0, total - dropped));
            if (count <= 0)
            {
                break;
            }
        }

        System.Buffers.ArrayPool<byte>.Shared.Return(scratch);
    }

    /// <summary>
    /// Discards input after the message that failed. Closing a socket with unread data causes a TCP reset, which can discard the
    /// alert before the peer reads it.
    /// </summary>
    private void DiscardInput()
    {
        if (!connection.HasFailedHandshake || !Monitor.TryEnter(_readLock))
        {
            return;
        }

        try
        {
            Span<byte> room = stackalloc byte[4096];
            for (int total = 0; total < DiscardLimit && transport.Wait(TransportEvents.Readable, 0) > 0;)
            {
                int count = transport.Receive(room);
                if (count <= 0)
                {
                    return;
                }

                total += count;
            }
        }
        finally
        {
            Monitor.Exit(_readLock);
        }
    }

    // ECONNRESET on Linux and macOS, WSAECONNRESET, and WSAECONNABORTED, which Windows returns if data is in flight.
    private static bool IsReset(int result) => result is -104 or -54 or -10054 or -10053;
}
