using System.Runtime.InteropServices;

namespace SslModule.CPython.Native;

/// <summary>The system calls of the transports, on a descriptor that Python owns.</summary>
internal static unsafe class Libc
{
    public const int EINTR = 4;
    public const int EAGAIN = 11;
    public const int EBADF = 9;
    public const int EPIPE = 32;
    public const int ECONNRESET = 104;
    public const short POLLIN = 1;
    public const short POLLOUT = 4;
    public const int MSG_PEEK = 0x2;

    /// <summary>TCP throws the bytes away instead of copying them.</summary>
    public const int MSG_TRUNC = 0x20;
    public const int MSG_DONTWAIT = 0x40;
    public const int RTLD_LAZY = 0x1;

    /// <summary>The library is loaded already.</summary>
    public const int RTLD_NOLOAD = 0x4;
    public const int MSG_NOSIGNAL = 0x4000;

    [DllImport("libc")] public static extern nint recv(int descriptor, byte* bytes, nuint length, int flags);
    [DllImport("libc")] public static extern nint send(int descriptor, byte* bytes, nuint length, int flags);
    [DllImport("libc")] public static extern int poll(PollDescriptor* descriptors, nuint count, int timeout);
    [DllImport("libc")] public static extern int pthread_atfork(delegate* unmanaged<void> prepare, delegate* unmanaged<void> parent, delegate* unmanaged<void> child);
    [DllImport("libc")] public static extern nint pthread_self();
    [DllImport("libc")] public static extern int gettid();
    [DllImport("libc")] public static extern nint memcpy(nint destination, nint source, nuint length);
    [DllImport("libdl")] public static extern int dladdr(nint address, SharedObject* found);
    [DllImport("libdl")] public static extern nint dlopen(nint path, int flags);
    [DllImport("libdl")] public static extern nint dlsym(nint library, byte* name);
    [DllImport("libc")] private static extern int* __errno_location();

    /// <summary>The calling thread's errno.</summary>
    public static int Errno
    {
        get => *__errno_location();
        set => *__errno_location() = value;
    }
}

/// <summary>struct pollfd.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollDescriptor
{
    public int Descriptor;
    public short Events;
    public short Returned;
}

/// <summary>Dl_info: the library that an address belongs to.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SharedObject
{
    /// <summary>The path of its file, a C string of the loader's.</summary>
    public nint Path;
    public nint Base;
    public nint SymbolName;
    public nint SymbolAddress;
}
