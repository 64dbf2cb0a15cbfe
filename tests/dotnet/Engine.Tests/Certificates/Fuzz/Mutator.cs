namespace SslModule.Engine.Tests.Certificates.Fuzz;

/// <summary>Damages DER: bytes anywhere, and values, tags and lengths where they are.</summary>
internal sealed class Mutator(int seed)
{
    private static readonly byte[] Interesting = [0x00, 0x01, 0x7F, 0x80, 0x81, 0x82, 0x84, 0xFF, 0x02, 0x03, 0x04, 0x05, 0x06, 0x17, 0x18, 0x1E, 0x30, 0x31, 0xA0, 0xA3];

    private readonly Random _random = new(seed);

    /// <summary>A damaged copy of one seed, perhaps with a piece of another.</summary>
    public byte[] Damage(IReadOnlyList<byte[]> seeds)
    {
        byte[] data = (byte[])seeds[_random.Next(seeds.Count)].Clone();
        int rounds = 1 + _random.Next(4);
        for (int round = 0; round < rounds && data.Length > 0; round++)
        {
            data = Once(data, seeds);
        }

        return data;
    }

    private byte[] Once(byte[] data, IReadOnlyList<byte[]> seeds)
    {
        int at = _random.Next(data.Length);
        switch (_random.Next(10))
        {
            case 0:
                data[at] ^= (byte)(1 << _random.Next(8));
                return data;
            case 1:
                data[at] = Interesting[_random.Next(Interesting.Length)];
                return data;
            case 2:
                data[at] = (byte)_random.Next(256);
                return data;
            case 3:
                return [.. data.AsSpan(0, at), (byte)_random.Next(256), .. data.AsSpan(at)];
            case 4:
                return [.. data.AsSpan(0, at), .. data.AsSpan(Math.Min(data.Length, at + 1 + _random.Next(4)))];
            case 5:
                return data[..at];
            case 6:
                // The same piece twice, or much of it.
                int length = Math.Min(data.Length - at, 1 + _random.Next(64));
                return [.. data.AsSpan(0, at + length), .. data.AsSpan(at, length), .. data.AsSpan(at + length)];
            default:
                return Structured(data, seeds);
        }
    }

    // A whole value is replaced, doubled, dropped or emptied, and the lengths around it are set right.
    private byte[] Structured(byte[] data, IReadOnlyList<byte[]> seeds)
    {
        List<(int Start, int Header, int Length)> values = Values(data);
        if (values.Count == 0)
        {
            return data;
        }

        (int start, int header, int length) = values[_random.Next(values.Count)];
        ReadOnlySpan<byte> value = data.AsSpan(start, header + length);
        byte[] replacement;
        switch (_random.Next(6))
        {
            case 0:
                replacement = [];
                break;
            case 1:
                replacement = [.. value, .. value];
                break;
            case 2:
                replacement = [value[0], 0];
                break;
            case 3:
                byte[] donor = seeds[_random.Next(seeds.Count)];
                List<(int Start, int Header, int Length)> theirs = Values(donor);
                (int from, int itsHeader, int itsLength) = theirs.Count == 0 ? default : theirs[_random.Next(theirs.Count)];
                replacement = donor[from..(from + itsHeader + itsLength)];
                break;
            case 4:
                replacement = [Interesting[_random.Next(Interesting.Length)], .. value[1..]];
                break;
            default:
                byte[] content = value[header..].ToArray();
                _random.NextBytes(content.AsSpan(0, Math.Min(content.Length, 1 + _random.Next(16))));
                replacement = [.. value[..header], .. content];
                break;
        }

        return Replace(data, start, header + length, replacement);
    }

    private static byte[] Replace(byte[] data, int start, int length, byte[] replacement)
    {
        byte[] result = [.. data.AsSpan(0, start), .. replacement, .. data.AsSpan(start + length)];
        int growth = replacement.Length - length;
        foreach ((int outer, int header, int size) in Values(data))
        {
            bool around = outer < start && outer + header + size >= start + length;
            if (around && header == 4 && size + growth is >= 0 and <= 0xFFFF)
            {
                result[outer + 2] = (byte)((size + growth) >> 8);
                result[outer + 3] = (byte)(size + growth);
            }
            else if (around && header == 3 && size + growth is >= 0 and <= 0xFF)
            {
                result[outer + 2] = (byte)(size + growth);
            }
            else if (around && header == 2 && size + growth is >= 0 and < 0x80)
            {
                result[outer + 1] = (byte)(size + growth);
            }
        }

        return result;
    }

    // Every value, looking into constructed ones and into strings that hold values themselves.
    private static List<(int Start, int Header, int Length)> Values(byte[] data)
    {
        var values = new List<(int, int, int)>();
        var open = new Stack<(int Start, int End)>([(0, data.Length)]);
        while (open.TryPop(out (int Start, int End) range))
        {
            for (int at = range.Start; at + 2 <= range.End;)
            {
                int header = data[at + 1] < 0x80 ? 2 : 2 + (data[at + 1] & 0x7F);
                if (header > 4 || at + header > range.End)
                {
                    break;
                }

                int length = header == 2 ? data[at + 1] : header == 3 ? data[at + 2] : (data[at + 2] << 8) | data[at + 3];
                if (at + header + length > range.End)
                {
                    break;
                }

                values.Add((at, header, length));
                int inner = data[at] == 3 ? 1 : 0;
                if (((data[at] & 0x20) != 0 || data[at] is 3 or 4) && length > inner)
                {
                    open.Push((at + header + inner, at + header + length));
                }

                at += header + length;
            }
        }

        return values;
    }
}
