using System.Text;

namespace SslModule.Engine.Certificates;

/// <summary>Punycode (RFC 3492): converts the A-labels of a host name to U-labels.</summary>
internal static class Punycode
{
    private const string AcePrefix = "xn--";
    private const int Base = 36;
    private const int LeastThreshold = 1;
    private const int LargestThreshold = 26;
    private const int Skew = 38;
    private const int Damp = 700;
    private const int InitialBias = 72;
    private const int InitialCodePoint = 0x80;

    // Limits the cost of the decoder, which inserts characters one by one. DNS names are shorter.
    private const int LongestName = 255;

    /// <summary>The host name with U-labels; null when an A-label is invalid.</summary>
    public static string? ToUnicode(string host)
    {
        if (host.Length > LongestName)
        {
            return null;
        }

        string[] labels = host.Split('.');
        for (int index = 0; index < labels.Length; index++)
        {
            if (!labels[index].StartsWith(AcePrefix, StringComparison.Ordinal))
            {
                continue;
            }

            if (Decode(labels[index].AsSpan(AcePrefix.Length)) is not { } unicode)
            {
                return null;
            }

            labels[index] = unicode;
        }

        return string.Join('.', labels);
    }

    // Decoding procedure, RFC 3492 section 6.2.
    private static string? Decode(ReadOnlySpan<char> label)
    {
        int basic = Math.Max(label.LastIndexOf('-'), 0);
        var output = new List<Rune>();
        foreach (char letter in label[..basic])
        {
            if (!char.IsAscii(letter))
            {
                return null;
            }

            output.Add(new Rune(letter));
        }

        long codePoint = InitialCodePoint, position = 0;
        int bias = InitialBias;
        ReadOnlySpan<char> rest = basic > 0 ? label[(basic + 1)..] : label;
        while (!rest.IsEmpty)
        {
            long start = position;
            if (!ReadInteger(ref rest, bias, ref position))
            {
                return null;
            }

            int count = output.Count + 1;
            bias = Adapt(position - start, count, first: start == 0);
            codePoint += position / count;
            position %= count;
            if (codePoint > int.MaxValue || !Rune.IsValid((int)codePoint))
            {
                return null;
            }

            output.Insert((int)position++, new Rune((int)codePoint));
        }

        return string.Concat(output);
    }

    // Adds a generalized variable-length integer (section 3.3) to the position.
    private static bool ReadInteger(ref ReadOnlySpan<char> rest, int bias, ref long position)
    {
        long weight = 1;
        for (int place = Base; ; place += Base)
        {
            if (rest.IsEmpty || Digit(rest[0]) is not { } digit || weight > int.MaxValue)
            {
                return false;
            }

            rest = rest[1..];
            position += digit * weight;
            int threshold = Math.Clamp(place - bias, LeastThreshold, LargestThreshold);
            if (position > int.MaxValue || digit < threshold)
            {
                return position <= int.MaxValue;
            }

            weight *= Base - threshold;
        }
    }

    private static int? Digit(char letter) => letter switch
    {
        >= 'a' and <= 'z' => letter - 'a',
        >= 'A' and <= 'Z' => letter - 'A',
        >= '0' and <= '9' => letter - '0' + 26,
        _ => null,
    };

    // Bias adaptation, section 6.1.
    private static int Adapt(long delta, int count, bool first)
    {
        delta /= first ? Damp : 2;
        delta += delta / count;
        int bias = 0;
        for (; delta > (Base - LeastThreshold) * LargestThreshold / 2; bias += Base)
        {
            delta /= Base - LeastThreshold;
        }

        return bias + (int)((Base - LeastThreshold + 1) * delta / (delta + Skew));
    }
}
