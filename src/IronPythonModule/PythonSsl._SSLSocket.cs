using System.Buffers;
using System.Runtime.ExceptionServices;
using IronPython.Modules;
using IronPython.Runtime;
using IronPython.Runtime.Exceptions;
using SslModule.Engine.Connection;
using SslModule.Engine.Errors;

namespace SslModule.IronPython;

/// <content>_SSLSocket: the steps that move bytes.</content>
public static partial class PythonSsl
{
    [PythonType]
    [Documentation("A TLS connection over a socket or two memory BIOs.")]
    public sealed partial class _SSLSocket
    {
        // What one read gives at most: what the engine takes from a socket at once.
        private const int LongestRead = 1 << 16;

        private const string HandshakeTimedOut = "The handshake operation timed out";
        private const string ReadTimedOut = "The read operation timed out";
        private const string WriteTimedOut = "The write operation timed out";

        private readonly WeakReference<PythonSocket.socket>? _socket;
        private readonly SocketTransport? _transport;
        private readonly TlsConnection _connection;
        private readonly SocketDriver _driver;
        private _SSLContext _context;
        private WeakReference<object>? _owner;

        internal _SSLSocket(CodeContext python, _SSLContext context, PythonSocket.socket socket, bool serverSide, string? hostname, object? owner, object? session)
            : this(context, serverSide, hostname, owner)
        {
            _socket = new WeakReference<PythonSocket.socket>(socket);
            _transport = SocketTransport.Over(socket);
            _driver = new SocketDriver(_connection, _transport);
            ApplySession(python, session);
        }

        internal _SSLSocket(CodeContext python, _SSLContext context, MemoryBIO incoming, MemoryBIO outgoing, bool serverSide, string? hostname, object? owner, object? session)
            : this(context, serverSide, hostname, owner)
        {
            _driver = new SocketDriver(_connection, new MemoryBioTransport(incoming.Bio, outgoing.Bio));
            ApplySession(python, session);
        }

        private _SSLSocket(_SSLContext context, bool serverSide, string? hostname, object? owner)
        {
            _context = context;
            _connection = new TlsConnection(context.Context, serverSide, hostname) { Owner = this };
            _owner = owner is null ? null : new WeakReference<object>(owner);
            _driver = null!;
        }

        /// <summary>The exception a callback left behind for the step that is going on.</summary>
        internal ExceptionDispatchInfo? PendingError { get; set; }

        /// <summary>What a callback gets as the socket: the owner, else the Python socket, else this; null when it is gone.</summary>
        internal object? Visible
        {
            get
            {
                if (_owner is not null)
                {
                    return _owner.TryGetTarget(out object? owner) ? owner : null;
                }

                return _socket is null ? this : _socket.TryGetTarget(out PythonSocket.socket? socket) ? socket : null;
            }
        }

        [Documentation("do_handshake(): perform the handshake.")]
        public void do_handshake(CodeContext context)
        {
            TlsStatus status = Step(context, timeout => _driver.Handshake(timeout));
            if (status != TlsStatus.Complete)
            {
                throw Unfinished(context, status, HandshakeTimedOut);
            }
        }

        [Documentation("read(len): read up to len bytes.")]
        public Bytes read(CodeContext context, object? len)
        {
            int size = Values.Size(len);
            if (size < 0)
            {
                throw Values.ValueError("size should not be negative");
            }

            byte[] room = ArrayPool<byte>.Shared.Rent(Math.Min(size, LongestRead));
            int count = 0;
            try
            {
                count = ReadInto(context, room.AsSpan(0, Math.Min(size, LongestRead)));
                return Values.Bytes(room.AsSpan(0, count).ToArray());
            }
            finally
            {
                // The pool is shared with whatever else runs in the process.
                room.AsSpan(0, count).Clear();
                ArrayPool<byte>.Shared.Return(room);
            }
        }

        [Documentation("read(len, buffer): read up to len bytes into buffer; all it takes when len is not positive.")]
        public object read(CodeContext context, object? len, object? buffer)
        {
            int size = Values.Size(len);
            using IPythonBuffer view = Writable(buffer);
            using MemoryHandle pinned = view.Pin();
            Span<byte> room = view.AsSpan();
            return ReadInto(context, size > 0 && size < room.Length ? room[..size] : room);
        }

