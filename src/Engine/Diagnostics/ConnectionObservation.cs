using System.Diagnostics;
using System.Security.Authentication;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Diagnostics;

/// <summary>Reports the handshakes and alerts of one connection to whoever listens. Its methods are called one at a time.</summary>
internal sealed class ConnectionObservation
{
    private const string Abandoned = "abandoned";

    private readonly bool _isServer;
    private readonly string? _serverName;
    private Activity? _activity;
    private long _start;
    private bool _isInHandshake;
    private int _openVersion;

    private ConnectionObservation(bool isServer, string? serverName) => (_isServer, _serverName) = (isServer, serverName);

    // A connection that nobody disposes of must not be counted for ever.
    ~ConnectionObservation()
    {
        try
        {
            End();
        }
        catch (Exception)
        {
            // An exception of a listener. Nobody could catch it here, and it would end the process.
        }
    }

    /// <summary>Begins to observe a connection, and its first handshake.</summary>
    /// <param name="isServer">True on a server.</param>
    /// <param name="serverName">On a client: the server's name.</param>
    /// <returns>Null if nobody listens.</returns>
    public static ConnectionObservation? Begin(bool isServer, string? serverName)
    {
        if (!TlsDiagnostics.IsListenedTo)
        {
            return null;
        }

        var observation = new ConnectionObservation(isServer, serverName);
        observation.HandshakeBegan();
        return observation;
    }

    /// <summary>A handshake has begun: the first one or a renegotiation.</summary>
    public void HandshakeBegan()
    {
        _isInHandshake = true;
        _start = Stopwatch.GetTimestamp();
        TlsMetrics.Began();
        if (TlsEventSource.Log.IsEnabled())
        {
            TlsEventSource.Log.HandshakeStart(_isServer, _serverName ?? string.Empty);
        }

        _activity = HandshakeActivity.Start(_isServer, _serverName);
    }

    /// <summary>The handshake is complete.</summary>
    public void HandshakeCompleted(in HandshakeFacts facts)
    {
        if (!_isInHandshake)
        {
            return;
        }

        _isInHandshake = false;
        if (_openVersion == 0)
        {
            TlsMetrics.Opened(_openVersion = facts.Version);
        }

        TlsMetrics.Ended(_isServer, Stopwatch.GetElapsedTime(_start), facts, errorType: null);
        if (TlsEventSource.Log.IsEnabled())
        {
            TlsEventSource.Log.HandshakeStop(HandshakeFacts.SslProtocol(facts.Version), facts.CipherSuite, facts.Group ?? string.Empty, facts.IsResumed);
        }

        if (_activity is { } activity)
        {
            _activity = null;
            HandshakeActivity.Complete(activity, facts);
        }
    }

    /// <summary>The handshake has failed. Nothing is reported if none is going on.</summary>
    /// <param name="errorType">A name of the reason, of which there are few.</param>
    /// <param name="message">The reason in words.</param>
    public void HandshakeFailed(string errorType, string message)
    {
        if (!_isInHandshake)
        {
            return;
        }

        _isInHandshake = false;
        TimeSpan elapsed = Stopwatch.GetElapsedTime(_start);
        TlsMetrics.Ended(_isServer, elapsed, facts: null, errorType);
        if (TlsEventSource.Log.IsEnabled())
        {
            TlsEventSource.Log.HandshakeFailed(_isServer, elapsed.TotalMilliseconds, message);
            TlsEventSource.Log.HandshakeStop(SslProtocols.None, string.Empty, string.Empty, resumed: false);
        }

        if (_activity is { } activity)
        {
            _activity = null;
            HandshakeActivity.Fail(activity, errorType, message);
        }
    }

    /// <summary>An alert was sent.</summary>
    /// <param name="alert">Its level and its description.</param>
    public void AlertSent(ReadOnlySpan<byte> alert)
    {
        string name = NameOf(alert[1]);
        TlsMetrics.Alert(isSent: true, name);
        if (TlsEventSource.Log.IsEnabled())
        {
            TlsEventSource.Log.AlertSent(_isServer, alert[0], alert[1], name);
        }
    }

    /// <summary>An alert was received.</summary>
    /// <param name="alert">Its level and its description.</param>
    public void AlertReceived(ReadOnlySpan<byte> alert)
    {
        string name = NameOf(alert[1]);
        TlsMetrics.Alert(isSent: false, name);
        if (TlsEventSource.Log.IsEnabled())
        {
            TlsEventSource.Log.AlertReceived(_isServer, alert[0], alert[1], name);
        }
    }

    /// <summary>The connection was disposed of.</summary>
    public void Close()
    {
        GC.SuppressFinalize(this);
        End();
    }

    // A peer may invent descriptions: all of them are one name, so that they cannot fill a collector's memory.
    private static string NameOf(byte description)
        => Enum.IsDefined((AlertDescription)description) ? ((AlertDescription)description).ToString() : "unknown";

    private void End()
    {
        if (_openVersion != 0)
        {
            TlsMetrics.Closed(_openVersion);
            _openVersion = 0;
        }

        HandshakeFailed(Abandoned, "The connection was given up before its handshake was complete.");
    }
}
