using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SslModule.CPython.Native;

namespace SslModule.CPython.Binding;

/// <summary>
/// A Python object with a managed one behind it: the object head, a GCHandle, then references to Python objects in native
/// memory, where the interpreter's collector sees them without running managed code.
/// </summary>
internal static unsafe class Instance
{
    private static readonly int HandleOffset = 2 * sizeof(nint);
    private static readonly int ReferencesOffset = 3 * sizeof(nint);

    /// <summary>The basicsize of a type with <paramref name="references"/> references.</summary>
    public static int Size(int references) => ReferencesOffset + (references * sizeof(nint));

    /// <summary>A new instance that owns <paramref name="managed"/>.</summary>
    public static nint New(nint type, object managed)
    {
        nint self = Values.Check(PythonApi.PyType_GenericAlloc(type, 0));
        *(nint*)(self + HandleOffset) = GCHandle.ToIntPtr(GCHandle.Alloc(managed));
        return self;
    }

    /// <summary>The managed object; the type was checked by the method's descriptor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(nint self)
        where T : class
        => Unsafe.As<T>(GCHandle.FromIntPtr(*(nint*)(self + HandleOffset)).Target!);

    /// <summary>Reference number <paramref name="index"/>, borrowed, or 0.</summary>
    public static nint Reference(nint self, int index) => Slot(self, index)[0];

    /// <summary>Replaces a reference; <paramref name="borrowed"/> may be 0.</summary>
    public static void SetReference(nint self, int index, nint borrowed)
    {
        nint* slot = Slot(self, index);
        nint old = *slot;
        PythonApi.Py_IncRef(borrowed);
        *slot = borrowed;
        PythonApi.Py_DecRef(old);
    }

    /// <summary>A type's <c>tp_dealloc</c>.</summary>
    public static void Deallocate(nint self, int references)
    {
        nint type = Values.TypeOf(self);
        bool collected = (PythonApi.PyType_GetFlags(type) & PyNumbers.TypeHasGc) != 0;
        if (collected)
        {
            PythonApi.PyObject_GC_UnTrack(self);
        }

        Release(self);
        for (int i = 0; i < references; i++)
        {
            SetReference(self, i, 0);
        }

        if (collected)
        {
            PythonApi.PyObject_GC_Del(self);
        }
        else
        {
            PythonApi.PyObject_Free(self);
        }

        PythonApi.Py_DecRef(type);
    }

    /// <summary>A type's <c>tp_traverse</c>.</summary>
    public static int Traverse(nint self, nint visit, nint argument, int references)
    {
        var visitor = (delegate* unmanaged<nint, nint, int>)visit;
        int result = visitor(Values.TypeOf(self), argument);
        for (int i = 0; result == 0 && i < references; i++)
        {
            nint value = Reference(self, i);
            if (value != 0)
            {
                result = visitor(value, argument);
            }
        }

        return result;
    }

    /// <summary>A type's <c>tp_clear</c>.</summary>
    public static int Clear(nint self, int references)
    {
        for (int i = 0; i < references; i++)
        {
            SetReference(self, i, 0);
        }

        return 0;
    }

    private static nint* Slot(nint self, int index) => (nint*)(self + ReferencesOffset) + index;

    private static void Release(nint self)
    {
        nint handle = *(nint*)(self + HandleOffset);
        if (handle == 0)
        {
            return;
        }

        *(nint*)(self + HandleOffset) = 0;
        GCHandle owned = GCHandle.FromIntPtr(handle);
        object? managed = owned.Target;
        owned.Free();
        (managed as IDisposable)?.Dispose();
    }
}
