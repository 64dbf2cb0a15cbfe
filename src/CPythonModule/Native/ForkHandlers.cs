using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SslModule.Engine.Connection;

namespace SslModule.CPython.Native;

/// <summary>
/// What must be done around a fork of the process. In the child only the calling thread exists, but the runtime's list of threads still
/// contains its finalizer thread. glibc gives the stack of a thread that no longer exists, and the thread-local storage in it, to
/// the next thread of the child. The next garbage collection would follow the list into that memory.
/// </summary>
/// <remarks>
/// glibc reuses or frees a stack only if the thread identifier in its <c>struct pthread</c> is not positive
/// (<c>__nptl_stack_in_use</c>), and a fork sets it to 0. The child therefore sets it again. The field's offset is not public: it is found
/// by looking for the identifiers of two threads. Where it is not found, nothing is written.
/// </remarks>
internal static unsafe class ForkHandlers
{
    // The offset is 720 on x86-64 and 208 on arm64; the structure is larger than this on both.
    private const int SearchLength = 1024;
    private const int FinalizerTimeout = 1000;
    private static bool s_searched;
    private static nint s_finalizerThread;
    private static int s_identifierOffset;

    /// <summary>Registers the handlers.</summary>
    /// <returns>False if the C library refuses.</returns>
    public static bool Register() => Libc.pthread_atfork(&Prepare, null, &Child) == 0;

    [UnmanagedCallersOnly]
    private static void Prepare()
    {
        WarmUp.Wait();
        if (!s_searched && NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "gnu_get_libc_version", out _))
        {
            FindFinalizerThread();
        }

        // Also without success: a child has no finalizer thread to ask.
        s_searched = true;
    }

    [UnmanagedCallersOnly]
    private static void Child()
    {
        if (s_identifierOffset != 0)
        {
            *(int*)(s_finalizerThread + s_identifierOffset) = 1;
        }
    }

    private static void FindFinalizerThread()
    {
        using var finalized = new ManualResetEventSlim();
        Probe.Create(finalized);
        GC.Collect(0, GCCollectionMode.Forced, blocking: true);
        if (!finalized.Wait(FinalizerTimeout))
        {
            return;
        }

        int offset = OffsetOf(s_finalizerThread, Probe.ThreadIdentifier);
        nint own = Libc.pthread_self();
        bool isConfirmed = offset != 0 && *(int*)(own + offset) == Libc.gettid();
        s_identifierOffset = isConfirmed ? offset : 0;
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

    /// <summary>Its finalizer tells which thread runs finalizers.</summary>
    private sealed class Probe(ManualResetEventSlim finalized)
    {
        public static int ThreadIdentifier { get; private set; }

        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void Create(ManualResetEventSlim finalized) => _ = new Probe(finalized);

        ~Probe()
        {
            (s_finalizerThread, ThreadIdentifier) = (Libc.pthread_self(), Libc.gettid());
            finalized.Set();
        }
    }
}
