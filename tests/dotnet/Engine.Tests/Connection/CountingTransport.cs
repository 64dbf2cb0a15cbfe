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

    public int Send(ReadOnlySpan<byte> source)
    {
        Sends++;
        LargestSend = Math.Max(LargestSend, source.Length);
        outgoing.Write(source);
        return source.Length;
    }

    public int SendWithoutWaiting(ReadOnlySpan<byte> source) => Send(source);

    public int Wait(TransportEvents events, int timeoutMilliseconds) => 0;

    public bool IsInterrupted() => false;

    public void Reset() => Receives = Sends = LargestSend = 0;

    private int Counted(int count)
    {
        Receives++;
        return count > 0 || incoming.IsAtEnd ? count : TransportResult.WouldBlock;
    }
}
