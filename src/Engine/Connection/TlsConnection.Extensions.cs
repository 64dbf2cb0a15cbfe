using SslModule.Engine.Context;

namespace SslModule.Engine.Connection;

/// <content>What the extensions settled.</content>
public sealed partial class TlsConnection
{
    /// <summary>OpenSSL's name of the key-exchange group; null before the handshake is done, and where keys were agreed on without one.</summary>
    public string? Group => _state is { IsComplete: true, Group: > 0 } ? GroupNames.NameOf(_state.Group) : null;

    /// <summary>OpenSSL's name of the scheme by which the server signed the handshake; null before it is done, and where it signed none.</summary>
    public string? ServerSignature => !_state.IsComplete ? null : ServerSide ? _state.OwnSignature : _state.PeerSignature;

    /// <summary>The same for the client: null, too, where it showed no certificate.</summary>
    public string? ClientSignature => !_state.IsComplete ? null : ServerSide ? _state.PeerSignature : _state.OwnSignature;

    /// <summary>True when the master secret is bound to the whole handshake (RFC 7627); always in TLS 1.3.</summary>
    public bool UsesExtendedMasterSecret => _state.ExtendedMasterSecret;

    /// <summary>True when CBC records are encrypted before they are authenticated (RFC 7366).</summary>
    public bool UsesEncryptThenMac => _state.EncryptThenMac;

    /// <summary>On a client: the OCSP response that the server stapled to its certificate, as DER; it is not judged. Null when none came.</summary>
    public byte[]? OcspResponse => (byte[]?)_state.OcspResponse?.Clone();
}
