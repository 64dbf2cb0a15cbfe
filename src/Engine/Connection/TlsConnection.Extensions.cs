using SslModule.Engine.Context;

namespace SslModule.Engine.Connection;

/// <content>The results of extensions.</content>
public sealed partial class TlsConnection
{
    /// <summary>OpenSSL's name of the key-exchange group; null before the handshake is complete, and if the key exchange used none.</summary>
    public string? Group => _state is { IsComplete: true, Group: > 0 } ? GroupNames.NameOf(_state.Group) : null;

    /// <summary>OpenSSL's name of the server's signature scheme; null before the handshake is complete, and if the server did not sign.</summary>
    public string? ServerSignature => !_state.IsComplete ? null : ServerSide ? _state.OwnSignature : _state.PeerSignature;

    /// <summary>OpenSSL's name of the client's signature scheme; null before the handshake is complete, and if the client sent no certificate.</summary>
    public string? ClientSignature => !_state.IsComplete ? null : ServerSide ? _state.PeerSignature : _state.OwnSignature;

    /// <summary>True if the extended master secret is used (RFC 7627); always in TLS 1.3.</summary>
    public bool UsesExtendedMasterSecret => _state.ExtendedMasterSecret;

    /// <summary>True if CBC records use encrypt-then-MAC (RFC 7366).</summary>
    public bool UsesEncryptThenMac => _state.EncryptThenMac;

    /// <summary>On a client: the DER-encoded OCSP response that the server stapled, which is not verified; null for none.</summary>
    public byte[]? OcspResponse => (byte[]?)_state.OcspResponse?.Clone();
}
