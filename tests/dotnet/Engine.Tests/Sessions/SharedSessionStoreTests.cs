using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Distributed;
using NUnit.Framework;
using SslModule.Engine.Context;
using SslModule.Engine.Sessions;

namespace SslModule.Engine.Tests.Sessions;

/// <summary>A store behind the caches of several servers: useful when it works, harmless when it does not.</summary>
public sealed class SharedSessionStoreTests
{
    private static readonly byte[] Secret = new byte[32];

    [Test]
    public void ServersShareSessions([Values(Way.Id12, Way.Id13)] Way way)
    {
        var store = new MemoryStore();
        var both = Fleet(way, store);
        TlsSession session = both.First();
        both.Server = Another(both, store);
        Assert.That(both.Resumes(both.Forge(session)), Is.True);
        Assert.That(store.Entries.Values.Select(entry => entry.Lifetime), Is.All.EqualTo(TimeSpan.FromHours(2)));
        both.Server = both.MakeServer(context =>
        {
            context.TicketKeys = TicketKeys.FromSecret([.. Secret, 1]);
            context.SharedSessions = new SharedSessionStore(store);
        });
        Assert.That(both.Resumes(both.Forge(session)), Is.False, "sealed with keys of others");
    }

    [Test]
    public void EntriesAreSealed()
    {
        var store = new MemoryStore();
        var both = Fleet(Way.Id12, store);
        TlsSession session = both.First();
        (string name, (byte[] bytes, _)) = store.Entries.Single();
        Assert.That(bytes.AsSpan().IndexOf(session.State.Secret), Is.EqualTo(-1));
        Assert.That(name, Does.Not.Contain(Convert.ToHexStringLower(session.Id.Span)));

        // Under another session's name the entry is worthless.
        TlsSession other = both.First();
        foreach (string key in store.Entries.Keys)
        {
            store.Entries[key] = (bytes, TimeSpan.FromHours(2));
        }

        both.Server = Another(both, store);
        Assert.That(both.Resumes(other), Is.False);
        Assert.That(both.Resumes(session), Is.True);
    }

    [Test]
    public void DamagedEntries([Values(Way.Id12, Way.Id13)] Way way, [Values(0, 20, 60)] int at)
    {
        var store = new MemoryStore();
        var both = Fleet(way, store);
        TlsSession session = both.First();
        foreach ((byte[] bytes, _) in store.Entries.Values)
        {
            bytes[at] ^= 1;
        }

        both.Server = Another(both, store);
        Assert.That(both.Resumes(session), Is.False);
    }

    [Test]
    public void StoreThatIsDown([Values(Way.Id12, Way.Id13)] Way way)
    {
        var store = new MemoryStore { Broken = true };
        var both = Fleet(way, store);
        TlsSession session = both.First();
        Assert.That(both.Resumes(both.Forge(session)), Is.True, "the server's own cache has it");
        both.Server = Another(both, store);
        Assert.That(both.Resumes(both.Forge(session)), Is.False);
        SharedSessionStore shared = both.Server.SharedSessions!;
        Assert.That((shared.Failures, shared.LastFailure), Is.EqualTo((1L, store.Failure)));

        // It is left alone for a second, then tried again.
        store.Broken = false;
        int calls = store.Calls;
        both.First();
        Assert.That(store.Calls, Is.EqualTo(calls));
        both.Pass(TimeSpan.FromSeconds(1));
        session = both.First();
        Assert.That(store.Calls, Is.GreaterThan(calls));
        both.Server = Another(both, store);
        Assert.That(both.Resumes(session), Is.True);
    }

    [Test]
    public void StoreThatWasDownBeforeTheClockWasSetBack()
    {
        var store = new MemoryStore { Broken = true };
        var both = Fleet(Way.Id12, store);
        both.First();
        store.Broken = false;
        both.Pass(TimeSpan.FromDays(-1));
        both.First();
        Assert.That(store.Entries, Has.Count.EqualTo(1));
    }

