namespace SslModule.Engine.Connection;

/// <summary>A protocol message sent or received by a connection, for <c>SSLContext._msg_callback</c>.</summary>
/// <param name="Written">True if this end sent it.</param>
/// <param name="Version">The version's wire number.</param>
/// <param name="ContentType">The record's content type; 256 for a record header, 257 for TLS 1.3's inner content type.</param>
/// <param name="MessageType">The handshake type, the alert description, or the first byte.</param>
/// <param name="Content">The bytes.</param>
public readonly record struct TlsMessage(bool Written, int Version, int ContentType, int MessageType, ReadOnlyMemory<byte> Content)
{
    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Bytes => Content.Span;
}
