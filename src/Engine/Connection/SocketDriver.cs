using System.Runtime.InteropServices;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Connection;

/// <summary>
/// The one loop that moves bytes between a connection and its transport, for blocking, time-limited and non-blocking use.
/// </summary>
/// <remarks>
/// Timeouts are in milliseconds: -1 waits without limit, 0 does not wait (the step answers WantRead or WantWrite), more is a
/// deadline for the whole step (it answers TimedOut). The bytes in flight before a failure, its alert among them, are sent
/// before the failure is thrown.
/// <para>
/// The driver looks ahead: it shows the connection up to 64 KiB at once but leaves them in the transport (MSG_PEEK), and takes
/// out just the records that the steps have used and a record of which only a part has come: at once when nothing is left to
/// read, and with the last of them when more records wait. So fewer system calls do, and yet what was not read still makes the
/// descriptor readable for select(), and what follows close_notify is left to whoever uses the socket next. OpenSSL's SSL_MODE
/// read_ahead breaks both.
/// </para>
/// </remarks>
public sealed class SocketDriver(TlsConnection connection, ITransport transport, TimeProvider? time = null)
{
    // A server's longest flight is its certificate chain; a peer that sends more than this has no claim to a clean end.
    private const int DiscardLimit = 1 << 17;

    // A connection that waits holds the small window; one that streams gets the large one.
    private const int SmallWindow = 4096;
    private const int LargeWindow = 1 << 16;

    // How long a thread waits for another's reading before it looks what that has brought, in milliseconds.
    private const int GatePatience = 20;

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly object _readGate = new();
    private readonly object _sendGate = new();
    private readonly object _writeGate = new();
    private int _unfinishedWrite;
    private int _sealed;

    /// <summary>How many bytes at the end of the connection's input are still in the transport.</summary>
    private volatile int _ahead;
    private int _window = SmallWindow;

    private delegate TlsStatus Step();

    /// <summary>Completes the handshake.</summary>
    public TlsStatus Handshake(int timeout)
    {
        connection.RefuseReentry();
        try
        {
            return Run(connection.Handshake, Deadline(timeout));
        }
        catch (TlsError error) when (error.Kind == TlsErrorKind.System && connection.IsHandshakeComplete && connection.HasUnreadTickets)
        {
            // The client has gone before its tickets left: the handshake was none the worse for it.
            connection.OutputSent(connection.OutputLength);
            return TlsStatus.Complete;
        }
    }

    /// <summary>Reads at most one record's plaintext; see <see cref="TlsConnection.Read"/>.</summary>
    public TlsStatus Read(Span<byte> destination, out int count, int timeout)
    {
        connection.RefuseReentry();
        long deadline = Deadline(timeout);
        while (true)
        {
            TlsStatus status;
            try
            {
                status = connection.Read(destination, out count);
            }
            catch
            {
                Settle();
                Flush(Deadline(0));
                throw;
            }

            TlsStatus moved = Advance(status, deadline);
            if (moved != TlsStatus.Complete || status != TlsStatus.WantRead)
            {
                return status == TlsStatus.WantRead ? moved : status;
            }
        }
    }

    /// <summary>Sends all of <paramref name="source"/>, or as much as the timeout allows.</summary>
    /// <param name="source">The bytes; after WantWrite, the same again.</param>
    /// <param name="count">The length of <paramref name="source"/> on Complete.</param>
    /// <param name="timeout">See the class.</param>
    /// <returns>Complete, WantRead, WantWrite, TimedOut or Interrupted.</returns>
    /// <exception cref="TlsError">The connection failed, or a repeated write came with fewer bytes.</exception>
    public TlsStatus Write(ReadOnlySpan<byte> source, out int count, int timeout)
    {
        connection.RefuseReentry();
        count = 0;
        long deadline = Deadline(timeout);

        // One writer at a time: what is sealed of a write is this one's. Who does not wait never holds the gate for long.
        if (!Monitor.TryEnter(_writeGate, timeout == 0 ? -1 : timeout))
        {
            return TlsStatus.TimedOut;
        }

        try
        {
            return WriteAll(source, ref count, deadline);
        }
        finally
        {
            Monitor.Exit(_writeGate);
        }
    }

    private TlsStatus WriteAll(ReadOnlySpan<byte> source, ref int count, long deadline)
    {
        if (source.Length < _unfinishedWrite)
        {
            throw TlsError.Ssl("SSL", "BAD_WRITE_RETRY");
        }

        _unfinishedWrite = source.Length;
        while (true)
        {
            TlsStatus flushed = Flush(deadline);
            if (flushed != TlsStatus.Complete)
            {
                return flushed;
            }

            if (_sealed >= source.Length && _sealed > 0 || source.IsEmpty && connection.IsHandshakeComplete)
            {
                (_unfinishedWrite, _sealed) = (0, 0);
                count = source.Length;
                return TlsStatus.Complete;
            }

            TlsStatus status;
            int taken;
            try
            {
                status = connection.Write(source[_sealed..], out taken);
            }
            catch
            {
                (_unfinishedWrite, _sealed) = (0, 0);
                Settle();
                Flush(Deadline(0));
                throw;
            }

            _sealed += taken;
            if (status == TlsStatus.WantRead)
            {
                status = Advance(status, deadline);
                if (status != TlsStatus.Complete)
                {
                    return status;
                }
            }
        }
    }

    /// <summary>Exchanges close_notify; see <see cref="TlsConnection.Shutdown"/>.</summary>
    public TlsStatus Shutdown(int timeout)
    {
        connection.RefuseReentry(shutdown: true);
        return Run(connection.Shutdown, Deadline(timeout));
    }

