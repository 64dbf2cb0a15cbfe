namespace SslModule.Engine.Handshake;

/// <summary>What a ClientHello offers whatever the version (RFC 8446 section 4.1.2); TLS 1.3 adds its extensions when it is written.</summary>
/// <param name="LegacyVersion">The newest version before TLS 1.3.</param>
/// <param name="Random">32 bytes.</param>
/// <param name="SessionId">The session to resume, or what TLS 1.3 sends for old middleboxes.</param>
/// <param name="CipherSuites">Best first.</param>
/// <param name="Extensions">By their types.</param>
internal sealed record OfferedHello(int LegacyVersion, byte[] Random, byte[] SessionId, int[] CipherSuites, IDictionary<int, byte[]> Extensions);
