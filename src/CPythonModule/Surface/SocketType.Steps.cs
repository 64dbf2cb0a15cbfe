using SslModule.CPython.Binding;
using SslModule.CPython.Native;
using SslModule.Engine.Connection;
using SslModule.Engine.Errors;

namespace SslModule.CPython.Surface;

/// <content>The steps that move bytes. They run without the GIL; waiting is a status, not an exception.</content>
internal static unsafe partial class SocketType
{
    /// <summary>Less work than this is done without releasing the GIL: to get it back would cost more.</summary>
    private const int SmallWork = 4096;

    private const string HandshakeTimedOut = "_ssl.c:1: The handshake operation timed out";
    private const string ReadTimedOut = "The read operation timed out";
    private const string WriteTimedOut = "The write operation timed out";

    private static nint DoHandshake(nint self)
    {
        SocketHandle handle = Of(self);
        using var socket = new HeldSocket(self, handle);
        if (RaisesEnd(handle) || !socket.Begin(out int timeout))
        {
            return 0;
        }

        try
        {
            TlsStatus status;
            using (new Unlocked(handle))
            {
                status = handle.Driver.Handshake(timeout);
            }

            return handle.RestoreError() ? 0 : status == TlsStatus.Complete ? Values.None() : Unfinished(status, HandshakeTimedOut);
        }
        catch (TlsError error)
        {
            return Failed(handle, error);
        }
    }

    private static nint Read(nint self, nint* given, nint count)
    {
        if (count is < 1 or > 2)
        {
            throw PythonRaise.TypeError("_ssl._SSLSocket.read requires 1 to 2 arguments");
        }

        int length = Values.Size(given[0]);
        return count > 1 ? ReadInto(self, length, given[1]) : ReadBytes(self, length);
    }

    private static nint ReadBytes(nint self, int length)
    {
        if (length < 0)
        {
            throw PythonRaise.ValueError("size should not be negative");
        }

        // A larger object than what can come would be allocated page by page only to be cut down again.
        length = Math.Min(length, Of(self).MostReadable);
        nint bytes = Values.Check(PythonApi.PyBytes_FromStringAndSize(null, length));
        int count = ReadSpan(self, new Span<byte>(PythonApi.PyBytes_AsString(bytes), length));
        if (count < 0)
        {
            PythonApi.Py_DecRef(bytes);
            return 0;
        }

        if (count < length)
        {
            // On failure the object is gone and the error is set.
            PythonApi._PyBytes_Resize(&bytes, count);
        }

        return bytes;
    }

    private static nint ReadInto(nint self, int length, nint buffer)
    {
        using BufferView view = Writable(buffer);
        Span<byte> room = view.Span;
        if (length > 0 && length < room.Length)
        {
            room = room[..length];
        }

        int count = ReadSpan(self, room);
        return count < 0 ? 0 : Values.Int(count);
    }

    private static BufferView Writable(nint buffer)
    {
        try
        {
            return new BufferView(buffer, writable: true);
        }
        catch (PythonErrorSet)
        {
            PythonApi.PyErr_Clear();
            throw PythonRaise.TypeError($"read() argument 2 must be read-write bytes-like object, not {Values.ArgumentName(buffer)}");
        }
    }

    /// <summary>Answers the count, 0 at the end, or -1 with the Python error set.</summary>
    private static int ReadSpan(nint self, Span<byte> room)
    {
        SocketHandle handle = Of(self);
        using var socket = new HeldSocket(self, handle);
        if (room.IsEmpty)
        {
            // A closed socket is no obstacle to reading nothing before Python 3.15; one that is gone is.
            return socket.IsGone ? Gone() : 0;
        }

        if (RaisesEnd(handle) || !socket.Begin(out int timeout))
        {
            return -1;
        }

        try
        {
            TlsStatus status;
            int count;
            if (IsSmall(handle, handle.Connection.Pending > 0 ? Math.Min(room.Length, handle.Connection.Pending) : handle.Incoming))
            {
                using var step = new Small(handle);
                status = handle.Connection.Pending > 0 ? handle.Connection.ReadOpen(room, out count) : handle.Driver.Read(room, out count, timeout);
            }
            else
            {
                using var step = new Unlocked(handle);
                status = handle.Driver.Read(room, out count, timeout);
            }

            if (handle.RestoreError())
            {
                return -1;
            }

            if (status == TlsStatus.Complete || (status == TlsStatus.Closed && !handle.Connection.SentCloseNotify))
            {
                return count;
            }

            Unfinished(status, ReadTimedOut);
        }
        catch (TlsError error)
        {
            Failed(handle, error);
        }

        return -1;
    }

    private static nint Write(nint self, nint source)
    {
        using var view = new BufferView(source);
        SocketHandle handle = Of(self);
        using var socket = new HeldSocket(self, handle);
        if (RaisesEnd(handle) || !socket.Begin(out int timeout, Closed.Plain))
        {
            return 0;
        }

        try
        {
            TlsStatus status;
            int count;
            Span<byte> bytes = view.Span;
            if (handle.Descriptor is null && IsSmall(handle, bytes.Length))
            {
                using var step = new Small(handle);
                status = handle.Driver.Write(bytes, out count, timeout);
            }
            else
            {
                using var step = new Unlocked(handle);
                status = handle.Driver.Write(bytes, out count, timeout);
            }

            return handle.RestoreError() ? 0 : status == TlsStatus.Complete ? Values.Int(count) : Unfinished(status, WriteTimedOut);
        }
        catch (TlsError error)
        {
            return Failed(handle, error);
        }
    }

