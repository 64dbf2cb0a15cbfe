namespace SslModule.Engine.Wire;

/// <summary>
/// Signature schemes: RFC 8446 section 4.2.3 and IANA's registry "TLS SignatureScheme". In TLS 1.2 the same two bytes are
/// a <see cref="HashAlgorithm"/> and a <see cref="SignatureAlgorithm"/>.
/// </summary>
internal static class SignatureScheme
{
    public const int rsa_pkcs1_sha1 = 0x0201;

    /// <summary>RFC 5246 section 7.4.1.4.1; TLS 1.2 only.</summary>
    public const int dsa_sha1 = 0x0202;
    public const int ecdsa_sha1 = 0x0203;
    public const int rsa_pkcs1_sha256 = 0x0401;
    public const int ecdsa_secp256r1_sha256 = 0x0403;
    public const int rsa_pkcs1_sha384 = 0x0501;
    public const int ecdsa_secp384r1_sha384 = 0x0503;
    public const int rsa_pkcs1_sha512 = 0x0601;
    public const int ecdsa_secp521r1_sha512 = 0x0603;
    public const int rsa_pss_rsae_sha256 = 0x0804;
    public const int rsa_pss_rsae_sha384 = 0x0805;
    public const int rsa_pss_rsae_sha512 = 0x0806;
    public const int ed25519 = 0x0807;
    public const int ed448 = 0x0808;
    public const int rsa_pss_pss_sha256 = 0x0809;
    public const int rsa_pss_pss_sha384 = 0x080A;
    public const int rsa_pss_pss_sha512 = 0x080B;

    /// <summary>RFC 8734 section 3; TLS 1.3 only.</summary>
    public const int ecdsa_brainpoolP256r1tls13_sha256 = 0x081A;
    public const int ecdsa_brainpoolP384r1tls13_sha384 = 0x081B;
    public const int ecdsa_brainpoolP512r1tls13_sha512 = 0x081C;

    /// <summary>draft-ietf-tls-mldsa section 3; TLS 1.3 only.</summary>
    public const int mldsa44 = 0x0904;
    public const int mldsa65 = 0x0905;
    public const int mldsa87 = 0x0906;
}
