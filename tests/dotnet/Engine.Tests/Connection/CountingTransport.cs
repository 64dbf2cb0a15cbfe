using SslModule.Engine.Connection;

namespace SslModule.Engine.Tests.Connection;

/// <summary>One end of a stream in memory that counts the calls a socket would turn into system calls.</summary>
internal sealed class CountingTransport(MemoryBio incoming, MemoryBio outgoing) : ITransport
{
    public int Receives { get; private set; }

    public int Sends { get; private set; }

    public int LargestSend { get; private set; }

    public int Receive(Span<byte> destination) => Counted(incoming.Read(destination));

    public int Peek(Span<byte> destination) => Counted(incoming.Peek(destination));

    public int Drop(Span<byte> scratch) => Counted(incoming.Drop(scratch.Length));

    public bool DropsLate => true;

    /// <summary>How many bytes it takes until it would block.</summary>
    public int Room { get; set; } = int.MaxValue;

    /// <summary>A negative errno that each call that sends answers, or 0.</summary>
    public int Refusal { get; set; }

    public int Send(ReadOnlySpan<byte> source)
    {
        Sends++;
        if (Refusal != 0 || Room == 0)
        {
            return Refusal != 0 ? Refusal : TransportResult.WouldBlock;
        }

        ReadOnlySpan<byte> taken = source[..Math.Min(source.Length, Room)];
        Room -= Room == int.MaxValue ? 0 : taken.Length;
        LargestSend = Math.Max(LargestSend, taken.Length);
        outgoing.Write(taken);
        return taken.Length;
    }

    public int SendWithoutWaiting(ReadOnlySpan<byte> source) => Send(source);

    public int Wait(TransportEvents events, int timeoutMilliseconds)
        => events.HasFlag(TransportEvents.Readable) && (incoming.Pending > 0 || incoming.IsAtEnd) ? 1 : 0;

    public bool IsInterrupted() => false;

    public void Reset() => Receives = Sends = LargestSend = 0;

    private int Counted(int count)
    {
        Receives++;
        return count > 0 || incoming.IsAtEnd ? count : TransportResult.WouldBlock;
    }
}
