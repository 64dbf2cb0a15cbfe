using SslModule.CPython.Binding;
using SslModule.CPython.Native;
using SslModule.Engine.Connection;

namespace SslModule.CPython.Surface;

/// <content>The callbacks: the engine calls them without the GIL, they take it.</content>
internal static unsafe partial class ContextType
{
    private const int AlertHandshakeFailure = 40;
    private const int AlertInternalError = 80;

    private static nint GetServerNameCallback(nint self) => Callback(self, ServerNameCallback);

    private static void SetServerNameCallback(nint self, nint value)
    {
        ContextHandle handle = Instance.Of<ContextHandle>(self);
        if (handle.Context.Protocol == Engine.Context.TlsProtocolSelection.TlsClient)
        {
            throw PythonRaise.ValueError("sni_callback cannot be set on TLS_CLIENT context");
        }

        if (value != PythonData.None && PythonApi.PyCallable_Check(value) == 0)
        {
            handle.Context.ServerNameCallback = null;
            Instance.SetReference(self, ServerNameCallback, 0);
            throw PythonRaise.TypeError("not a callable object");
        }

        Instance.SetReference(self, ServerNameCallback, value == PythonData.None ? 0 : value);
        handle.Context.ServerNameCallback = value == PythonData.None ? null : (connection, name) => OnServerName(handle, connection, name);
    }

    private static nint GetMessageCallback(nint self) => Callback(self, MessageCallback);

    private static void SetMessageCallback(nint self, nint value)
    {
        if (value != PythonData.None && PythonApi.PyCallable_Check(value) == 0)
        {
            throw PythonRaise.TypeError("not a callable object");
        }

        ContextHandle handle = Instance.Of<ContextHandle>(self);
        Instance.SetReference(self, MessageCallback, value == PythonData.None ? 0 : value);
        handle.Context.MessageCallback = value == PythonData.None ? null : (connection, message) => OnMessage(handle, connection, message);
    }

    private static nint Callback(nint self, int index)
    {
        nint callback = Instance.Reference(self, index);
        return Values.New(callback == 0 ? PythonData.None : callback);
    }

    private static int? OnServerName(ContextHandle handle, TlsConnection connection, string? name)
    {
        using var gil = new WithGil();
        nint callback = Instance.Reference(handle.Self, ServerNameCallback);
        if (callback == 0)
        {
            return null;
        }

        PythonApi.Py_IncRef(callback);
        using var held = new Owned(callback);
        try
        {
            using var socket = new Owned(SocketType.Visible((SocketHandle)connection.Owner!));
            if (socket.Value == PythonData.None)
            {
                return AlertInternalError;
            }

            using var text = new Owned(Values.StrOrNone(name));
            using var result = new Owned(CallOrReport(callback, socket.Value, text.Value, handle.Self));
            return result.Value == PythonData.None ? null : AlertOf(result.Value);
        }
        catch (PythonErrorSet)
        {
            return AlertHandshakeFailure;
        }
    }

    private static nint CallOrReport(nint callback, params ReadOnlySpan<nint> arguments)
    {
        try
        {
            return Values.Call(callback, arguments);
        }
        catch (PythonErrorSet)
        {
            PythonApi.PyErr_WriteUnraisable(callback);
            throw;
        }
    }

    private static int AlertOf(nint result)
    {
        try
        {
            return Values.Int32(result);
        }
        catch (Exception exception)
        {
            PythonErrors.Raise(exception);
            PythonApi.PyErr_WriteUnraisable(result);
            return AlertInternalError;
        }
    }

    /// <summary>An exception of the callback is kept on the socket: the step that caused the message raises it.</summary>
    private static void OnMessage(ContextHandle handle, TlsConnection connection, TlsMessage message)
    {
        using var gil = new WithGil();
        nint callback = Instance.Reference(handle.Self, MessageCallback);
        var socket = (SocketHandle)connection.Owner!;
        if (callback == 0 || socket.PendingError != 0)
        {
            return;
        }

        PythonApi.Py_IncRef(callback);
        using var held = new Owned(callback);
        try
        {
            using var visible = new Owned(SocketType.Visible(socket));
            using var direction = new Owned(Values.Str(message.Written ? "write" : "read"));
            using var version = new Owned(Values.Int(message.Version));
            using var contentType = new Owned(Values.Int(message.ContentType));
            using var messageType = new Owned(Values.Int(message.MessageType));
            using var bytes = new Owned(Values.Bytes(message.Bytes));
            PythonApi.Py_DecRef(Values.Call(callback, visible.Value, direction.Value, version.Value, contentType.Value, messageType.Value, bytes.Value));
        }
        catch (PythonErrorSet)
        {
            socket.KeepError();
        }
    }
}
