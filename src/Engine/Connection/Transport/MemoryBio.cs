using SslModule.Engine.Errors;
using SslModule.Engine.Records;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Connection;

/// <summary>A memory buffer that carries bytes between a connection and a program that does its own I/O (Python's <c>ssl.MemoryBIO</c>).</summary>
/// <remarks>
/// It is a queue of buffers, so that a connection can hand over what it has sealed as it is; nearly always there is one.
/// </remarks>
public sealed class MemoryBio
{
    // Less than this is copied behind what is there: an array of its own would be mostly empty.
    private const int WorthHandingOver = 4096;

    private Queue<ByteBuffer>? _before;
    private readonly object _gate = new();
    private ByteBuffer _last = new();
    private int _pending;
    private bool _ended;

    /// <summary>How many bytes wait.</summary>
    public int Pending
    {
        get
        {
            lock (_gate)
            {
                return _pending;
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
                return _ended && _pending == 0;
            }
        }
    }

    private ByteBuffer First => _before is { Count: > 0 } before ? before.Peek() : _last;

    /// <summary>Takes up to <paramref name="destination"/>'s length of bytes out.</summary>
    public int Read(Span<byte> destination)
    {
        lock (_gate)
        {
            int total = Math.Min(destination.Length, _pending);
            for (int left = total; left > 0;)
            {
                ByteBuffer first = First;
                int count = Math.Min(left, first.Length);
                first.Span[..count].CopyTo(destination[(total - left)..]);
                left -= count;
                Consume(first, count);
            }

            return total;
        }
    }

    /// <summary>Copies bytes without taking them out.</summary>
    internal int Peek(Span<byte> destination)
    {
        lock (_gate)
        {
            int total = Math.Min(destination.Length, _pending);
            int copied = 0;
            if (_before is not null)
            {
                foreach (ByteBuffer buffer in _before)
                {
                    copied += Copy(buffer, destination[copied..total]);
                }
            }

            Copy(_last, destination[copied..total]);
            return total;
        }
    }

    /// <summary>Takes up to <paramref name="count"/> bytes out, unseen.</summary>
    internal int Drop(int count)
    {
        lock (_gate)
        {
            int total = Math.Min(count, _pending);
            for (int left = total; left > 0;)
            {
                ByteBuffer first = First;
                int dropped = Math.Min(left, first.Length);
                left -= dropped;
                Consume(first, dropped);
            }

            return total;
        }
    }

    /// <summary>Hands all that waits over to an empty buffer, if that is one record or a part of one: a reader would take it out anyway.</summary>
    internal bool TryHandOver(ByteBuffer destination)
    {
        lock (_gate)
        {
            if (_pending == 0 || _before is { Count: > 0 } || RecordCipher.FirstLength(_last.Span) < _pending)
            {
                return false;
            }

            _last.MoveTo(destination);
            _pending = 0;
            return true;
        }
    }

    /// <summary>Puts bytes in.</summary>
    /// <exception cref="TlsError">The end was written already.</exception>
    public void Write(ReadOnlySpan<byte> source)
    {
        lock (_gate)
        {
            CheckOpen();
            _last.Append(source);
            _pending += source.Length;
        }
    }

    /// <summary>Puts all of a buffer in, as <see cref="Append"/> does, and leaves that empty.</summary>
    internal void Take(ByteBuffer source)
    {
        lock (_gate)
        {
            _pending += source.Length;
            if (source.Length < WorthHandingOver)
            {
                _last.Append(source.Span);
                source.Consume(source.Length);
                return;
            }

            if (_last.Length > 0)
            {
                (_before ??= []).Enqueue(_last);
                _last = new ByteBuffer();
            }

            source.MoveTo(_last);
        }
    }

    /// <summary>Puts in what a connection sends, also behind the end: that is for those who write by hand.</summary>
    internal void Append(ReadOnlySpan<byte> source)
    {
        lock (_gate)
        {
            _last.Append(source);
            _pending += source.Length;
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

    private static int Copy(ByteBuffer buffer, Span<byte> destination)
    {
        int count = Math.Min(buffer.Length, destination.Length);
        buffer.Span[..count].CopyTo(destination);
        return count;
    }

    private void Consume(ByteBuffer first, int count)
    {
        first.Consume(count);
        _pending -= count;
        if (first.Length == 0 && first != _last)
        {
            _before!.Dequeue();
        }
    }

    private void CheckOpen()
    {
        if (_ended)
        {
            throw TlsError.Plain("cannot write() after write_eof()");
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

    /// <summary>Receives what waits by having it handed over, where that may be.</summary>
    internal bool TryReceive(ByteBuffer destination) => incoming.TryHandOver(destination);

    /// <summary>Sends all of a buffer by handing it over.</summary>
    internal int Send(ByteBuffer source)
    {
        int count = source.Length;
        outgoing.Take(source);
        return count;
    }

    /// <inheritdoc/>
    public bool DropsLate => false;

    /// <inheritdoc/>
    public int Send(ReadOnlySpan<byte> source)
    {
        outgoing.Append(source);
        return source.Length;
    }

    /// <inheritdoc/>
    public int SendWithoutWaiting(ReadOnlySpan<byte> source) => Send(source);

    /// <inheritdoc/>
    public int Wait(TransportEvents events, int timeoutMilliseconds) => 0;

    /// <inheritdoc/>
    public bool IsInterrupted() => false;
}
