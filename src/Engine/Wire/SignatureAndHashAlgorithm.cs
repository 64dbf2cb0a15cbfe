namespace SslModule.Engine.Wire;

/// <summary>The first byte of a TLS 1.2 SignatureAndHashAlgorithm (RFC 5246 section 7.4.1.4.1).</summary>
internal static class HashAlgorithm
{
    public const int md5 = 1;
    public const int sha1 = 2;
    public const int sha256 = 4;
    public const int sha384 = 5;
    public const int sha512 = 6;

    /// <summary>The signature algorithm includes its own hash, or uses none (RFC 8422 section 5.1.3).</summary>
    public const int Intrinsic = 8;
}

/// <summary>The second byte of a TLS 1.2 SignatureAndHashAlgorithm (RFC 5246 section 7.4.1.4.1).</summary>
internal static class SignatureAlgorithm
{
    public const int rsa = 1;
    public const int dsa = 2;
    public const int ecdsa = 3;
}
