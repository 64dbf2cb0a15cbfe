using System.Net.Security;
using SslModule.Engine.Connection;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Streams;

/// <summary>
/// TLS over another stream, with the API of <see cref="SslStream"/>. The settings are in a <see cref="Context.TlsContext"/>, which
/// many streams can share.
/// </summary>
/// <remarks>
/// <para>
/// One read and one write may be in progress at the same time. A second read or write throws <see cref="NotSupportedException"/>. A
/// read never waits for a write.
/// </para>
/// <para>
/// A failed handshake throws <see cref="System.Security.Authentication.AuthenticationException"/>, or <see cref="IOException"/> if
/// the inner stream failed or ended. A failed read or write throws <see cref="IOException"/>. The <see
/// cref="Exception.InnerException"/> is the <see cref="TlsError"/> with OpenSSL's reason; its own inner exception is that of a
/// callback. The alert has been written to the inner stream before, if that was possible.
/// </para>
/// <para>
/// A TLS 1.3 client completes its handshake before the server has verified its certificate. If the server rejects it, the client's
/// first read fails.
/// </para>
/// <para>
/// A stream that ends without close_notify throws <see cref="IOException"/>, because an attacker may have truncated it (RFC 8446
/// section 6.1). With <see cref="Context.TlsOptions.IgnoreUnexpectedEof"/> in the context's options it is a normal end, as it always
/// is for SslStream.
/// </para>
/// <para>
/// Cancellation: after a cancelled read the stream can still be used, and no data is lost. A write that was cancelled while writing
/// to the inner stream may have sent part of a record: reads still work, and every further write throws <see cref="IOException"/>. A
/// cancelled handshake closes the stream.
/// </para>
/// <para>
/// Unlike SslStream's, <see cref="Stream.Dispose()"/> and <see cref="DisposeAsync"/> send close_notify if the connection has not
/// failed and no write is in progress, so that the peer can detect truncation. They wait at most five seconds for the inner stream
/// and ignore its errors; <see cref="ShutdownAsync"/> reports them. Reads and writes in progress end with <see
/// cref="ObjectDisposedException"/> once the inner stream ends them.
/// </para>
/// </remarks>
public sealed partial class TlsStream : AuthenticatedStream
{
    private readonly object _gate = new();
    private Operations _active;
    private volatile bool _disposed;
    private volatile bool _authenticated;
    private Exception? _failedHandshake;
    private TlsConnection? _connection;
    private StreamOutput? _output;

    /// <summary>Creates a stream over <paramref name="innerStream"/>, which is disposed together with it.</summary>
    public TlsStream(Stream innerStream)
        : this(innerStream, leaveInnerStreamOpen: false)
    {
    }

    /// <summary>Creates a stream over <paramref name="innerStream"/>.</summary>
    /// <param name="innerStream">The stream that carries the records. It must support a concurrent read and write if this stream is used that way.</param>
    /// <param name="leaveInnerStreamOpen">True to leave the inner stream open on disposal.</param>
    public TlsStream(Stream innerStream, bool leaveInnerStreamOpen)
        : base(innerStream, leaveInnerStreamOpen)
    {
    }

    [Flags]
    private enum Operations
    {
        None = 0,
        Authenticate = 1,
        Read = 2,
        Write = 4,
        Close = 8,
    }

    /// <inheritdoc/>
    public override bool CanRead => _authenticated && !_disposed && InnerStream.CanRead;

    /// <inheritdoc/>
    public override bool CanWrite => _authenticated && !_disposed && InnerStream.CanWrite && !_connection!.SentCloseNotify;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanTimeout => InnerStream.CanTimeout;

    /// <summary>The inner stream's timeout, in milliseconds.</summary>
    public override int ReadTimeout
    {
        get => InnerStream.ReadTimeout;
        set => InnerStream.ReadTimeout = value;
    }

    /// <summary>The inner stream's timeout, in milliseconds.</summary>
    public override int WriteTimeout
    {
        get => InnerStream.WriteTimeout;
        set => InnerStream.WriteTimeout = value;
    }

    /// <summary>Not supported.</summary>
    public override long Length => throw NotSeekable();

    /// <summary>Not supported.</summary>
    public override long Position
    {
        get => throw NotSeekable();
        set => throw NotSeekable();
    }

