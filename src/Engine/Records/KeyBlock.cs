namespace SslModule.Engine.Records;

/// <summary>
/// Fills in the key block of a version before TLS 1.3 (RFC 5246 section 6.3): MAC keys, cipher keys and IVs, each pair client
/// first.
/// </summary>
/// <param name="block">The key block, of the length that the cipher suite needs.</param>
internal delegate void KeyBlock(Span<byte> block);
