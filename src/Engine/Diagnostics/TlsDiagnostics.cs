using System.Diagnostics.CodeAnalysis;

namespace SslModule.Engine.Diagnostics;

/// <summary>The names by which .NET's diagnostics find the engine's events, activities and metrics; docs/dotnet.md lists what each has.</summary>
/// <remarks>
/// Nothing is recorded, and nothing allocated, while nobody listens. A connection is observed if somebody listens when its handshake
/// begins. No record contains keys or application data.
/// </remarks>
public static class TlsDiagnostics
{
    /// <summary>The name of the <see cref="System.Diagnostics.Tracing.EventSource"/>.</summary>
    public const string EventSourceName = "SslModule-Engine";

    /// <summary>The name of the <see cref="System.Diagnostics.ActivitySource"/>, which has one activity for each handshake.</summary>
    public const string ActivitySourceName = "SslModule.Engine";

    /// <summary>The name of the <see cref="System.Diagnostics.Metrics.Meter"/>.</summary>
    public const string MeterName = "SslModule.Engine";

    private const string SwitchName = "SslModule.Engine.Diagnostics.IsSupported";

    /// <summary>False where the application was built without diagnostics: the trimmer then removes them.</summary>
    [FeatureSwitchDefinition(SwitchName)]
    internal static bool IsSupported { get; } = !AppContext.TryGetSwitch(SwitchName, out bool isOn) || isOn;

    /// <summary>True while somebody listens.</summary>
    internal static bool IsListenedTo
        => IsSupported && (TlsEventSource.Log.IsEnabled() || HandshakeActivity.HasListeners || TlsMetrics.IsEnabled);
}
