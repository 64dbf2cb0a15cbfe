namespace SslModule.Engine.Wire;

/// <summary>The second byte of a TLS 1.2 SignatureAndHashAlgorithm (RFC 5246 section 7.4.1.4.1).</summary>
internal static class SignatureAlgorithm
{
    public const int rsa = 1;
    public const int dsa = 2;
    public const int ecdsa = 3;
}
