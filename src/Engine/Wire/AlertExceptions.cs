namespace SslModule.Engine.Wire;

/// <summary>Aborts a connection and sends an alert to the peer (RFC 8446 section 6.2).</summary>
/// <param name="alert">The alert to send.</param>
/// <param name="cause">The error behind the alert; null when the alert alone describes it.</param>
internal sealed class FatalAlertException(AlertDescription alert, Exception? cause = null) : IOException($"fatal alert: {alert}", cause)
{
    /// <summary>The alert to send.</summary>
    public AlertDescription Alert => alert;
}

/// <summary>The peer aborted the connection with an alert (RFC 8446 section 6.2).</summary>
/// <param name="alert">The alert received.</param>
internal sealed class AlertReceivedException(AlertDescription alert) : IOException($"alert received: {alert}")
{
    /// <summary>The alert received.</summary>
    public AlertDescription Alert => alert;
}
