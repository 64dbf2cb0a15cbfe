using SslModule.Engine.Sessions;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>What a ClientHello offers whatever the version (RFC 8446 section 4.1.2); key shares and PSKs are added when it is written.</summary>
/// <param name="LegacyVersion">The newest version before TLS 1.3.</param>
/// <param name="Versions">The versions, newest first.</param>
/// <param name="Random">32 bytes.</param>
/// <param name="SessionId">The session to resume, or what TLS 1.3 sends for old middleboxes.</param>
/// <param name="CipherSuites">Best first.</param>
/// <param name="Extensions">By their types.</param>
/// <param name="Session">The session of TLS 1.2 or earlier that it would resume; null for none.</param>
internal sealed record OfferedHello(int LegacyVersion, int[] Versions, byte[] Random, byte[] SessionId, int[] CipherSuites, IReadOnlyDictionary<ExtensionType, byte[]> Extensions, TlsSession? Session);
