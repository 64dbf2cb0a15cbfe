namespace SslModule.CPython.Native;

/// <summary>
/// The runtime's list of the threads that have run managed code, as its <see cref="DebugHeader"/> describes it for debuggers. Two
/// fields are not named there and are found by their values.
/// </summary>
/// <remarks>For a process with one thread. Nothing is allocated: a garbage collection could wait for threads that do not exist.</remarks>
internal unsafe struct RuntimeThreads
{
    // Tells an address in the current part of the stack from other values.
    private const nint NearDistance = 1 << 16;
    private const int LargestSize = 1024;
    private const nint NoFrames = -1;

    private nint _store;
    private int _first;
    private int _next;
    private int _handle;
    private int _frame;

    /// <summary>Finds the list.</summary>
    /// <param name="identifier">The kernel's identifier of the calling thread when it first ran managed code.</param>
    /// <param name="threads">The list.</param>
    /// <returns>False if this runtime does not publish it, or publishes it in another way.</returns>
    public static bool TryFind(int identifier, out RuntimeThreads threads)
    {
        threads = default;
        return DebugHeader.Find() is var header and not 0 && threads.TryRead((DebugHeader*)header, identifier);
    }

    /// <summary>The thread after another one, or the first one after 0; 0 at the end.</summary>
    public readonly nint Next(nint thread) => thread == 0 ? Word(_store + _first) : Word(thread + _next);

    /// <summary>The <c>pthread_t</c> of a thread.</summary>
    public readonly nint Handle(nint thread) => Word(thread + _handle);

    /// <summary>Lets the garbage collector neither wait for a thread nor scan its stack.</summary>
    public readonly void End(nint thread) => *(nint*)(thread + _frame) = NoFrames;

    private static nint Word(nint address) => *(nint*)address;

    private bool TryRead(DebugHeader* header, int identifier)
    {
        nint runtime = header->Global("g_pTheRuntimeInstance"u8);
        int store = header->Offset("RuntimeInstance"u8, "m_pThreadStore"u8);
        int named = header->Offset("RuntimeThreadLocals"u8, "m_threadId"u8);
        int size = header->Offset("RuntimeThreadLocals"u8, "SIZEOF"u8);
        _first = header->Offset("ThreadStore"u8, "m_ThreadList"u8);
        _next = header->Offset("RuntimeThreadLocals"u8, "m_pNext"u8);
        if (runtime == 0 || store < 0 || named < 0 || size is < 0 or > LargestSize || _first < 0 || _next < 0)
        {
            return false;
        }

        _store = Word(runtime + store);
        nint own = Next(0);
        while (own != 0 && (int)Word(own + named) != identifier)
        {
            own = Next(own);
        }

        return own != 0 && TryFindFields(own, size);
    }

    private bool TryFindFields(nint own, int size)
    {
        // Managed code runs with 0 in the field of the frame; a call of a native function puts the address of its frame there.
        byte* during = stackalloc byte[size];
        Libc.memcpy((nint)during, own, (nuint)size);
        nint self = Libc.pthread_self();
        int handles = 0;
        int frames = 0;
        for (int offset = 0; offset < size; offset += sizeof(nint))
        {
            if (Word(own + offset) == self)
            {
                (_handle, handles) = (offset, handles + 1);
            }
            else if (Word(own + offset) == 0 && Math.Abs(Word((nint)during + offset) - (nint)during) < NearDistance)
            {
                (_frame, frames) = (offset, frames + 1);
            }
        }

        return (handles, frames) == (1, 1);
    }
}
