using System.Buffers.Binary;

namespace SslModule.Engine.Records;

/// <summary>
/// The padding of a CBC record (RFC 5246 section 6.2.3.2). Which bytes are read, and how often, follows from the record's length
/// alone: who can see the time or the cache must not learn how long the padding is, or whether it is right (CVE-2013-0169).
/// Answers are masks: all ones for yes, zero for no.
/// </summary>
internal static class CbcPadding
{
    // A length byte and as many as it can say.
    private const int Most = 256;

    /// <summary>Reads the padding at the end of a text.</summary>
    /// <param name="text">The decrypted text, at least one byte longer than <paramref name="least"/>.</param>
    /// <param name="least">How many bytes must be there before the padding.</param>
    /// <param name="length">The padding's length, its length byte counted in; 0 where it is wrong.</param>
    /// <returns>Whether each byte of it is as it should be, and it leaves room for <paramref name="least"/>.</returns>
    public static int Read(ReadOnlySpan<byte> text, int least, out int length)
    {
        int claimed = text[^1];
        int room = Math.Min(Most, text.Length - least);
        int wrong = NotLess(claimed, room);
        for (int i = 0; i < room; i++)
        {
            wrong |= ~NotLess(i, claimed + 1) & (text[text.Length - 1 - i] ^ claimed);
        }

        int right = IsZero(wrong);
        length = (claimed + 1) & right;
        return right;
    }

    /// <summary>The same in SSL 3.0, which says nothing of the bytes before the last, and has no more of them than fill a block (RFC 6101 section 5.2.3.2).</summary>
    public static int ReadSsl3(ReadOnlySpan<byte> text, int least, int blockLength, out int length)
    {
        int claimed = text[^1];
        int right = ~NotLess(claimed, Math.Min(blockLength, text.Length - least));
        length = (claimed + 1) & right;
        return right;
    }

    /// <summary>Compares a MAC with the one that stands before the padding.</summary>
    /// <param name="text">The decrypted text.</param>
    /// <param name="padding">The padding's length, at most 256.</param>
    /// <param name="mac">What it should be, a multiple of four bytes.</param>
    /// <returns>Whether it is there.</returns>
    public static int HasMac(ReadOnlySpan<byte> text, int padding, ReadOnlySpan<byte> mac)
    {
        int found = 0;
        int most = Math.Min(Most, text.Length - mac.Length);
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
