using SslModule.Engine.Wire;

namespace SslModule.Engine.Ciphers;

/// <summary>
/// OpenSSL 3.0's security levels 0 to 5 (SSL_CTX_set_security_level(3)): the minimum each sets for suites, versions, keys and
/// digests. Higher levels count as 5, negative ones as 0.
/// </summary>
internal static class SecurityLevels
{
    /// <summary>The default level of a context.</summary>
    public const int Default = 2;

    private const int SslV3 = ProtocolVersion.SSLv3;
    private const int TlsV1 = ProtocolVersion.TLSv10;
    private const int TlsV11 = ProtocolVersion.TLSv11;

    private static readonly int[] MinimumBitsByLevel = [0, 80, 112, 128, 192, 256];

    /// <summary>The security bits of ML-DSA-44 keys and signatures (FIPS 204 section 4): category 2, which OpenSSL counts as 128.</summary>
    public const int MlDsa44SecurityBits = 128;

    /// <summary>ML-DSA-65: category 3.</summary>
    public const int MlDsa65SecurityBits = 192;

    /// <summary>ML-DSA-87: category 5.</summary>
    public const int MlDsa87SecurityBits = 256;

    /// <summary>The minimum security bits at <paramref name="level"/>.</summary>
    public static int MinimumBits(int level) => MinimumBitsByLevel[Math.Clamp(level, 0, MinimumBitsByLevel.Length - 1)];

    /// <summary>Whether <paramref name="suite"/> may be offered or selected at <paramref name="level"/>.</summary>
    public static bool Allows(int level, CipherSuiteInfo suite)
    {
        if (level <= 0)
        {
            return true;
        }

        int floor = MinimumBits(level);
        bool weakMac = suite.Mac == "MD5" || (suite.Mac == "SHA1" && floor > 160);
        return suite.StrengthBits >= floor && !suite.IsAnonymous && !weakMac && (level < 3 || suite.IsForwardSecret);
    }

    /// <summary>Whether <paramref name="version"/> (0x0300 to 0x0304) is allowed at <paramref name="level"/>.</summary>
    public static bool AllowsVersion(int level, int version) => level switch
    {
        < 2 => true,
        2 => version > SslV3,
        3 => version > TlsV1,
        _ => version > TlsV11,
    };

    /// <summary>Whether session tickets are allowed: not from level 3, because they have no forward secrecy.</summary>
    public static bool AllowsTickets(int level) => level < 3;

    /// <summary>
    /// Whether a key, group or digest with <paramref name="securityBits"/> bits of security is allowed at
    /// <paramref name="level"/>.
    /// </summary>
    public static bool AllowsBits(int level, int securityBits) => securityBits >= MinimumBits(level);

    /// <summary>Whether a DH prime of <paramref name="primeBits"/> bits is allowed; at least 1024 bits are required even at level 0.</summary>
    public static bool AllowsDh(int level, int primeBits) => FiniteFieldSecurityBits(primeBits) >= Math.Max(MinimumBits(level), MinimumBitsByLevel[1]);

    /// <summary>The security bits of a DH or DSA prime of <paramref name="bits"/> bits (NIST SP 800-57 part 1, table 2).</summary>
    public static int FiniteFieldSecurityBits(int bits) => bits switch
    {
        >= 15360 => 256,
        >= 7680 => 192,
        >= 3072 => 128,
        >= 2048 => 112,
        >= 1024 => 80,
        _ => 0,
    };

    /// <summary>
    /// The security bits of an RSA modulus of <paramref name="bits"/> bits, rounded down to a level's minimum. OpenSSL rounds the
    /// estimate of NIST SP 800-56B to the nearest multiple of 8, whose steps lie below the common key sizes.
    /// </summary>
    public static int RsaSecurityBits(int bits) => bits switch
    {
        >= 13914 => 256,
        >= 6947 => 192,
        >= 2671 => 128,
        >= 1963 => 112,
        >= 920 => 80,
        _ => 0,
    };

    /// <summary>The security bits of an elliptic curve whose order has <paramref name="bits"/> bits (NIST SP 800-57 part 1, table 2).</summary>
    public static int CurveSecurityBits(int bits) => bits switch
    {
        >= 512 => 256,
        >= 384 => 192,
        >= 256 => 128,
        >= 224 => 112,
        >= 160 => 80,
        _ => bits / 2,
    };

    /// <summary>The security bits of X25519, Ed25519, X448 and Ed448 keys.</summary>
    public static int EdwardsSecurityBits(int keyBits) => keyBits > 256 ? 224 : 128;

    /// <summary>
    /// The security bits of the hash in a TLS signature, by collision resistance. MD5, SHA-1 and their concatenation rank below
    /// level 1. Every signature of TLS 1.1 and earlier uses that concatenation, so those versions need level 0.
    /// </summary>
    public static int SignatureHashSecurityBits(string hash) => hash switch
    {
        "MD5" => 39,
        "SHA1" => 64,
        "MD5-SHA1" => 67,
        "SHA224" => 112,
        "SHA256" => 128,
        "SHA384" => 192,
        "SHA512" => 256,
        _ => 0,
    };

    /// <summary>The security bits of the hash in a certificate's signature: as in a handshake, but one bit less for SHA-1.</summary>
    public static int CertificateHashSecurityBits(string hash) => hash == "SHA1" ? 63 : SignatureHashSecurityBits(hash);
}
