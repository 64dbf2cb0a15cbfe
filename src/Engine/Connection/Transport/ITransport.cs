namespace SslModule.Engine.Connection;

/// <summary>
/// A byte stream under a TLS connection, as the host has it: a file descriptor, a .NET socket, a pair of memory BIOs.
/// No member throws for a transport that is not ready.
/// </summary>
/// <remarks>One thread at a time receives, peeks and drops, and one at a time sends; both may do so at once, and any may wait.</remarks>
public interface ITransport
{
    /// <summary>Reads at most <paramref name="destination"/>'s length without waiting beyond what the transport's own mode does.</summary>
    /// <returns>The count read; 0 at the end of the stream; <see cref="TransportResult.WouldBlock"/>; or a negative errno.</returns>
    int Receive(Span<byte> destination);

    /// <summary>Like <see cref="Receive"/>, but the bytes stay in the transport: the next call sees them again.</summary>
    int Peek(Span<byte> destination);

    /// <summary>Takes bytes out that <see cref="Peek"/> has shown; never waits.</summary>
    /// <param name="scratch">As long as what is to go; a transport may write into it.</param>
    /// <returns>As <see cref="Receive"/>.</returns>
    int Drop(Span<byte> scratch);

    /// <summary>
    /// True where a call costs more than it takes out: used bytes may then stay as long as unused ones lie behind them. False
    /// where the application sees how many bytes there are.
    /// </summary>
    bool DropsLate { get; }

    /// <summary>Writes what it can of <paramref name="source"/> without waiting beyond what the transport's own mode does.</summary>
    /// <returns>The count written, <see cref="TransportResult.WouldBlock"/>, or a negative errno.</returns>
    int Send(ReadOnlySpan<byte> source);

    /// <summary>Like <see cref="Send"/>, but never waits, whatever the transport's own mode.</summary>
    int SendWithoutWaiting(ReadOnlySpan<byte> source);

    /// <summary>Waits until one of <paramref name="events"/> has come, at most <paramref name="timeoutMilliseconds"/> (-1: without limit).</summary>
    /// <returns>1 when one has come, 0 when the time is over, or a negative errno.</returns>
    int Wait(TransportEvents events, int timeoutMilliseconds);

    /// <summary>
    /// Lets the host do what must interrupt a wait. Called now and then while a thread waits for another one, which the host
    /// cannot see.
    /// </summary>
    /// <returns>True when the host has raised an exception of its own, as a signal handler may: the step must end.</returns>
    bool IsInterrupted();
}

/// <summary>What a step waits for.</summary>
[Flags]
public enum TransportEvents
{
    /// <summary>Bytes of the peer, or the end of its stream.</summary>
    Readable = 1,

    /// <summary>Room for bytes to the peer.</summary>
    Writable = 2,
}

/// <summary>Results of an <see cref="ITransport"/> that are neither a count nor an errno.</summary>
public static class TransportResult
{
    /// <summary>The transport is not ready.</summary>
    public const int WouldBlock = int.MinValue;

    /// <summary>The host raised an exception of its own while waiting (a signal handler did): stop and let it through.</summary>
    public const int HostInterrupted = int.MinValue + 1;
}
