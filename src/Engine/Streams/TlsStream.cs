using System.Net.Security;
using SslModule.Engine.Connection;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Streams;

/// <summary>
/// TLS over another stream, with the names and habits of <see cref="SslStream"/>: what it needs to know is in a
/// <see cref="Context.TlsContext"/> that many streams share.
/// </summary>
/// <remarks>
/// <para>
/// One read and one write may go on at the same time; a second one of either kind is refused with
/// <see cref="NotSupportedException"/>. A read never waits for a write.
/// </para>
/// <para>
/// A handshake that fails throws <see cref="System.Security.Authentication.AuthenticationException"/>, or
/// <see cref="IOException"/> where the stream below failed or ended; a read or a write that fails throws
/// <see cref="IOException"/>. The <see cref="TlsError"/> with OpenSSL's names for the reason is the
/// <see cref="Exception.InnerException"/>, and inside that is what a callback threw. The alert that says so has left by then,
/// as far as the stream below took it.
/// </para>
/// <para>
/// A handshake of TLS 1.3 is over for the client before the server has judged its certificate: a refusal comes out of the
/// client's first read.
/// </para>
/// <para>
/// A stream that ends without close_notify fails with <see cref="IOException"/>, because it may have been cut off by anybody
/// (RFC 8446 section 6.1). <see cref="Context.TlsOptions.IgnoreUnexpectedEof"/> in the context's options makes it an end like
/// any other, which it always is for SslStream.
/// </para>
/// <para>
/// What a cancellation leaves behind: after a cancelled read the stream can be used as before, and nothing is lost. A write that
/// was cancelled while the stream below was taking it may have left part of a record: reads go on, and every further write
/// fails with <see cref="IOException"/>. A cancelled handshake ends the stream.
/// </para>
/// <para>
/// <see cref="Stream.Dispose()"/> and <see cref="DisposeAsync"/>, unlike SslStream's, send close_notify where the connection is
/// sound and no write is going on, so that the other end knows that nothing is missing. They wait no longer than five seconds
/// for the stream below to take it and do not tell of its failure; <see cref="ShutdownAsync"/> does. Reads and writes that go
/// on meanwhile end with <see cref="ObjectDisposedException"/> when the stream below ends them.
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

    /// <summary>A stream over <paramref name="innerStream"/>, which is disposed of with this one.</summary>
    public TlsStream(Stream innerStream)
        : this(innerStream, leaveInnerStreamOpen: false)
    {
    }

    /// <summary>A stream over <paramref name="innerStream"/>.</summary>
    /// <param name="innerStream">Carries the records. It must take a read and a write at the same time where this stream is to.</param>
    /// <param name="leaveInnerStreamOpen">Whether it outlives this stream.</param>
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

    /// <summary>The inner stream's.</summary>
    public override int ReadTimeout
    {
        get => InnerStream.ReadTimeout;
        set => InnerStream.ReadTimeout = value;
    }

    /// <summary>The inner stream's.</summary>
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

    /// <summary>How long <see cref="Stream.Dispose()"/> waits at most for close_notify to leave.</summary>
    internal TimeSpan CloseNotifyTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many bytes of a record that was opened nobody has read.</summary>
    internal int UnreadBytes => _connection?.Pending ?? 0;

    /// <summary>Not supported.</summary>
    public override long Seek(long offset, SeekOrigin origin) => throw NotSeekable();

    /// <summary>Not supported.</summary>
    public override void SetLength(long value) => throw NotSeekable();

    /// <summary>Sends close_notify as <see cref="DisposeAsync"/> does and ends the inner stream unless that is to stay open.</summary>
    protected override void Dispose(bool disposing)
    {
        if (!disposing || !Close(out bool says))
        {
            return;
        }

        if (says)
        {
            SayFarewellAsync().GetAwaiter().GetResult();
        }

        try
        {
            base.Dispose(disposing);
        }
        catch (ObjectDisposedException) when (LeaveInnerStreamOpen)
        {
            // It did not stay open for that long: there is nothing left to flush.
        }
    }

    /// <summary>Sends close_notify where the connection is sound, and ends the inner stream unless that is to stay open.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (!Close(out bool says))
        {
            return;
        }

        if (says)
        {
            await SayFarewellAsync().ConfigureAwait(false);
        }

        try
        {
            await base.DisposeAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException) when (LeaveInnerStreamOpen)
        {
            // As above.
        }
    }

    private static NotSupportedException NotSeekable() => new("This stream does not support seek operations.");

    /// <summary>Begins what only one caller at a time may do; <see cref="Leave"/> ends it.</summary>
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

    /// <summary>Ends an operation; the last one on a stream that was disposed of meanwhile lets go of the connection.</summary>
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

    /// <summary>Ends the stream for everybody.</summary>
    /// <param name="says">Whether the peer is to be told.</param>
    /// <returns>False when that was done before.</returns>
    private bool Close(out bool says)
    {
        lock (_gate)
        {
            says = _authenticated && !_active.HasFlag(Operations.Write) && _output!.Failure is null;
            if (_disposed)
            {
                return false;
            }

            _disposed = true;
            if (says)
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

    private async Task SayFarewellAsync()
    {
        using var limit = new CancellationTokenSource(CloseNotifyTimeout);
        try
        {
            SealCloseNotify();
            await _output!.SendWithoutWaiting(limit.Token).WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (TlsError)
        {
            // The connection has failed, and the peer was told so.
        }
        catch (OperationCanceledException)
        {
            // The peer takes nothing more: it will have to do without.
        }
        finally
        {
            Leave(Operations.Close);
        }
    }

    // What the peer sent and nobody read is wiped on the way.
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
