namespace SslModule.Engine.Tests.Timing;

/// <summary>Welch's t-test of two classes of numbers that come one at a time, with Welford's means and variances.</summary>
internal sealed class WelchTest
{
    private readonly long[] _counts = new long[2];
    private readonly double[] _means = new double[2];
    private readonly double[] _squares = new double[2];

    /// <summary>The size of the smaller class.</summary>
    public long Count => Math.Min(_counts[0], _counts[1]);

    /// <summary>The second class's mean less the first's.</summary>
    public double Difference => _means[1] - _means[0];

    /// <summary>The standard error of <see cref="Difference"/>.</summary>
    public double Error => Math.Sqrt((Variance(0) / _counts[0]) + (Variance(1) / _counts[1]));

    /// <summary>Welch's t; zero for classes of fewer than two numbers, and infinite for different constants.</summary>
    public double T => Count < 2 || Difference == 0 ? 0 : Difference / Error;

    /// <summary>The mean of a class.</summary>
    public double Mean(int ofClass) => _means[ofClass];

    /// <summary>Adds a number to a class, 0 or 1.</summary>
    public void Add(int ofClass, double number)
    {
        double step = number - _means[ofClass];
        _means[ofClass] += step / ++_counts[ofClass];
        _squares[ofClass] += step * (number - _means[ofClass]);
    }

    private double Variance(int ofClass) => _squares[ofClass] / (_counts[ofClass] - 1);
}