    /// <summary>The maximum time that <see cref="Stream.Dispose()"/> waits for close_notify to be sent.</summary>
    internal TimeSpan CloseNotifyTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The number of unread bytes of the current record.</summary>
    internal int UnreadBytes => _connection?.Pending ?? 0;

    /// <summary>Not supported.</summary>
    public override long Seek(long offset, SeekOrigin origin) => throw NotSeekable();

    /// <summary>Not supported.</summary>
    public override void SetLength(long value) => throw NotSeekable();

    /// <summary>Sends close_notify like <see cref="DisposeAsync"/>, and disposes the inner stream unless it is left open.</summary>
    protected override void Dispose(bool disposing)
    {
        if (!disposing || !Close(out bool sendsCloseNotify))
        {
            return;
        }

        if (sendsCloseNotify)
        {
            SendCloseNotifyAsync().GetAwaiter().GetResult();
        }

        try
        {
            base.Dispose(disposing);
        }
        catch (ObjectDisposedException) when (LeaveInnerStreamOpen)
        {
            // The inner stream has been closed, so there is nothing to flush.
        }
    }

    /// <summary>Sends close_notify if the connection has not failed, and disposes the inner stream unless it is left open.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (!Close(out bool sendsCloseNotify))
        {
            return;
        }

        if (sendsCloseNotify)
        {
            await SendCloseNotifyAsync().ConfigureAwait(false);
        }

        try
        {
            await base.DisposeAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException) when (LeaveInnerStreamOpen)
        {
            // The inner stream has been closed, so there is nothing to flush.
        }
    }

    private static NotSupportedException NotSeekable() => new("This stream does not support seek operations.");

    /// <summary>Starts an operation that only one caller at a time may perform; <see cref="Leave"/> ends it.</summary>
    private void Enter(Operations operation)
    {
        lock (_gate)
        {
            ThrowIfDisposed();
            if (operation != Operations.Authenticate)
            {
                ThrowUnlessAuthenticated();
            }

            if ((_active & operation) != 0)
            {
                throw new NotSupportedException($"This stream is busy: another call of the same kind ({operation}) is still going on.");
            }

            _active |= operation;
        }
    }

    /// <summary>Ends an operation. If the stream was disposed meanwhile, the last operation releases the connection.</summary>
    private void Leave(Operations operation)
    {
        lock (_gate)
        {
            _active &= ~operation;
            if (_disposed && _active == Operations.None)
            {
                Free();
            }
        }
    }

    /// <summary>Marks the stream as disposed.</summary>
    /// <param name="sendsCloseNotify">Whether to send close_notify.</param>
    /// <returns>False if it was disposed before.</returns>
    private bool Close(out bool sendsCloseNotify)
    {
        lock (_gate)
        {
            sendsCloseNotify = _authenticated && !_active.HasFlag(Operations.Write) && _output!.Failure is null;
            if (_disposed)
            {
                return false;
            }

            _disposed = true;
            if (sendsCloseNotify)
            {
                _active |= Operations.Close;
            }
            else if (_active == Operations.None)
            {
                Free();
            }

            return true;
        }
    }

    private async Task SendCloseNotifyAsync()
    {
        using var limit = new CancellationTokenSource(CloseNotifyTimeout);
        try
        {
            SealCloseNotify();
            await _output!.SendWithoutWaiting(limit.Token).WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (TlsError)
        {
            // The connection has failed, and its alert was sent.
        }
        catch (OperationCanceledException)
        {
            // close_notify cannot be sent, which disposal ignores.
        }
        finally
        {
            Leave(Operations.Close);
        }
    }

    // Unread plaintext is zeroed.
    private void Free()
    {
        if (_connection is null)
        {
            return;
        }

        _peeked = 0;
        Span<byte> unread = stackalloc byte[256];
        while (_connection.ReadOpen(unread, out int count) == TlsStatus.Complete)
        {
            unread[..count].Clear();
        }

        _connection.Dispose();
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed, this);

    private void ThrowUnlessAuthenticated()
    {
        if (_failedHandshake is OperationCanceledException cancelled)
        {
            throw new IOException("The TLS handshake was cancelled.", cancelled);
        }

        if (_failedHandshake is { } failure)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }

        if (!_authenticated)
        {
            throw new InvalidOperationException("This needs a TLS connection: call AuthenticateAsClient or AuthenticateAsServer first.");
        }
    }
}
