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
internal sealed class SocketTransport(Socket socket) : ITransport
{
    /// <summary>The .NET socket behind a Python one.</summary>
    public static Socket Of(PythonSocket.socket python) => Field(python);

    /// <summary>The timeout in milliseconds: -1 for a blocking socket, 0 for a non-blocking one.</summary>
    public static int Timeout(Socket socket) => !socket.Blocking ? 0 : socket.SendTimeout > 0 ? socket.SendTimeout : -1;

    /// <inheritdoc/>
    public int Receive(Span<byte> destination) => Receive(destination, SocketFlags.None);

    /// <inheritdoc/>
    public int Peek(Span<byte> destination) => Receive(destination, SocketFlags.Peek);

    /// <inheritdoc/>
    public int Drop(Span<byte> scratch)
    {
        int count = socket.Receive(scratch, SocketFlags.None, out SocketError error);
        return error == SocketError.Success ? count : Result(error);
    }

    /// <inheritdoc/>
    public bool DropsLate => true;

    /// <inheritdoc/>
    public int Send(ReadOnlySpan<byte> source)
    {
        if (WouldBlock(SelectMode.SelectWrite))
        {
            return TransportResult.WouldBlock;
        }

        int count = socket.Send(source, SocketFlags.None, out SocketError error);
        return error == SocketError.Success || count > 0 ? count : Result(error);
    }

    /// <inheritdoc/>
    public int Wait(bool forWrite, int timeoutMilliseconds)
    {
        try
        {
            TimeSpan time = timeoutMilliseconds < 0 ? System.Threading.Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(timeoutMilliseconds);
            return socket.Poll(time, forWrite ? SelectMode.SelectWrite : SelectMode.SelectRead) ? 1 : 0;
        }
        catch (SocketException exception)
        {
            return -exception.NativeErrorCode;
        }
    }

    private int Receive(Span<byte> destination, SocketFlags flags)
    {
        if (WouldBlock(SelectMode.SelectRead))
        {
            return TransportResult.WouldBlock;
        }

        int count = socket.Receive(destination, flags, out SocketError error);
        return error == SocketError.Success ? count : Result(error);
    }

    // A socket with a timeout blocks as far as .NET knows: the engine does the waiting, against its own deadline.
    private bool WouldBlock(SelectMode mode) => socket.Blocking && socket.SendTimeout > 0 && !socket.Poll(0, mode);

    private static int Result(SocketError error) => error is SocketError.WouldBlock or SocketError.TimedOut
        ? TransportResult.WouldBlock
        : -new SocketException((int)error).NativeErrorCode;

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_socket")]
    private static extern ref Socket Field(PythonSocket.socket python);
}
