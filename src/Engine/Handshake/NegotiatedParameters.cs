namespace SslModule.Engine.Handshake;

/// <summary>The parameters that a handshake negotiated.</summary>
/// <param name="Version">The version's wire number.</param>
/// <param name="Suite">The suite's code point.</param>
/// <param name="ExtendedMasterSecret">True when the secrets are bound to the handshake: RFC 7627, and always in TLS 1.3.</param>
/// <param name="EncryptThenMac">RFC 7366.</param>
/// <param name="MaxFragmentLength">The max_fragment_length code (RFC 6066 section 4), or -1.</param>
/// <param name="Alpn">The negotiated ALPN protocol; null for none.</param>
internal readonly record struct NegotiatedParameters(int Version, int Suite, bool ExtendedMasterSecret, bool EncryptThenMac, int MaxFragmentLength, byte[]? Alpn);
