namespace SslModule.Engine.Records;

/// <summary>Fills in the keys of a connection before TLS 1.3 (RFC 5246 section 6.3): MAC keys, cipher keys and vectors, of each pair the client's first.</summary>
/// <param name="block">As long as the cipher suite asks for.</param>
internal delegate void KeyBlock(Span<byte> block);
