using System.Security.Cryptography;
using Microsoft.Extensions.Caching.Distributed;

namespace SslModule.Engine.Sessions;

/// <summary>
/// A store that many servers share behind their own caches, so that each resumes the others' sessions without tickets. Entries
/// are sealed with the context's ticket keys, which the servers must share too. The store is never trusted and never
/// waited for long: whatever goes wrong with it means a full handshake.
/// </summary>
/// <remarks>Its members may be called from several threads.</remarks>
public sealed class SharedSessionStore
{
    /// <summary>How long a handshake waits for the store by default.</summary>
    public static readonly TimeSpan DefaultPatience = TimeSpan.FromMilliseconds(250);

    /// <summary>How long the store is left alone by default after it failed, so that it does not slow every handshake.</summary>
    public static readonly TimeSpan DefaultRest = TimeSpan.FromSeconds(1);

    private readonly IDistributedCache _store;
    private readonly TimeSpan _patience;
    private readonly TimeSpan _rest;
    private long _restsUntil;
    private long _failures;

    /// <summary>A store behind <see cref="Context.TlsContext.SessionCache"/>.</summary>
    /// <param name="store">The application's; Redis, SQL Server and others have implementations.</param>
    /// <param name="patience">How long a handshake waits for it.</param>
    /// <param name="rest">How long it is left alone after it failed, by the context's clock.</param>
    /// <exception cref="ArgumentOutOfRangeException">A span is not above zero.</exception>
    public SharedSessionStore(IDistributedCache store, TimeSpan? patience = null, TimeSpan? rest = null)
    {
        _store = store ?? throw new ArgumentNullException(nameof(store));
        _patience = patience ?? DefaultPatience;
        _rest = rest ?? DefaultRest;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(_patience, TimeSpan.Zero, nameof(patience));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(_rest, TimeSpan.Zero, nameof(rest));
    }

    /// <summary>How often the store failed or was too slow.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>What went wrong last; null while nothing did.</summary>
    public Exception? LastFailure { get; private set; }

    /// <summary>Keeps a session for the fleet.</summary>
    internal void Put(byte[] id, SessionState session, TicketKeys keys, DateTimeOffset now)
    {
        ArraySegment<byte> plain = SessionCodec.Encode(session);
        byte[] entry = keys.Seal(plain, Purpose(id), now);
        CryptographicOperations.ZeroMemory(plain);
        var options = new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(session.Lifetime) };
        Try(
            async cancellation =>
            {
                await _store.SetAsync(NameOf(id), entry, options, cancellation).ConfigureAwait(false);
                return Array.Empty<byte>();
            },
            now);
    }

    /// <summary>The session with this identifier; null when the store has none, or none that a key of ours sealed for it.</summary>
    internal SessionState? Get(byte[] id, TicketKeys keys, DateTimeOffset now)
    {
        byte[]? entry = Try(cancellation => _store.GetAsync(NameOf(id), cancellation), now);
        if (entry is null || keys.Open(entry, Purpose(id), now) is not { } plain)
        {
            return null;
        }

        SessionState? session = SessionCodec.Decode(plain);
        CryptographicOperations.ZeroMemory(plain);
        return session;
    }

    /// <summary>Forgets a session everywhere.</summary>
    internal void Remove(byte[] id, DateTimeOffset now)
        => Try(
            async cancellation =>
            {
                await _store.RemoveAsync(NameOf(id), cancellation).ConfigureAwait(false);
                return Array.Empty<byte>();
            },
            now);

    // Who reads the store must not learn identifiers, which are all that a client needs to present.
    private static string NameOf(byte[] id) => "tls-session:" + Convert.ToHexStringLower(SHA256.HashData(id));

    // The identifier is part of the seal: an entry moved to another name does not open.
    private static byte[] Purpose(byte[] id) => [.. "shared session"u8, .. id];

    private byte[]? Try(Func<CancellationToken, Task<byte[]?>> operation, DateTimeOffset now)
    {
        if (now.UtcTicks < Interlocked.Read(ref _restsUntil))
        {
            return null;
        }

        var cancellation = new CancellationTokenSource();

        // On a thread of the pool, because an implementation may block before it answers its task.
        Task<byte[]?> task = Task.Run(() => operation(cancellation.Token));
        try
        {
            if (task.Wait(_patience))
            {
                return task.Result;
            }

            Failed(new TimeoutException("The session store did not answer in time."), now);
        }
        catch (AggregateException failure)
        {
            Failed(failure.InnerException ?? failure, now);
        }

        cancellation.Cancel();
        task.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return null;
    }

    private void Failed(Exception failure, DateTimeOffset now)
    {
        LastFailure = failure;
        Interlocked.Increment(ref _failures);
        Interlocked.Exchange(ref _restsUntil, (now + _rest).UtcTicks);
    }
}