    private TlsStatus Run(Step step, long deadline)
    {
        while (true)
        {
            TlsStatus status;
            try
            {
                status = step();
            }
            catch
            {
                Settle();
                Flush(Deadline(0));
                DiscardInput();
                throw;
            }

            TlsStatus moved = Advance(status, deadline);
            if (moved != TlsStatus.Complete || status != TlsStatus.WantRead)
            {
                return moved == TlsStatus.Complete ? status : moved;
            }
        }
    }

    /// <summary>Takes out what the step has used, sends what waits and, when the step wants bytes, receives some.</summary>
    private TlsStatus Advance(TlsStatus status, long deadline)
    {
        Settle();
        TlsStatus flushed = Flush(deadline);
        return flushed != TlsStatus.Complete || status != TlsStatus.WantRead ? flushed : Receive(deadline);
    }

    private TlsStatus Receive(long deadline)
    {
        if (!Monitor.TryEnter(_readGate, GatePatience))
        {
            // Another thread waits for the peer. What it has got meanwhile may be all that this one wants: look again.
            int remaining = Remaining(deadline);
            return remaining != 0 ? TlsStatus.Complete : deadline == 0 ? TlsStatus.WantRead : TlsStatus.TimedOut;
        }

        try
        {
            // Another reader may have used bytes since this one looked; what is shown next must not begin with them.
            Settle();
            if (!connection.NeedsInput(out int wanted))
            {
                return TlsStatus.Complete;
            }

            if (transport is MemoryBioTransport memory && connection.TryTakeInput(memory))
            {
                return TlsStatus.Complete;
            }

            while (true)
            {
                int count = connection.ReceiveInput(transport, Math.Max(wanted, _window));
                if (count > 0)
                {
                    _ahead = count;
                    _window = count < SmallWindow ? SmallWindow : LargeWindow;
                    return TlsStatus.Complete;
                }

                if (count == 0 || (IsReset(count) && connection.HasUnreadTickets))
                {
                    connection.InputEnd();
                    return TlsStatus.Complete;
                }

                TlsStatus waited = Await(count, forWrite: false, deadline);
                if (waited != TlsStatus.Complete)
                {
                    return waited;
                }
            }
        }
        finally
        {
            Monitor.Exit(_readGate);
        }
    }

    /// <summary>Takes out of the transport what the connection has used of the bytes that it was shown.</summary>
    private void Settle()
    {
        var spin = default(SpinWait);

        // A thread that waits for input holds the gate, but then nothing is ahead.
        while (_ahead > 0)
        {
            if (!Monitor.TryEnter(_readGate))
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
                Monitor.Exit(_readGate);
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

    private TlsStatus Flush(long deadline)
    {
        if (connection.OutputLength == 0)
        {
            return TlsStatus.Complete;
        }

        lock (_sendGate)
        {
            while (connection.OutputLength > 0)
            {
                int count = connection.SendOutput(transport);
                if (count > 0)
                {
                    continue;
                }

                TlsStatus waited = Await(count, forWrite: true, deadline);
                if (waited != TlsStatus.Complete)
                {
                    return waited;
                }
            }

            return TlsStatus.Complete;
        }
    }

    private TlsStatus Await(int result, bool forWrite, long deadline)
    {
        if (result == TransportResult.HostInterrupted)
        {
            return TlsStatus.Interrupted;
        }

        if (result != TransportResult.WouldBlock)
        {
            throw SystemFailure(-result);
        }

        int remaining = Remaining(deadline);
        if (remaining == 0)
        {
            return deadline == 0 ? (forWrite ? TlsStatus.WantWrite : TlsStatus.WantRead) : TlsStatus.TimedOut;
        }

        int ready = transport.Wait(forWrite, remaining);
        return ready switch
        {
            > 0 => TlsStatus.Complete,
            0 => TlsStatus.TimedOut,
            TransportResult.HostInterrupted => TlsStatus.Interrupted,
            _ => throw SystemFailure(-ready),
        };
    }

    /// <summary>
    /// Throws away what the peer has sent behind the message that failed: a socket closed with bytes unread resets the
    /// connection, and the reset can overtake the alert that says why.
    /// </summary>
    private void DiscardInput()
    {
        if (!connection.HasFailedHandshake)
        {
            return;
        }

        Span<byte> room = stackalloc byte[4096];
        for (int total = 0; total < DiscardLimit && transport.Wait(forWrite: false, 0) > 0;)
        {
            int count = transport.Receive(room);
            if (count <= 0)
            {
                return;
            }

            total += count;
        }
    }

    // ECONNRESET on Linux and on macOS, WSAECONNRESET, and WSAECONNABORTED, which Windows says of a reset that crosses our bytes.
    private static bool IsReset(int result) => result is -104 or -54 or -10054 or -10053;

    private static TlsError SystemFailure(int errno) => TlsError.System(errno, Marshal.GetPInvokeErrorMessage(errno));

    // A deadline is a timestamp of the clock; -1 stands for none, 0 for "do not wait".
    private long Deadline(int timeout) => timeout <= 0 ? timeout : _time.GetTimestamp() + (timeout * _time.TimestampFrequency / 1000);

    private int Remaining(long deadline)
    {
        if (deadline <= 0)
        {
            return (int)deadline;
        }

        long left = (deadline - _time.GetTimestamp()) * 1000 / _time.TimestampFrequency;
        return (int)Math.Clamp(left, 0, int.MaxValue);
    }
}
