using System.Buffers.Binary;

namespace SslModule.Engine.Records;

/// <summary>
/// Reads the padding of CBC records (RFC 5246 section 6.2.3.2) in constant time: memory accesses depend only on the record's
/// length, so that timing and cache effects do not reveal the padding's length or validity (CVE-2013-0169).
/// Results are masks: all ones for true, zero for false.
/// </summary>
internal static class CbcPadding
{
    // The length byte and the maximum number of padding bytes.
    private const int MaximumLength = 256;

    /// <summary>Reads the padding at the end of a decrypted text.</summary>
    /// <param name="text">The decrypted text, at least one byte longer than <paramref name="least"/>.</param>
    /// <param name="least">The minimum number of bytes before the padding.</param>
    /// <param name="length">The padding length, including the length byte; 0 when the padding is invalid.</param>
    /// <returns>Whether every padding byte is valid and at least <paramref name="least"/> bytes precede them.</returns>
    public static int Read(ReadOnlySpan<byte> text, int least, out int length)
    {
        int claimed = text[^1];
        int room = Math.Min(MaximumLength, text.Length - least);
        int wrong = NotLess(claimed, room);
        for (int i = 0; i < room; i++)
        {
            wrong |= ~NotLess(i, claimed + 1) & (text[text.Length - 1 - i] ^ claimed);
        }

        int right = IsZero(wrong);
        length = (claimed + 1) & right;
        return right;
    }

    /// <summary>Reads SSL 3.0 padding, whose content is arbitrary and which is at most one block long (RFC 6101 section 5.2.3.2).</summary>
    public static int ReadSsl3(ReadOnlySpan<byte> text, int least, int blockLength, out int length)
    {
        int claimed = text[^1];
        int right = ~NotLess(claimed, Math.Min(blockLength, text.Length - least));
        length = (claimed + 1) & right;
        return right;
    }

    /// <summary>Compares a MAC with the one before the padding.</summary>
    /// <param name="text">The decrypted text.</param>
    /// <param name="padding">The padding's length, at most 256.</param>
    /// <param name="mac">The expected MAC; its length is a multiple of four bytes.</param>
    /// <returns>Whether the MACs are equal.</returns>
    public static int HasMac(ReadOnlySpan<byte> text, int padding, ReadOnlySpan<byte> mac)
    {
        int found = 0;
        int most = Math.Min(MaximumLength, text.Length - mac.Length);
        for (int length = 0; length <= most; length++)
        {
            ReadOnlySpan<byte> candidate = text.Slice(text.Length - length - mac.Length, mac.Length);
            int difference = 0;
            for (int i = 0; i < mac.Length; i += sizeof(int))
            {
                difference |= BinaryPrimitives.ReadInt32LittleEndian(candidate[i..]) ^ BinaryPrimitives.ReadInt32LittleEndian(mac[i..]);
            }

            found |= IsZero(length ^ padding) & IsZero(difference);
        }

        return found;
    }

    private static int NotLess(int value, int bound) => ~((value - bound) >> 31);

    private static int IsZero(int value) => ~((value | -value) >> 31);
}
