namespace SslModule.Engine.Wire;

/// <summary>
/// Reads the presentation language of RFC 8446 section 3 from the front of a buffer. Methods return false when the data is too
/// short or malformed.
/// </summary>
internal struct WireReader(ReadOnlyMemory<byte> bytes)
{
    /// <summary>The bytes that were not read yet.</summary>
    public ReadOnlyMemory<byte> Rest { get; private set; } = bytes;

    /// <summary>Reads a fixed number of bytes.</summary>
    public bool TryTake(int count, out ReadOnlyMemory<byte> taken)
    {
        taken = default;
        if ((uint)count > (uint)Rest.Length)
        {
            return false;
        }

        taken = Rest[..count];
        Rest = Rest[count..];
        return true;
    }

    /// <summary>Reads an unsigned integer of one to four bytes.</summary>
    public bool TryNumber(int width, out int value)
    {
        value = 0;
        if (!TryTake(width, out ReadOnlyMemory<byte> taken))
        {
            return false;
        }

        foreach (byte one in taken.Span)
        {
            value = (value << 8) | one;
        }

        return true;
    }

    /// <summary>Reads a 32-bit unsigned integer.</summary>
    public bool TryLong(out uint value)
    {
        bool taken = TryNumber(sizeof(uint), out int number);
        value = unchecked((uint)number);
        return taken;
    }

    /// <summary>Reads an extension type; its content follows as a vector with a 16-bit length.</summary>
    public bool TryExtension(out ExtensionType type)
    {
        bool taken = TryNumber(sizeof(ExtensionType), out int number);
        type = (ExtensionType)number;
        return taken;
    }

    /// <summary>Reads a vector with a length prefix.</summary>
    public bool TryVector(int lengthWidth, out ReadOnlyMemory<byte> taken)
    {
        taken = default;
        return TryNumber(lengthWidth, out int length) && TryTake(length, out taken);
    }

    /// <summary>Reads a length-prefixed list of 16-bit integers, which must be all that remains.</summary>
    public bool TryNumbers(int lengthWidth, out int[] numbers)
    {
        numbers = [];
        if (!TryVector(lengthWidth, out ReadOnlyMemory<byte> list) || Rest.Length > 0 || list.Length == 0 || list.Length % 2 != 0)
        {
            return false;
        }

        numbers = Numbers(list);
        return true;
    }

    /// <summary>Decodes 16-bit integers without a length prefix.</summary>
    public static int[] Numbers(ReadOnlyMemory<byte> list)
    {
        int[] numbers = new int[list.Length / 2];
        for (int index = 0; index < numbers.Length; index++)
        {
            numbers[index] = (list.Span[2 * index] << 8) | list.Span[(2 * index) + 1];
        }

        return numbers;
    }
}
