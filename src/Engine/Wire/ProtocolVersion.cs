namespace SslModule.Engine.Wire;

/// <summary>Protocol versions as encoded on the wire: RFC 8446 section 4.2.1 and appendix D, RFC 6101 section 5.2.1.</summary>
internal static class ProtocolVersion
{
    public const int SSLv3 = 0x0300;
    public const int TLSv10 = 0x0301;
    public const int TLSv11 = 0x0302;
    public const int TLSv12 = 0x0303;
    public const int TLSv13 = 0x0304;
}
