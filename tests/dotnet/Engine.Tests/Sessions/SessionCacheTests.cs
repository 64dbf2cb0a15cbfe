using NUnit.Framework;
using SslModule.Engine.Sessions;
using SslModule.Engine.Tests.Certificates;

namespace SslModule.Engine.Tests.Sessions;

/// <summary>The server's cache: bounded by count and by age, from many threads.</summary>
public sealed class SessionCacheTests
{
    private static readonly DateTimeOffset Now = Authority.Now;

    [Test]
    public void BoundedByCount()
    {
        (SessionCache cache, SessionStatistics statistics) = New();
        Assert.That(cache.Capacity, Is.EqualTo(20480), "OpenSSL's number");
        cache.Capacity = 3;
        for (byte i = 0; i < 5; i++)
        {
            cache.Add(Id(i), State(), Now);
        }

        Assert.That((cache.Count, Count(statistics, "number"), Count(statistics, "cache_full")), Is.EqualTo((3, 3L, 2L)));
        Assert.That(Enumerable.Range(0, 5).Select(i => cache.Find(Id(i), Now) is not null), Is.EqualTo(new[] { false, false, true, true, true }));
        Assert.That(Count(statistics, "misses"), Is.EqualTo(2));
        cache.Capacity = 1;
        Assert.That((cache.Count, cache.Find(Id(4), Now) is not null), Is.EqualTo((1, true)));
        Assert.That(() => cache.Capacity = -1, Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void BoundedByAge()
    {
        (SessionCache cache, SessionStatistics statistics) = New();
        cache.Add(Id(1), State(), Now);
        cache.Add(Id(2), State(Now.AddSeconds(50)), Now.AddSeconds(50));
        Assert.That(cache.Find(Id(1), Now.AddSeconds(99)), Is.Not.Null);
        Assert.That(cache.Find(Id(1), Now.AddSeconds(100)), Is.Null);
        Assert.That((Count(statistics, "timeouts"), cache.Count), Is.EqualTo((1L, 1)));
        cache.Add(Id(3), State(Now.AddSeconds(200)), Now.AddSeconds(200));
        Assert.That(cache.Count, Is.EqualTo(1), "adding drops what has expired");
    }

    [Test]
    public void ForgetsAndReplaces()
    {
        (SessionCache cache, SessionStatistics statistics) = New();
        cache.Add(Id(1), State(), Now);
        SessionState second = State();
        cache.Add(Id(1), second, Now);
        Assert.That((cache.Count, ReferenceEquals(cache.Find(Id(1), Now), second)), Is.EqualTo((1, true)));
        cache.Remove(Id(9));
        cache.Remove(new byte[5]);
        cache.Remove(Id(1));
        Assert.That(cache.Find(Id(1), Now), Is.Null);
        Assert.That(cache.Find(new byte[5], Now), Is.Null);
        Assert.That(Count(statistics, "misses"), Is.EqualTo(2));
        cache.Add(Id(1), State(), Now);
        cache.Clear();
        Assert.That(cache.Count, Is.Zero);
        cache.Capacity = 0;
        cache.Add(Id(1), State(), Now);
        Assert.That(cache.Count, Is.Zero);
    }

    [Test]
    public void FiftyThreads()
    {
        (SessionCache cache, _) = New();
        cache.Capacity = 1000;
        int wrong = 0;
        Thread[] threads = [.. Enumerable.Range(0, 50).Select(thread => new Thread(() =>
        {
            for (int i = 0; i < 400; i++)
            {
                byte[] id = Id((thread * 1000) + i);
                cache.Add(id, State(), Now);
                if (i % 3 == 0)
                {
                    cache.Remove(id);
                }

                wrong += cache.Count > 1000 ? 1 : 0;
                cache.Find(id, Now);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.That(wrong, Is.Zero);
        Assert.That(cache.Count, Is.InRange(1, 1000));
        cache.Capacity = 0;
        Assert.That(cache.Count, Is.Zero, "list and table agree");
    }

    [Test]
    public void HundredThousandSessions()
    {
        (SessionCache cache, _) = New();
        cache.Capacity = 100_000;
        for (int i = 0; i < 100_000; i++)
        {
            cache.Add(Id(i), State(), Now);
        }

        // A cache that walked its sessions would need 10^10 steps for this.
        for (int i = 0; i < 100_000; i++)
        {
            Assert.That(cache.Find(Id(i), Now) is not null);
        }
    }

    private static (SessionCache Cache, SessionStatistics Statistics) New()
    {
        var statistics = new SessionStatistics();
        return (new SessionCache(statistics), statistics);
    }

    private static byte[] Id(int number)
    {
        byte[] id = new byte[SessionCache.IdLength];
        BitConverter.TryWriteBytes(id.AsSpan(20), number);
        return id;
    }

    private static SessionState State(DateTimeOffset? created = null) => new()
    {
        Version = 0x0303,
        Suite = 0xC02B,
        Secret = [],
        CreatedAt = (created ?? Now).ToUnixTimeMilliseconds(),
        AuthenticatedAt = 0,
        Lifetime = 100,
    };

    private static long Count(SessionStatistics statistics, string name) => statistics.Snapshot().Single(entry => entry.Name == name).Count;
}
