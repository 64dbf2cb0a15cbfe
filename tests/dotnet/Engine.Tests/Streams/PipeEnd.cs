using System.IO.Pipelines;

namespace SslModule.Engine.Tests.Streams;

/// <summary>One end of a stream in memory, whose writes a test can hold back, keep for itself or fail.</summary>
internal sealed class PipeEnd(PipeReader reader, PipeWriter writer) : Stream
{
    private readonly Stream _reading = reader.AsStream();
    private readonly Stream _writing = writer.AsStream();
    private volatile bool _disposed;

    /// <summary>While set, what is written goes here and not to the other end.</summary>
    public MemoryStream? Kept { get; set; }

    /// <summary>While set, a write waits for it.</summary>
    public TaskCompletionSource? Gate { get; set; }

    /// <summary>Done when a write has begun to wait for the gate.</summary>
    public TaskCompletionSource Waiting { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What a write throws instead of sending.</summary>
    public Exception? Refusal { get; set; }

    /// <summary>How many bytes were written.</summary>
    public long Written { get; private set; }

    /// <summary>How many reads had an empty buffer.</summary>
    public int EmptyReads { get; private set; }

    public bool IsDisposed => _disposed;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Two ends of one stream.</summary>
    public static (PipeEnd One, PipeEnd Other) Pair()
    {
        var options = new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false);
        var (there, back) = (new Pipe(options), new Pipe(options));
        return (new PipeEnd(back.Reader, there.Writer), new PipeEnd(there.Reader, back.Writer));
    }

    /// <summary>Sends bytes past the TLS stream above.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes) => _writing.WriteAsync(bytes);

    /// <summary>Ends what the other end reads, as a connection that was cut does.</summary>
    public void Cut() => writer.Complete();

    public override int Read(byte[] buffer, int offset, int count) => _reading.Read(buffer, offset, count);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        EmptyReads += buffer.IsEmpty ? 1 : 0;
        return _reading.ReadAsync(buffer, cancellationToken);
    }

    public override void Write(byte[] buffer, int offset, int count)
        => WriteAsync(buffer.AsMemory(offset, count), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (Gate is { } gate)
        {
            Waiting.TrySetResult();
            await gate.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        if (Refusal is { } refusal)
        {
            throw refusal;
        }

        Written += buffer.Length;
        await (Kept ?? _writing).WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    public override void Flush() => ObjectDisposedException.ThrowIf(_disposed, this);

    // What was written is at the other end already: there is nothing that a token could cancel.
    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        Flush();
        return Task.CompletedTask;
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (!_disposed)
        {
            _disposed = true;
            Gate?.TrySetException(new ObjectDisposedException(nameof(PipeEnd)));
            writer.Complete();
            reader.CancelPendingRead();
        }
    }
}
