namespace SslModule.Engine.Wire;

/// <summary>Ends a connection with an alert for the peer (RFC 8446 section 6.2).</summary>
/// <param name="alert">The alert to send.</param>
/// <param name="cause">What was found; null where the alert says it all.</param>
internal class FatalAlertException(AlertDescription alert, Exception? cause = null) : IOException($"fatal alert: {alert}", cause)
{
    /// <summary>The alert to send.</summary>
    public AlertDescription Alert => alert;
}

/// <summary>An alert of the peer has ended the connection (RFC 8446 section 6.2).</summary>
/// <param name="alert">The alert that came.</param>
internal sealed class AlertReceivedException(AlertDescription alert) : IOException($"alert received: {alert}")
{
    /// <summary>The alert that came.</summary>
    public AlertDescription Alert => alert;
}
