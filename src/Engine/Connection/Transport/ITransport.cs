namespace SslModule.Engine.Connection;

/// <summary>
/// The byte stream under a TLS connection, provided by the host: a file descriptor, a .NET socket, or a pair of memory BIOs. No
/// member throws if the transport is not ready.
/// </summary>
/// <remarks>One thread at a time calls Receive, Peek and Drop, and one at a time calls Send, possibly concurrently. Any thread may call Wait.</remarks>
public interface ITransport
{
    /// <summary>Reads at most <paramref name="destination"/>'s length. Blocks only if the transport itself is in blocking mode.</summary>
    /// <returns>The number of bytes read; 0 at the end of the stream; <see cref="TransportResult.WouldBlock"/>; or a negative errno.</returns>
    int Receive(Span<byte> destination);

    /// <summary>Like <see cref="Receive"/>, but leaves the bytes in the transport.</summary>
    int Peek(Span<byte> destination);

    /// <summary>Removes bytes that <see cref="Peek"/> returned. Never blocks.</summary>
    /// <param name="scratch">A buffer with the length to remove, whose content may be overwritten.</param>
    /// <returns>As <see cref="Receive"/>.</returns>
    int Drop(Span<byte> scratch);

    /// <summary>
    /// True if removing bytes is expensive, so that used bytes may stay in the transport while unused ones follow them. False if the
    /// application can observe how many bytes there are.
    /// </summary>
    bool DropsLate { get; }

    /// <summary>Writes <paramref name="source"/> or a part of it. Blocks only if the transport itself is in blocking mode.</summary>
    /// <returns>The number of bytes written, <see cref="TransportResult.WouldBlock"/>, or a negative errno.</returns>
    int Send(ReadOnlySpan<byte> source);

    /// <summary>Like <see cref="Send"/>, but never blocks.</summary>
    int SendWithoutWaiting(ReadOnlySpan<byte> source);

    /// <summary>Waits for one of <paramref name="events"/>, at most <paramref name="timeoutMilliseconds"/> (-1: no limit).</summary>
    /// <returns>1 if an event occurred, 0 on timeout, or a negative errno.</returns>
    int Wait(TransportEvents events, int timeoutMilliseconds);

    /// <summary>
    /// Lets the host process interrupts such as signals. Called periodically while a thread waits for another thread.
    /// </summary>
    /// <returns>True if the host raised an exception, for example in a signal handler. The step must end.</returns>
    bool IsInterrupted();
}

/// <summary>What a step waits for.</summary>
[Flags]
public enum TransportEvents
{
    /// <summary>Data from the peer, or the end of the stream.</summary>
    Readable = 1,

    /// <summary>Space for data to the peer.</summary>
    Writable = 2,
}

/// <summary>Special results of an <see cref="ITransport"/>, other than a count or an errno.</summary>
public static class TransportResult
{
    /// <summary>The transport is not ready.</summary>
    public const int WouldBlock = int.MinValue;

    /// <summary>The host raised an exception while waiting, for example in a signal handler. Stop and let it propagate.</summary>
    public const int HostInterrupted = int.MinValue + 1;
}
