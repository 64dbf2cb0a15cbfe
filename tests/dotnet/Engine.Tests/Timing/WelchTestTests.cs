using NUnit.Framework;

namespace SslModule.Engine.Tests.Timing;

/// <summary>The statistics of `make timing`, on numbers whose answer is known.</summary>
[TestFixture]
internal sealed class WelchTestTests
{
    [Test]
    public void AgreesWithTheTextbook()
    {
        var test = new WelchTest();
        foreach (double number in new[] { 27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4 })
        {
            test.Add(0, number);
        }

        foreach (double number in new[] { 27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 30.0, 23.9 })
        {
            test.Add(1, number);
        }

        Assert.That(test.Mean(0), Is.EqualTo(20.82).Within(1e-9));
        Assert.That(test.Mean(1), Is.EqualTo(23.586666666666666).Within(1e-9));
        Assert.That(test.T, Is.EqualTo(2.835264).Within(1e-4));
    }

    [TestCase(0.0, false)]
    [TestCase(0.2, true)]
    public void TellsAShiftInNoise(double shift, bool differs)
    {
        var random = new Random(1);
        var test = new WelchTest();
        for (int sample = 0; sample < 100_000; sample++)
        {
            int ofClass = random.Next(2);
            test.Add(ofClass, random.NextDouble() + (ofClass * shift));
        }

        Assert.That(Math.Abs(test.T) >= TimingAnalysis.Threshold, Is.EqualTo(differs));
    }

    [Test]
    public void SaysNothingOfTooFew()
    {
        var test = new WelchTest();
        test.Add(0, 1);
        test.Add(1, 100);
        Assert.That(test.T, Is.Zero);
    }
}
