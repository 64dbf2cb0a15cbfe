using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>A ServerHello or a HelloRetryRequest that was checked (RFC 8446 sections 4.1.3 and 4.1.4). It looks at the message it came in, which is gone when that was handled.</summary>
/// <param name="Version">The version's wire number.</param>
/// <param name="Random">The server's random.</param>
/// <param name="SessionId">The session identifier: before TLS 1.3 that of the session at hand.</param>
/// <param name="Suite">The suite's code point.</param>
/// <param name="IsRetry">True of a HelloRetryRequest.</param>
/// <param name="Extensions">The extensions.</param>
internal sealed record ReceivedServerHello(int Version, ReadOnlyMemory<byte> Random, ReadOnlyMemory<byte> SessionId, int Suite, bool IsRetry, Dictionary<ExtensionType, ReadOnlyMemory<byte>> Extensions);
