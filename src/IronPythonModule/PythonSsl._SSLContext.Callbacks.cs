using System.Runtime.ExceptionServices;
using IronPython.Modules;
using IronPython.Runtime;
using IronPython.Runtime.Operations;
using SslModule.Engine.Connection;

namespace SslModule.IronPython;

/// <content>_SSLContext: connections and callbacks.</content>
public static partial class PythonSsl
{
    public partial class _SSLContext
    {
        private const int AlertHandshakeFailure = 40;
        private const int AlertInternalError = 80;
        private object? _serverNameCallback;
        private object? _messageCallback;

        [Documentation("Called on a server with (socket, server name or None, context) before anything is chosen.")]
        public object? sni_callback
        {
            get => _serverNameCallback;
            set
            {
                if (Context.Protocol == Engine.Context.TlsProtocolSelection.TlsClient)
                {
                    throw Values.ValueError("sni_callback cannot be set on TLS_CLIENT context");
                }

                bool callable = value is null || PythonOps.IsCallable(_python, value);
                _serverNameCallback = callable ? value : null;
                Context.ServerNameCallback = _serverNameCallback is null ? null : OnServerName;
                if (!callable)
                {
                    throw Values.TypeError("not a callable object");
                }
            }
        }

        [Documentation("For debugging: called with (socket, direction, version, content type, message type, bytes).")]
        public object? _msg_callback
        {
            get => _messageCallback;
            set
            {
                if (value is not null && !PythonOps.IsCallable(_python, value))
                {
                    throw Values.TypeError($"{PythonOps.ToString(value)} is not a callable object");
                }

                _messageCallback = value;
                Context.MessageCallback = value is null ? null : OnMessage;
            }
        }

        [Documentation("_wrap_socket(sock, server_side, server_hostname=None, owner=None, session=None): make an _SSLSocket over a socket.")]
        public _SSLSocket _wrap_socket(CodeContext context, [NotNone] PythonSocket.socket sock, object? server_side, object? server_hostname = null, object? owner = null, object? session = null)
            => Guard.Library(context, () => new _SSLSocket(context, this, sock, Values.Int32(server_side) != 0, Hostname(server_hostname), owner, session));

        [Documentation("_wrap_bio(incoming, outgoing, server_side, server_hostname=None, owner=None, session=None): make an _SSLSocket over two memory BIOs.")]
        public _SSLSocket _wrap_bio(CodeContext context, [NotNone] MemoryBIO incoming, [NotNone] MemoryBIO outgoing, object? server_side, object? server_hostname = null, object? owner = null, object? session = null)
            => Guard.Library(context, () => new _SSLSocket(context, this, incoming, outgoing, Values.Int32(server_side) != 0, Hostname(server_hostname), owner, session));

        private static string? Hostname(object? value)
        {
            if (value is null)
            {
                return null;
            }

            string name = Values.Text(value);
            if (!System.Text.Ascii.IsValid(name))
            {
                throw Values.ValueError("server_hostname must be ASCII: encode it with the idna codec");
            }

            return name.Contains('\0', StringComparison.Ordinal) ? throw Values.TypeError("argument must be encoded string without null bytes, not str") : name;
        }

        private int? OnServerName(TlsConnection connection, string? name)
        {
            object? callback = _serverNameCallback;
            if (callback is null)
            {
                return null;
            }

            if (((_SSLSocket)connection.Owner!).Visible is not { } socket)
            {
                return AlertInternalError;
            }

            object? result;
            try
            {
                result = PythonCalls.Call(_python, callback, socket, name, this);
            }
            catch (Exception exception)
            {
                Unraisable.Report(_python, callback, exception);
                return AlertHandshakeFailure;
            }

            try
            {
                return result is null ? null : Values.Int32(result);
            }
            catch (Exception exception)
            {
                Unraisable.Report(_python, result, exception);
                return AlertInternalError;
            }
        }

        /// <summary>An exception of the callback is kept on the socket: the step that caused the message raises it.</summary>
        private void OnMessage(TlsConnection connection, TlsMessage message)
        {
            var socket = (_SSLSocket)connection.Owner!;
            if (_messageCallback is not { } callback || socket.PendingError is not null)
            {
                return;
            }

            try
            {
                PythonCalls.Call(
                    _python,
                    callback,
                    socket.Visible,
                    message.Written ? "write" : "read",
                    message.Version,
                    message.ContentType,
                    message.MessageType,
                    new Bytes(message.Content.ToArray()));
            }
            catch (Exception exception)
            {
                socket.PendingError = ExceptionDispatchInfo.Capture(exception);
            }
        }
    }
}
