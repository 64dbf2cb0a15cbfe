namespace SslModule.Engine.Wire;

/// <summary>The first byte of a record (RFC 8446 section 5.1, RFC 5246 section 6.2.1).</summary>
internal enum ContentType : byte
{
    change_cipher_spec = 20,
    alert = 21,
    handshake = 22,
    application_data = 23,
}
