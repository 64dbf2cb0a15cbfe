namespace SslModule.Engine.Streams;

/// <summary>
/// The calls to the inner stream and other waits of an operation. In the synchronous implementation every returned task is already
/// complete, so that one method serves synchronous and asynchronous callers.
/// </summary>
internal interface IStreamCalls
{
    static abstract ValueTask<int> ReadAsync(Stream stream, Memory<byte> buffer, CancellationToken cancellationToken);

    static abstract ValueTask WriteAsync(Stream stream, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken);

    static abstract Task FlushAsync(Stream stream, CancellationToken cancellationToken);

    static abstract Task WaitAsync(SemaphoreSlim semaphore, CancellationToken cancellationToken);
}

/// <summary>Asynchronous calls.</summary>
internal readonly struct AsynchronousCalls : IStreamCalls
{
    public static ValueTask<int> ReadAsync(Stream stream, Memory<byte> buffer, CancellationToken cancellationToken)
        => stream.ReadAsync(buffer, cancellationToken);

    public static ValueTask WriteAsync(Stream stream, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
        => stream.WriteAsync(buffer, cancellationToken);

    public static Task FlushAsync(Stream stream, CancellationToken cancellationToken) => stream.FlushAsync(cancellationToken);

    public static Task WaitAsync(SemaphoreSlim semaphore, CancellationToken cancellationToken) => semaphore.WaitAsync(cancellationToken);
}

/// <summary>Blocking calls.</summary>
internal readonly struct SynchronousCalls : IStreamCalls
{
    public static ValueTask<int> ReadAsync(Stream stream, Memory<byte> buffer, CancellationToken cancellationToken)
        => new(stream.Read(buffer.Span));

    public static ValueTask WriteAsync(Stream stream, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        stream.Write(buffer.Span);
        return default;
    }

    public static Task FlushAsync(Stream stream, CancellationToken cancellationToken)
    {
        stream.Flush();
        return Task.CompletedTask;
    }

    public static Task WaitAsync(SemaphoreSlim semaphore, CancellationToken cancellationToken)
    {
        semaphore.Wait(cancellationToken);
        return Task.CompletedTask;
    }
}
