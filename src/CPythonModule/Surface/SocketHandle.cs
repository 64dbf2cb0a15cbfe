using SslModule.CPython.Native;
using SslModule.CPython.Transports;
using SslModule.Engine.Connection;

namespace SslModule.CPython.Surface;

/// <summary>What a Python _SSLSocket owns.</summary>
internal sealed unsafe class SocketHandle : IDisposable
{
    /// <summary>What one read gives at most: what the engine takes from a socket at once.</summary>
    private const int LongestRead = 1 << 16;

    private readonly MemoryBio? _incoming;
    private nint _errorType;
    private nint _errorValue;
    private nint _errorTraceback;
    private List<nint>? _replaced;

    public SocketHandle(TlsConnection connection, ITransport transport, MemoryBio? incoming)
    {
        _incoming = incoming;
        Connection = connection;
        Descriptor = transport as DescriptorTransport;
        Driver = new SocketDriver(connection, transport);
        connection.Owner = this;
    }

    public TlsConnection Connection { get; }

    public SocketDriver Driver { get; }

    /// <summary>The transport over a socket; null over memory BIOs.</summary>
    public DescriptorTransport? Descriptor { get; }

    /// <summary>How many bytes wait to be read; over a socket, as many as there may be.</summary>
    public int Incoming => _incoming?.Pending ?? int.MaxValue;

    /// <summary>No read gives more bytes than this: records only shrink when they are opened.</summary>
    public int MostReadable => _incoming is null ? LongestRead : Math.Clamp(Connection.InputLength + _incoming.Pending, 1, LongestRead);

    /// <summary>The Python object, borrowed: it owns this handle.</summary>
    public nint Self { get; set; }

    /// <summary>How many steps are going on, in whatever thread; counted with the GIL held by <see cref="BeginStep"/> and <see cref="EndStep"/>.</summary>
    /// <remarks>
    /// At 0 no lock of the connection is held, and none can be taken while this thread keeps the GIL. Above, a thread that
    /// waits for such a lock with the GIL would wait for ever: the holder may be in a callback, which needs the GIL.
    /// </remarks>
    public int Steps { get; private set; }

    /// <summary>A step begins.</summary>
    public void BeginStep() => Steps++;

    /// <summary>A step is over; with the last of them go the contexts that were replaced while they went on.</summary>
    public void EndStep()
    {
        if (--Steps == 0 && _replaced is { } replaced)
        {
            _replaced = null;
            foreach (nint context in replaced)
            {
                PythonApi.Py_DecRef(context);
            }
        }
    }

    /// <summary>
    /// Keeps a context that another takes the place of for as long as steps go on: one of them may be about to call a callback
    /// of it, or be inside one.
    /// </summary>
    public void KeepReplaced(nint context)
    {
        if (Steps > 0)
        {
            PythonApi.Py_IncRef(context);
            (_replaced ??= []).Add(context);
        }
    }

    /// <summary>True when a step has found the peer's stream ended without close_notify.</summary>
    public bool HasEnded { get; set; }

    /// <summary>The exception a callback left behind, or 0.</summary>
    public nint PendingError => _errorType;

    /// <summary>Keeps the interpreter's current error for the step that is going on.</summary>
    public void KeepError()
    {
        nint type, value, traceback;
        PythonApi.PyErr_Fetch(&type, &value, &traceback);
        (_errorType, _errorValue, _errorTraceback) = (type, value, traceback);
    }

    /// <summary>Makes a kept error the interpreter's current one again.</summary>
    public bool RestoreError()
    {
        if (_errorType == 0)
        {
            return false;
        }

        PythonApi.PyErr_Restore(_errorType, _errorValue, _errorTraceback);
        (_errorType, _errorValue, _errorTraceback) = (0, 0, 0);
        return true;
    }

    public void Dispose()
    {
        Connection.Dispose();
        PythonApi.Py_DecRef(_errorType);
        PythonApi.Py_DecRef(_errorValue);
        PythonApi.Py_DecRef(_errorTraceback);
    }
}