    private static nint Shutdown(nint self)
    {
        SocketHandle handle = Of(self);
        using var socket = new HeldSocket(self, handle);
        if (!socket.Begin(out int timeout, Closed.Gone))
        {
            return 0;
        }

        try
        {
            TlsStatus status;
            using (new Unlocked(handle))
            {
                status = handle.Driver.Shutdown(timeout);
            }

            if (handle.RestoreError())
            {
                return 0;
            }

            if (status is not (TlsStatus.Complete or TlsStatus.Closed))
            {
                return Unfinished(status, status == TlsStatus.TimedOut && handle.Connection.OutputLength > 0 ? WriteTimedOut : ReadTimedOut);
            }

            nint weak = Instance.Reference(self, SocketReference);
            return Values.New(weak == 0 ? PythonData.None : PythonApi.PyWeakref_GetObject(weak));
        }
        catch (TlsError error)
        {
            return Failed(handle, error);
        }
    }

    private static bool IsSmall(SocketHandle handle, int work)
        => work < SmallWork && handle.Steps == 0 && handle.Connection.IsHandshakeComplete;

    /// <summary>What a step says of a socket that was closed under it.</summary>
    private enum Closed
    {
        /// <summary>What the system says of the descriptor.</summary>
        System,

        /// <summary>An SSLError with a text only where the socket has a timeout, else the same.</summary>
        Plain,

        /// <summary>The same as of one that was collected.</summary>
        Gone,
    }

    /// <summary>The Python socket, borrowed; None when it was collected; 0 over memory BIOs.</summary>
    private static nint Socket(nint self, SocketHandle handle)
        => handle.Descriptor is null ? 0 : PythonApi.PyWeakref_GetObject(Instance.Reference(self, SocketReference));

    private static int Gone()
    {
        SslErrors.Raise(TlsError.Numbered("Underlying socket connection gone"), SslErrors.Origin.Library);
        return -1;
    }

    private static nint Unfinished(TlsStatus status, string timedOut)
    {
        switch (status)
        {
            case TlsStatus.WantRead:
                return SslErrors.RaiseWantRead();
            case TlsStatus.WantWrite:
                return SslErrors.RaiseWantWrite();
            case TlsStatus.Closed:
                return SslErrors.RaiseZeroReturn();
            case TlsStatus.TimedOut:
                PythonErrors.Set(PythonData.TimeoutError, timedOut);
                return 0;
            default:
                // Interrupted: a signal handler has set its exception.
                return 0;
        }
    }

    private static nint Failed(SocketHandle handle, TlsError error)
    {
        handle.HasEnded |= error.Kind == TlsErrorKind.Eof;
        return handle.RestoreError() ? 0 : SslErrors.Raise(error, SslErrors.Origin.Connection);
    }

    /// <summary>Raises again that the stream ended without close_notify: from Python 3.14 on nothing goes on after that (gh-148292).</summary>
    private static bool RaisesEnd(SocketHandle handle)
    {
        if (!handle.HasEnded || !PythonData.Since(14))
        {
            return false;
        }

        SslErrors.Raise(TlsError.Eof(), SslErrors.Origin.Connection);
        return true;
    }

    /// <summary>
    /// The Python socket, referred to for the length of a step: were it collected while the step runs without the GIL, its
    /// descriptor's number could become another connection's.
    /// </summary>
    private readonly ref struct HeldSocket
    {
        private readonly SocketHandle _handle;
        private readonly nint _socket;

        public HeldSocket(nint self, SocketHandle handle)
        {
            _handle = handle;
            _socket = Socket(self, handle);
            if (_socket != 0)
            {
                Values.New(_socket);
            }
        }

        /// <summary>Was the socket collected, or, from Python 3.15 on, closed?</summary>
        public bool IsGone => _socket == PythonData.None
            || (PythonData.Since(15) && _handle.Descriptor is { } transport && !transport.Begin(_socket, out _));

        /// <summary>Renews what the step needs from it; false with the Python error set when it is gone or closed.</summary>
        public bool Begin(out int timeout, Closed closed = Closed.System)
        {
            timeout = 0;
            if (_handle.Descriptor is not { } transport)
            {
                return true;
            }

            if (_socket == PythonData.None)
            {
                Gone();
                return false;
            }

            if (transport.Begin(_socket, out timeout))
            {
                return true;
            }

            // Python 3.15 says the same in every step.
            _ = PythonData.Since(15) ? Gone() : closed switch
            {
                Closed.Gone => Gone(),
                Closed.Plain when timeout > 0 => SslErrors.Raise(TlsError.Plain("Underlying socket has been closed."), SslErrors.Origin.Connection),
                _ => SslErrors.Raise(TlsError.System(Libc.EBADF, "Bad file descriptor"), SslErrors.Origin.Connection),
            };
            return false;
        }

        public void Dispose()
        {
            if (_handle.Steps == 0)
            {
                _handle.Descriptor?.End();
            }

            PythonApi.Py_DecRef(_socket);
        }
    }

    /// <summary>A step so short that it keeps the GIL.</summary>
    private readonly ref struct Small
    {
        private readonly SocketHandle _handle;

        public Small(SocketHandle handle)
        {
            _handle = handle;
            handle.BeginStep();
        }

        public void Dispose() => _handle.EndStep();
    }

    /// <summary>A step that runs without the GIL.</summary>
    private readonly ref struct Unlocked
    {
        private readonly SocketHandle _handle;
        private readonly WithoutGil _gil;

        public Unlocked(SocketHandle handle)
        {
            _handle = handle;
            handle.BeginStep();
            _gil = new WithoutGil();
        }

        public void Dispose()
        {
            _gil.Dispose();
            _handle.EndStep();
        }
    }
}
