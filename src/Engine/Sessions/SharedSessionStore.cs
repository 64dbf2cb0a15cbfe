using System.Security.Cryptography;
using Microsoft.Extensions.Caching.Distributed;

namespace SslModule.Engine.Sessions;

/// <summary>
/// A session store that several servers share behind their own caches, so that each can resume the others' sessions without
/// tickets. Entries are encrypted with the context's ticket keys, which the servers must share too. The store is not
/// trusted, and waiting for it is bounded: any failure leads to a full handshake.
/// </summary>
/// <remarks>Its members may be called from several threads.</remarks>
public sealed class SharedSessionStore
{
    /// <summary>The default time that a handshake waits for the store.</summary>
    public static readonly TimeSpan DefaultPatience = TimeSpan.FromMilliseconds(250);

    /// <summary>The default time for which the store is not used after a failure, so that it does not slow down every handshake.</summary>
    public static readonly TimeSpan DefaultRest = TimeSpan.FromSeconds(1);

    private readonly IDistributedCache _store;
    private readonly TimeSpan _timeout;
    private readonly TimeSpan _retryDelay;
    private long _disabledUntil;
    private long _failures;

    /// <summary>Creates a store behind <see cref="Context.TlsContext.SessionCache"/>.</summary>
    /// <param name="store">The application's store; Redis, SQL Server and others have implementations.</param>
    /// <param name="patience">How long a handshake waits for the store.</param>
    /// <param name="rest">How long the store is not used after a failure, by the context's clock.</param>
    /// <exception cref="ArgumentOutOfRangeException">A time span is not positive.</exception>
    public SharedSessionStore(IDistributedCache store, TimeSpan? patience = null, TimeSpan? rest = null)
    {
        _store = store ?? throw new ArgumentNullException(nameof(store));
        _timeout = patience ?? DefaultPatience;
        _retryDelay = rest ?? DefaultRest;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(_timeout, TimeSpan.Zero, nameof(patience));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(_retryDelay, TimeSpan.Zero, nameof(rest));
    }

    /// <summary>The number of failures and timeouts of the store.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>The last failure; null when there was none.</summary>
    public Exception? LastFailure { get; private set; }

    /// <summary>Stores a session.</summary>
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

    /// <summary>Finds a session by ID; null when the store has none that the ticket keys can decrypt.</summary>
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

    /// <summary>Removes a session.</summary>
    internal void Remove(byte[] id, DateTimeOffset now)
        => Try(
            async cancellation =>
            {
                await _store.RemoveAsync(NameOf(id), cancellation).ConfigureAwait(false);
                return Array.Empty<byte>();
            },
            now);

    // Store keys are hashed: a session ID is all a client needs to resume, so readers of the store must not learn it.
    private static string NameOf(byte[] id) => "tls-session:" + Convert.ToHexStringLower(SHA256.HashData(id));

    // The session ID is authenticated data: an entry copied to another key does not decrypt.
    private static byte[] Purpose(byte[] id) => [.. "shared session"u8, .. id];

    private byte[]? Try(Func<CancellationToken, Task<byte[]?>> operation, DateTimeOffset now)
    {
        // More than the delay is left only when the clock was set back.
        long left = Interlocked.Read(ref _disabledUntil) - now.UtcTicks;
        if (left > 0 && left <= _retryDelay.Ticks)
        {
            return null;
        }

        var cancellation = new CancellationTokenSource();

        // Runs on the thread pool, because an implementation may block before it returns its task.
        Task<byte[]?> task = Task.Run(() => operation(cancellation.Token));
        try
        {
            if (task.Wait(_timeout))
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
        Interlocked.Exchange(ref _disabledUntil, now.UtcTicks + _retryDelay.Ticks);
    }
}
