using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
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
                // The text may be anybody's secret, and the array is lent to others.
                utf8[..length].Clear();
                ArrayPool<byte>.Shared.Return(rented);
            }

            return Check(value);
        }
    }

    public static nint Str(ReadOnlySpan<byte> utf8)
    {
        fixed (byte* pointer = utf8)
        {
            return Check(PyUnicode_FromStringAndSize(pointer, utf8.Length));
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

    /// <summary>A frozenset of what <paramref name="convert"/> makes of each item.</summary>
    public static nint FrozenSet<T>(IEnumerable<T> items, Func<T, nint> convert)
    {
        using var set = new Owned(PyFrozenSet_New(0));
        foreach (T item in items)
        {
            using var member = new Owned(convert(item));

            // Allowed for as long as nobody else has seen the set.
            Check(PySet_Add(set.Value, member.Value));
        }

        return set.Give();
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

    /// <summary>A str argument that a C program could take: without NUL characters.</summary>
    /// <param name="value">The argument.</param>
    /// <param name="place">Which it is, as <c>f() argument</c> or <c>f() argument 'x'</c>.</param>
    public static string TextArgument(nint value, string place)
    {
        string text = IsUnicode(value) ? Text(value) : throw PythonRaise.TypeError($"{place} must be str, not {ArgumentName(value)}");
        return text.Contains('\0') ? throw PythonRaise.ValueError("embedded null character") : text;
    }

    /// <summary>The text of a str.</summary>
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

    /// <summary>An int that a C <c>long</c> holds.</summary>
    public static long Long(nint value) => Long(value, "Python int too large to convert to C long");

    /// <summary>An int that a C <c>int</c> holds: a function's argument.</summary>
    public static int Int32(nint value)
    {
        const string TooLarge = "Python int too large to convert to C int";
        long number = Long(value, TooLarge);
        return number is >= int.MinValue and <= int.MaxValue ? (int)number : throw PythonRaise.Overflow(TooLarge);
    }

    /// <summary>A count of bytes: too large a one is an OverflowError, in the words of the type that CPython reads it with.</summary>
    public static int Size(nint value)
    {
        long number = Long(value, "Python int too large to convert to C ssize_t");
        return (int)Math.Clamp(number, int.MinValue, int.MaxValue);
    }

    /// <summary>An int that a C <c>int</c> holds: a property's value.</summary>
    public static int Int32Value(nint value) => Long(value) switch
    {
        > int.MaxValue => throw PythonRaise.Overflow("signed integer is greater than maximum"),
        < int.MinValue => throw PythonRaise.Overflow("signed integer is less than minimum"),
        long number => (int)number,
    };

    /// <summary>The low 64 bits of an int; nothing that merely turns into one will do.</summary>
    public static ulong Mask(nint value)
        => IsLong(value) ? PyLong_AsUnsignedLongLongMask(value) : throw PythonRaise.TypeError($"argument must be int, not {ArgumentName(value)}");

    private static long Long(nint value, string complaint)
    {
        int overflow;
        long number = PyLong_AsLongLongAndOverflow(value, &overflow);
        if (overflow != 0)
        {
            throw PythonRaise.Overflow(complaint);
        }

        return number == -1 && PyErr_Occurred() != 0 ? throw PythonErrorSet.Instance : number;
    }

    public static bool Truth(nint value)
    {
        int truth = PyObject_IsTrue(value);
        Check(truth);
        return truth != 0;
    }

    /// <summary>A path as os.fsencode has it.</summary>
    /// <param name="value">The path.</param>
    /// <param name="complaint">What to say of a value of another type; null leaves it to os.fsencode.</param>
    public static string Path(nint value, string? complaint)
    {
        nint encoded;
        if (PyUnicode_FSConverter(value, &encoded) == 0)
        {
            nint type, error, traceback;
            PyErr_Fetch(&type, &error, &traceback);
            bool isTypeError = PyType_IsSubtype(type, PythonData.TypeError) != 0;
            PyErr_Restore(type, error, traceback);
            if (isTypeError && complaint is not null)
            {
                PyErr_Clear();
                throw PythonRaise.TypeError(complaint);
            }

            throw PythonErrorSet.Instance;
        }

        using var bytes = new Owned(encoded);
        var name = new ReadOnlySpan<byte>(PyBytes_AsString(encoded), (int)PyBytes_Size(encoded));

        // .NET opens files by names that are text: another name would be another file.
        return Utf8.IsValid(name) ? Encoding.UTF8.GetString(name) : throw PythonRaise.ValueError("file name is not UTF-8");
    }

    public static bool IsUnicode(nint value) => HasFlag(value, PyNumbers.TypeIsUnicode);

    public static bool IsBytes(nint value) => HasFlag(value, PyNumbers.TypeIsBytes);

    /// <summary>True of an int below 0.</summary>
    public static bool IsNegative(nint value)
    {
        int overflow;
        return PyLong_AsLongLongAndOverflow(value, &overflow) < 0 && overflow <= 0;
    }

    public static bool IsLong(nint value) => HasFlag(value, PyNumbers.TypeIsLong);

    public static nint TypeOf(nint value) => *(nint*)(value + sizeof(nint));

    public static bool IsInstance(nint value, nint type) => PyType_IsSubtype(TypeOf(value), type) != 0;

    public static string TypeName(nint value)
    {
        using var name = new Owned(PyObject_GetAttr(TypeOf(value), Names.TypeName));
        return Text(name.Value);
    }

    /// <summary>The full name of the built-in type that a value's class is or inherits from.</summary>
    public static string BuiltInTypeName(nint value)
    {
        nint type = TypeOf(value);
        while (true)
        {
            using var inherited = new Owned(PyObject_GetAttr(type, Names.Base));
            using var above = new Owned(PyObject_GetAttr(inherited.Value, Names.Base));
            if (above.Value == PythonData.None)
            {
                // The type inherits from object alone.
                using var module = new Owned(PyObject_GetAttr(type, Names.Module));
                using var name = new Owned(PyObject_GetAttr(type, Names.QualifiedName));
                return $"{Text(module.Value)}.{Text(name.Value)}";
            }

            // Borrowed: the type that inherits from it keeps it.
            type = inherited.Value;
        }
    }

    /// <summary>How complaints of arguments name what they got.</summary>
    public static string ArgumentName(nint value) => value == PythonData.None ? "None" : TypeName(value);

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
