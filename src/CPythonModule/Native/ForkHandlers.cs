using System.Runtime.InteropServices;
using SslModule.Engine.Connection;

namespace SslModule.CPython.Native;

/// <summary>
/// What must be done around a fork of the process. In the child only the calling thread exists, but the runtime's list of threads still
/// contains the others: its finalizer thread, and threads of the program that have used this module and have not exited. glibc gives
/// the stack of a thread that no longer exists, and the thread-local storage in it, to the next thread of the child. The next garbage
/// collection would follow the list into that memory.
/// </summary>
/// <remarks>
/// glibc reuses or frees a stack only if the thread identifier in its <c>struct pthread</c> is not positive
/// (<c>__nptl_stack_in_use</c>), and a fork sets it to 0. The child therefore sets it again. The field's offset is not public: it is where
/// the calling thread's identifier is before the fork and its new one after it. Where that is not so, nothing is written.
/// </remarks>
internal static unsafe class ForkHandlers
{
    // The offset is 720 on x86-64 and 208 on arm64; the structure is larger than this on both.
    private const int SearchLength = 1024;

    private static RuntimeThreads s_threads;
    private static bool s_hasThreads;
    private static bool s_isGlibc;
    private static int s_identifier;
    private static int s_identifierOffset;

    /// <summary>Registers the handlers.</summary>
    /// <returns>False if the C library refuses.</returns>
    public static bool Register()
    {
        s_isGlibc = NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "gnu_get_libc_version", out _);
        return Libc.pthread_atfork(&Prepare, &Parent, &Child) == 0;
    }

    [UnmanagedCallersOnly]
    private static void Prepare()
    {
        WarmUp.Wait();
        GilFreeCode.BeginFork();
        s_identifier = Libc.gettid();
        s_identifierOffset = s_isGlibc ? OffsetOf(Libc.pthread_self(), s_identifier) : 0;
    }

    [UnmanagedCallersOnly]
    private static void Parent() => GilFreeCode.EndFork(isChild: false);

    [UnmanagedCallersOnly]
    private static void Child()
    {
        GilFreeCode.EndFork(isChild: true);
        nint self = Libc.pthread_self();
        if (s_identifierOffset == 0 || *(int*)(self + s_identifierOffset) != Libc.gettid())
        {
            return;
        }

        s_hasThreads = s_hasThreads || RuntimeThreads.TryFind(s_identifier, out s_threads);
        for (nint thread = s_hasThreads ? s_threads.Next(0) : 0; thread != 0; thread = s_threads.Next(thread))
        {
            nint handle = s_threads.Handle(thread);
            if (handle != self)
            {
                s_threads.End(thread);
                KeepStack((int*)(handle + s_identifierOffset));
            }
        }
    }

    private static void KeepStack(int* identifier)
    {
        if (*identifier == 0)
        {
            *identifier = 1;
        }
    }

    private static int OffsetOf(nint thread, int identifier)
    {
        for (int offset = sizeof(int); offset < SearchLength; offset += sizeof(int))
        {
            if (*(int*)(thread + offset) == identifier)
            {
                return offset;
            }
        }

        return 0;
    }
}
