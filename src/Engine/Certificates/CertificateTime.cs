using System.Formats.Asn1;
using System.Globalization;
using System.Text;

namespace SslModule.Engine.Certificates;

/// <summary>
/// A UTCTime or GeneralizedTime as the certificate spells it. A time that cannot be read is kept: the verifier names it with a
/// code of its own (13, 14, 15, 16) instead of failing the parse.
/// </summary>
/// <param name="Tag">The universal tag.</param>
/// <param name="Bytes">The characters.</param>
internal sealed record CertificateTime(int Tag, ReadOnlyMemory<byte> Bytes)
{
    private const int UtcTime = 23;
    private const int GeneralizedTime = 24;

    private readonly (DateTimeOffset Value, string Fraction)? _parsed = Parse(Tag, Encoding.Latin1.GetString(Bytes.Span));

    /// <summary>The instant; null when the characters are no valid time.</summary>
    public DateTimeOffset? Value => _parsed?.Value;

    /// <summary>The instant in the form of getpeercert(): <c>May  8 23:59:59 2009 GMT</c>.</summary>
    public string Text => _parsed is not { } parsed
        ? "Bad time value"
        : string.Create(CultureInfo.InvariantCulture, $"{parsed.Value:MMM} {parsed.Value.Day,2} {parsed.Value:HH:mm:ss}{parsed.Fraction} {parsed.Value.Year} GMT");

    /// <summary>True when a time follows in <paramref name="reader"/>.</summary>
    public static bool Follows(AsnReader reader)
        => reader.HasData && reader.PeekTag() is { TagClass: TagClass.Universal, TagValue: UtcTime or GeneralizedTime };

    /// <summary>Reads a time; only the type is checked here.</summary>
    public static CertificateTime Read(AsnReader reader)
    {
        if (!Follows(reader))
        {
            throw new AsnContentException();
        }

        int tag = reader.PeekTag().TagValue;
        return new CertificateTime(tag, Asn1.Content(reader.ReadEncodedValue()));
    }

    /// <summary>The instant when it is spelled as verification accepts it, with seconds and Z; null otherwise.</summary>
    public DateTimeOffset? Comparable => Bytes.Length == (Tag == UtcTime ? 13 : 15) ? Value : null;

    private static (DateTimeOffset Value, string Fraction)? Parse(int tag, string text)
    {
        int yearDigits = tag == UtcTime ? 2 : 4;
        int at = 0;
        if (!Number(text, ref at, yearDigits, out int year) || !Number(text, ref at, 2, out int month) || !Number(text, ref at, 2, out int day)
            || !Number(text, ref at, 2, out int hour) || !Number(text, ref at, 2, out int minute))
        {
            return null;
        }

        int second = 0;
        if (at < text.Length && char.IsAsciiDigit(text[at]) && !Number(text, ref at, 2, out second))
        {
            return null;
        }

        if (tag == UtcTime)
        {
            year += year < 50 ? 2000 : 1900;
        }

        string fraction = "";
        if (tag == GeneralizedTime && at < text.Length && text[at] == '.')
        {
            int digits = at + 1;
            while (digits < text.Length && char.IsAsciiDigit(text[digits]))
            {
                digits++;
            }

            if (digits == at + 1)
            {
                return null;
            }

            fraction = text[at..digits];
            at = digits;
        }

        TimeSpan offset = TimeSpan.Zero;
        if (at == text.Length - 1 && text[at] == 'Z')
        {
            at++;
        }
        else if (at == text.Length - 5 && text[at] is '+' or '-')
        {
            int sign = text[at++] == '+' ? 1 : -1;
            if (!Number(text, ref at, 2, out int hours) || !Number(text, ref at, 2, out int minutes) || hours > 12 || minutes > 59)
            {
                return null;
            }

            offset = sign * new TimeSpan(hours, minutes, 0);
        }
        else
        {
            return null;
        }

        if (at != text.Length || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
        {
            return null;
        }

        var local = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Unspecified);
        long ticks = local.Ticks - offset.Ticks;
        return ticks < 0 || ticks > DateTime.MaxValue.Ticks ? null : (new DateTimeOffset(ticks, TimeSpan.Zero), fraction);
    }

    private static bool Number(string text, ref int at, int digits, out int value)
    {
        value = 0;
        if (at + digits > text.Length)
        {
            return false;
        }

        for (int end = at + digits; at < end; at++)
        {
            if (!char.IsAsciiDigit(text[at]))
            {
                return false;
            }

            value = (value * 10) + text[at] - '0';
        }

        return true;
    }
}
