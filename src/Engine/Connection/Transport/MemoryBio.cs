using SslModule.Engine.Errors;
using SslModule.Engine.Records;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Connection;

/// <summary>A memory buffer that carries bytes between a connection and a program that does its own I/O (Python's <c>ssl.MemoryBIO</c>).</summary>
/// <remarks>
/// A queue of buffers, so that a connection can pass sealed records without copying. It nearly always has a single buffer.
/// </remarks>
public sealed class MemoryBio
{
    // Shorter data is copied into the last buffer instead of being queued as a buffer of its own.
    private const int MinMoveLength = 4096;

    private Queue<ByteBuffer>? _before;
    private readonly object _gate = new();
    private ByteBuffer _last = new();
    private int _pending;
    private bool _ended;

    /// <summary>The number of unread bytes.</summary>
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

    /// <summary>True once the end was written and everything before it was read.</summary>
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

    /// <summary>Reads and removes at most <paramref name="destination"/>'s length of bytes.</summary>
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

    /// <summary>Copies bytes without removing them.</summary>
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

    /// <summary>Removes at most <paramref name="count"/> bytes.</summary>
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

    /// <summary>Moves all unread bytes to an empty buffer, if they are one record or a part of one, which the reader would consume anyway.</summary>
    internal bool TryHandOver(ByteBuffer destination)
    {
        lock (_gate)
        {
            if (_pending == 0 || _before is { Count: > 0 } || RecordCipher.RecordLength(_last.Span) < _pending)
            {
                return false;
            }

            _last.MoveTo(destination);
            _pending = 0;
            return true;
        }
    }

    /// <summary>Appends bytes.</summary>
    /// <exception cref="TlsError">The end was already written.</exception>
    public void Write(ReadOnlySpan<byte> source)
    {
        lock (_gate)
        {
            CheckOpen();
            _last.Append(source);
            _pending += source.Length;
        }
    }

    /// <summary>Moves the content of a buffer to the end, like <see cref="Append"/>.</summary>
    internal void Take(ByteBuffer source)
    {
        lock (_gate)
        {
            _pending += source.Length;
            if (source.Length < MinMoveLength)
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

    /// <summary>Appends a connection's output, even after <see cref="WriteEnd"/>, which only restricts <see cref="Write"/>.</summary>
    internal void Append(ReadOnlySpan<byte> source)
    {
        lock (_gate)
        {
            _last.Append(source);
            _pending += source.Length;
        }
    }

    /// <summary>Marks the end of the stream. Readers see it after all bytes were read.</summary>
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

/// <summary>A pair of memory BIOs as a transport that never blocks.</summary>
/// <param name="incoming">Data from the peer.</param>
/// <param name="outgoing">Data to the peer.</param>
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

    /// <summary>Receives all available bytes by moving their buffer, if possible.</summary>
    internal bool TryReceive(ByteBuffer destination) => incoming.TryHandOver(destination);

    /// <summary>Sends a buffer by moving it.</summary>
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