        [Documentation("write(b): write the bytes-like object b; return the number of bytes written.")]
        public int write(CodeContext context, object? b)
        {
            using IPythonBuffer view = Values.Buffer(b);
            int timeout = Begin(context, writing: true);
            try
            {
                TlsStatus status = _driver.Write(view.AsReadOnlySpan(), out int count, timeout);
                ThrowPending();
                return status == TlsStatus.Complete ? count : throw Unfinished(context, status, WriteTimedOut);
            }
            catch (Exception exception) when (!Guard.IsPythons(exception))
            {
                throw Failed(context, exception, writing: true);
            }
        }

        [Documentation("shutdown(): exchange close_notify; return the socket.")]
        public object? shutdown(CodeContext context)
        {
            TlsStatus status = Step(context, timeout => _driver.Shutdown(timeout));
            if (status is not (TlsStatus.Complete or TlsStatus.Closed))
            {
                throw Unfinished(context, status, status == TlsStatus.TimedOut && _connection.OutputLength > 0 ? WriteTimedOut : ReadTimedOut);
            }

            return _socket is not null && _socket.TryGetTarget(out PythonSocket.socket? socket) ? socket : null;
        }

        [Documentation("pending(): the number of already decrypted bytes available for read.")]
        public int pending() => _connection.Pending;

        private static IPythonBuffer Writable(object? buffer)
        {
            try
            {
                return Values.Buffer(buffer, writable: true);
            }
            catch (Exception exception) when (exception is BufferException || buffer is not IBufferProtocol)
            {
                throw Values.TypeError($"read() argument 2 must be read-write bytes-like object, not {Values.ArgumentName(buffer)}");
            }
        }

        private int ReadInto(CodeContext context, Span<byte> room)
        {
            int timeout = Begin(context);
            if (room.IsEmpty)
            {
                return 0;
            }

            try
            {
                TlsStatus status = _driver.Read(room, out int count, timeout);
                ThrowPending();
                bool done = status == TlsStatus.Complete || (status == TlsStatus.Closed && !_connection.SentCloseNotify);
                return done ? count : throw Unfinished(context, status, ReadTimedOut);
            }
            catch (Exception exception) when (!Guard.IsPythons(exception))
            {
                throw Failed(context, exception);
            }
        }

        private TlsStatus Step(CodeContext context, Func<int, TlsStatus> step)
        {
            int timeout = Begin(context);
            try
            {
                TlsStatus status = step(timeout);
                ThrowPending();
                return status;
            }
            catch (Exception exception) when (!Guard.IsPythons(exception))
            {
                throw Failed(context, exception);
            }
        }

        /// <summary>The timeout that the Python socket has now; 0 over memory BIOs.</summary>
        private int Begin(CodeContext context, bool writing = false)
        {
            if (_transport is null)
            {
                return 0;
            }

            if (!_socket!.TryGetTarget(out PythonSocket.socket? socket))
            {
                throw SslErrors.MakeGone(context);
            }

            try
            {
                return _transport.Begin(socket);
            }
            catch (ObjectDisposedException)
            {
                throw SslErrors.MakeClosed(context, writing && _transport.Timeout > 0);
            }
        }

        private void ThrowPending()
        {
            if (PendingError is { } pending)
            {
                PendingError = null;
                pending.Throw();
            }
        }

        private static Exception Unfinished(CodeContext context, TlsStatus status, string timedOut) => status switch
        {
            TlsStatus.WantRead => SslErrors.MakeWantRead(context),
            TlsStatus.WantWrite => SslErrors.MakeWantWrite(context),
            TlsStatus.Closed => SslErrors.Make(context, TlsError.ZeroReturn(), SslErrors.Origin.Connection),
            _ => SslErrors.MakeTimeout(context, timedOut),
        };

        private Exception Failed(CodeContext context, Exception exception, bool writing = false)
        {
            ThrowPending();
            return exception is TlsError { Kind: TlsErrorKind.CertificateVerification } refusal
                ? SslErrors.MakeRefusal(context, refusal, NameMismatch.Explain(refusal, _connection))
                : exception is ObjectDisposedException
                    ? SslErrors.MakeClosed(context, writing && _transport!.Timeout > 0)
                    : Guard.Translate(context, exception, SslErrors.Origin.Connection);
        }
    }
}
