using System.Runtime.InteropServices;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Connection;

/// <summary>
/// The one loop that moves bytes between a connection and its transport, for blocking, time-limited and non-blocking use.
/// Reading never depends on writing.
/// </summary>
/// <remarks>
/// <para>
/// Timeouts are in milliseconds: -1 waits without limit, 0 does not wait (the step answers WantRead or WantWrite), more is a
/// deadline for the whole step (it answers TimedOut). A step that the host interrupts, as a signal handler that raises does,
/// answers Interrupted.
/// </para>
/// <para>
/// Any number of threads may call. Four locks keep them apart. A thread takes them in this order only:
/// </para>
/// <code>
///   write lock ──► read lock ──► send lock ──► step lock
///   one Write      one thread    one send()    one step of the connection with its callbacks
///   at a time      receives
///
///   What a thread does, and what it holds while it does so:
///
///   Read       step ─► send protocol output ─► wait for bytes ─► step ...
///              {step}  {send, step}            {read}
///   Write      step ─► send all output ─► wait for room ─► step ...
///              {write, step}  {write, send, step}  {write}
///   Handshake  as Read, then send all output     Shutdown  step, send all output, then as Read
///
///   Who waits for whom:  a reader for another reader, a writer for another writer, a sender for one send() of another,
///                        all of them for a step.  A reader never waits for a writer, nor a writer for a reader.
/// </code>
/// <para>
/// No lock but write and read is held during a wait, and the send lock only where the transport itself blocks in a call.
/// <see cref="TryEnter"/> is the one way to wait for a lock: it ends with the deadline and with the host's signals.
/// </para>
/// <para>
/// A read sends no more than the protocol output: handshake messages, key updates and alerts, and the application data that was
/// sealed before them, because records leave in the order in which they were sealed. It sends without waiting. Only when
/// nothing is left to read does it wait, for bytes or for room. When the system refuses the protocol output (EPIPE, ECONNRESET),
/// that is raised after all that came has been read: the peer's answer or alert tells more.
/// </para>
/// <para>
/// The driver looks ahead: it shows the connection up to 64 KiB at once but leaves them in the transport (MSG_PEEK), and takes
/// out just the records that the steps have used and a record of which only a part has come: at once when nothing is left to
/// read, and with the last of them when more records wait. So fewer system calls do, and yet what was not read still makes the
/// descriptor readable for select(), and what follows close_notify is left to whoever uses the socket next. OpenSSL's SSL_MODE
/// read_ahead breaks both.
/// </para>
/// </remarks>
public sealed partial class SocketDriver(TlsConnection connection, ITransport transport, TimeProvider? time = null)
{
    /// <summary>How long a thread waits for another's lock before it looks what has changed, in milliseconds.</summary>
    private const int LockPollInterval = 20;

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    private delegate TlsStatus Step();

    /// <summary>Completes the handshake.</summary>
    public TlsStatus Handshake(int timeout)
    {
        connection.ThrowIfReentered();
        Deadline deadline = new(timeout, _time);
        try
        {
            TlsStatus status = Run(connection.HandshakeStep, deadline);
            return status == TlsStatus.Complete ? Flush(deadline) : status;
        }
        catch (TlsError error) when (error.Kind == TlsErrorKind.System && connection.IsHandshakeComplete && IsLeftToThePeer())
        {
            return TlsStatus.Complete;
        }
    }

    /// <summary>Exchanges close_notify; see <see cref="TlsConnection.Shutdown"/>.</summary>
    public TlsStatus Shutdown(int timeout)
    {
        connection.ThrowIfReentered(shutdown: true);
        Deadline deadline = new(timeout, _time);
        TlsStatus status = RunStep(connection.ShutdownStep, deadline);
        if (status is not (TlsStatus.Complete or TlsStatus.WantRead))
        {
            return status;
        }

        TlsStatus flushed = Flush(deadline);
        return flushed != TlsStatus.Complete ? flushed
            : status == TlsStatus.Complete ? status
            : Run(connection.ShutdownStep, deadline);
    }

