namespace SslModule.Engine.Wire;

/// <summary>Reads the presentation language of RFC 8446 section 3 from the front of some bytes; what does not fit is false.</summary>
internal struct WireReader(ReadOnlyMemory<byte> bytes)
{
    /// <summary>What was not read yet.</summary>
    public ReadOnlyMemory<byte> Rest { get; private set; } = bytes;

    /// <summary>Takes that many bytes.</summary>
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

    /// <summary>Takes a number of one to four bytes.</summary>
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

    /// <summary>Takes a number of four bytes.</summary>
    public bool TryLong(out uint value)
    {
        bool taken = TryNumber(sizeof(uint), out int number);
        value = unchecked((uint)number);
        return taken;
    }

    /// <summary>Takes the type of an extension; its content, a vector of two bytes' length, follows.</summary>
    public bool TryExtension(out ExtensionType type)
    {
        bool taken = TryNumber(sizeof(ExtensionType), out int number);
        type = (ExtensionType)number;
        return taken;
    }

    /// <summary>Takes a vector behind its length.</summary>
    public bool TryVector(int lengthWidth, out ReadOnlyMemory<byte> taken)
    {
        taken = default;
        return TryNumber(lengthWidth, out int length) && TryTake(length, out taken);
    }

    /// <summary>Takes a list of two-byte numbers behind its length, which must be all that is left.</summary>
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

    /// <summary>Two-byte numbers without a length.</summary>
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
