using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;
using NUnit.Framework;
using SslModule.Engine.Diagnostics;

namespace SslModule.Engine.Tests.Diagnostics;

/// <summary>Hears everything that the engine reports.</summary>
internal sealed class Listener : IDisposable
{
    private readonly EventRecorder? _events;
    private readonly ActivityListener? _activities;
    private readonly MeterListener? _meter;

    private Listener(bool events, bool activities, bool metrics)
    {
        if (events)
        {
            _events = new EventRecorder(this);
            _events.EnableEvents(TlsEventSource.Log, EventLevel.Verbose);
        }

        if (activities)
        {
            _activities = new ActivityListener
            {
                ShouldListenTo = source => source.Name == TlsDiagnostics.ActivitySourceName,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
                ActivityStarted = activity => Started.Enqueue(activity),
                ActivityStopped = activity => Stopped.Enqueue(activity),
            };
            ActivitySource.AddActivityListener(_activities);
        }

        if (metrics)
        {
            // What earlier tests left to the collector is not counted as this test's.
            Collect();
            _meter = new MeterListener
            {
                InstrumentPublished = (instrument, listener) =>
                {
                    if (instrument.Meter.Name == TlsDiagnostics.MeterName)
                    {
                        listener.EnableMeasurementEvents(instrument);
                    }
                },
            };
            _meter.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
            _meter.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
            _meter.Start();
        }
    }

    /// <summary>The events: a line each, the name first and then the payload.</summary>
    public ConcurrentQueue<(string Name, object?[] Payload)> Events { get; } = new();

    public ConcurrentQueue<Activity> Started { get; } = new();

    public ConcurrentQueue<Activity> Stopped { get; } = new();

    /// <summary>The measurements: the instrument's name without its prefix, the tags, the value.</summary>
    public ConcurrentQueue<(string Name, string Tags, double Value)> Measurements { get; } = new();

    public static Listener ToAll() => new(true, true, true);

    public static Listener ToEvents() => new(true, false, false);

    public static Listener ToActivities() => new(false, true, false);

    public static Listener ToMetrics() => new(false, false, true);

    public static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    /// <summary>The names of the events so far, and their payloads.</summary>
    public string[] Lines() => [.. Events.Select(entry => $"{entry.Name}({string.Join(", ", entry.Payload)})")];

    /// <summary>The events of one name.</summary>
    public object?[][] PayloadsOf(string name) => [.. Events.Where(entry => entry.Name == name).Select(entry => entry.Payload)];

    /// <summary>What a gauge says now.</summary>
    public double Gauge(string name, string tags = "")
    {
        Measurements.Clear();
        _meter!.RecordObservableInstruments();
        return Measurements.Single(entry => entry.Name == name && entry.Tags == tags).Value;
    }

    public void Dispose()
    {
        _events?.Dispose();
        _activities?.Dispose();
        _meter?.Dispose();
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        => Measurements.Enqueue((instrument.Name["sslmodule.tls.".Length..], string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")), value));

    private sealed class EventRecorder(Listener owner) : EventListener
    {
        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            // How an event source tells of its own faults.
            Assert.That(eventData.EventName, Is.Not.EqualTo("EventSourceMessage"), eventData.Payload?.FirstOrDefault() as string);
            owner.Events.Enqueue((eventData.EventName!, [.. eventData.Payload!]));
        }
    }
}
