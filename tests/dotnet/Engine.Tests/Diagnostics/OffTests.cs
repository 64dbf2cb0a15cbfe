using System.Diagnostics;
using NUnit.Framework;
using SslModule.Engine.Connection;
using SslModule.Engine.Diagnostics;
using SslModule.Engine.Tests.Handshake;

namespace SslModule.Engine.Tests.Diagnostics;

/// <summary>What it costs while nobody listens.</summary>
[NonParallelizable]
public sealed class OffTests
{
    [Test]
    public void NothingIsAllocated()
    {
        Assert.That(TlsDiagnostics.IsListenedTo, Is.False);
        Assert.That(ConnectionObservation.Begin(isServer: false, "localhost"), Is.Null);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int seen = 0;
        for (int i = 0; i < 10_000; i++)
        {
            seen += ConnectionObservation.Begin(isServer: true, "localhost") is null ? 0 : 1;
        }

        Assert.That((GC.GetAllocatedBytesForCurrentThread() - before, seen), Is.EqualTo((0, 0)));
    }

    /// <summary>A handshake asks once whether somebody listens: 10 microseconds of it would be seen, and it takes a few nanoseconds.</summary>
    [Test]
    public void NoTimeThatCouldBeSeenIsTaken()
    {
        const int Rounds = 100_000;
        long best = long.MaxValue;
        for (int attempt = 0; attempt < 5; attempt++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < Rounds; i++)
            {
                _ = ConnectionObservation.Begin(isServer: true, "localhost");
            }

            best = Math.Min(best, Stopwatch.GetTimestamp() - start);
        }

        double nanoseconds = 1e9 * best / Stopwatch.Frequency / Rounds;
        TestContext.Out.WriteLine($"{nanoseconds:F1} ns");
        Assert.That(nanoseconds, Is.LessThan(1000));
    }

    [Test]
    public void ListenersThatHaveGoneAreNotServed()
    {
        Listener listener;
        using (listener = Listener.ToAll())
        {
            Assert.That(TlsDiagnostics.IsListenedTo, Is.True);
        }

        Assert.That(TlsDiagnostics.IsListenedTo, Is.False);
        MemoryPair.Connect(TestContexts.Client(), TestContexts.Server(), "localhost").Dispose();
        Assert.That((listener.Events.Count, listener.Started.Count, listener.Measurements.Count), Is.EqualTo((0, 0, 0)));
    }

    /// <summary>The hidden handshake that warms the process up is no work of the application's.</summary>
    [Test]
    public void AConnectionOfTheEnginesOwnIsNotReported()
    {
        using var listener = Listener.ToAll();
        using var client = new TlsConnection(TestContexts.Client(), serverSide: false, "localhost") { IsObservable = false };
        client.Handshake();
        Assert.That((listener.Events.Count, listener.Started.Count), Is.EqualTo((0, 0)));
    }
}
