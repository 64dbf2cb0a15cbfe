using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>A decoded and checked ServerHello or HelloRetryRequest (RFC 8446 sections 4.1.3 and 4.1.4). It refers to the message buffer, which is valid only while the message is processed.</summary>
/// <param name="Version">The version's wire number.</param>
/// <param name="Random">The server's random.</param>
/// <param name="SessionId">The session ID; before TLS 1.3, the ID of the new or resumed session.</param>
/// <param name="Suite">The suite's code point.</param>
/// <param name="IsRetry">True for a HelloRetryRequest.</param>
/// <param name="Extensions">The extensions.</param>
internal sealed record ReceivedServerHello(int Version, ReadOnlyMemory<byte> Random, ReadOnlyMemory<byte> SessionId, int Suite, bool IsRetry, Dictionary<ExtensionType, ReadOnlyMemory<byte>> Extensions);
