using System.Formats.Asn1;
using System.Globalization;
using System.Text;

namespace SslModule.Engine.Certificates;

/// <summary>
/// A UTCTime or GeneralizedTime as encoded in the certificate. An invalid time is kept, because the verifier reports it with its
/// own codes (13, 14, 15, 16) instead of a parse error.
/// </summary>
/// <param name="Tag">The universal tag.</param>
/// <param name="Bytes">The characters.</param>
internal sealed record CertificateTime(int Tag, ReadOnlyMemory<byte> Bytes)
{
    private const int SecondsPerDay = 86_400;

    // YYMMDDhhmmssZ and YYYYMMDDhhmmssZ.
    private const int UtcTimeLength = 13;
    private const int GeneralizedTimeLength = 15;

    private static readonly string[] Months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    private readonly ParsedTime? _parsed = ParsedTime.Parse(Tag, Encoding.Latin1.GetString(Bytes.Span));

    /// <summary>The time in seconds since 1970; null when it is invalid.</summary>
    public long? Seconds => _parsed is { } parsed ? (parsed.Date.DayNumber * SecondsPerDay) + parsed.SecondOfDay : null;

    /// <summary>The time in the format of getpeercert(): <c>May  8 23:59:59 2009 GMT</c>.</summary>
    public string Text => _parsed is not { } parsed
        ? "Bad time value"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{Months[parsed.Date.Month - 1]} {parsed.Date.Day,2} {parsed.SecondOfDay / 3600:00}:{parsed.SecondOfDay / 60 % 60:00}:{parsed.SecondOfDay % 60:00}{parsed.Fraction} {parsed.Date.Year} GMT");

    /// <summary>
    /// The time when it has the form that verification accepts, with seconds and a Z (RFC 5280 section 4.1.2.5); else null.
    /// </summary>
    public long? StrictSeconds => IsPlain() ? Seconds : null;

    /// <summary>True when the next value in <paramref name="reader"/> is a time.</summary>
    public static bool IsNext(AsnReader reader)
        => reader.HasData && reader.PeekTag() is { TagClass: TagClass.Universal, IsConstructed: false, TagValue: Asn1Text.UtcTime or Asn1Text.GeneralizedTime };

    /// <summary>Reads a time; checks only the type.</summary>
    public static CertificateTime Read(AsnReader reader)
    {
        if (!IsNext(reader))
        {
            throw new AsnContentException();
        }

        int tag = reader.PeekTag().TagValue;
        return new CertificateTime(tag, Asn1.Content(reader.ReadEncodedValue()));
    }

    private bool IsPlain()
    {
        ReadOnlySpan<byte> bytes = Bytes.Span;
        return bytes.Length == (Tag == Asn1Text.UtcTime ? UtcTimeLength : GeneralizedTimeLength)
            && bytes[^1] == 'Z' && !bytes[..^1].ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }
}

/// <summary>A parsed time in UTC.</summary>
/// <param name="Date">The day.</param>
/// <param name="SecondOfDay">The second of the day.</param>
/// <param name="Fraction">The fraction of a second as encoded, with its dot; empty when absent.</param>
internal sealed record ParsedTime(CivilDate Date, int SecondOfDay, string Fraction)
{
    private const int SecondsPerDay = 86_400;

    // OpenSSL prints times with a UTC offset, which RFC 5280 forbids, only in these years.
    private const int FirstShiftedYear = 1900;
    private const int LastShiftedYear = 9999;

    /// <summary>Parses the characters; null when OpenSSL does not accept them.</summary>
    public static ParsedTime? Parse(int tag, string text)
    {
        var reader = new DigitReader(text);
        bool isUtc = tag == Asn1Text.UtcTime;
        if (!reader.Number(isUtc ? 2 : 4, out int year) || !reader.Number(2, out int month) || !reader.Number(2, out int day)
            || !reader.Number(2, out int hour) || !reader.Number(2, out int minute))
        {
            return null;
        }

        int second = 0;
        string fraction = "";
        if (reader.NextIsDigit)
        {
            if (!reader.Number(2, out second) || (!isUtc && !reader.Fraction(out fraction)))
            {
                return null;
            }
        }

        if (isUtc)
        {
            year += year < 50 ? 2000 : 1900;
        }

        var date = new CivilDate(year, month, day);
        return reader.Zone(out int offset) && date.Exists && hour <= 23 && minute <= 59 && second <= 59
            ? Shift(date, (hour * 3600) + (minute * 60) + second, offset, fraction)
            : null;
    }

    private static ParsedTime? Shift(CivilDate date, int second, int offset, string fraction)
    {
        if (offset == 0)
        {
            return new ParsedTime(date, second, fraction);
        }

        second -= offset;
        int days = second < 0 ? -1 : second >= SecondsPerDay ? 1 : 0;
        date = days == 0 ? date : date.AddDays(days);
        return date.Year is >= FirstShiftedYear and <= LastShiftedYear ? new ParsedTime(date, second - (days * SecondsPerDay), fraction) : null;
    }

    private ref struct DigitReader(string text)
    {
        private ReadOnlySpan<char> _rest = text;

        public readonly bool NextIsDigit => _rest is [>= '0' and <= '9', ..];

        public bool Number(int digits, out int value)
        {
            value = 0;
            if (digits > _rest.Length || _rest[..digits].ContainsAnyExceptInRange('0', '9'))
            {
                return false;
            }

            foreach (char digit in _rest[..digits])
            {
                value = (value * 10) + digit - '0';
            }

            _rest = _rest[digits..];
            return true;
        }

        // Reads an optional fraction of a second; false for a dot without digits.
        public bool Fraction(out string fraction)
        {
            fraction = "";
            if (_rest is not ['.', ..])
            {
                return true;
            }

            int digits = _rest[1..].IndexOfAnyExceptInRange('0', '9');
            int length = digits < 0 ? _rest.Length : digits + 1;
            fraction = _rest[..length].ToString();
            _rest = _rest[length..];
            return length > 1;
        }

        // Reads Z or an offset in hours and minutes, which must end the text.
        public bool Zone(out int offset)
        {
            offset = 0;
            if (_rest is "Z")
            {
                return true;
            }

            if (_rest is not ['+' or '-', _, _, _, _])
            {
                return false;
            }

            int sign = _rest[0] == '+' ? 1 : -1;
            _rest = _rest[1..];
            if (!Number(2, out int hours) || !Number(2, out int minutes) || hours > 12 || minutes > 59)
            {
                return false;
            }

            offset = sign * ((hours * 3600) + (minutes * 60));
            return true;
        }
    }
}
