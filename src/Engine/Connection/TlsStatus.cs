namespace SslModule.Engine.Connection;

/// <summary>How a step of a connection ended. A status is a value: waiting for the transport is no failure.</summary>
public enum TlsStatus
{
    /// <summary>The step is done.</summary>
    Complete,

    /// <summary>More bytes from the peer are needed.</summary>
    WantRead,

    /// <summary>Bytes for the peer must leave first.</summary>
    WantWrite,

    /// <summary>The peer sent close_notify; there is nothing more to read.</summary>
    Closed,

    /// <summary>The deadline passed before the step was done.</summary>
    TimedOut,

    /// <summary>The host raised an exception of its own while waiting; the caller lets it through.</summary>
    Interrupted,
}
