using System.Net.Sockets;
using System.Runtime.CompilerServices;
using IronPython.Modules;
using SslModule.Engine.Connection;

namespace SslModule.IronPython;

/// <summary>A socket of IronPython's <c>_socket</c> as the engine's transport.</summary>
/// <remarks>
/// IronPython gives no public way to the .NET socket, and a second one over the same descriptor misreports its mode; the field
/// is read directly, with its blocking mode and timeout as Python set them.
/// </remarks>
internal class SocketTransport : ITransport
{
    protected SocketTransport(Socket socket) => (Socket, Handle) = (socket, socket.SafeHandle);

    /// <summary>The .NET socket behind the Python one.</summary>
    protected Socket Socket { get; }

    /// <summary>Its descriptor.</summary>
    protected SafeSocketHandle Handle { get; }

    /// <summary>
    /// The timeout of the step that is going on, in milliseconds: -1 for a blocking socket, 0 for a non-blocking one. With -1 the
    /// system waits; else the engine does, against its own deadline.
    /// </summary>
    public int Timeout { get; private set; }

    /// <summary>The transport over a Python socket.</summary>
    public static SocketTransport Over(PythonSocket.socket python)
        => OperatingSystem.IsLinux() ? new LinuxSocketTransport(SocketField(python)) : new SocketTransport(SocketField(python));

    /// <summary>Begins a step with the timeout that the Python socket has now; .NET's own would be asked of the system.</summary>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public int Begin(PythonSocket.socket python)
    {
        int milliseconds = TimeoutField(python);
        Timeout = !Socket.Blocking ? 0 : milliseconds > 0 ? milliseconds : -1;
        ObjectDisposedException.ThrowIf(Handle.IsClosed, Socket);
        return Timeout;
    }

    /// <inheritdoc/>
    public virtual int Receive(Span<byte> destination) => Receive(destination, SocketFlags.None);

    /// <inheritdoc/>
    public virtual int Peek(Span<byte> destination) => Receive(destination, SocketFlags.Peek);

    /// <inheritdoc/>
    public virtual int Drop(Span<byte> scratch)
    {
        int count = Socket.Receive(scratch, SocketFlags.None, out SocketError error);
        return error == SocketError.Success ? count : Result(error);
    }

    /// <inheritdoc/>
    public bool DropsLate => true;

    /// <inheritdoc/>
    public virtual int Send(ReadOnlySpan<byte> source)
    {
        if (WouldBlock(SelectMode.SelectWrite))
        {
            return TransportResult.WouldBlock;
        }

        int count = Socket.Send(source, SocketFlags.None, out SocketError error);
        return error == SocketError.Success || count > 0 ? count : Result(error);
    }

    /// <inheritdoc/>
    public virtual int SendWithoutWaiting(ReadOnlySpan<byte> source)
        => Socket.Poll(0, SelectMode.SelectWrite) ? Send(source) : TransportResult.WouldBlock;

    /// <inheritdoc/>
    public int Wait(TransportEvents events, int timeoutMilliseconds)
    {
        try
        {
            TimeSpan time = timeoutMilliseconds < 0 ? System.Threading.Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(timeoutMilliseconds);
            return events switch
            {
                TransportEvents.Readable => Socket.Poll(time, SelectMode.SelectRead),
                TransportEvents.Writable => Socket.Poll(time, SelectMode.SelectWrite),
                _ => PollBoth(time),
            } ? 1 : 0;
        }
        catch (SocketException exception)
        {
            return -exception.NativeErrorCode;
        }
    }

    /// <inheritdoc/>
    public bool IsInterrupted() => false;

    private bool PollBoth(TimeSpan time)
    {
        List<Socket> readable = [Socket];
        List<Socket> writable = [Socket];
        Socket.Select(readable, writable, null, time);
        return readable.Count + writable.Count > 0;
    }

    private int Receive(Span<byte> destination, SocketFlags flags)
    {
        if (WouldBlock(SelectMode.SelectRead))
        {
            return TransportResult.WouldBlock;
        }

        int count = Socket.Receive(destination, flags, out SocketError error);
        return error == SocketError.Success ? count : Result(error);
    }

    // A socket with a timeout blocks as far as .NET knows.
    private bool WouldBlock(SelectMode mode) => Timeout > 0 && !Socket.Poll(0, mode);

    private static int Result(SocketError error) => error is SocketError.WouldBlock or SocketError.TimedOut
        ? TransportResult.WouldBlock
        : -new SocketException((int)error).NativeErrorCode;

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_socket")]
    private static extern ref Socket SocketField(PythonSocket.socket python);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_timeout")]
    private static extern ref int TimeoutField(PythonSocket.socket python);
}
