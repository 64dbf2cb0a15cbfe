using SslModule.Engine.Wire;

namespace SslModule.Engine.Ciphers;

/// <summary>
/// OpenSSL 3.0's security levels 0 to 5 (SSL_CTX_set_security_level(3)): what each demands of suites, versions, keys and
/// digests. Higher numbers count as 5, negative ones as 0.
/// </summary>
internal static class SecurityLevels
{
    /// <summary>The level of a context that nobody changed.</summary>
    public const int Default = 2;

    private const int SslV3 = ProtocolVersion.SSLv3;
    private const int TlsV1 = ProtocolVersion.TLSv10;
    private const int TlsV11 = ProtocolVersion.TLSv11;

    private static readonly int[] Floors = [0, 80, 112, 128, 192, 256];

    /// <summary>The bits of security that <paramref name="level"/> demands of everything.</summary>
    public static int MinimumBits(int level) => Floors[Math.Clamp(level, 0, Floors.Length - 1)];

    /// <summary>Whether a connection at <paramref name="level"/> may offer or choose <paramref name="suite"/>.</summary>
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

    /// <summary>Whether <paramref name="version"/> (0x0300 to 0x0304) may be spoken at <paramref name="level"/>.</summary>
    public static bool AllowsVersion(int level, int version) => level switch
    {
        < 2 => true,
        2 => version > SslV3,
        3 => version > TlsV1,
        _ => version > TlsV11,
    };

    /// <summary>Session tickets have no forward secrecy: none of them at level 3 and up.</summary>
    public static bool AllowsTickets(int level) => level < 3;

    /// <summary>Whether something worth <paramref name="securityBits"/> (a key, a group, a digest) is enough at <paramref name="level"/>.</summary>
    public static bool AllowsBits(int level, int securityBits) => securityBits >= MinimumBits(level);

    /// <summary>Whether a finite-field exchange over a prime of <paramref name="primeBits"/> bits may be used; 1024 is the least even at level 0.</summary>
    public static bool AllowsDh(int level, int primeBits) => FiniteFieldSecurityBits(primeBits) >= Math.Max(MinimumBits(level), Floors[1]);

    /// <summary>What a DH or DSA prime of <paramref name="bits"/> bits is worth (NIST SP 800-57 part 1, table 2).</summary>
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
    /// What an RSA modulus of <paramref name="bits"/> bits is worth, rounded down to a level's floor. OpenSSL takes the
    /// estimate of NIST SP 800-56B rounded to the nearest multiple of 8, whose steps lie below the round sizes.
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

    /// <summary>What an elliptic curve of an order of <paramref name="bits"/> bits is worth (same table).</summary>
    public static int CurveSecurityBits(int bits) => bits switch
    {
        >= 512 => 256,
        >= 384 => 192,
        >= 256 => 128,
        >= 224 => 112,
        >= 160 => 80,
        _ => bits / 2,
    };

    /// <summary>What a key is worth whose curve has a name of its own instead of a size: X25519, Ed25519, X448, Ed448.</summary>
    public static int EdwardsSecurityBits(int keyBits) => keyBits > 256 ? 224 : 128;

    /// <summary>
    /// What a TLS signature's hash is worth against collisions. MD5 and SHA-1 are put below level 1, as is their
    /// concatenation, which every signature of TLS 1.1 and earlier is made over; so those versions need level 0.
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

    /// <summary>What the hash of a certificate's signature is worth: as in a handshake, but one bit less for SHA-1.</summary>
    public static int CertificateHashSecurityBits(string hash) => hash == "SHA1" ? 63 : SignatureHashSecurityBits(hash);
}
