namespace SslModule.Engine.Wire;

/// <summary>Appends the presentation language of RFC 8446 section 3 to a buffer.</summary>
internal readonly struct WireWriter(ByteBuffer buffer)
{
    /// <summary>Writes an unsigned integer of <paramref name="width"/> bytes.</summary>
    public void Number(int width, int value)
    {
        Fill(buffer.Reserve(width)[..width], value);
        buffer.Commit(width);
    }

    /// <summary>Writes an extension type; its content follows as a vector with a 16-bit length.</summary>
    public void Extension(ExtensionType type) => Number(sizeof(ExtensionType), (int)type);

    /// <summary>Writes bytes without a length prefix.</summary>
    public void Bytes(ReadOnlySpan<byte> bytes) => buffer.Append(bytes);

    /// <summary>Writes a vector with a length prefix.</summary>
    public void Vector(int lengthWidth, ReadOnlySpan<byte> bytes)
    {
        int opened = Open(lengthWidth);
        Bytes(bytes);
        Close(lengthWidth, opened);
    }

    /// <summary>Writes a length-prefixed list of 16-bit integers.</summary>
    public void Numbers(int lengthWidth, ReadOnlySpan<int> list)
    {
        int opened = Open(lengthWidth);
        foreach (int number in list)
        {
            Number(2, number);
        }

        Close(lengthWidth, opened);
    }

    /// <summary>Begins a vector whose length is not known yet.</summary>
    /// <returns>The position to pass to <see cref="Close"/>.</returns>
    public int Open(int lengthWidth)
    {
        Number(lengthWidth, 0);
        return buffer.Length;
    }

    /// <summary>Ends a vector by filling in its length.</summary>
    /// <exception cref="FatalAlertException">The vector is too long for its length prefix.</exception>
    public void Close(int lengthWidth, int opened)
    {
        int length = buffer.Length - opened;
        if (length >> (8 * lengthWidth) != 0)
        {
            throw new FatalAlertException(AlertDescription.internal_error);
        }

        Fill(buffer.Array.AsSpan(buffer.Start + opened - lengthWidth, lengthWidth), length);
    }

    private static void Fill(Span<byte> bytes, int value)
    {
        for (int i = bytes.Length - 1; i >= 0; i--)
        {
            bytes[i] = (byte)value;
            value >>= 8;
        }
    }
}
