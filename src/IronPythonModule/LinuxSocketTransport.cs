using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SslModule.Engine.Connection;

[assembly: DisableRuntimeMarshalling]

namespace SslModule.IronPython;

/// <summary>
/// The same by Linux's own calls: .NET's receive by recvmsg() where flags are given, and cannot be told not to wait or that the
/// bytes are not wanted. Whether .NET has made the descriptor non-blocking does not matter: the engine waits then.
/// </summary>
internal sealed unsafe partial class LinuxSocketTransport(Socket socket) : SocketTransport(socket)
{
    private const int MSG_PEEK = 0x2;
    private const int MSG_TRUNC = 0x20;
    private const int MSG_DONTWAIT = 0x40;
    private const int MSG_NOSIGNAL = 0x4000;
    private const int EINTR = 4;
    private const int EAGAIN = 11;
    private const int ECANCELED = 125;

    private int Patience => Timeout < 0 ? 0 : MSG_DONTWAIT;

    /// <inheritdoc/>
    public override int Receive(Span<byte> destination) => Receive(destination, Patience);

    /// <inheritdoc/>
    public override int Peek(Span<byte> destination) => Receive(destination, MSG_PEEK | Patience);

    /// <inheritdoc/>
    public override int Drop(Span<byte> scratch) => Receive(scratch, MSG_TRUNC | MSG_DONTWAIT);

    /// <inheritdoc/>
    public override int Send(ReadOnlySpan<byte> source) => Send(source, Patience);

    /// <inheritdoc/>
    public override int SendWithoutWaiting(ReadOnlySpan<byte> source) => Send(source, MSG_DONTWAIT);

    private int Send(ReadOnlySpan<byte> source, int flags)
    {
        fixed (byte* bytes = source)
        {
            return Move(&send, bytes, source.Length, MSG_NOSIGNAL | flags);
        }
    }

    private int Receive(Span<byte> destination, int flags)
    {
        fixed (byte* bytes = destination)
        {
            return Move(&recv, bytes, destination.Length, flags);
        }
    }

    private int Move(delegate*<SafeSocketHandle, byte*, nuint, int, nint> call, byte* bytes, int length, int flags)
    {
        while (true)
        {
            nint count = call(Handle, bytes, (nuint)length, flags);
            if (count > 0)
            {
                return (int)count;
            }

            int errno = count < 0 ? Marshal.GetLastPInvokeError() : 0;
            if (Handle.IsClosed)
            {
                // Who closes a socket that another thread waits for shuts it down first, so that the call comes back.
                return -ECANCELED;
            }

            if (errno != EINTR)
            {
                return errno == EAGAIN ? TransportResult.WouldBlock : -errno;
            }
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(SafeSocketHandle descriptor, byte* bytes, nuint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(SafeSocketHandle descriptor, byte* bytes, nuint length, int flags);
}
