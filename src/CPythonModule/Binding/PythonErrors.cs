using System.Text;
using SslModule.CPython.Native;
using SslModule.CPython.Surface;
using SslModule.Engine.Errors;
using static SslModule.CPython.Native.PythonApi;

namespace SslModule.CPython.Binding;

/// <summary>A Python error is already set: unwinds managed frames back to the trampoline.</summary>
internal sealed class PythonErrorSet : Exception
{
    public static readonly PythonErrorSet Instance = new();
}

/// <summary>Asks the trampoline to raise a Python exception of a built-in type.</summary>
internal sealed class PythonRaise(nint type, string message) : Exception(message)
{
    public nint Type => type;

    public static PythonRaise TypeError(string message) => new(PythonData.TypeError, message);

    public static PythonRaise ValueError(string message) => new(PythonData.ValueError, message);

    public static PythonRaise Overflow(string message) => new(PythonData.OverflowError, message);
}

/// <summary>Turns managed exceptions into the interpreter's current error.</summary>
internal static unsafe class PythonErrors
{
    /// <summary>Sets a Python exception with a text.</summary>
    public static void Set(nint type, string message)
    {
        byte[] text = new byte[Encoding.UTF8.GetByteCount(message) + 1];
        Encoding.UTF8.GetBytes(message, text);
        fixed (byte* pointer = text)
        {
            PyErr_SetString(type, pointer);
        }
    }

    /// <summary>Sets what <paramref name="exception"/> means to a script; answers NULL for the trampoline to return.</summary>
    public static nint Raise(Exception exception)
    {
        try
        {
            switch (exception)
            {
                case PythonErrorSet when PyErr_Occurred() != 0:
                    break;
                case PythonRaise raise:
                    Set(raise.Type, raise.Message);
                    break;
                case TlsError error:
                    SslErrors.Raise(error, SslErrors.Origin.Library);
                    break;
                case OutOfMemoryException:
                    PyErr_NoMemory();
                    break;
                case NotImplementedException or NotSupportedException:
                    Set(PythonData.NotImplementedError, exception.Message);
                    break;
                default:
                    SslErrors.Raise(TlsError.Ssl("SSL", "INTERNAL_ERROR", null, exception), SslErrors.Origin.Library);
                    break;
            }
        }
        catch (Exception)
        {
            if (PyErr_Occurred() == 0)
            {
                PyErr_NoMemory();
            }
        }

        return 0;
    }

    /// <summary>Issues a DeprecationWarning at the caller's caller; a filter may turn it into an error.</summary>
    public static void Deprecated(string message, int stackLevel = 2)
    {
        byte[] text = new byte[Encoding.UTF8.GetByteCount(message) + 1];
        Encoding.UTF8.GetBytes(message, text);
        fixed (byte* pointer = text)
        {
            Values.Check(PyErr_WarnEx(PythonData.DeprecationWarning, pointer, stackLevel));
        }
    }
}
