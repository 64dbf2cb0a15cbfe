using System.Diagnostics.Tracing;
using SslModule.Engine.Diagnostics;

namespace SslModule.Examples.Kestrel;

/// <summary>
/// Passes the engine's events to ASP.NET's logging: failed handshakes as warnings, everything else for debugging. The engine itself
/// knows no logging library, so that it fits beside any version of one.
/// </summary>
internal sealed class TlsEventLog : EventListener
{
    private readonly ILogger? _logger;

    public TlsEventLog(ILoggerFactory factory)
    {
        // The base class's constructor has told of the sources that were there, when there was no logger yet.
        _logger = factory.CreateLogger(TlsDiagnostics.EventSourceName);
        foreach (EventSource source in EventSource.GetSources())
        {
            OnEventSourceCreated(source);
        }
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (_logger is not null && eventSource.Name == TlsDiagnostics.EventSourceName)
        {
            EnableEvents(eventSource, EventLevel.Informational);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        LogLevel level = eventData.Level <= EventLevel.Error ? LogLevel.Warning : LogLevel.Debug;
        if (_logger is null || !_logger.IsEnabled(level))
        {
            return;
        }

        // Names and values stay apart for loggers that store them so.
        KeyValuePair<string, object?>[] values = [.. eventData.PayloadNames!.Zip(eventData.Payload!, (name, value) => KeyValuePair.Create(name, value))];
        _logger.Log(level, new EventId(eventData.EventId, eventData.EventName), values, exception: null, (state, _)
            => $"{eventData.EventName} {string.Join(", ", state.Select(pair => $"{pair.Key}={pair.Value}"))}");
    }
}
