using System.Runtime.CompilerServices;
using SslModule.Engine.Connection;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Streams;

/// <summary>
/// Writes a connection's output to the inner stream, one call at a time, in the order in which it was sealed.
/// </summary>
/// <remarks>
/// A writer acquires the turn, then seals and sends. A reader that has an answer to send (an alert, a KeyUpdate) waits neither for
/// the turn nor for the sending, because the peer may not read until its own data has been read. The holder of the turn sends the
/// reader's answer too.
/// </remarks>
internal sealed class StreamOutput(Stream inner, TlsConnection connection)
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ByteBuffer _sending = new();
    private volatile Exception? _failure;

    /// <summary>
    /// Why sending is no longer possible: a call to the inner stream failed or was cancelled, so it is unknown how much of the
    /// record was sent.
    /// </summary>
    public Exception? Failure => _failure;

    public async ValueTask EnterAsync<TCalls>(CancellationToken cancellationToken)
        where TCalls : IStreamCalls
    {
        await TCalls.WaitAsync(_turn, cancellationToken).ConfigureAwait(false);
        if (_failure is { } failure)
        {
            Leave();
            throw new IOException("Nothing more can be sent: an earlier write failed or was cancelled, and may have left part of a TLS record behind.", failure);
        }
    }

    public void Leave()
    {
        _turn.Release();
        _ = SendWithoutWaiting(CancellationToken.None);
    }

    /// <summary>Sends all pending output. Called by the holder of the turn.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendAsync<TCalls>(bool flush, CancellationToken cancellationToken)
        where TCalls : IStreamCalls
    {
        bool sent = false;
        try
        {
            while (connection.TakeOutput(_sending))
            {
                await TCalls.WriteAsync(inner, _sending.Array.AsMemory(_sending.Start, _sending.Length), cancellationToken).ConfigureAwait(false);
                _sending.Consume(_sending.Length);
                sent = true;
            }

            if (flush && sent)
            {
                await TCalls.FlushAsync(inner, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            _failure = exception;
            _sending.Consume(_sending.Length);
            throw;
        }
    }

    /// <summary>Starts sending pending output, unless a send is in progress, which includes it.</summary>
    /// <returns>A task that completes with the send. It does not fail; the next write throws.</returns>
    public Task SendWithoutWaiting(CancellationToken cancellationToken)
        => connection.OutputLength > 0 && _failure is null && _turn.Wait(0, CancellationToken.None) ? SendAndLeaveAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>Waits until no send is in progress.</summary>
    public async Task SentAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        Leave();
    }

    private async Task SendAndLeaveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync<AsynchronousCalls>(flush: true, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // SendAsync has stored the error.
        }
        finally
        {
            Leave();
        }
    }
}
