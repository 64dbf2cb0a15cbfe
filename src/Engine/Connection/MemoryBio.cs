using SslModule.Engine.Errors;

namespace SslModule.Engine.Connection;

/// <summary>A memory buffer that carries bytes between a connection and a program that does its own I/O (Python's <c>ssl.MemoryBIO</c>).</summary>
public sealed class MemoryBio
{
    private readonly ByteBuffer _bytes = new();
    private readonly Lock _gate = new();
    private bool _ended;

    /// <summary>How many bytes wait.</summary>
    public int Pending
    {
        get
        {
            lock (_gate)
            {
                return _bytes.Length;
            }
        }
    }

    /// <summary>True when the end was written and everything before it was read.</summary>
    public bool IsAtEnd
    {
        get
        {
            lock (_gate)
            {
                return _ended && _bytes.Length == 0;
            }
        }
    }

    /// <summary>Takes up to <paramref name="destination"/>'s length of bytes out.</summary>
    public int Read(Span<byte> destination)
    {
        lock (_gate)
        {
            int count = Math.Min(destination.Length, _bytes.Length);
            _bytes.Span[..count].CopyTo(destination);
            _bytes.Consume(count);
            return count;
        }
    }

    /// <summary>Copies bytes without taking them out.</summary>
    internal int Peek(Span<byte> destination)
    {
        lock (_gate)
        {
            int count = Math.Min(destination.Length, _bytes.Length);
            _bytes.Span[..count].CopyTo(destination);
            return count;
        }
    }

    /// <summary>Takes up to <paramref name="count"/> bytes out, unseen.</summary>
    internal int Drop(int count)
    {
        lock (_gate)
        {
            int dropped = Math.Min(count, _bytes.Length);
            _bytes.Consume(dropped);
            return dropped;
        }
    }

    /// <summary>Puts bytes in.</summary>
    /// <exception cref="TlsError">The end was written already.</exception>
    public void Write(ReadOnlySpan<byte> source)
    {
        lock (_gate)
        {
            if (_ended)
            {
                throw TlsError.Plain("cannot write() after write_eof()");
            }

            _bytes.Append(source);
        }
    }

    /// <summary>Marks the end: once the bytes are read, readers see the end of the stream.</summary>
    public void WriteEnd()
    {
        lock (_gate)
        {
            _ended = true;
        }
    }
}

/// <summary>A pair of memory BIOs as a transport that never waits.</summary>
/// <param name="incoming">What the peer sent.</param>
/// <param name="outgoing">What goes to the peer.</param>
public sealed class MemoryBioTransport(MemoryBio incoming, MemoryBio outgoing) : ITransport
{
    /// <inheritdoc/>
    public int Receive(Span<byte> destination)
    {
        int count = incoming.Read(destination);
        return count > 0 || incoming.IsAtEnd ? count : TransportResult.WouldBlock;
    }

    /// <inheritdoc/>
    public int Peek(Span<byte> destination)
    {
        int count = incoming.Peek(destination);
        return count > 0 || incoming.IsAtEnd ? count : TransportResult.WouldBlock;
    }

    /// <inheritdoc/>
    public int Drop(Span<byte> scratch) => incoming.Drop(scratch.Length);

    /// <inheritdoc/>
    public int Send(ReadOnlySpan<byte> source)
    {
        outgoing.Write(source);
        return source.Length;
    }

    /// <inheritdoc/>
    public int Wait(bool forWrite, int timeoutMilliseconds) => 0;
}
