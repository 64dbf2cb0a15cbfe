namespace SslModule.Engine.Connection;

/// <summary>The deadline of a step: a point in time, immediate, or none.</summary>
internal readonly struct Deadline
{
    private readonly TimeProvider _time;
    private readonly int _timeout;
    private readonly long _end;

    /// <param name="timeout">Milliseconds from now; 0: the step does not wait; negative: no limit.</param>
    /// <param name="time">The clock.</param>
    public Deadline(int timeout, TimeProvider time)
    {
        (_time, _timeout) = (time, timeout);
        _end = timeout > 0 ? time.GetTimestamp() + (timeout * time.TimestampFrequency / 1000) : 0;
    }

    /// <summary>True if the step does not wait.</summary>
    public bool IsImmediate => _timeout == 0;

    /// <summary>True if there is no limit.</summary>
    public bool IsUnlimited => _timeout < 0;

    /// <summary>True if the deadline has passed.</summary>
    public bool HasPassed => Remaining == 0;

    /// <summary>The remaining milliseconds; -1 for no limit.</summary>
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

    /// <summary>The remaining milliseconds, at most <paramref name="most"/>.</summary>
    public int AtMost(int most) => (int)Math.Min((uint)Remaining, (uint)most);
}
