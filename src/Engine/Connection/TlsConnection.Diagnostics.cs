using SslModule.Engine.Diagnostics;
using SslModule.Engine.Errors;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Connection;

/// <content>Diagnostics: what .NET's listeners are told.</content>
public sealed partial class TlsConnection
{
    private ConnectionObservation? _observation;

    /// <summary>False for a connection that is no work of the application's.</summary>
    internal bool IsObservable { get; init; } = true;

    /// <summary>The version's wire number; 0 before the handshake is complete.</summary>
    internal int VersionNumber => _state.IsComplete ? _state.Version : 0;

    // A build without diagnostics drops whatever is behind this.
    private ConnectionObservation? Observation => TlsDiagnostics.IsSupported ? _observation : null;

    /// <summary>Reports a handshake that the application gave up: it was cancelled, or the transport failed.</summary>
    internal void HandshakeAbandoned(Exception cause)
    {
        lock (_sync)
        {
            Observation?.HandshakeFailed(cause.GetType().FullName!, cause.Message);
        }
    }

    private void Observe()
    {
        if (TlsDiagnostics.IsSupported && IsObservable)
        {
            _observation = ConnectionObservation.Begin(ServerSide, ServerSide ? null : ServerHostname);
        }
    }

    private void ObserveCompletion()
        => Observation?.HandshakeCompleted(new HandshakeFacts(
            _state.Version,
            _state.Cipher!.StandardName,
            Group,
            _state.IsResumed,
            ServerSide ? RequestedServerName : ServerHostname,
            _state.SelectedAlpn is { } protocol ? System.Text.Encoding.ASCII.GetString(protocol) : null));

    private void ObserveFailure(TlsError failure)
        => Observation?.HandshakeFailed(
            failure.Reason ?? failure.Kind.ToString(),
            failure.VerifyMessage is null ? failure.Message : $"{failure.Message}: {failure.VerifyMessage}");

    private void ObserveReceived(ContentType type, ReadOnlySpan<byte> content)
    {
        if (type == ContentType.alert && content.Length >= 2)
        {
            Observation?.AlertReceived(content);
        }
    }
}
