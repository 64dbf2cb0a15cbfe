using System.Runtime.InteropServices;

namespace SslModule.CPython.Native;

/// <summary>
/// The runtime's list of the threads that have run managed code, as its <see cref="DebugHeader"/> describes it for debuggers. Two
/// fields are not named there and are found by their values.
/// </summary>
internal sealed unsafe class RuntimeThreads
{
    // Tells an address in the current part of the stack from other values.
    private const nint NearDistance = 1 << 16;
    private const nint NoFrames = -1;

    private readonly nint _store;
    private readonly int _first;
    private readonly int _next;
    private readonly int _identifier;
    private readonly int _size;
    private readonly int _handle;
    private readonly int _frame;

    private RuntimeThreads(DebugHeader* header)
    {
        nint runtime = header->Global("g_pTheRuntimeInstance");
        _store = *(nint*)(runtime + header->Offset("RuntimeInstance", "m_pThreadStore"));
        _first = header->Offset("ThreadStore", "m_ThreadList");
        _next = header->Offset("RuntimeThreadLocals", "m_pNext");
        _identifier = header->Offset("RuntimeThreadLocals", "m_threadId");
        _size = header->Offset("RuntimeThreadLocals", "SIZEOF");
        (int identifier, nint self) = (Libc.gettid(), Libc.pthread_self());
        nint own = Next(0);
        while (own != 0 && (int)Word(own + _identifier) != identifier)
        {
            own = Next(own);
        }

        if (own == 0)
        {
            return;
        }

        _handle = OffsetOf(offset => Word(own + offset) == self);

        // Managed code runs with 0 in the field; a call of a native function puts the address of its frame there.
        byte[] during = new byte[_size];
        fixed (byte* copy = during)
        {
            Libc.memcpy((nint)copy, own, (nuint)_size);
            nint address = (nint)copy;
            nint stack = (nint)(&header);
            _frame = OffsetOf(offset => Word(own + offset) == 0 && IsNear(Word(address + offset), stack));
        }
    }

    /// <summary>Finds the list.</summary>
    /// <returns>Null if this runtime does not publish it, or publishes it in another way.</returns>
    public static RuntimeThreads? Find()
    {
        if (DebugHeader.Find() is not (var header and not 0))
        {
            return null;
        }

        var threads = new RuntimeThreads((DebugHeader*)header);
        return threads._handle == 0 || threads._frame == 0 ? null : threads;
    }

    /// <summary>The <c>pthread_t</c> of each thread.</summary>
    /// <remarks>No other thread may start or end meanwhile.</remarks>
    public IEnumerable<nint> Handles()
    {
        for (nint thread = Next(0); thread != 0; thread = Next(thread))
        {
            yield return Word(thread + _handle);
        }
    }

    /// <summary>Lets the garbage collector neither wait for the threads other than this one nor scan their stacks.</summary>
    public void EndOthers()
    {
        nint self = Libc.pthread_self();
        for (nint thread = Next(0); thread != 0; thread = Next(thread))
        {
            if (Word(thread + _handle) != self)
            {
                *(nint*)(thread + _frame) = NoFrames;
            }
        }
    }

    private static nint Word(nint address) => *(nint*)address;

    private static bool IsNear(nint address, nint local) => Math.Abs(address - local) < NearDistance;

    private nint Next(nint thread) => thread == 0 ? Word(_store + _first) : Word(thread + _next);

    /// <summary>The only offset of a word for which the condition holds, or 0.</summary>
    private int OffsetOf(Predicate<int> condition)
    {
        int[] found = [.. Enumerable.Range(0, _size / sizeof(nint)).Select(index => index * sizeof(nint)).Where(offset => condition(offset))];
        return found.Length == 1 ? found[0] : 0;
    }
}
