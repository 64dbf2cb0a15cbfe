namespace SslModule.Engine.Connection;

/// <summary>When a step must have ended: at a moment of the clock, at once, or never.</summary>
internal readonly struct Deadline
{
    private readonly TimeProvider _time;
    private readonly int _timeout;
    private readonly long _end;

    /// <param name="timeout">Milliseconds from now; 0: the step does not wait; below 0: it waits without limit.</param>
    /// <param name="time">The clock.</param>
    public Deadline(int timeout, TimeProvider time)
    {
        (_time, _timeout) = (time, timeout);
        _end = timeout > 0 ? time.GetTimestamp() + (timeout * time.TimestampFrequency / 1000) : 0;
    }

    /// <summary>True of a step that does not wait.</summary>
    public bool IsImmediate => _timeout == 0;

    /// <summary>True of a step that waits for as long as it takes.</summary>
    public bool IsUnlimited => _timeout < 0;

    /// <summary>True when no time is left.</summary>
    public bool HasPassed => Remaining == 0;

    /// <summary>The milliseconds left; -1 without limit.</summary>
    public int Remaining
    {
        get
        {
            if (_timeout <= 0)
            {
                return Math.Max(_timeout, -1);
            }

            long left = (_end - _time.GetTimestamp()) * 1000 / _time.TimestampFrequency;
            return (int)Math.Clamp(left, 0, int.MaxValue);
        }
    }

    /// <summary>The milliseconds left, but no more than <paramref name="most"/>.</summary>
    public int AtMost(int most) => (int)Math.Min((uint)Remaining, (uint)most);
}
