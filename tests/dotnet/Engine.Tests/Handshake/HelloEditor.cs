using System.Buffers.Binary;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>Changes a ClientHello on its way: a client of TLS before 1.3 does not notice until the Finished.</summary>
internal static class HelloEditor
{
    private const int RecordHeader = 5;
    private const int RandomEnd = RecordHeader + 4 + 2 + 32;

    /// <summary>A ClientHello record with one more extension.</summary>
    public static byte[] With(byte[] record, int type, byte[] data)
    {
        int lengthAt = ExtensionsLengthAt(record);
        byte[] extension = new byte[4 + data.Length];
        BinaryPrimitives.WriteUInt16BigEndian(extension, (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(extension.AsSpan(2), (ushort)data.Length);
        data.CopyTo(extension, 4);

        // In front of the others: pre_shared_key must stay the last.
        byte[] changed = [.. record[..(lengthAt + 2)], .. extension, .. record[(lengthAt + 2)..]];
        Add(changed, lengthAt, extension.Length);
        Add(changed, 3, extension.Length);
        Add(changed, RecordHeader + 2, extension.Length);
        return changed;
    }

    /// <summary>The extensions of a ClientHello record, in order.</summary>
    public static IReadOnlyList<(int Type, byte[] Data)> Extensions(byte[] record)
    {
        var extensions = new List<(int, byte[])>();
        for (int at = ExtensionsLengthAt(record) + 2; at < record.Length;)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(record.AsSpan(at + 2));
            extensions.Add((BinaryPrimitives.ReadUInt16BigEndian(record.AsSpan(at)), record[(at + 4)..(at + 4 + length)]));
            at += 4 + length;
        }

        return extensions;
    }

    /// <summary>The same without a session identifier.</summary>
    public static byte[] WithoutSession(byte[] record)
    {
        int length = record[RandomEnd];
        byte[] changed = [.. record[..RandomEnd], 0, .. record[(RandomEnd + 1 + length)..]];
        Add(changed, 3, -length);
        Add(changed, RecordHeader + 2, -length);
        return changed;
    }

    /// <summary>The same with one extension's data changed, or without it where the change is null.</summary>
    public static byte[] Changed(byte[] record, int type, Func<byte[], byte[]?> change)
    {
        int lengthAt = ExtensionsLengthAt(record);
        var block = new List<byte>();
        foreach ((int known, byte[] data) in Extensions(record))
        {
            if ((known == type ? change(data) : data) is { } kept)
            {
                block.AddRange([(byte)(known >> 8), (byte)known, (byte)(kept.Length >> 8), (byte)kept.Length, .. kept]);
            }
        }

        int grown = block.Count - (record.Length - lengthAt - 2);
        byte[] changed = [.. record[..(lengthAt + 2)], .. block];
        Add(changed, lengthAt, grown);
        Add(changed, 3, grown);
        Add(changed, RecordHeader + 2, grown);
        return changed;
    }

    private static int ExtensionsLengthAt(byte[] record)
    {
        int at = RandomEnd + 1 + record[RandomEnd];
        at += 2 + BinaryPrimitives.ReadUInt16BigEndian(record.AsSpan(at));
        return at + 1 + record[at];
    }

    private static void Add(byte[] bytes, int at, int count)
        => BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), (ushort)(BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at)) + count));
}