    [Test]
    public void StoreThatIsSlow([Values] bool blocks)
    {
        using var store = new MemoryStore { Blocks = blocks };
        var both = Fleet(Way.Id12, store);
        TlsSession session = both.First();
        store.Slow = true;
        both.Server = both.MakeServer(context =>
        {
            context.TicketKeys = TicketKeys.FromSecret(Secret);
            context.SharedSessions = new SharedSessionStore(store, TimeSpan.FromMilliseconds(20));
        });
        Assert.That(both.Resumes(session), Is.False);
        Assert.That(both.Server.SharedSessions!.LastFailure, Is.TypeOf<TimeoutException>());
    }

    [Test]
    public void FatalAlertForgetsTheSessionEverywhere()
    {
        var store = new MemoryStore();
        var both = Fleet(Way.Id12, store);
        TlsSession session = both.First();
        Assert.That(both.Resumes(session, out _, pair =>
        {
            pair.Server.Input([23, 3, 3, 0, 32, .. new byte[32]]);
            Assert.That(() => pair.Server.Read(new byte[1], out _), Throws.Exception);
        }), Is.True);
        Assert.That(store.Entries, Is.Empty);
    }

    [Test]
    public void RefusesWhatCannotBe()
    {
        Assert.That(() => new SharedSessionStore(null!), Throws.ArgumentNullException);
        Assert.That(() => new SharedSessionStore(new MemoryStore(), TimeSpan.Zero), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new SharedSessionStore(new MemoryStore(), rest: TimeSpan.Zero), Throws.InstanceOf<ArgumentException>());
    }

    private static Resumption Fleet(Way way, IDistributedCache store) => new(way, context => Join(context, store));

    private static TlsContext Another(Resumption both, IDistributedCache store) => both.MakeServer(context => Join(context, store));

    // Patience for a busy machine: the stores here answer at once or never.
    private static void Join(TlsContext context, IDistributedCache store)
    {
        context.TicketKeys = TicketKeys.FromSecret(Secret);
        context.SharedSessions = new SharedSessionStore(store, TimeSpan.FromSeconds(30));
    }

    private sealed class MemoryStore : IDistributedCache, IDisposable
    {
        private readonly CancellationTokenSource _end = new();

        public ConcurrentDictionary<string, (byte[] Bytes, TimeSpan? Lifetime)> Entries { get; } = [];

        public bool Broken { get; set; }

        public bool Slow { get; set; }

        public bool Blocks { get; init; }

        public int Calls { get; private set; }

        public InvalidOperationException Failure { get; } = new("down");

        public byte[]? Get(string key) => throw new NotSupportedException();

        public async Task<byte[]?> GetAsync(string key, CancellationToken token = default)
        {
            await Reach(token);
            return Entries.TryGetValue(key, out (byte[] Bytes, TimeSpan? Lifetime) entry) ? entry.Bytes : null;
        }

        public void Refresh(string key) => throw new NotSupportedException();

        public Task RefreshAsync(string key, CancellationToken token = default) => throw new NotSupportedException();

        public void Remove(string key) => throw new NotSupportedException();

        public async Task RemoveAsync(string key, CancellationToken token = default)
        {
            await Reach(token);
            Entries.TryRemove(key, out _);
        }

        public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new NotSupportedException();

        public async Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
        {
            await Reach(token);
            Entries[key] = ((byte[])value.Clone(), options.AbsoluteExpirationRelativeToNow);
        }

        public void Dispose() => _end.Cancel();

        private async Task Reach(CancellationToken token)
        {
            Calls++;
            if (Broken)
            {
                throw Failure;
            }

            if (Slow && Blocks)
            {
                _end.Token.WaitHandle.WaitOne();
            }
            else if (Slow)
            {
                await Task.Delay(Timeout.Infinite, token);
            }
        }
    }
}
