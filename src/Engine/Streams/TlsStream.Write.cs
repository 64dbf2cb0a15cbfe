using System.Runtime.CompilerServices;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Streams;

/// <content>Writing and shutdown.</content>
public sealed partial class TlsStream
{
    /// <summary>Encrypts and sends data.</summary>
    /// <exception cref="IOException">The connection or the inner stream failed, or an earlier write was not completed.</exception>
    /// <exception cref="NotSupportedException">Another write is in progress.</exception>
    /// <exception cref="InvalidOperationException">It was called after <see cref="ShutdownAsync"/>.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Enter(Operations.Write);
        try
        {
            _output!.EnterAsync<SynchronousCalls>(CancellationToken.None).GetAwaiter().GetResult();
            try
            {
                while (Seal(ref buffer))
                {
                    SendAsync<SynchronousCalls>(flush: false, CancellationToken.None).GetAwaiter().GetResult();
                }
            }
            finally
            {
                _output.Leave();
            }
        }
        finally
        {
            Leave(Operations.Write);
        }
    }

    /// <inheritdoc cref="Write(ReadOnlySpan{byte})"/>
    /// <param name="buffer">The data.</param>
    /// <param name="cancellationToken">Cancels the write. If sending has started, later writes fail.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
#pragma warning disable RS0027 // The base class declares it so.
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
#pragma warning restore RS0027
    {
        cancellationToken.ThrowIfCancellationRequested();
        Enter(Operations.Write);
        try
        {
            await _output!.EnterAsync<AsynchronousCalls>(cancellationToken).ConfigureAwait(false);
            try
            {
                while (Seal(ref buffer))
                {
                    await SendAsync<AsynchronousCalls>(flush: false, cancellationToken).ConfigureAwait(false);
                }
            }
            finally
            {
                _output.Leave();
            }
        }
        finally
        {
            Leave(Operations.Write);
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Write(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <inheritdoc/>
    public override void WriteByte(byte value) => Write(new ReadOnlySpan<byte>(in value));

    /// <inheritdoc/>
    public override IAsyncResult BeginWrite(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state)
        => TaskToAsyncResult.Begin(WriteAsync(buffer, offset, count, CancellationToken.None), callback, state);

    /// <inheritdoc/>
    public override void EndWrite(IAsyncResult asyncResult) => TaskToAsyncResult.End(asyncResult);

    /// <summary>Flushes the inner stream. Writes are not buffered by this stream.</summary>
    public override void Flush()
    {
        ThrowIfDisposed();
        InnerStream.Flush();
    }

    /// <summary>Flushes the inner stream. Writes are not buffered by this stream.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        return InnerStream.FlushAsync(cancellationToken);
    }

    /// <summary>
    /// Sends close_notify and ends writing. The peer's remaining data can still be read, until its own close_notify. The inner
    /// stream stays open.
    /// </summary>
    /// <param name="cancellationToken">Cancels the send.</param>
    /// <exception cref="IOException">The connection or the inner stream failed.</exception>
    /// <exception cref="NotSupportedException">A write is in progress.</exception>
    public async Task ShutdownAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Enter(Operations.Write);
        try
        {
            await _output!.EnterAsync<AsynchronousCalls>(cancellationToken).ConfigureAwait(false);
            try
            {
                SealCloseNotify();
                await SendAsync<AsynchronousCalls>(flush: true, cancellationToken).ConfigureAwait(false);
            }
            catch (TlsError error)
            {
                throw StreamErrors.OfTransfer(error);
            }
            finally
            {
                _output.Leave();
            }
        }
        finally
        {
            Leave(Operations.Write);
        }
    }

    private bool Seal(ref ReadOnlyMemory<byte> buffer)
    {
        ReadOnlySpan<byte> rest = buffer.Span;
        bool isSealed = Seal(ref rest);
        buffer = buffer[^rest.Length..];
        return isSealed;
    }

    /// <summary>Seals some of the data, and removes it from the start of the buffer.</summary>
    /// <returns>False when there are none.</returns>
    private bool Seal(ref ReadOnlySpan<byte> buffer)
    {
        ThrowIfDisposed();
        if (_connection!.SentCloseNotify)
        {
            throw new InvalidOperationException("Nothing can be written after ShutdownAsync.");
        }

        if (buffer.IsEmpty)
        {
            return false;
        }

        try
        {
            _connection.Write(buffer, out int count);
            buffer = buffer[count..];
            return true;
        }
        catch (TlsError error)
        {
            throw StreamErrors.OfTransfer(error);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAsync<TCalls>(bool flush, CancellationToken cancellationToken)
        where TCalls : IStreamCalls
    {
        try
        {
            await _output!.SendAsync<TCalls>(flush, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (StreamErrors.OfInnerStream(exception, _disposed, cancellationToken) is { } translated)
        {
            throw translated;
        }
    }

    private void SealCloseNotify()
    {
        try
        {
            // Shutdown also waits for the peer's close_notify and reports data before it. Both are left to later reads.
            _connection!.Shutdown();
        }
        catch (TlsError) when (_connection!.SentCloseNotify)
        {
            // close_notify is sealed. Other errors are reported by the next read.
        }
    }
}
