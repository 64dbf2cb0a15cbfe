namespace SslModule.Engine.Connection;

/// <content>Reading: what comes from the peer.</content>
public sealed partial class SocketDriver
{
    // A server's longest flight is its certificate chain; a peer that sends more than this has no claim to a clean end.
    private const int DiscardLimit = 1 << 17;

    // A connection that waits holds the small window; one that streams gets the large one.
    private const int SmallWindow = 4096;
    private const int LargeWindow = 1 << 16;

    // A peer that reads nothing and asks for answers all the same gets no more of them into memory.
    private const int MaxProtocolOutput = 1 << 17;

    private readonly object _readLock = new();

    /// <summary>How many bytes at the end of the connection's input are still in the transport.</summary>
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

    /// <summary>Gets the connection more of the peer's bytes, and sends the protocol output meanwhile.</summary>
    /// <param name="taken">How many records had been taken in before the step that wants more.</param>
    /// <param name="deadline">The step's.</param>
    /// <returns>Complete when the connection should look again.</returns>
    private TlsStatus Feed(int taken, Deadline deadline)
    {
        // Another thread may wait for the peer. What it has got meanwhile may be all that this one wants: look again.
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
        // Another reader may have used bytes since this one looked; what is shown next must not begin with them.
        Settle();

        // It may even have ended the handshake that this one wants to end, so that nothing more may come.
        while (connection.NeedsInput(out int wanted) && connection.RecordsTaken == taken)
        {
            UnsentOutput unsent = SendProtocolOutput();
            if (transport is MemoryBioTransport memory && connection.TryTakeInput(memory))
            {
                return TlsStatus.Complete;
            }

            int count = LookForInput(unsent, Math.Max(wanted, _window));
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

    /// <summary>Shows the connection what has come; waits for it in the transport's own way only while no protocol output is left.</summary>
    private int LookForInput(UnsentOutput unsent, int most)
    {
        if (unsent.IsTooLong)
        {
            return TransportResult.WouldBlock;
        }

        return !unsent.Exists || transport.Wait(TransportEvents.Readable, 0) > 0
            ? connection.ReceiveInput(transport, most)
            : TransportResult.WouldBlock;
    }

    /// <summary>Takes out of the transport what the connection has used of the bytes that it was shown.</summary>
    private void Settle()
    {
        var spin = default(SpinWait);

        // A thread that waits for input holds the lock, but then nothing is ahead.
        while (_ahead > 0)
        {
            if (!Monitor.TryEnter(_readLock))
            {
                spin.SpinOnce();
                continue;
            }

            try
            {
                int left = connection.ReleaseInput(_ahead, out bool forget);
                if (left > 0 && !forget && transport.DropsLate)
                {
                    // A record waits, so that the descriptor is readable as it should be: what goes out goes with it.
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
    /// Throws away what the peer has sent behind the message that failed: a socket closed with bytes unread resets the
    /// connection, and the reset can overtake the alert that says why.
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

    // ECONNRESET on Linux and on macOS, WSAECONNRESET, and WSAECONNABORTED, which Windows says of a reset that crosses our bytes.
    private static bool IsReset(int result) => result is -104 or -54 or -10054 or -10053;
}
