using SslModule.CPython.Native;

namespace SslModule.CPython.Binding;

/// <summary>A reference that is released when the scope ends.</summary>
internal ref struct Owned
{
    /// <summary>Takes a new reference over; NULL means that a Python error is set.</summary>
    public Owned(nint value) => Value = Values.Check(value);

    /// <summary>The object, borrowed.</summary>
    public nint Value { get; private set; }

    /// <summary>Hands the reference on to the caller.</summary>
    public nint Give()
    {
        nint value = Value;
        Value = 0;
        return value;
    }

    public void Dispose()
    {
        if (Value != 0)
        {
            nint value = Value;
            Value = 0;
            PythonApi.Py_DecRef(value);
        }
    }
}

/// <summary>A contiguous view of a bytes-like object.</summary>
internal unsafe ref struct BufferView
{
    private const int Simple = 0;
    private const int Writable = 1;
    private PyBuffer _view;

    /// <summary>Takes a view; a value without the buffer protocol is a TypeError.</summary>
    public BufferView(nint value, bool writable = false)
    {
        fixed (PyBuffer* view = &_view)
        {
            Values.Check(PythonApi.PyObject_GetBuffer(value, view, writable ? Writable : Simple));
        }
    }

    /// <summary>The bytes; they stay in place until <see cref="Dispose"/>, with or without the GIL.</summary>
    public readonly Span<byte> Span => new(_view.Bytes, checked((int)_view.Length));

    public readonly nint Length => _view.Length;

    public void Dispose()
    {
        if (_view.Owner != 0)
        {
            fixed (PyBuffer* view = &_view)
            {
                PythonApi.PyBuffer_Release(view);
            }
        }
    }
}

/// <summary>The GIL is released until the scope ends: no Python object may be touched inside.</summary>
internal ref struct WithoutGil
{
    private nint _state;

    public WithoutGil()
    {
        GilFreeCode.Enter();
        _state = PythonApi.PyEval_SaveThread();
    }

    public void Dispose()
    {
        if (_state != 0)
        {
            GilFreeCode.Leave();
            PythonApi.PyEval_RestoreThread(_state);
            _state = 0;
        }
    }
}

/// <summary>The GIL is held until the scope ends, whatever the thread had before.</summary>
internal readonly ref struct WithGil
{
    private readonly GilFreeCode.PauseScope _pause;
    private readonly int _state;

    public WithGil()
    {
        _pause = GilFreeCode.Pause();
        _state = PythonApi.PyGILState_Ensure();
    }

    public void Dispose()
    {
        PythonApi.PyGILState_Release(_state);
        _pause.Dispose();
    }
}
