using NUnit.Framework;
using SslModule.Engine.Randomness;

namespace SslModule.Engine.Tests.Randomness;

[TestFixture]
public class RandomSourceTests
{
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(63)]
    [TestCase(64)]
    [TestCase(65)]
    [TestCase(100_000)]
    public void Fill_takes_any_length(int length)
    {
        RandomSource.Add([1, 2, 3], 0.5);
        byte[] bytes = new byte[length];
        RandomSource.Fill(bytes);
        if (length > 60)
        {
            Assert.That(bytes, Has.Some.Not.Zero);
            Assert.That(bytes[^8..], Has.Some.Not.Zero);
        }
    }

    [Test]
    public void Fill_does_not_repeat_itself()
    {
        RandomSource.Add("seed"u8, double.NaN);
        Assert.That(Enumerable.Range(0, 1000).Select(_ =>
        {
            byte[] bytes = new byte[16];
            RandomSource.Fill(bytes);
            return Convert.ToHexString(bytes);
        }), Is.Unique);
    }

    [Test]
    public void Status_is_ready() => Assert.That(RandomSource.Status, Is.True);

    [Test]
    public void BouncyCastle_gets_the_same_source()
    {
        byte[] bytes = new byte[64];
        RandomSource.BouncyCastle.NextBytes(bytes, 8, 48);
        Assert.Multiple(() =>
        {
            Assert.That(bytes[..8], Is.All.Zero);
            Assert.That(bytes[56..], Is.All.Zero);
            Assert.That(bytes[8..56], Has.Some.Not.Zero);
        });
    }

    [Test]
    public void Pool_depends_on_everything_added_and_on_its_order()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Stream([1], [2]), Is.EqualTo(Stream([1], [2])));
            Assert.That(Stream([1], [2]), Is.Not.EqualTo(Stream([2], [1])));
            Assert.That(Stream([1], [2]), Is.Not.EqualTo(Stream([1, 2])));
            Assert.That(Stream([1], [2]), Is.Not.EqualTo(Stream([2])));
            Assert.That(Stream([0]), Is.Not.EqualTo(Stream()));
        });
    }

    [Test]
    public void Pool_gives_each_call_a_stream_of_its_own()
    {
        var pool = new EntropyPool();
        byte[] first = new byte[200];
        byte[] second = new byte[200];
        pool.XorInto(first);
        pool.XorInto(second);
        Assert.That(second, Is.Not.EqualTo(first));
    }

    [Test]
    public void Threads_may_add_and_fill_at_once()
    {
        Parallel.For(0, 64, i =>
        {
            RandomSource.Add(BitConverter.GetBytes(i), i);
            RandomSource.Fill(new byte[i]);
        });
    }

    private static byte[] Stream(params byte[][] added)
    {
        var pool = new EntropyPool();
        foreach (byte[] data in added)
        {
            pool.Mix(data);
        }

        byte[] stream = new byte[100];
        pool.XorInto(stream);
        return stream;
    }
}
