namespace SslModule.Engine.Context;

/// <summary>
/// The clock that the hosts give to their contexts: the system's, unless a test has moved it. Only the time of day moves,
/// which certificates, CRLs and tickets are checked against; deadlines run on timestamps, and those stay the system's.
/// </summary>
public sealed class ProcessClock : TimeProvider
{
    private long _offsetTicks;

    private ProcessClock()
    {
    }

    /// <summary>The one clock of the process.</summary>
    public static ProcessClock Instance { get; } = new();

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _offsetTicks));

    /// <summary>Sets the time of day, from which the clock runs on; null gives the system's back.</summary>
    public void Set(DateTimeOffset? now)
        => Interlocked.Exchange(ref _offsetTicks, now is { } time ? (time - System.GetUtcNow()).Ticks : 0);

    /// <summary>The same in seconds since 1970.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is not within the years 1 to 9999.</exception>
    public void SetUnixSeconds(long seconds) => Set(DateTimeOffset.FromUnixTimeSeconds(seconds));
}
