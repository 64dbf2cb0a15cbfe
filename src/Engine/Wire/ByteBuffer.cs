using System.Buffers;

namespace SslModule.Engine.Wire;

/// <summary>A growing queue of bytes in one array, rented only while it holds something.</summary>
internal sealed class ByteBuffer
{
    private const int SmallestRent = 2048;
    private byte[] _bytes = [];
    private int _start;
    private int _end;

    /// <summary>While true, the array is being sent from or received into on another thread: it is neither moved nor given back.</summary>
    public bool InFlight { get; set; }

    /// <summary>How many bytes wait.</summary>
    public int Length => _end - _start;

    /// <summary>The array behind the queue; valid until the next <see cref="Reserve"/> or <see cref="Consume"/>.</summary>
    public byte[] Array => _bytes;

    /// <summary>Where the first byte lies in <see cref="Array"/>.</summary>
    public int Start => _start;

    /// <summary>The bytes that wait.</summary>
    public ReadOnlySpan<byte> Span => _bytes.AsSpan(_start, Length);

    /// <summary>Room for at least <paramref name="count"/> bytes behind the last; follow with <see cref="Commit"/>.</summary>
    public Span<byte> Reserve(int count)
    {
        if (_bytes.Length - _end < count)
        {
            MakeRoom(count);
        }

        return _bytes.AsSpan(_end);
    }

    /// <summary>Counts <paramref name="count"/> bytes of the last <see cref="Reserve"/> in.</summary>
    public void Commit(int count) => _end += count;

    /// <summary>Appends a copy.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Commit(bytes.Length);
    }

    /// <summary>Hands all that waits over to an empty queue, with its array.</summary>
    public void MoveTo(ByteBuffer empty)
    {
        (empty._bytes, empty._start, empty._end) = (_bytes, _start, _end);
        (_bytes, _start, _end) = ([], 0, 0);
    }

    /// <summary>Drops the first <paramref name="count"/> bytes; an empty queue gives its array back.</summary>
    public void Consume(int count)
    {
        _start += count;
        if (_start == _end)
        {
            _start = _end = 0;
            Release();
        }
    }

    /// <summary>Drops the last <paramref name="count"/> bytes.</summary>
    public void Truncate(int count)
    {
        _end -= count;
        Consume(0);
    }

    private void MakeRoom(int count)
    {
        int length = Length;
        if (!InFlight && _bytes.Length >= length + count && _start >= length)
        {
            _bytes.AsSpan(_start, length).CopyTo(_bytes);
        }
        else
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(SmallestRent, length + Math.Max(count, length)));
            _bytes.AsSpan(_start, length).CopyTo(larger);
            Release();
            _bytes = larger;
        }

        _start = 0;
        _end = length;
    }

    private void Release()
    {
        if (_bytes.Length > 0 && !InFlight)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = [];
    }
}
