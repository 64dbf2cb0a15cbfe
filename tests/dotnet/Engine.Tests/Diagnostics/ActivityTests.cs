using System.Diagnostics;
using NUnit.Framework;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;
using SslModule.Engine.Tests.Handshake;
using SslModule.Engine.Tests.Streams;
using static SslModule.Engine.Tests.Streams.StreamPair;

namespace SslModule.Engine.Tests.Diagnostics;

/// <summary>The activity of each handshake.</summary>
[NonParallelizable]
public sealed class ActivityTests
{
    [TestCase(TestContexts.Tls12, "1.2", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384")]
    [TestCase(TestContexts.Tls13, "1.3", "TLS_AES_256_GCM_SHA384")]
    public void HasTheAttributesOfTheConventions(int version, string number, string suite)
    {
        using var listener = Listener.ToActivities();
        TlsContext client = TestContexts.Client(version);
        TlsContext server = TestContexts.Server(version);
        client.SetAlpnProtocols(StreamContexts.Wire("h2"));
        server.SetAlpnProtocols(StreamContexts.Wire("h2"));
        using MemoryPair pair = MemoryPair.Connect(client, server, "localhost");
        Assert.That(listener.Stopped.Select(activity => (activity.Kind, activity.OperationName, activity.DisplayName, activity.Status)), Is.EquivalentTo(new[]
        {
            (ActivityKind.Client, "SslModule.Engine.TlsHandshake", "TLS client handshake localhost", ActivityStatusCode.Unset),
            (ActivityKind.Server, "SslModule.Engine.TlsHandshake", "TLS server handshake", ActivityStatusCode.Unset),
        }));
        foreach (Activity activity in listener.Stopped)
        {
            Assert.That(activity.TagObjects.ToDictionary(), Is.EqualTo(new Dictionary<string, object?>
            {
                ["server.address"] = "localhost",
                ["tls.established"] = true,
                ["tls.protocol.name"] = "tls",
                ["tls.protocol.version"] = number,
                ["tls.cipher"] = suite,
                ["tls.curve"] = pair.Client.Group,
                ["tls.resumed"] = false,
                ["tls.next_protocol"] = "h2",
            }));
            Assert.That(activity.Duration, Is.GreaterThan(TimeSpan.Zero));
        }
    }

    [Test]
    public void OfAFailureHasItsReason()
    {
        using var listener = Listener.ToActivities();
        using MemoryPair pair = MemoryPair.Shake(TestContexts.Client(), TestContexts.Server(), "elsewhere.example");
        Activity client = listener.Stopped.Single(activity => activity.Kind == ActivityKind.Client);
        Assert.That(client.GetTagItem("error.type"), Is.EqualTo("CERTIFICATE_VERIFY_FAILED"));
        Assert.That(client.GetTagItem("tls.established"), Is.False);
        Assert.That((client.Status, client.StatusDescription), Is.EqualTo((ActivityStatusCode.Error, "certificate verify failed: Hostname mismatch, certificate is not valid for 'elsewhere.example'.")));
        Activity server = listener.Stopped.Single(activity => activity.Kind == ActivityKind.Server);
        Assert.That(server.GetTagItem("error.type"), Is.EqualTo("SSLV3_ALERT_BAD_CERTIFICATE"));
    }

    [Test]
    public void IsAChildOfTheApplicationsAndNeverCurrent()
    {
        using var listener = Listener.ToActivities();
        using Activity outer = new Activity("outer").Start();
        using var client = new TlsConnection(TestContexts.Client(), serverSide: false, "localhost");
        client.Handshake();
        Assert.That(Activity.Current, Is.SameAs(outer));
        Assert.That(listener.Started.Single().ParentId, Is.EqualTo(outer.Id));

        // It ends within another activity, of another thread perhaps.
        using Activity later = new Activity("later").Start();
        client.Dispose();
        Assert.That(Activity.Current, Is.SameAs(later));
        Assert.That(listener.Stopped.Single().GetTagItem("error.type"), Is.EqualTo("abandoned"));
    }

    [Test]
    public async Task OfAStreamsHandshakeEndsWhenItIsCancelled()
    {
        using var listener = Listener.ToActivities();
        await using StreamPair pair = Fresh();
        using var cancelled = new CancellationTokenSource();
        Task client = pair.Client.AuthenticateAsClientAsync(StreamContexts.Client(), "localhost", cancelled.Token);
        Assert.That(listener.Stopped, Is.Empty);
        await cancelled.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => Soon(client));
        Assert.That(listener.Stopped.Single().GetTagItem("error.type"), Is.AnyOf(typeof(OperationCanceledException).FullName, typeof(TaskCanceledException).FullName));
    }

    [Test]
    public async Task OfAStreamsHandshakeEndsWhenTheStreamBelowFails()
    {
        using var listener = Listener.ToActivities();
        await using StreamPair pair = Fresh();
        pair.ClientEnd.Refusal = new IOException("unplugged");
        Assert.ThrowsAsync<IOException>(() => Soon(pair.Client.AuthenticateAsClientAsync(StreamContexts.Client(), "localhost")));
        Activity activity = listener.Stopped.Single();
        Assert.That((activity.GetTagItem("error.type"), activity.StatusDescription), Is.EqualTo((typeof(IOException).FullName, "unplugged")));
    }
}
