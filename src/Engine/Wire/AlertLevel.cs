namespace SslModule.Engine.Wire;

/// <summary>The first byte of an alert (RFC 5246 section 7.2); in TLS 1.3 it says nothing (RFC 8446 section 6).</summary>
internal enum AlertLevel : byte
{
    warning = 1,
    fatal = 2,
}
