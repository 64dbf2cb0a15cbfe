using System.Diagnostics.Tracing;
using System.Security.Authentication;
using NUnit.Framework;
using SslModule.Engine.Connection;
using SslModule.Engine.Diagnostics;
using SslModule.Engine.Errors;
using SslModule.Engine.Tests.Handshake;
using SslModule.Engine.Tests.Sessions;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Tests.Diagnostics;

/// <summary>The event source <c>SslModule-Engine</c>.</summary>
[NonParallelizable]
public sealed class EventTests
{
    [TestCase(TestContexts.Tls12, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384")]
    [TestCase(TestContexts.Tls13, "TLS_AES_256_GCM_SHA384")]
    public void AHandshakeBeginsAndEndsAtBothEnds(int version, string suite)
    {
        using var listener = Listener.ToEvents();
        using MemoryPair pair = MemoryPair.Connect(TestContexts.Client(version), TestContexts.Server(version), "localhost");
        Assert.That(listener.PayloadsOf("HandshakeStart"), Is.EqualTo(new object[][] { [false, "localhost"], [true, ""] }));
        SslProtocols protocol = version == TestContexts.Tls12 ? SslProtocols.Tls12 : SslProtocols.Tls13;
        Assert.That(listener.PayloadsOf("HandshakeStop"), Is.EqualTo(Enumerable.Repeat<object[]>([protocol, suite, pair.Client.Group!, false], 2)));
        Assert.That(listener.Events.Count, Is.EqualTo(4));
    }

    [Test]
    public void AResumedHandshakeIsToldFromAFullOne([Values] Way way)
    {
        var resumption = new Resumption(way);
        using var listener = Listener.ToEvents();
        Assert.That(resumption.Resumes(resumption.First()), Is.True);
        Assert.That(listener.PayloadsOf("HandshakeStop").Select(payload => payload[3]), Is.EqualTo(new object[] { false, false, true, true }));
    }

    /// <summary>A client that refuses the server's certificate, and the server that is told.</summary>
    [Test]
    public void AFailureIsToldAtBothEndsAndItsAlertToo([Values(TestContexts.Tls12, TestContexts.Tls13)] int version)
    {
        using var listener = Listener.ToEvents();
        using MemoryPair pair = MemoryPair.Shake(TestContexts.Client(version), TestContexts.Server(version), "elsewhere.example");
        Assert.That((pair.ClientFailure, pair.ServerFailure), Is.Not.EqualTo(((TlsError?)null, (TlsError?)null)));
        Assert.That(listener.PayloadsOf("AlertSent"), Is.EqualTo(new object[][] { [false, 2, 42, "bad_certificate"] }));
        Assert.That(listener.PayloadsOf("AlertReceived"), Is.EqualTo(new object[][] { [true, 2, 42, "bad_certificate"] }));
        object?[][] failures = listener.PayloadsOf("HandshakeFailed");
        Assert.That(failures.Select(payload => (payload[0], payload[2])), Is.EqualTo(new (object?, object?)[]
        {
            (false, "certificate verify failed: Hostname mismatch, certificate is not valid for 'elsewhere.example'."),
            (true, pair.ServerFailure!.Message),
        }));
        Assert.That(failures.Select(payload => payload[1]), Is.All.InstanceOf<double>().And.All.GreaterThan(0.0));

        // As SslStream has it: a stop without a protocol follows.
        Assert.That(listener.PayloadsOf("HandshakeStop"), Is.EqualTo(Enumerable.Repeat<object[]>([SslProtocols.None, "", "", false], 2)));
    }

    [Test]
    public void NoSharedVersionIsAFailureOfBoth()
    {
        using var listener = Listener.ToEvents();
        using MemoryPair pair = MemoryPair.Shake(TestContexts.Client(TestContexts.Tls12), TestContexts.Server(TestContexts.Tls13));
        Assert.That(listener.PayloadsOf("HandshakeFailed").Select(payload => payload[0]), Is.EquivalentTo(new object[] { true, false }));
        Assert.That(listener.PayloadsOf("AlertSent"), Is.EqualTo(new object[][] { [true, 2, 70, "protocol_version"] }));
    }

    [Test]
    public void AConnectionThatNobodyFinishesIsAFailureOnceItIsDisposedOf()
    {
        using var listener = Listener.ToEvents();
        using (var client = new TlsConnection(TestContexts.Client(), serverSide: false, "localhost"))
        {
            Assert.That(client.Handshake(), Is.EqualTo(TlsStatus.WantRead));
            Assert.That(listener.Events.Count, Is.EqualTo(1));
        }

        Assert.That(listener.PayloadsOf("HandshakeFailed").Single()[2], Is.EqualTo("The connection was given up before its handshake was complete."));
    }

    /// <summary>The name that a server demands of its clients' certificates is not the server's.</summary>
    [Test]
    public void AServersTargetIsNotTheNameItDemands()
    {
        using var listener = Listener.ToAll();
        using (var server = new TlsConnection(TestContexts.Server(), serverSide: true, "client.example"))
        {
            Assert.That(server.Handshake(), Is.EqualTo(TlsStatus.WantRead));
        }

        Assert.That(listener.PayloadsOf("HandshakeStart"), Is.EqualTo(new object[][] { [true, ""] }));
        Assert.That(listener.Stopped.Single().GetTagItem("server.address"), Is.Null);
    }

    [Test]
    public void CloseNotifyIsAnAlertLikeAnyOther([Values(TestContexts.Tls12, TestContexts.Tls13)] int version)
    {
        using var listener = Listener.ToEvents();
        using MemoryPair pair = MemoryPair.Connect(TestContexts.Client(version), TestContexts.Server(version), "localhost");
        Assert.That(pair.Client.Shutdown(), Is.EqualTo(TlsStatus.WantRead));
        pair.Carry();
        Assert.That(pair.Server.Read(new byte[1], out _), Is.EqualTo(TlsStatus.Closed));
        Assert.That(listener.PayloadsOf("AlertSent"), Is.EqualTo(new object[][] { [false, 1, 0, "close_notify"] }));
        Assert.That(listener.PayloadsOf("AlertReceived"), Is.EqualTo(new object[][] { [true, 1, 0, "close_notify"] }));
    }

    [Test]
    public void AnAlertThatNobodyDefinedHasNoNameOfItsOwn()
    {
        using var listener = Listener.ToEvents();
        using MemoryPair pair = MemoryPair.Connect(TestContexts.Client(), TestContexts.Server(), "localhost");
        pair.Client.WriteRecord(ContentType.alert, [2, 200]);
        pair.Carry();
        Assert.Throws<TlsError>(() => pair.Server.Read(new byte[1], out _));
        Assert.That(listener.PayloadsOf("AlertReceived"), Is.EqualTo(new object[][] { [true, 2, 200, "unknown"] }));
    }

    [Test]
    public void ARenegotiationIsAnotherHandshake()
    {
        using var listener = Listener.ToEvents();
        using MemoryPair pair = MemoryPair.Connect(WireContexts.Client(0x0303), WireContexts.Server(0x0303), WireContexts.HostName);
        pair.Server.WriteRecord(ContentType.handshake, [(byte)HandshakeType.hello_request, 0, 0, 0]);
        Intruder.Move(pair.Server, pair.Client);
        Assert.That(pair.Client.Read(new byte[16], out _), Is.EqualTo(TlsStatus.WantRead));
        Assert.That(listener.PayloadsOf("HandshakeStart").Length, Is.EqualTo(3));

        // A server of ours declines.
        Intruder.Move(pair.Client, pair.Server);
        Assert.That(pair.Server.Read(new byte[16], out _), Is.EqualTo(TlsStatus.WantRead));
        Intruder.Move(pair.Server, pair.Client);
        Assert.Throws<TlsError>(() => pair.Client.Read(new byte[16], out _));
        Assert.That(listener.PayloadsOf("HandshakeFailed").Single()[0], Is.False);
    }

    /// <summary>A secret of the connection, or what it carries, must be in no event.</summary>
    [Test]
    public void NoSecretAndNoDataAreReported()
    {
        using var listener = Listener.ToAll();
        using (MemoryPair pair = MemoryPair.Connect(TestContexts.Client(), TestContexts.Server(), "localhost"))
        {
            Assert.That(pair.Send("plaintext"u8.ToArray(), fromClient: true), Has.Length.EqualTo(9));
        }

        string[] known = ["HandshakeStart", "HandshakeStop"];
        Assert.That(listener.Events.Select(entry => entry.Name), Is.All.AnyOf(known));
        Assert.That(listener.Events.SelectMany(entry => entry.Payload), Is.All.Matches<object>(value => value is bool or SslProtocols.Tls13 or "localhost" or "" or "TLS_AES_256_GCM_SHA384" or "X25519MLKEM768"));
        Assert.That(listener.Stopped.SelectMany(activity => activity.TagObjects).Select(tag => tag.Key).Distinct(), Is.All.AnyOf(
            "server.address", "tls.established", "tls.protocol.name", "tls.protocol.version", "tls.cipher", "tls.curve", "tls.resumed"));
    }

    /// <summary>Two plug-ins of one program may each bring the engine. .NET enables one event source of a name at most; nothing else suffers.</summary>
    [Test]
    public void ASecondCopyOfTheEngineBreaksNothing()
    {
        var other = new System.Runtime.Loader.AssemblyLoadContext("another plug-in", isCollectible: true);
        try
        {
            using var copy = (EventSource)other.LoadFromAssemblyPath(typeof(TlsEventSource).Assembly.Location).GetType(typeof(TlsEventSource).FullName!)!.GetField("Log")!.GetValue(null)!;
            Assert.That((copy.Name, copy.ConstructionException), Is.EqualTo((TlsEventSource.Log.Name, (Exception?)null)));
            using var all = new EventListenerOfAnyCopy();
            all.EnableEvents(copy, EventLevel.Verbose);
            all.EnableEvents(TlsEventSource.Log, EventLevel.Verbose);
            using var activities = Listener.ToActivities();
            MemoryPair.Connect(TestContexts.Client(), TestContexts.Server(), "localhost").Dispose();
            Assert.That(activities.Stopped, Has.Count.EqualTo(2));
        }
        finally
        {
            other.Unload();
        }
    }

    [Test]
    public void TheManifestHasEveryEvent()
    {
        string manifest = EventSource.GenerateManifest(typeof(TlsEventSource), null, EventManifestOptions.Strict)!;
        foreach (string name in (string[])["HandshakeStart", "HandshakeStop", "HandshakeFailed", "AlertSent", "AlertReceived"])
        {
            Assert.That(manifest, Does.Contain($"\"{name}"));
        }
    }

    private sealed class EventListenerOfAnyCopy : EventListener;
}
