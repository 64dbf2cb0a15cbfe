namespace SslModule.Engine.Certificates;

/// <summary>
/// A day of the proleptic Gregorian calendar in any year, including year 0, which certificate dates may contain and .NET's types
/// do not support.
/// </summary>
internal readonly record struct CivilDate(int Year, int Month, int Day)
{
    private const int DaysOfCycle = 146_097;
    private const int YearsOfCycle = 400;

    // The number of days from 0000-03-01, where the count below starts, to 1970-01-01.
    private const int DaysBeforeEpoch = 719_468;

    private static readonly int[] MonthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

    /// <summary>True when the day exists.</summary>
    public bool Exists => Month is >= 1 and <= 12 && Day >= 1 && Day <= MonthLengths[Month - 1] + (Month == 2 && IsLeap(Year) ? 1 : 0);

    /// <summary>The days since 1970-01-01. Years are counted from March, so that the leap day is the last of its year.</summary>
    public long DayNumber
    {
        get
        {
            int year = Month > 2 ? Year : Year - 1;
            int cycle = (int)Math.Floor((double)year / YearsOfCycle);
            int yearOfCycle = year - (cycle * YearsOfCycle);
            int dayOfYear = ((153 * ((Month + 9) % 12)) + 2) / 5 + Day - 1;
            return ((long)cycle * DaysOfCycle) + (yearOfCycle * 365) + (yearOfCycle / 4) - (yearOfCycle / 100) + dayOfYear - DaysBeforeEpoch;
        }
    }

    /// <summary>The date <paramref name="number"/> days later; supports 1 and -1.</summary>
    public CivilDate AddDays(int number)
    {
        CivilDate next = this with { Day = Day + number };
        if (next.Exists)
        {
            return next;
        }

        int month = Month + number;
        (int year, month) = month < 1 ? (Year - 1, 12) : month > 12 ? (Year + 1, 1) : (Year, month);
        var first = new CivilDate(year, month, 1);
        return number > 0 ? first : first with { Day = MonthLengths[month - 1] + (month == 2 && IsLeap(year) ? 1 : 0) };
    }

    private static bool IsLeap(int year) => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}
