using System.Runtime.CompilerServices;
using SslModule.Engine.Connection;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Streams;

/// <summary>
/// Carries a connection's output to the stream below: one call at a time, in the order in which it was sealed.
/// </summary>
/// <remarks>
/// A writer takes the turn, seals and sends. A reader, which now and then has an answer to send (an alert, a KeyUpdate),
/// does not wait for the turn, nor for the sending: the peer may have stopped reading until it is read from. Whoever holds
/// the turn sends the reader's answer too.
/// </remarks>
internal sealed class StreamOutput(Stream inner, TlsConnection connection)
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ByteBuffer _leaving = new();
    private volatile Exception? _failure;

    /// <summary>
    /// Why nothing can be sent any more: a call of the stream below failed or was cancelled, and how much of the record it has
    /// sent is unknown.
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

    /// <summary>Sends all that waits; for the holder of the turn.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendAsync<TCalls>(bool flush, CancellationToken cancellationToken)
        where TCalls : IStreamCalls
    {
        bool sent = false;
        try
        {
            while (connection.TakeOutput(_leaving))
            {
                await TCalls.WriteAsync(inner, _leaving.Array.AsMemory(_leaving.Start, _leaving.Length), cancellationToken).ConfigureAwait(false);
                _leaving.Consume(_leaving.Length);
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
            _leaving.Consume(_leaving.Length);
            throw;
        }
    }

    /// <summary>Begins to send what waits, unless somebody is sending already and so sends it.</summary>
    /// <returns>The end of that. It does not fail: who writes next is told.</returns>
    public Task SendWithoutWaiting(CancellationToken cancellationToken)
        => connection.OutputLength > 0 && _failure is null && _turn.Wait(0, CancellationToken.None) ? SendAndLeaveAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>Waits until nothing is being sent.</summary>
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
            // SendAsync has noted it.
        }
        finally
        {
            Leave();
        }
    }
}
