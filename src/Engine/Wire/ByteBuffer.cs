using System.Buffers;

namespace SslModule.Engine.Wire;

/// <summary>A growing byte queue in one pooled array, which is rented only while the queue is not empty.</summary>
internal sealed class ByteBuffer
{
    private const int SmallestRent = 2048;
    private byte[] _bytes = [];
    private int _start;
    private int _end;

    /// <summary>True while another thread sends from or receives into the array. It is then neither moved nor returned to the pool.</summary>
    public bool InFlight { get; set; }

    /// <summary>The number of queued bytes.</summary>
    public int Length => _end - _start;

    /// <summary>The array that holds the queue; valid until the next <see cref="Reserve"/> or <see cref="Consume"/>.</summary>
    public byte[] Array => _bytes;

    /// <summary>The offset of the first queued byte in <see cref="Array"/>.</summary>
    public int Start => _start;

    /// <summary>The queued bytes.</summary>
    public ReadOnlySpan<byte> Span => _bytes.AsSpan(_start, Length);

    /// <summary>
    /// Returns free space of at least <paramref name="count"/> bytes after the queued bytes; call <see cref="Commit"/> after
    /// writing.
    /// </summary>
    public Span<byte> Reserve(int count)
    {
        if (_bytes.Length - _end < count)
        {
            EnsureCapacity(count);
        }

        return _bytes.AsSpan(_end);
    }

    /// <summary>Adds the first <paramref name="count"/> bytes of the last <see cref="Reserve"/> to the queue.</summary>
    public void Commit(int count) => _end += count;

    /// <summary>Appends a copy of some bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Commit(bytes.Length);
    }

    /// <summary>Moves all queued bytes to an empty queue by passing the array on.</summary>
    public void MoveTo(ByteBuffer empty)
    {
        (empty._bytes, empty._start, empty._end) = (_bytes, _start, _end);
        (_bytes, _start, _end) = ([], 0, 0);
    }

    /// <summary>Removes the first <paramref name="count"/> bytes; an empty queue returns its array to the pool.</summary>
    public void Consume(int count)
    {
        _start += count;
        if (_start == _end)
        {
            _start = _end = 0;
            Release();
        }
    }

    /// <summary>Removes the last <paramref name="count"/> bytes.</summary>
    public void Truncate(int count)
    {
        _end -= count;
        Consume(0);
    }

    private void EnsureCapacity(int count)
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
