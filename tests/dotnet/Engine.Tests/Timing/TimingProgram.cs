using System.Diagnostics;
using System.Globalization;

namespace SslModule.Engine.Tests.Timing;

/// <summary>Measures targets as a program of its own, pinned to one processor.</summary>
internal static class TimingProgram
{
    /// <summary>Runs `timing SAMPLES TARGET...`, where a target may end in * or be `all`, or names the `timing` targets.</summary>
    public static int Run(string[] arguments)
    {
        if (arguments is not [_, string samples, .. string[] patterns] || patterns.Length == 0)
        {
            Console.WriteLine(string.Join(' ', TimingTarget.All.Keys));
            return 0;
        }

        string[] names = [.. TimingTarget.All.Keys.Where(name => patterns.Any(pattern => Matches(name, pattern)))];
        if (names.Length == 0)
        {
            Console.Error.WriteLine($"no such target; there are: {string.Join(' ', TimingTarget.All.Keys)}");
            return 2;
        }

        Pin();
        Print($"{samples} samples of each, |t| below {TimingAnalysis.Threshold} expected; one tick is {1e9 / Stopwatch.Frequency:F0} ns, two readings of the clock {ClockCost():F0} ns apart");
        Print($"{"target",-32} {"|t|",7} {"of the times",-19} {"difference",11} {"+-",7} {"median",9} {"disturbed",9}  classes");
        int unexpected = names.Count(name => !AsExpected(name, long.Parse(samples, CultureInfo.InvariantCulture)));
        Print($"{names.Length} targets, {unexpected} not as expected");
        return unexpected == 0 ? 0 : 1;
    }

    private static bool AsExpected(string name, long samples)
    {
        bool mustDiffer = TimingTarget.Make(name).MustDiffer;
        TimingAnalysis first = Measured(name, samples);
        if (first.Differs == mustDiffer)
        {
            return true;
        }

        // Once more, with other keys: what the machine did alone does not come again in the same direction.
        TimingAnalysis second = Measured(name, samples);
        bool again = second.Differs && Math.Sign(second.Largest.T) == Math.Sign(first.Largest.T);
        Print($"{name}: {(mustDiffer ? "the instrument does not see what it must" : again ? "A DIFFERENCE, twice" : "a difference that did not come again")}");
        return mustDiffer ? second.Differs : !again;
    }

    private static TimingAnalysis Measured(string name, long samples)
    {
        TimingTarget target = TimingTarget.Make(name);
        TimingAnalysis result = TimingRun.Measure(target, samples);
        (string test, double t) = result.Largest;
        WelchTest cropped = result.Cropped;
        Print($"{name,-32} {Math.Abs(t),7:F2} {test,-19} {cropped.Difference,8:F2} ns {cropped.Error,4:F2} ns {result.Median,6:F0} ns {100.0 * result.Disturbed / result.Count,7:F2} %  {target.Classes}");
        return result;
    }

    private static bool Matches(string name, string pattern)
        => pattern == "all" || name == pattern || (pattern.EndsWith('*') && name.StartsWith(pattern[..^1], StringComparison.Ordinal));

    // The last processor, since others may favour the first.
    private static void Pin()
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
        {
            using var process = Process.GetCurrentProcess();
            process.ProcessorAffinity = 1 << Math.Min(Environment.ProcessorCount - 1, 30);
        }
    }

    private static double ClockCost()
    {
        const int Readings = 1_000_000;
        long start = Stopwatch.GetTimestamp();
        for (int reading = 0; reading < Readings; reading++)
        {
            Stopwatch.GetTimestamp();
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / Readings;
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
