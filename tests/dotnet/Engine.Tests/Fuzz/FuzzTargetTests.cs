using NUnit.Framework;
using SslModule.Engine.Tests.Certificates.Fuzz;

namespace SslModule.Engine.Tests.Fuzz;

/// <summary>Each target of `make fuzz` takes its own seeds and some damaged ones: a short form without coverage.</summary>
[TestFixture]
[Parallelizable(ParallelScope.Children)]
internal sealed class FuzzTargetTests
{
    private const int Rounds = 200;

    public static IEnumerable<string> Names => FuzzTarget.All.Select(target => target.Name);

    [TestCaseSource(nameof(Names))]
    public void Bytes_of_a_stranger_make_nothing_fail(string name)
    {
        FuzzTarget target = FuzzTarget.Find(name);
        byte[][] seeds = [.. target.Seeds()];
        Assert.That(seeds, Is.Not.Empty);
        foreach (byte[] seed in seeds)
        {
            target.Use(seed);
        }

        var mutator = new Mutator(1);
        for (int round = 0; round < Rounds; round++)
        {
            byte[] input = mutator.Damage(seeds);
            Assert.DoesNotThrow(() => target.Use(input), Convert.ToHexString(input));
        }
    }
}
