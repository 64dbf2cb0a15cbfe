using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Tracing;
using System.Security.Authentication;

namespace SslModule.Engine.Diagnostics;

/// <summary>The engine's events. The first three have the numbers, names and payloads of the source <c>System.Net.Security</c>; HandshakeStop has more at its end.</summary>
[EventSource(Name = TlsDiagnostics.EventSourceName)]
[SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "An event is an instance method.")]
internal sealed class TlsEventSource : EventSource
{
    /// <summary>The only instance.</summary>
    public static readonly TlsEventSource Log = new();

    private const string PrimitivesOnly = "All arguments are primitive.";

    /// <summary>A handshake has begun.</summary>
    /// <param name="isServer">True on a server.</param>
    /// <param name="targetHost">On a client: the server's name; empty for none and on a server, which does not know it yet.</param>
    [Event(1, Level = EventLevel.Informational)]
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = PrimitivesOnly)]
    public void HandshakeStart(bool isServer, string targetHost) => WriteEvent(1, isServer, targetHost);

    /// <summary>A handshake has ended, well or not.</summary>
    /// <param name="protocol">The version; None after a failure.</param>
    /// <param name="cipherSuite">The suite's name of the IANA registry; empty after a failure.</param>
    /// <param name="group">OpenSSL's name of the key-exchange group; empty for none.</param>
    /// <param name="resumed">True if a session was resumed.</param>
    [Event(2, Level = EventLevel.Informational)]
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = PrimitivesOnly)]
    public void HandshakeStop(SslProtocols protocol, string cipherSuite, string group, bool resumed)
        => WriteEvent(2, protocol, cipherSuite, group, resumed);

    /// <summary>A handshake has failed or was abandoned.</summary>
    /// <param name="isServer">True on a server.</param>
    /// <param name="elapsedMilliseconds">How long it took.</param>
    /// <param name="exceptionMessage">Why.</param>
    [Event(3, Level = EventLevel.Error)]
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = PrimitivesOnly)]
    public void HandshakeFailed(bool isServer, double elapsedMilliseconds, string exceptionMessage)
        => WriteEvent(3, isServer, elapsedMilliseconds, exceptionMessage);

    /// <summary>An alert was written to the output.</summary>
    /// <param name="isServer">True on a server.</param>
    /// <param name="level">1 for a warning, 2 for a fatal alert.</param>
    /// <param name="description">The alert's number.</param>
    /// <param name="name">The RFC's name of it.</param>
    [Event(4, Level = EventLevel.Informational)]
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = PrimitivesOnly)]
    public void AlertSent(bool isServer, int level, int description, string name) => WriteEvent(4, isServer, level, description, name);

    /// <summary>An alert of the peer was received.</summary>
    /// <param name="isServer">True on a server.</param>
    /// <param name="level">1 for a warning, 2 for a fatal alert.</param>
    /// <param name="description">The alert's number.</param>
    /// <param name="name">The RFC's name of it.</param>
    [Event(5, Level = EventLevel.Informational)]
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = PrimitivesOnly)]
    public void AlertReceived(bool isServer, int level, int description, string name) => WriteEvent(5, isServer, level, description, name);
}
