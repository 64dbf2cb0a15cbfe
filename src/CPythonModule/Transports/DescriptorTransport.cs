using SslModule.CPython.Binding;
using SslModule.CPython.Native;
using SslModule.Engine.Connection;

namespace SslModule.CPython.Transports;

/// <summary>
/// A socket of Python's, by its descriptor. Its calls run without the GIL; a signal that interrupts one takes the GIL for its
/// Python handler and, unless that raises, the wait goes on (PEP 475).
/// </summary>
internal sealed unsafe class DescriptorTransport : ITransport
{
    /// <summary>The descriptor; the host renews it before each step.</summary>
    public int Descriptor { get; set; }

    /// <summary>Whether the socket's structure may be read directly; see <see cref="PythonSocket"/>.</summary>
    public bool KnownLayout { get; init; }

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
        fixed (byte* bytes = source)
        {
            while (true)
            {
                nint count = Libc.send(Descriptor, bytes, (nuint)source.Length, Libc.MSG_NOSIGNAL);
                if (count >= 0)
                {
                    return (int)count;
                }

                if (Refused(out int result))
                {
                    return result;
                }
            }
        }
    }

    /// <inheritdoc/>
    public int Wait(bool forWrite, int timeoutMilliseconds)
    {
        var descriptor = new PollDescriptor { Descriptor = Descriptor, Events = forWrite ? Libc.POLLOUT : Libc.POLLIN };
        long deadline = Environment.TickCount64 + timeoutMilliseconds;
        while (true)
        {
            int remaining = timeoutMilliseconds < 0 ? -1 : (int)Math.Max(0, deadline - Environment.TickCount64);
            int ready = Libc.poll(&descriptor, 1, remaining);
            if (ready >= 0)
            {
                return ready;
            }

            if (Refused(out int result))
            {
                return result;
            }
        }
    }

    private int Receive(Span<byte> destination, int flags)
    {
        fixed (byte* bytes = destination)
        {
            while (true)
            {
                nint count = Libc.recv(Descriptor, bytes, (nuint)destination.Length, flags);
                if (count >= 0)
                {
                    return (int)count;
                }

                if (Refused(out int result))
                {
                    return result;
                }
            }
        }
    }

    private static bool Refused(out int result)
    {
        int errno = Libc.Errno;
        if (errno == Libc.EINTR)
        {
            result = TransportResult.HostInterrupted;
            return !SignalsHandled();
        }

        result = errno == Libc.EAGAIN ? TransportResult.WouldBlock : -errno;
        return true;
    }

    private static bool SignalsHandled()
    {
        using var gil = new WithGil();
        return PythonApi.PyErr_CheckSignals() == 0;
    }
}
