namespace SslModule.Engine.Wire;

/// <summary>Writes the presentation language of RFC 8446 section 3 behind what a buffer holds.</summary>
internal readonly struct WireWriter(ByteBuffer buffer)
{
    /// <summary>Writes a number of as many bytes as <paramref name="width"/> says.</summary>
    public void Number(int width, int value)
    {
        Fill(buffer.Reserve(width)[..width], value);
        buffer.Commit(width);
    }

    /// <summary>Writes the type of an extension; its content, a vector of two bytes' length, follows.</summary>
    public void Extension(ExtensionType type) => Number(sizeof(ExtensionType), (int)type);

    /// <summary>Writes bytes as they are.</summary>
    public void Bytes(ReadOnlySpan<byte> bytes) => buffer.Append(bytes);

    /// <summary>Writes a vector behind its length.</summary>
    public void Vector(int lengthWidth, ReadOnlySpan<byte> bytes)
    {
        int opened = Open(lengthWidth);
        Bytes(bytes);
        Close(lengthWidth, opened);
    }

    /// <summary>Writes a list of two-byte numbers behind its length.</summary>
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
    /// <returns>What <see cref="Close"/> needs.</returns>
    public int Open(int lengthWidth)
    {
        Number(lengthWidth, 0);
        return buffer.Length;
    }

    /// <summary>Ends a vector: writes its length.</summary>
    /// <exception cref="FatalAlertException">It is longer than its length can tell.</exception>
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
