using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using SslModule.CPython.Native;
using static SslModule.CPython.Native.PythonApi;

namespace SslModule.CPython.Binding;

/// <summary>Values to and from Python. A function that makes an object answers a new reference.</summary>
internal static unsafe class Values
{
    /// <summary>Passes a new reference on; NULL means that a Python error is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Check(nint value)
    {
        if (value == 0)
        {
            Fail();
        }

        return value;
    }

    /// <summary>A negative result means that a Python error is set.</summary>
    public static void Check(int result)
    {
        if (result < 0)
        {
            Fail();
        }
    }

    public static nint New(nint borrowed)
    {
        Py_IncRef(borrowed);
        return borrowed;
    }

    public static nint None() => New(PythonData.None);

    public static nint Bool(bool value) => New(value ? PythonData.True : PythonData.False);

    public static nint Int(long value) => Check(PyLong_FromLongLong(value));

    public static nint Str(string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        byte[]? rented = length > 256 ? ArrayPool<byte>.Shared.Rent(length) : null;
        Span<byte> utf8 = rented ?? stackalloc byte[256];
        Encoding.UTF8.GetBytes(text, utf8);
        fixed (byte* pointer = utf8)
        {
            nint value = PyUnicode_FromStringAndSize(pointer, length);
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }

            return Check(value);
        }
    }

    public static nint StrOrNone(string? text) => text is null ? None() : Str(text);

    public static nint Bytes(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* pointer = bytes)
        {
            return Check(PyBytes_FromStringAndSize(pointer, bytes.Length));
        }
    }

    /// <summary>A tuple that takes the references over.</summary>
    public static nint Tuple(params ReadOnlySpan<nint> stolen)
    {
        nint tuple = Check(PyTuple_New(stolen.Length));
        for (int i = 0; i < stolen.Length; i++)
        {
            PyTuple_SetItem(tuple, i, stolen[i]);
        }

        return tuple;
    }

    /// <summary>A list of what <paramref name="convert"/> makes of each item.</summary>
    public static nint List<T>(IReadOnlyList<T> items, Func<T, nint> convert)
    {
        using var list = new Owned(PyList_New(items.Count));
        for (int i = 0; i < items.Count; i++)
        {
            PyList_SetItem(list.Value, i, convert(items[i]));
        }

        return list.Give();
    }

    /// <summary>A tuple of what <paramref name="convert"/> makes of each item.</summary>
    public static nint TupleOf<T>(IReadOnlyList<T> items, Func<T, nint> convert)
    {
        using var tuple = new Owned(PyTuple_New(items.Count));
        for (int i = 0; i < items.Count; i++)
        {
            PyTuple_SetItem(tuple.Value, i, convert(items[i]));
        }

        return tuple.Give();
    }

    /// <summary>Puts a value into a dict and releases the caller's reference to it.</summary>
    public static void Put(nint dict, string key, nint stolen)
    {
        using var value = new Owned(stolen);
        using var name = new Owned(Str(key));
        Check(PyDict_SetItem(dict, name.Value, value.Value));
    }

    public static string Text(nint value)
    {
        if (!IsUnicode(value))
        {
            throw PythonRaise.TypeError($"expected str, got {TypeName(value)}");
        }

        nint length;
        byte* utf8 = PyUnicode_AsUTF8AndSize(value, &length);
        return utf8 == null ? throw PythonErrorSet.Instance : Encoding.UTF8.GetString(utf8, (int)length);
    }

    public static long Long(nint value)
    {
        long number = PyLong_AsLongLong(value);
        return number == -1 && PyErr_Occurred() != 0 ? throw PythonErrorSet.Instance : number;
    }

    public static int Int32(nint value) => Long(value) switch
    {
        > int.MaxValue => throw PythonRaise.Overflow("signed integer is greater than maximum"),
        < int.MinValue => throw PythonRaise.Overflow("signed integer is less than minimum"),
        long number => (int)number,
    };

    public static bool Truth(nint value)
    {
        int truth = PyObject_IsTrue(value);
        Check(truth);
        return truth != 0;
    }

    /// <summary>A path as os.fsencode has it.</summary>
    public static string Path(nint value, string complaint)
    {
        nint encoded;
        if (PyUnicode_FSConverter(value, &encoded) == 0)
        {
            nint type, error, traceback;
            PyErr_Fetch(&type, &error, &traceback);
            bool isTypeError = PyType_IsSubtype(type, PythonData.TypeError) != 0;
            PyErr_Restore(type, error, traceback);
            if (isTypeError)
            {
                PyErr_Clear();
                throw PythonRaise.TypeError(complaint);
            }

            throw PythonErrorSet.Instance;
        }

        using var bytes = new Owned(encoded);
        return Encoding.UTF8.GetString(PyBytes_AsString(encoded), (int)PyBytes_Size(encoded));
    }

    public static bool IsUnicode(nint value) => HasFlag(value, PyNumbers.TypeIsUnicode);

    public static bool IsBytes(nint value) => HasFlag(value, PyNumbers.TypeIsBytes);

    public static bool IsLong(nint value) => HasFlag(value, PyNumbers.TypeIsLong);

    public static nint TypeOf(nint value) => *(nint*)(value + sizeof(nint));

    public static bool IsInstance(nint value, nint type) => PyType_IsSubtype(TypeOf(value), type) != 0;

    public static string TypeName(nint value)
    {
        using var name = new Owned(PyObject_GetAttr(TypeOf(value), Names.TypeName));
        return Text(name.Value);
    }

    /// <summary>Calls with borrowed arguments.</summary>
    public static nint Call(nint callable, params ReadOnlySpan<nint> arguments)
    {
        fixed (nint* pointer = arguments)
        {
            return Check(PyObject_Vectorcall(callable, pointer, (nuint)arguments.Length, 0));
        }
    }

    private static bool HasFlag(nint value, uint flag) => (PyType_GetFlags(TypeOf(value)) & flag) != 0;

    [DoesNotReturn]
    private static void Fail() => throw PythonErrorSet.Instance;
}
