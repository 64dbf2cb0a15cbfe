using System.Runtime.InteropServices;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Connection;

/// <summary>
/// Moves bytes between a connection and its transport, for blocking, time-limited and non-blocking use. Reading never depends on
/// writing.
/// </summary>
/// <remarks>
/// <para>
/// Timeouts are in milliseconds: -1 waits without limit, 0 does not wait (the step returns WantRead or WantWrite), a positive value
/// is a deadline for the whole step (it returns TimedOut). A step that the host interrupts, for example by a signal handler that
/// raises, returns Interrupted.
/// </para>
/// <para>
/// Any number of threads may call. There are four locks, always acquired in this order:
/// </para>
/// <code>
///   write lock ──► read lock ──► send lock ──► step lock
///   one Write      one thread    one send()    one step of the connection with its callbacks
///   at a time      receives
///
///   Operations, with the locks held:
///
///   Read       step ─► send protocol output ─► wait for bytes ─► step ...
///              {step}  {send, step}            {read}
///   Write      step ─► send all output ─► wait for room ─► step ...
///              {write, step}  {write, send, step}  {write}
///   Handshake  as Read, then send protocol output  Shutdown  step, send all output, then as Read
///
///   Waiting:  a reader waits for other readers, a writer for other writers, a sender for one send() of another,
///             all of them for a step.  A reader never waits for a writer, nor a writer for a reader.
/// </code>
/// <para>
/// Only the write and read locks are held during a wait, and the send lock if the transport itself blocks in a call. Locks are
/// acquired through <see cref="TryEnter"/>, which respects the deadline and the host's signals.
/// </para>
/// <para>
/// A read sends only protocol output (handshake messages, key updates, alerts) and application data sealed before it, because
/// records must be sent in the order in which they were sealed. It sends without waiting. Only when there is no input does it wait,
/// for input or for space to send. If sending fails (EPIPE, ECONNRESET), the error is raised after all input was read, because the
/// peer's answer or alert is more informative.
/// </para>
/// <para>
/// The driver reads ahead with MSG_PEEK: it passes up to 64 KiB to the connection but leaves them in the transport. It removes only
/// the records that steps have used, and a partial record: immediately if no input is left, otherwise together with the last whole
/// record. This saves system calls, while unread records still make the descriptor readable for select(), and data after
/// close_notify stays in the socket for its next user. OpenSSL's read_ahead mode does neither.
/// </para>
/// </remarks>
public sealed partial class SocketDriver(TlsConnection connection, ITransport transport, TimeProvider? time = null)
{
    /// <summary>How long a thread waits for a lock before it checks for changes, in milliseconds.</summary>
    private const int LockPollInterval = 20;

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private bool _handshakeSent;

    private delegate TlsStatus Step();

    /// <summary>Completes the handshake. Once it is complete, sends only what has to do with it, not the data that a write could not send.</summary>
    public TlsStatus Handshake(int timeout)
    {
        connection.ThrowIfReentered();
        Deadline deadline = new(timeout, _time);
        try
        {
            int unsent = connection.OutputLength;
            TlsStatus status = Run(connection.HandshakeStep, deadline);
            if (status == TlsStatus.Complete && !(_handshakeSent && connection.OutputLength == unsent))
            {
                // What another thread wrote meanwhile is for that thread to send.
                status = Flush(deadline, protocolOnly: true);
                _handshakeSent |= status == TlsStatus.Complete;
            }

            return status;
        }
        catch (TlsError error) when (error.Kind == TlsErrorKind.System && connection.IsHandshakeComplete && IsCompleteDespiteSendError())
        {
            _handshakeSent = true;
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

    /// <summary>Repeats a step, providing input, until it is complete.</summary>
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
        RemoveUsedInput();
    }

    /// <summary>Sends the alert of a failed step, without waiting.</summary>
    private void EndAfterFailure()
    {
        SendProtocolOutput();
        DiscardInput();
    }

    /// <summary>
    /// Whether a handshake counts as complete although the last send failed. A client may have closed before the tickets were sent,
    /// and a server that rejects the client's certificate has sent an alert, which the next read processes.
    /// </summary>
    private bool IsCompleteDespiteSendError()
    {
        if (connection.HasUnreadTickets)
        {
            connection.OutputSent(connection.OutputLength);
            return true;
        }

        Span<byte> first = stackalloc byte[1];
        return transport.Wait(TransportEvents.Readable, 0) > 0 && transport.Peek(first) > 0;
    }

    /// <summary>Acquires a lock before the deadline.</summary>
    /// <param name="gate">The lock.</param>
    /// <param name="deadline">The deadline of the step. A step that does not wait gives up only if the holder may be waiting for the transport.</param>
    /// <param name="wanted">What a step that does not wait reports as needed.</param>
    /// <param name="refused">The result of the step if the lock was not acquired.</param>
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

    // Even a step that does not wait tries for a moment, because most locks are held briefly.
    private static int LockWait(Deadline deadline) => deadline.IsImmediate ? LockPollInterval : deadline.AtMost(LockPollInterval);

    // Other locks are released without input from the peer, possibly after a callback.
    private bool HolderMayWait(object gate) => gate == _sendLock || (gate == _writeLock && _writerWaits);

    /// <summary>Waits for the transport after it returned <paramref name="result"/>.</summary>
    /// <returns>Complete if the call should be repeated.</returns>
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
            // The caller's loop checks the deadline.
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
