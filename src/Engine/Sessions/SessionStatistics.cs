namespace SslModule.Engine.Sessions;

/// <summary>The counters of <c>SSLContext.session_stats()</c>, with OpenSSL's meaning (SSL_CTX_sess_number and its kin).</summary>
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

    /// <summary>Reads how many sessions a cache holds; a context without a cache holds none.</summary>
    internal Func<int>? CacheCount { get; set; }

    /// <summary>The counters by Python's names.</summary>
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

    /// <summary>A handshake began.</summary>
    internal void Started(bool isServer) => Interlocked.Increment(ref isServer ? ref _accept : ref _connect);

    /// <summary>A client began another handshake on a connection.</summary>
    internal void Renegotiated() => Interlocked.Increment(ref _connectRenegotiate);

    /// <summary>A server's handshake goes on under another context.</summary>
    internal void Moved() => Interlocked.Decrement(ref _accept);

    /// <summary>A handshake ended well.</summary>
    internal void Completed(bool isServer) => Interlocked.Increment(ref isServer ? ref _acceptGood : ref _connectGood);

    /// <summary>A session was resumed.</summary>
    internal void Hit() => Interlocked.Increment(ref _hits);

    /// <summary>A client offered a session that the server does not have.</summary>
    internal void Missed() => Interlocked.Increment(ref _misses);

    /// <summary>A client offered a session that is too old.</summary>
    internal void Expired() => Interlocked.Increment(ref _timeouts);

    /// <summary>A session was dropped because the cache was full.</summary>
    internal void Dropped() => Interlocked.Increment(ref _cacheFull);
}