    /// <summary>Takes a step again and again, and feeds it with the peer's bytes until it wants no more.</summary>
    private TlsStatus Run(Step step, Deadline deadline)
    {
        while (true)
        {
            int taken = connection.RecordsTaken;
            TlsStatus status = RunStep(step, deadline);
            if (status != TlsStatus.WantRead)
            {
                return status;
            }

            status = Feed(taken, deadline);
            if (status != TlsStatus.Complete)
            {
                return status;
            }
        }
    }

    private TlsStatus RunStep(Step step, Deadline deadline)
    {
        try
        {
            if (!TryEnter(connection.StepLock, deadline, TransportEvents.Readable, out TlsStatus refused))
            {
                return refused;
            }

            try
            {
                return step();
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

    private void LeaveStep()
    {
        Monitor.Exit(connection.StepLock);
        Settle();
    }

    /// <summary>After a step that failed: its alert leaves as far as that goes at once.</summary>
    private void EndAfterFailure()
    {
        SendProtocolOutput();
        DiscardInput();
    }

    /// <summary>
    /// Whether a handshake is done although what this end sent last was refused by the system: a client may have gone before its
    /// tickets left, and a server that refuses the client's certificate has said so in an alert that the next read takes in.
    /// </summary>
    private bool IsLeftToThePeer()
    {
        if (connection.HasUnreadTickets)
        {
            connection.OutputSent(connection.OutputLength);
            return true;
        }

        Span<byte> first = stackalloc byte[1];
        return transport.Wait(TransportEvents.Readable, 0) > 0 && transport.Peek(first) > 0;
    }

    /// <summary>Takes a lock that another thread may hold, before the deadline.</summary>
    /// <param name="gate">The lock.</param>
    /// <param name="deadline">The step's. A step that does not wait gives up only where the holder may be waiting for the transport.</param>
    /// <param name="wanted">What a step that does not wait says it wants.</param>
    /// <param name="refused">What the step answers when the lock was not to be had.</param>
    private bool TryEnter(object gate, Deadline deadline, TransportEvents wanted, out TlsStatus refused)
    {
        refused = TlsStatus.Complete;
        while (!Monitor.TryEnter(gate, LockWait(deadline)))
        {
            if (transport.IsInterrupted())
            {
                refused = TlsStatus.Interrupted;
                return false;
            }

            if (deadline.IsImmediate ? HolderMayWait(gate) : deadline.HasPassed)
            {
                refused = NoTime(deadline, wanted);
                return false;
            }
        }

        return true;
    }

    // A step that does not wait is patient too: most locks are held for a moment only.
    private static int LockWait(Deadline deadline) => deadline.IsImmediate ? LockPollInterval : deadline.AtMost(LockPollInterval);

    // Else the holder is at work, in a callback perhaps, and done without anything from the peer.
    private bool HolderMayWait(object gate) => gate == _sendLock || (gate == _writeLock && _writerWaits);

    /// <summary>Waits for the transport after it has answered <paramref name="result"/>.</summary>
    /// <returns>Complete when it is worth another try.</returns>
    /// <exception cref="TlsError">The result was an errno.</exception>
    private TlsStatus Await(int result, TransportEvents events, Deadline deadline, int most = int.MaxValue)
    {
        if (result == TransportResult.WouldBlock)
        {
            if (deadline.HasPassed)
            {
                return NoTime(deadline, events);
            }

            int patience = most == int.MaxValue ? deadline.Remaining : deadline.AtMost(most);
            result = transport.Wait(events, patience);
        }

        return result switch
        {
            // The next look finds out whether the time is over.
            >= 0 => TlsStatus.Complete,
            TransportResult.HostInterrupted => TlsStatus.Interrupted,
            _ => throw SystemFailure(result),
        };
    }

    private static TlsStatus NoTime(Deadline deadline, TransportEvents wanted)
        => !deadline.IsImmediate ? TlsStatus.TimedOut
            : wanted.HasFlag(TransportEvents.Writable) ? TlsStatus.WantWrite
            : TlsStatus.WantRead;

    private static TlsError SystemFailure(int result) => TlsError.System(-result, Marshal.GetPInvokeErrorMessage(-result));
}
