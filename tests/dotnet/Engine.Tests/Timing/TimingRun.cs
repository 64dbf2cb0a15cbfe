using System.Diagnostics;
using System.Security.Cryptography;

namespace SslModule.Engine.Tests.Timing;

/// <summary>Measures a target: batches of inputs whose classes are drawn at random, one time each.</summary>
internal static class TimingRun
{
    private const int MostPerBatch = 2000;

    // One sample of this many warms up, whose times set the percentiles and are not used otherwise.
    private const int WarmUpShare = 20;

    /// <summary>Takes a number of times.</summary>
    public static TimingAnalysis Measure(TimingTarget target, long samples)
    {
        int size = (int)Math.Clamp(samples / WarmUpShare, 1, MostPerBatch);
        byte[][] inputs = [.. Enumerable.Range(0, size).Select(_ => new byte[target.Length])];
        byte[] classes = new byte[size];
        double[] times = new double[size];

        // The first batch is compiled and paged in by, and is no measure of anything.
        Batch(target, inputs, classes, times);
        var warmUp = new List<double>();
        while (warmUp.Count < samples / WarmUpShare)
        {
            Batch(target, inputs, classes, times);
            warmUp.AddRange(times);
        }

        var analysis = new TimingAnalysis(warmUp);
        while (analysis.Count < samples)
        {
            Batch(target, inputs, classes, times);
            for (int index = 0; index < size; index++)
            {
                analysis.Add(classes[index], times[index]);
            }
        }

        return analysis;
    }

    private static void Batch(TimingTarget target, byte[][] inputs, byte[] classes, double[] times)
    {
        RandomNumberGenerator.Fill(classes);
        for (int index = 0; index < classes.Length; index++)
        {
            classes[index] &= 1;
            target.Prepare(classes[index] == 1, inputs[index]);
        }

        double nanoseconds = 1e9 / Stopwatch.Frequency;
        for (int index = 0; index < classes.Length; index++)
        {
            target.Place(inputs[index]);
            long start = Stopwatch.GetTimestamp();
            target.Run();
            times[index] = (Stopwatch.GetTimestamp() - start) * nanoseconds;
        }
    }
}
