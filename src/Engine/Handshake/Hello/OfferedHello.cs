using SslModule.Engine.Sessions;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>The contents of a ClientHello (RFC 8446 section 4.1.2), without key shares and PSKs, which are added when it is written.</summary>
/// <param name="LegacyVersion">The newest version before TLS 1.3.</param>
/// <param name="Versions">The versions, newest first.</param>
/// <param name="Random">32 bytes.</param>
/// <param name="SessionId">The ID of the session to resume, or the random ID of middlebox compatibility mode.</param>
/// <param name="CipherSuites">The cipher suites, in order of preference.</param>
/// <param name="Extensions">The extensions by type.</param>
/// <param name="Session">The TLS 1.2 or earlier session to resume; null for none.</param>
internal sealed record OfferedHello(int LegacyVersion, int[] Versions, byte[] Random, byte[] SessionId, int[] CipherSuites, IReadOnlyDictionary<ExtensionType, byte[]> Extensions, TlsSession? Session);
