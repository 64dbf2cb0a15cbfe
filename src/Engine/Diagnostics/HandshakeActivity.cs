using System.Diagnostics;

namespace SslModule.Engine.Diagnostics;

/// <summary>The activity of one handshake, with the attributes of OpenTelemetry's semantic conventions.</summary>
/// <remarks>
/// It is a child of the activity that is current when the handshake begins, but never the current one itself: the steps of a handshake
/// may run on several threads, between other things that the application does.
/// </remarks>
internal static class HandshakeActivity
{
    private const string Name = TlsDiagnostics.ActivitySourceName + ".TlsHandshake";

    private static readonly ActivitySource Source = new(TlsDiagnostics.ActivitySourceName);

    /// <summary>True while somebody listens.</summary>
    public static bool HasListeners => Source.HasListeners();

    /// <summary>Starts the activity.</summary>
    /// <returns>Null if nobody wants it.</returns>
    public static Activity? Start(bool isServer, string? serverName)
    {
        Activity? outer = Activity.Current;
        Activity? activity = Source.StartActivity(Name, isServer ? ActivityKind.Server : ActivityKind.Client);
        if (activity is null)
        {
            return null;
        }

        Activity.Current = outer;
        if (activity.IsAllDataRequested)
        {
            activity.DisplayName = isServer ? "TLS server handshake" : serverName is null ? "TLS client handshake" : $"TLS client handshake {serverName}";
            activity.SetTag("server.address", serverName);
        }

        return activity;
    }

    /// <summary>Ends the activity of a complete handshake.</summary>
    public static void Complete(Activity activity, in HandshakeFacts facts)
    {
        if (activity.IsAllDataRequested)
        {
            // A tag whose value is null is not there.
            activity.SetTag("server.address", facts.ServerName);
            activity.SetTag("tls.established", true);
            activity.SetTag("tls.protocol.name", HandshakeFacts.ProtocolName(facts.Version));
            activity.SetTag("tls.protocol.version", HandshakeFacts.ProtocolNumber(facts.Version));
            activity.SetTag("tls.cipher", facts.CipherSuite);
            activity.SetTag("tls.curve", facts.Group);
            activity.SetTag("tls.resumed", facts.IsResumed);
            activity.SetTag("tls.next_protocol", facts.Protocol);
        }

        Stop(activity);
    }

    /// <summary>Ends the activity of a handshake that failed.</summary>
    public static void Fail(Activity activity, string errorType, string message)
    {
        if (activity.IsAllDataRequested)
        {
            activity.SetTag("tls.established", false);
            activity.SetTag("error.type", errorType);
            activity.SetStatus(ActivityStatusCode.Error, message);
        }

        Stop(activity);
    }

    private static void Stop(Activity activity)
    {
        // Stop makes the activity current that was it before the start.
        Activity? current = Activity.Current;
        activity.Stop();
        Activity.Current = current;
    }
}
