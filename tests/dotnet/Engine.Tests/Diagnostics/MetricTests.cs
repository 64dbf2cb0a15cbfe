using System.Runtime.CompilerServices;
using NUnit.Framework;
using SslModule.Engine.Connection;
using SslModule.Engine.Tests.Handshake;
using SslModule.Engine.Tests.Sessions;
using SslModule.Engine.Tests.Streams;
using static SslModule.Engine.Tests.Streams.StreamPair;

namespace SslModule.Engine.Tests.Diagnostics;

/// <summary>The meter.</summary>
[NonParallelizable]
public sealed class MetricTests
{
    private const string Tls12 = "tls.protocol.name=tls tls.protocol.version=1.2";
    private const string Tls13 = "tls.protocol.name=tls tls.protocol.version=1.3";

    [Test]
    public void HandshakesAreCountedByVersionAndOutcome()
    {
        using var listener = Listener.ToMetrics();
        MemoryPair.Connect(TestContexts.Client(TestContexts.Tls12), TestContexts.Server(), "localhost").Dispose();
        var resumption = new Resumption(Way.Ticket13);
        Assert.That(resumption.Resumes(resumption.First()), Is.True);
        MemoryPair.Shake(TestContexts.Client(), TestContexts.Server(), "elsewhere.example").Dispose();
        string[] expected =
        [
            "role=client " + Tls12 + " tls.resumed=False", "role=server " + Tls12 + " tls.resumed=False",
            "role=client " + Tls13 + " tls.resumed=False", "role=server " + Tls13 + " tls.resumed=False",
            "role=client " + Tls13 + " tls.resumed=True", "role=server " + Tls13 + " tls.resumed=True",
            "role=client error.type=CERTIFICATE_VERIFY_FAILED", "role=server error.type=SSLV3_ALERT_BAD_CERTIFICATE",
        ];
        var counted = listener.Measurements.Where(entry => entry.Name == "handshakes").ToArray();
        Assert.That(counted.Select(entry => entry.Tags), Is.EquivalentTo(expected.Select(tags => "sslmodule.tls." + tags)));
        Assert.That(counted.Select(entry => entry.Value), Is.All.EqualTo(1));
        var timed = listener.Measurements.Where(entry => entry.Name == "handshake.duration").ToArray();
        Assert.That(timed.Select(entry => entry.Tags), Is.EquivalentTo(counted.Select(entry => entry.Tags)));
        Assert.That(timed.Select(entry => entry.Value), Is.All.InRange(double.Epsilon, 60.0));
        Assert.That(listener.Measurements.Where(entry => entry.Name == "alerts").Select(entry => entry.Tags), Is.EqualTo(new[]
        {
            "network.io.direction=transmit sslmodule.tls.alert=bad_certificate", "network.io.direction=receive sslmodule.tls.alert=bad_certificate",
        }));
    }

    [Test]
    public void GaugesFollowConnections()
    {
        using var listener = Listener.ToMetrics();
        Assert.That(listener.Gauge("active_handshakes"), Is.Zero);
        using var waiting = new TlsConnection(TestContexts.Client(), serverSide: false, "localhost");
        waiting.Handshake();
        Assert.That(listener.Gauge("active_handshakes"), Is.EqualTo(1));
        MemoryPair old = MemoryPair.Connect(TestContexts.Client(TestContexts.Tls12), TestContexts.Server(), "localhost");
        MemoryPair current = MemoryPair.Connect(TestContexts.Client(), TestContexts.Server(), "localhost");
        Assert.That((listener.Gauge("open_connections", Tls12), listener.Gauge("open_connections", Tls13)), Is.EqualTo((2, 2)));
        current.Client.Dispose();
        current.Client.Dispose();
        Assert.That((listener.Gauge("open_connections", Tls12), listener.Gauge("open_connections", Tls13)), Is.EqualTo((2, 1)));
        current.Dispose();
        old.Dispose();
        waiting.Dispose();
        Assert.That((listener.Gauge("open_connections", Tls12), listener.Gauge("open_connections", Tls13)), Is.EqualTo((0, 0)));
        Assert.That(listener.Gauge("active_handshakes"), Is.Zero);
    }

    [Test]
    public void AFailedHandshakeIsNotGoingOn()
    {
        using var listener = Listener.ToMetrics();
        using MemoryPair pair = MemoryPair.Shake(TestContexts.Client(), TestContexts.Server(), "elsewhere.example");
        Assert.That(listener.Gauge("active_handshakes"), Is.Zero);
        Assert.That(listener.Gauge("open_connections", Tls13), Is.Zero);
    }

    [Test]
    public async Task ACancelledHandshakeIsNotGoingOn()
    {
        using var listener = Listener.ToMetrics();
        await using StreamPair pair = Fresh();
        using var cancelled = new CancellationTokenSource();
        pair.ServerEnd.Gate = new TaskCompletionSource();
        Task client = pair.Client.AuthenticateAsClientAsync(StreamContexts.Client(), "localhost", cancelled.Token);
        Task server = pair.Server.AuthenticateAsServerAsync(StreamContexts.Server(), cancelled.Token);
        await Soon(pair.ServerEnd.Waiting.Task);
        Assert.That(listener.Gauge("active_handshakes"), Is.EqualTo(2));
        await cancelled.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => Soon(client));
        Assert.CatchAsync<OperationCanceledException>(() => Soon(server));
        Assert.That(listener.Gauge("active_handshakes"), Is.Zero);
    }

    /// <summary>A Python program drops its sockets, and nothing disposes of their connections.</summary>
    [Test]
    public void ConnectionsThatNobodyDisposesOfAreNotCountedForEver()
    {
        using var listener = Listener.ToMetrics();
        Assert.That(Leave(listener), Is.EqualTo((1, 2)));
        Listener.Collect();
        Assert.That((listener.Gauge("active_handshakes"), listener.Gauge("open_connections", Tls13)), Is.EqualTo((0, 0)));
    }

    /// <summary>Whoever begins to listen between a handshake and its end sees no negative number.</summary>
    [Test]
    public void AConnectionFromBeforeTheListenerIsNotCounted()
    {
        MemoryPair pair = MemoryPair.Connect(TestContexts.Client(), TestContexts.Server(), "localhost");
        using var listener = Listener.ToMetrics();
        pair.Dispose();
        Assert.That(listener.Gauge("open_connections", Tls13), Is.Zero);
        Assert.That(listener.Measurements.Select(entry => entry.Name), Has.None.EqualTo("handshakes"));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (double Active, double Open) Leave(Listener listener)
    {
        new TlsConnection(TestContexts.Client(), serverSide: false, "localhost").Handshake();
        MemoryPair.Connect(TestContexts.Client(), TestContexts.Server(), "localhost");
        return (listener.Gauge("active_handshakes"), listener.Gauge("open_connections", Tls13));
    }
}
