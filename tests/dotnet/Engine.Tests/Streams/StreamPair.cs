using SslModule.Engine.Context;
using SslModule.Engine.Streams;

namespace SslModule.Engine.Tests.Streams;

/// <summary>A client and a server of ours over a stream in memory, their handshake done.</summary>
internal sealed class StreamPair : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private StreamPair(bool leaveInnerStreamOpen)
    {
        (ClientEnd, ServerEnd) = PipeEnd.Pair();
        Client = new TlsStream(ClientEnd, leaveInnerStreamOpen);
        Server = new TlsStream(ServerEnd, leaveInnerStreamOpen);
    }

    public PipeEnd ClientEnd { get; }

    public PipeEnd ServerEnd { get; }

    public TlsStream Client { get; }

    public TlsStream Server { get; }

    /// <summary>A pair whose handshake has not begun.</summary>
    public static StreamPair Fresh() => new(leaveInnerStreamOpen: false);

    public static Task<StreamPair> CreateAsync(int version = 0, bool leaveInnerStreamOpen = false)
        => CreateAsync(StreamContexts.Client(version), StreamContexts.Server(version), leaveInnerStreamOpen: leaveInnerStreamOpen);

    public static async Task<StreamPair> CreateAsync(TlsContext client, TlsContext server, string? host = "localhost", bool leaveInnerStreamOpen = false)
    {
        var pair = new StreamPair(leaveInnerStreamOpen);
        await Soon(Task.WhenAll(pair.Client.AuthenticateAsClientAsync(client, host), pair.Server.AuthenticateAsServerAsync(server)));
        return pair;
    }

    /// <summary>A task that must come to its end.</summary>
    public static Task Soon(Task task) => task.WaitAsync(Patience);

    /// <summary>The same with a result.</summary>
    public static Task<T> Soon<T>(Task<T> task) => task.WaitAsync(Patience);

    /// <summary>The same of a read.</summary>
    public static Task<T> Soon<T>(ValueTask<T> task) => Soon(task.AsTask());

    /// <summary>The same of a write.</summary>
    public static Task Soon(ValueTask task) => Soon(task.AsTask());

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
    }
}
