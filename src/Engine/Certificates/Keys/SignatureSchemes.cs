using System.Security.Cryptography;

namespace SslModule.Engine.Certificates;

/// <summary>The parameters of a TLS SignatureScheme code point (RFC 8446 section 4.2.3).</summary>
/// <param name="Hash">The digest; null for Ed25519, Ed448 and ML-DSA, which sign the message itself.</param>
/// <param name="IsPss">True for RSASSA-PSS.</param>
/// <param name="Kind">The key type.</param>
internal readonly record struct SignatureSchemeUse(HashAlgorithmName? Hash, bool IsPss, KeyKind Kind);

/// <summary>The supported signature schemes.</summary>
internal static class SignatureSchemes
{
    private const int Rsa = 1;
    private const int Dsa = 2;
    private const int Ecdsa = 3;

    /// <summary>Finds a scheme by its code point; null when unknown.</summary>
    public static SignatureSchemeUse? Find(int scheme) => scheme switch
    {
        0x0804 => new SignatureSchemeUse(HashAlgorithmName.SHA256, true, KeyKind.Rsa),
        0x0805 => new SignatureSchemeUse(HashAlgorithmName.SHA384, true, KeyKind.Rsa),
        0x0806 => new SignatureSchemeUse(HashAlgorithmName.SHA512, true, KeyKind.Rsa),
        0x0807 => new SignatureSchemeUse(null, false, KeyKind.Ed25519),
        0x0808 => new SignatureSchemeUse(null, false, KeyKind.Ed448),
        0x0809 => new SignatureSchemeUse(HashAlgorithmName.SHA256, true, KeyKind.RsaPss),
        0x080A => new SignatureSchemeUse(HashAlgorithmName.SHA384, true, KeyKind.RsaPss),
        0x080B => new SignatureSchemeUse(HashAlgorithmName.SHA512, true, KeyKind.RsaPss),
        0x081A => new SignatureSchemeUse(HashAlgorithmName.SHA256, false, KeyKind.Ec),
        0x081B => new SignatureSchemeUse(HashAlgorithmName.SHA384, false, KeyKind.Ec),
        0x081C => new SignatureSchemeUse(HashAlgorithmName.SHA512, false, KeyKind.Ec),
        0x0904 => new SignatureSchemeUse(null, false, KeyKind.MlDsa44),
        0x0905 => new SignatureSchemeUse(null, false, KeyKind.MlDsa65),
        0x0906 => new SignatureSchemeUse(null, false, KeyKind.MlDsa87),
        _ => FromTls12(scheme >> 8, scheme & 0xFF),
    };

    // TLS 1.2: the first byte is the hash, the second the kind of key (RFC 5246 section 7.4.1.4.1).
    private static SignatureSchemeUse? FromTls12(int hash, int signature)
    {
        HashAlgorithmName? digest = hash switch
        {
            1 => HashAlgorithmName.MD5,
            2 => HashAlgorithmName.SHA1,
            3 => HashNames.Sha224,
            4 => HashAlgorithmName.SHA256,
            5 => HashAlgorithmName.SHA384,
            6 => HashAlgorithmName.SHA512,
            _ => null,
        };
        KeyKind? kind = signature switch
        {
            Rsa => KeyKind.Rsa,
            Dsa => KeyKind.Dsa,
            Ecdsa => KeyKind.Ec,
            _ => null,
        };
        return digest is not null && kind is { } known ? new SignatureSchemeUse(digest, false, known) : null;
    }
}
