namespace SslModule.Engine.Certificates;

/// <summary>Signatures of TLS 1.1 and earlier (RFC 4346 section 4.7, RFC 4492 section 5.4).</summary>
internal static class LegacySignatures
{
    private const int Md5Length = 16;

    /// <summary>Whether keys of a type support them.</summary>
    public static bool Supports(KeyKind kind) => kind is KeyKind.Rsa or KeyKind.Dsa or KeyKind.Ec;

    /// <summary>The signed part of the MD5 and SHA-1 concatenation: RSA signs both, DSA and ECDSA the SHA-1.</summary>
    public static byte[] Digest(KeyKind kind, byte[] both) => kind == KeyKind.Rsa ? both : both[Md5Length..];
}
