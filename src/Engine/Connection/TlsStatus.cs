namespace SslModule.Engine.Connection;

/// <summary>The result of a step of a connection. Waiting for the transport is not an error.</summary>
public enum TlsStatus
{
    /// <summary>The step is complete.</summary>
    Complete,

    /// <summary>More bytes from the peer are needed.</summary>
    WantRead,

    /// <summary>Output for the peer must be sent first.</summary>
    WantWrite,

    /// <summary>The peer sent close_notify; there is nothing more to read.</summary>
    Closed,

    /// <summary>The deadline passed before the step was complete.</summary>
    TimedOut,

    /// <summary>The host raised an exception while waiting. The caller lets it propagate.</summary>
    Interrupted,
}
