using SslModule.CPython.Binding;
using SslModule.CPython.Native;
using SslModule.Engine.Connection;

namespace SslModule.CPython.Transports;

/// <summary>
/// A socket of Python's, by its descriptor. Its calls run without the GIL; a signal that interrupts one takes the GIL for its
/// Python handler and, unless that raises, the wait goes on (PEP 475).
/// </summary>
/// <remarks>
/// Each step holds a reference to the Python socket, so that only close() and detach() can take the descriptor away while the
/// step runs; its number may then belong to another connection. Where the layout is known the socket is asked for it again
/// before each call, which finds that out between two calls.
/// </remarks>
internal sealed unsafe class DescriptorTransport : ITransport
{
    private readonly bool _knownLayout;
    private int _descriptor;
    private nint _socket;

    /// <param name="knownLayout">Whether the socket's structure may be read directly; see <see cref="PythonSocket"/>.</param>
    public DescriptorTransport(bool knownLayout) => _knownLayout = knownLayout;

    private int Descriptor => _knownLayout && _socket != 0 ? PythonSocket.Descriptor(_socket, knownLayout: true) : _descriptor;

    /// <summary>Renews what is known of the socket; the GIL is held.</summary>
    /// <param name="socket">The Python socket, referred to until <see cref="End"/> where it is held at all.</param>
    /// <param name="timeout">Its timeout in milliseconds: -1 for a blocking socket, 0 for a non-blocking one.</param>
    /// <returns>False when the socket is closed.</returns>
    public bool Begin(nint socket, out int timeout)
    {
        _descriptor = PythonSocket.Descriptor(socket, _knownLayout);
        _socket = socket;
        timeout = PythonSocket.Timeout(socket, _knownLayout);
        return _descriptor >= 0;
    }

    /// <summary>The last step that was going on is over; the GIL is held.</summary>
    public void End() => _socket = 0;

    /// <inheritdoc/>
    public int Receive(Span<byte> destination) => Receive(destination, 0);

    /// <inheritdoc/>
    public int Peek(Span<byte> destination) => Receive(destination, Libc.MSG_PEEK);

    /// <inheritdoc/>
    public int Drop(Span<byte> scratch) => Receive(scratch, Libc.MSG_TRUNC | Libc.MSG_DONTWAIT);

    /// <inheritdoc/>
    public bool DropsLate => true;

    /// <inheritdoc/>
    public int Send(ReadOnlySpan<byte> source)
    {
        while (true)
        {
            int count = Send(source, Libc.MSG_NOSIGNAL);
            if (count >= 0 || Refused(out count))
            {
                return count;
            }
        }
    }

    /// <inheritdoc/>
    public int SendWithoutWaiting(ReadOnlySpan<byte> source)
    {
        int count = Send(source, Libc.MSG_NOSIGNAL | Libc.MSG_DONTWAIT);
        return count >= 0 ? count : Libc.Errno is Libc.EINTR or Libc.EAGAIN ? TransportResult.WouldBlock : -Libc.Errno;
    }

    /// <inheritdoc/>
    public int Wait(TransportEvents events, int timeoutMilliseconds)
    {
        short wanted = (short)((events.HasFlag(TransportEvents.Readable) ? Libc.POLLIN : 0) | (events.HasFlag(TransportEvents.Writable) ? Libc.POLLOUT : 0));
        long deadline = Environment.TickCount64 + timeoutMilliseconds;
        while (true)
        {
            var descriptor = new PollDescriptor { Descriptor = Descriptor, Events = wanted };
            if (descriptor.Descriptor < 0)
            {
                return -Libc.EBADF;
            }

            int remaining = timeoutMilliseconds < 0 ? -1 : (int)Math.Max(0, deadline - Environment.TickCount64);
            int ready = Poll(&descriptor, remaining);
            if (ready >= 0 || Refused(out ready))
            {
                return ready;
            }
        }
    }

    /// <inheritdoc/>
    public bool IsInterrupted() => SignalsRaise();

    private int Receive(Span<byte> destination, int flags)
    {
        fixed (byte* bytes = destination)
        {
            while (true)
            {
                int count = Receive(bytes, destination.Length, flags);
                if (count >= 0 || Refused(out count))
                {
                    return count;
                }
            }
        }
    }

    private int Send(ReadOnlySpan<byte> source, int flags)
    {
        fixed (byte* bytes = source)
        {
            using var pause = GilFreeCode.Pause();
            return (int)Libc.send(Descriptor, bytes, (nuint)source.Length, flags);
        }
    }

    private int Receive(byte* bytes, int length, int flags)
    {
        using var pause = GilFreeCode.Pause();
        return (int)Libc.recv(Descriptor, bytes, (nuint)length, flags);
    }

    private static int Poll(PollDescriptor* descriptor, int timeout)
    {
        using var pause = GilFreeCode.Pause();
        return Libc.poll(descriptor, 1, timeout);
    }

    /// <summary>What to answer for the errno of a call; false when the call is to be made again.</summary>
    private static bool Refused(out int result)
    {
        int errno = Libc.Errno;
        if (errno == Libc.EINTR)
        {
            result = TransportResult.HostInterrupted;
            return SignalsRaise();
        }

        result = errno == Libc.EAGAIN ? TransportResult.WouldBlock : -errno;
        return true;
    }

    private static bool SignalsRaise()
    {
        using var gil = new WithGil();
        return PythonApi.PyErr_CheckSignals() != 0;
    }
}
