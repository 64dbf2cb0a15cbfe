namespace SslModule.Engine.Sessions;

/// <summary>The counters of <c>SSLContext.session_stats()</c>, with OpenSSL's meaning (SSL_CTX_sess_number and related functions).</summary>
public sealed class SessionStatistics
{
    private long _connect;
    private long _connectGood;
    private long _connectRenegotiate;
    private long _accept;
    private long _acceptGood;
    private long _hits;
    private long _misses;
    private long _timeouts;
    private long _cacheFull;

    /// <summary>Returns the number of cached sessions; a context without a cache has none.</summary>
    internal Func<int>? CacheCount { get; set; }

    /// <summary>The counters by their Python names.</summary>
    public IReadOnlyList<(string Name, long Count)> Snapshot() =>
    [
        ("number", CacheCount?.Invoke() ?? 0),
        ("connect", Interlocked.Read(ref _connect)),
        ("connect_good", Interlocked.Read(ref _connectGood)),
        ("connect_renegotiate", Interlocked.Read(ref _connectRenegotiate)),
        ("accept", Interlocked.Read(ref _accept)),
        ("accept_good", Interlocked.Read(ref _acceptGood)),
        ("accept_renegotiate", 0),
        ("hits", Interlocked.Read(ref _hits)),
        ("misses", Interlocked.Read(ref _misses)),
        ("timeouts", Interlocked.Read(ref _timeouts)),
        ("cache_full", Interlocked.Read(ref _cacheFull)),
    ];

    /// <summary>Counts a handshake that started.</summary>
    internal void Started(bool isServer) => Interlocked.Increment(ref isServer ? ref _accept : ref _connect);

    /// <summary>Counts a renegotiation that started.</summary>
    internal void Renegotiated() => Interlocked.Increment(ref _connectRenegotiate);

    /// <summary>Counts a server handshake that switched to another context.</summary>
    internal void ContextChanged() => Interlocked.Decrement(ref _accept);

    /// <summary>Counts a handshake that completed.</summary>
    internal void Completed(bool isServer) => Interlocked.Increment(ref isServer ? ref _acceptGood : ref _connectGood);

    /// <summary>Counts a resumed session.</summary>
    internal void Hit() => Interlocked.Increment(ref _hits);

    /// <summary>Counts a session that a client offered and the server does not have.</summary>
    internal void Miss() => Interlocked.Increment(ref _misses);

    /// <summary>Counts a session that a client offered after it expired.</summary>
    internal void Expired() => Interlocked.Increment(ref _timeouts);

    /// <summary>Counts a session evicted from a full cache.</summary>
    internal void Evicted() => Interlocked.Increment(ref _cacheFull);
}
