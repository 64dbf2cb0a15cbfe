namespace SslModule.Engine.Context;

/// <summary>
/// The clock of the hosts' contexts: the system clock, unless a test has set the time. Only the time of day changes, which
/// certificates, CRLs and tickets depend on; timestamps, which deadlines use, stay those of the system.
/// </summary>
public sealed class ProcessClock : TimeProvider
{
    private long _offsetTicks;

    private ProcessClock()
    {
    }

    /// <summary>The clock of the process.</summary>
    public static ProcessClock Instance { get; } = new();

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _offsetTicks));

    /// <summary>Sets the time of day, from which the clock continues; null restores the system clock.</summary>
    public void Set(DateTimeOffset? now)
        => Interlocked.Exchange(ref _offsetTicks, now is { } time ? (time - System.GetUtcNow()).Ticks : 0);

    /// <summary>Sets the time of day in seconds since 1970.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is not within the years 1 to 9999.</exception>
    public void SetUnixSeconds(long seconds) => Set(DateTimeOffset.FromUnixTimeSeconds(seconds));
}
