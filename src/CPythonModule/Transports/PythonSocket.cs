using SslModule.CPython.Binding;
using SslModule.CPython.Native;

namespace SslModule.CPython.Transports;

/// <summary>Reads a Python socket's descriptor and timeout.</summary>
/// <remarks>
/// The two lie at fixed places in the C structure of <c>_socket.socket</c>; a call of the methods would cost more than a small
/// record. <see cref="HasKnownLayout"/> compares both ways once for each socket; where they differ the methods are called.
/// </remarks>
internal static unsafe class PythonSocket
{
    private const int DescriptorOffset = 16;
    private const int TimeoutOffset = 40;
    private const long NanosecondsPerMillisecond = 1_000_000;

    /// <summary><c>_socket.socket</c>.</summary>
    public static nint Type { get; } = Find();

    /// <summary>True when the structure says what the methods say.</summary>
    public static bool HasKnownLayout(nint socket)
        => *(int*)(socket + DescriptorOffset) == AskDescriptor(socket)
            && Milliseconds(*(long*)(socket + TimeoutOffset)) == AskTimeout(socket);

    /// <summary>The descriptor; -1 when the socket is closed.</summary>
    public static int Descriptor(nint socket, bool knownLayout)
        => knownLayout ? *(int*)(socket + DescriptorOffset) : AskDescriptor(socket);

    /// <summary>The timeout in milliseconds: -1 for a blocking socket, 0 for a non-blocking one.</summary>
    public static int Timeout(nint socket, bool knownLayout)
        => knownLayout ? Milliseconds(*(long*)(socket + TimeoutOffset)) : AskTimeout(socket);

    private static nint Find()
    {
        fixed (byte* name = "_socket"u8)
        {
            using var module = new Owned(PythonApi.PyImport_ImportModule(name));
            using var attribute = new Owned(Values.Str("socket"));
            return Values.Check(PythonApi.PyObject_GetAttr(module.Value, attribute.Value));
        }
    }

    private static int AskDescriptor(nint socket)
    {
        using var answer = new Owned(Invoke(socket, Names.Fileno));
        return Values.Int32(answer.Value);
    }

    private static int AskTimeout(nint socket)
    {
        using var answer = new Owned(Invoke(socket, Names.GetTimeout));
        if (answer.Value == PythonData.None)
        {
            return -1;
        }

        double seconds = PythonApi.PyFloat_AsDouble(answer.Value);
        return seconds == -1 && PythonApi.PyErr_Occurred() != 0
            ? throw PythonErrorSet.Instance
            : Milliseconds((long)Math.Ceiling(seconds * 1e9));
    }

    private static nint Invoke(nint socket, nint method)
        => Values.Check(PythonApi.PyObject_VectorcallMethod(method, &socket, 1, 0));

    // Rounded up: a wait must not end before the time is over.
    private static int Milliseconds(long nanoseconds) => nanoseconds < 0
        ? -1
        : (int)Math.Min(int.MaxValue, (nanoseconds + NanosecondsPerMillisecond - 1) / NanosecondsPerMillisecond);
}
