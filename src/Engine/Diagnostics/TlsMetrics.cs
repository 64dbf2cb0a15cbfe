using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace SslModule.Engine.Diagnostics;

/// <summary>The engine's metrics.</summary>
internal static class TlsMetrics
{
    private static readonly Meter Meter = new(TlsDiagnostics.MeterName);
    private static readonly long[] Open = new long[HandshakeFacts.Versions];
    private static long s_active;

    private static readonly Counter<long> Handshakes = Meter.CreateCounter<long>(
        "sslmodule.tls.handshakes", "{handshake}", "Handshakes that have ended, well or with an error.type.");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "sslmodule.tls.handshake.duration", "s", "How long handshakes took.");

    private static readonly ObservableUpDownCounter<long> ActiveHandshakes = Meter.CreateObservableUpDownCounter(
        "sslmodule.tls.active_handshakes", () => Volatile.Read(ref s_active), "{handshake}", "Handshakes that are going on.");

    private static readonly ObservableUpDownCounter<long> OpenConnections = Meter.CreateObservableUpDownCounter(
        "sslmodule.tls.open_connections", MeasureOpen, "{connection}", "Connections whose handshake is complete, until they are disposed of.");

    private static readonly Counter<long> Alerts = Meter.CreateCounter<long>(
        "sslmodule.tls.alerts", "{alert}", "Alerts sent and received, close_notify among them.");

    /// <summary>True while somebody wants one of them.</summary>
    public static bool IsEnabled
        => Handshakes.Enabled || Duration.Enabled || ActiveHandshakes.Enabled || OpenConnections.Enabled || Alerts.Enabled;

    /// <summary>A handshake has begun.</summary>
    public static void Began() => Interlocked.Increment(ref s_active);

    /// <summary>A handshake has ended.</summary>
    /// <param name="isServer">True on a server.</param>
    /// <param name="elapsed">How long it took.</param>
    /// <param name="facts">What it has settled; null if it failed.</param>
    /// <param name="errorType">Why it failed.</param>
    public static void Ended(bool isServer, TimeSpan elapsed, HandshakeFacts? facts, string? errorType)
    {
        Interlocked.Decrement(ref s_active);
        var tags = new TagList { { "sslmodule.tls.role", isServer ? "server" : "client" } };
        if (facts is { } settled)
        {
            tags.Add("tls.protocol.name", HandshakeFacts.ProtocolName(settled.Version));
            tags.Add("tls.protocol.version", HandshakeFacts.ProtocolNumber(settled.Version));
            tags.Add("tls.resumed", settled.IsResumed);
        }
        else
        {
            tags.Add("error.type", errorType);
        }

        Handshakes.Add(1, tags);
        Duration.Record(elapsed.TotalSeconds, tags);
    }

    /// <summary>A connection was opened.</summary>
    public static void Opened(int version) => Interlocked.Increment(ref Open[version - HandshakeFacts.OldestVersion]);

    /// <summary>A connection was closed.</summary>
    public static void Closed(int version) => Interlocked.Decrement(ref Open[version - HandshakeFacts.OldestVersion]);

    /// <summary>An alert was sent or received.</summary>
    public static void Alert(bool isSent, string name)
        => Alerts.Add(1, new("network.io.direction", isSent ? "transmit" : "receive"), new("sslmodule.tls.alert", name));

    private static Measurement<long>[] MeasureOpen()
    {
        var measurements = new Measurement<long>[HandshakeFacts.Versions];
        for (int i = 0; i < measurements.Length; i++)
        {
            int version = HandshakeFacts.OldestVersion + i;
            measurements[i] = new Measurement<long>(
                Volatile.Read(ref Open[i]),
                new("tls.protocol.name", HandshakeFacts.ProtocolName(version)),
                new("tls.protocol.version", HandshakeFacts.ProtocolNumber(version)));
        }

        return measurements;
    }
}
