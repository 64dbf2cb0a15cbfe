namespace SslModule.Engine.Tests.Timing;

/// <summary>
/// The tests of dudect (Reparaz, Balasch and Verbauwhede, "Dude, is my code constant time?", 2017): of all times, of those below
/// percentiles that the warm-up has set, which leaves out what the machine did meanwhile, and of the squares of the centred times, which
/// differ where only the spread does.
/// </summary>
internal sealed class TimingAnalysis
{
    /// <summary>The |t| from which the classes differ.</summary>
    public const double Threshold = 5;

    /// <summary>What is compared by size: the times below this percentile.</summary>
    private const double Reported = 0.90;

    // A t of a few numbers says nothing.
    private const int LeastCount = 500;

    private static readonly double[] Percentiles = [0.50, 0.75, Reported, 0.95, 0.99];

    private readonly double[] _limits;
    private readonly WelchTest[] _tests;
    private readonly WelchTest _squares = new();
    private readonly WelchTest _croppedSquares = new();

    /// <summary>Sets the percentiles.</summary>
    /// <param name="warmUp">Times of both classes, which are not analysed.</param>
    public TimingAnalysis(IEnumerable<double> warmUp)
    {
        double[] sorted = [.. warmUp.Order()];
        _limits = [double.PositiveInfinity, .. Percentiles.Select(one => sorted[(int)(one * (sorted.Length - 1))])];
        _tests = [.. _limits.Select(_ => new WelchTest())];
        Median = sorted[sorted.Length / 2];
    }

    /// <summary>The median of the warm-up.</summary>
    public double Median { get; }

    /// <summary>The times below the reported percentile.</summary>
    public WelchTest Cropped => _tests[1 + Array.IndexOf(Percentiles, Reported)];

    /// <summary>The number of times that were added.</summary>
    public long Count { get; private set; }

    /// <summary>The number of times of more than twice the median.</summary>
    public long Disturbed { get; private set; }

    /// <summary>The test with the largest |t|, and its t.</summary>
    public (string Name, double T) Largest => Tests().Where(one => one.Test.Count >= LeastCount).Select(one => (one.Name, one.Test.T)).DefaultIfEmpty(("none", 0)).MaxBy(one => Math.Abs(one.Item2));

    /// <summary>Whether the classes differ.</summary>
    public bool Differs => Math.Abs(Largest.T) >= Threshold;

    /// <summary>Adds the time of a class, 0 or 1.</summary>
    public void Add(int ofClass, double time)
    {
        Count++;
        Disturbed += time > 2 * Median ? 1 : 0;
        for (int index = 0; index < _limits.Length; index++)
        {
            if (time <= _limits[index])
            {
                _tests[index].Add(ofClass, time);
            }
        }

        AddSquare(_squares, _tests[0], ofClass, time);
        if (time <= _limits[^1])
        {
            AddSquare(_croppedSquares, _tests[^1], ofClass, time);
        }
    }

    private static void AddSquare(WelchTest squares, WelchTest centre, int ofClass, double time)
    {
        // The first means are too far from the right ones.
        if (centre.Count >= LeastCount)
        {
            double centred = time - centre.Mean(ofClass);
            squares.Add(ofClass, centred * centred);
        }
    }

    private IEnumerable<(string Name, WelchTest Test)> Tests()
    {
        yield return ("all", _tests[0]);
        for (int index = 0; index < Percentiles.Length; index++)
        {
            yield return ($"below {100 * Percentiles[index]:F0} %", _tests[index + 1]);
        }

        yield return ("squares", _squares);
        yield return ("squares below 99 %", _croppedSquares);
    }
}
