using System.Buffers;
using System.Runtime.CompilerServices;
using SslModule.Engine.Connection;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Streams;

/// <content>Reading.</content>
public sealed partial class TlsStream
{
    // An idle connection uses the small buffer, a busy one the large buffer.
    private const int SmallBuffer = 4096;
    private const int LargeBuffer = 1 << 16;

    private int _bufferSize = SmallBuffer;

    /// <summary>The byte read by a zero-length read to detect that data is available.</summary>
    private byte _peeked;
    private bool _hasPeeked;

    /// <summary>Reads available data; waits until there is some.</summary>
    /// <param name="buffer">The buffer. If it is empty, the call waits until data is available or the stream ends.</param>
    /// <returns>The number of bytes read; 0 after the peer's close_notify.</returns>
    /// <exception cref="IOException">The connection failed, or the inner stream ended without close_notify.</exception>
    /// <exception cref="NotSupportedException">Another read is in progress.</exception>
    public override int Read(Span<byte> buffer)
    {
        Enter(Operations.Read);
        try
        {
            int count;
            while (!TryRead(buffer, out count))
            {
                ReceiveAsync<SynchronousCalls>(buffer.IsEmpty, CancellationToken.None).GetAwaiter().GetResult();
            }

            return count;
        }
        catch (TlsError error)
        {
            SendFailureAlertAsync(CancellationToken.None).GetAwaiter().GetResult();
            throw StreamErrors.OfTransfer(error);
        }
        finally
        {
            Leave(Operations.Read);
        }
    }

    /// <inheritdoc cref="Read(Span{byte})"/>
    /// <param name="buffer">The buffer.</param>
    /// <param name="cancellationToken">Cancels the read. No data is lost, and the stream can be read again.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
#pragma warning disable RS0027 // The base class declares it so.
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
#pragma warning restore RS0027
    {
        cancellationToken.ThrowIfCancellationRequested();
        Enter(Operations.Read);
        try
        {
            int count;
            while (!TryRead(buffer.Span, out count))
            {
                await ReceiveAsync<AsynchronousCalls>(buffer.IsEmpty, cancellationToken).ConfigureAwait(false);
            }

            return count;
        }
        catch (TlsError error)
        {
            await SendFailureAlertAsync(cancellationToken).ConfigureAwait(false);
            throw StreamErrors.OfTransfer(error);
        }
        finally
        {
            Leave(Operations.Read);
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <inheritdoc/>
    public override int ReadByte()
    {
        byte single = 0;
        return Read(new Span<byte>(ref single)) > 0 ? single : -1;
    }

    /// <inheritdoc/>
    public override IAsyncResult BeginRead(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state)
        => TaskToAsyncResult.Begin(ReadAsync(buffer, offset, count, CancellationToken.None), callback, state);

    /// <inheritdoc/>
    public override int EndRead(IAsyncResult asyncResult) => TaskToAsyncResult.End<int>(asyncResult);

    /// <summary>Reads available data.</summary>
    /// <returns>False if more input is needed.</returns>
    private bool TryRead(Span<byte> buffer, out int count)
    {
        ThrowIfDisposed();
        count = 0;
        if (_hasPeeked)
        {
            count = buffer.IsEmpty ? 0 : ReadPeeked(buffer);
            return true;
        }

        try
        {
            return (buffer.IsEmpty ? Peek() : _connection!.Read(buffer, out count)) != TlsStatus.WantRead;
        }
        finally
        {
            _ = _output!.SendWithoutWaiting(CancellationToken.None);
        }
    }

    // The connection decrypts a record only when at least one byte is requested.
    private TlsStatus Peek()
    {
        TlsStatus status = _connection!.Read(new Span<byte>(ref _peeked), out int count);
        _hasPeeked = count > 0;
        return status;
    }

    private int ReadPeeked(Span<byte> buffer)
    {
        buffer[0] = _peeked;
        (_peeked, _hasPeeked) = (0, false);
        _connection!.ReadOpen(buffer[1..], out int more);
        return 1 + more;
    }

    /// <summary>Reads more input for the connection.</summary>
    /// <param name="withoutBuffer">True to wait without allocating a buffer, as a zero-length read intends.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ReceiveAsync<TCalls>(bool withoutBuffer, CancellationToken cancellationToken)
        where TCalls : IStreamCalls
    {
        byte[]? room = null;
        try
        {
            if (withoutBuffer)
            {
                await TCalls.ReadAsync(InnerStream, Memory<byte>.Empty, cancellationToken).ConfigureAwait(false);
            }

            room = ArrayPool<byte>.Shared.Rent(_bufferSize);
            int count = await TCalls.ReadAsync(InnerStream, room, cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                _connection!.InputEnd();
                return;
            }

            _connection!.Input(room.AsSpan(0, count));
            _bufferSize = count < SmallBuffer ? SmallBuffer : LargeBuffer;
        }
        catch (Exception exception) when (StreamErrors.OfInnerStream(exception, _disposed, cancellationToken) is { } translated)
        {
            throw translated;
        }
        finally
        {
            if (room is not null)
            {
                ArrayPool<byte>.Shared.Return(room);
            }
        }
    }

    /// <summary>Sends the alert of a failed read.</summary>
    private async Task SendFailureAlertAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(CloseNotifyTimeout);
        try
        {
            await _output!.SentAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Sending failed. The read's own error is reported.
        }
    }
}
