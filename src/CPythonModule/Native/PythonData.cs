using System.Runtime.InteropServices;

namespace SslModule.CPython.Native;

/// <summary>The interpreter's own objects, looked up once.</summary>
internal static unsafe class PythonData
{
    public static readonly nint None = Symbol("_Py_NoneStruct");
    public static readonly nint True = Symbol("_Py_TrueStruct");
    public static readonly nint False = Symbol("_Py_FalseStruct");
    public static readonly nint NotImplemented = Symbol("_Py_NotImplementedStruct");
    public static readonly nint TupleType = Symbol("PyTuple_Type");
    /// <summary>The interpreter's version, as PY_VERSION_HEX has it.</summary>
    public static readonly nuint Version = *(nuint*)Symbol("Py_Version");

    public static readonly nint ByteArrayType = Symbol("PyByteArray_Type");
    public static readonly nint OSError = Exception("OSError");
    public static readonly nint AttributeError = Exception("AttributeError");
    public static readonly nint TypeError = Exception("TypeError");
    public static readonly nint ValueError = Exception("ValueError");
    public static readonly nint OverflowError = Exception("OverflowError");
    public static readonly nint NotImplementedError = Exception("NotImplementedError");
    public static readonly nint ImportError = Exception("ImportError");
    public static readonly nint TimeoutError = Exception("TimeoutError");
    public static readonly nint DeprecationWarning = Exception("DeprecationWarning");
    public static readonly nint ResourceWarning = Exception("ResourceWarning");

    /// <summary>True from Python 3.<paramref name="minor"/>.<paramref name="micro"/> on.</summary>
    public static bool Since(int minor, int micro = 0) => Version >= (3u << 24 | (nuint)minor << 16 | (nuint)micro << 8);

    // A PyExc_ symbol is a variable that holds the type.
    private static nint Exception(string name) => *(nint*)Symbol("PyExc_" + name);

    private static nint Symbol(string name) => NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), name);
}
