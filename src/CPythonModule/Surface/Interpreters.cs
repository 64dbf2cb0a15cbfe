using System.Runtime.InteropServices;
using SslModule.CPython.Binding;
using SslModule.CPython.Native;

namespace SslModule.CPython.Surface;

/// <summary>Where the module may be loaded: in the main interpreter of a build with the GIL, which alone its types and its locks are made for.</summary>
internal static unsafe class Interpreters
{
    private static bool _ended;

    /// <summary>A build without the GIL has larger objects, whose fields would be taken for others. Asked before any object is made.</summary>
    public static void RefuseWithoutGil()
    {
        if (Marshal.PtrToStringUTF8((nint)PythonApi.Py_GetVersion())!.Contains("free-threading", StringComparison.Ordinal))
        {
            throw Refusal("needs the GIL: it cannot be imported by a free-threaded build of Python");
        }
    }

    /// <summary>The types belong to the interpreter that made them, and end with it.</summary>
    public static void RefuseOther()
    {
        if (PythonApi.PyInterpreterState_GetID(PythonApi.PyInterpreterState_Get()) != 0)
        {
            throw Refusal("serves the main interpreter alone: it cannot be imported by a subinterpreter");
        }

        if (_ended)
        {
            throw Refusal("cannot be imported again after Py_Finalize()");
        }
    }

    /// <summary>The interpreter is being finalized.</summary>
    public static void End() => _ended = true;

    private static PythonRaise Refusal(string reason) => new(PythonData.ImportError, "SslModule's _ssl " + reason);
}
