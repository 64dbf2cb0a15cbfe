using SslModule.Engine.Context;

namespace SslModule.Engine.Connection;

/// <content>What the extensions settled.</content>
public sealed partial class TlsConnection
{
    /// <summary>OpenSSL's name of the key-exchange group of a TLS 1.3 connection; null before the handshake and in older versions.</summary>
    public string? Group => _state.Group > 0 ? GroupNames.NameOf(_state.Group) : null;

    /// <summary>True when the master secret is bound to the whole handshake (RFC 7627); always in TLS 1.3.</summary>
    public bool UsesExtendedMasterSecret => _state.ExtendedMasterSecret;

    /// <summary>True when CBC records are encrypted before they are authenticated (RFC 7366).</summary>
    public bool UsesEncryptThenMac => _state.EncryptThenMac;

    /// <summary>On a client: the OCSP response that the server stapled to its certificate, as DER; it is not judged. Null when none came.</summary>
    public byte[]? OcspResponse => (byte[]?)_state.OcspResponse?.Clone();
}
