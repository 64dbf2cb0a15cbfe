namespace SslModule.Engine.Wire;

/// <summary>An alert of the peer has ended the connection (RFC 8446 section 6.2).</summary>
/// <param name="alert">The alert that came.</param>
internal sealed class AlertReceivedException(AlertDescription alert) : IOException($"alert received: {alert}")
{
    /// <summary>The alert that came.</summary>
    public AlertDescription Alert => alert;
}
