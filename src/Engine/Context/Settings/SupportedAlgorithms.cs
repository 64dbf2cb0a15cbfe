using SslModule.Engine.Certificates;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Crypto;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Context;

/// <summary>The signature schemes and groups that the security level allows, in order of preference.</summary>
internal static class SupportedAlgorithms
{
    private static readonly int[] Schemes =
    [
        SignatureScheme.mldsa65, SignatureScheme.mldsa87, SignatureScheme.mldsa44,
        SignatureScheme.ecdsa_secp256r1_sha256, SignatureScheme.ecdsa_secp384r1_sha384, SignatureScheme.ecdsa_secp521r1_sha512,
        SignatureScheme.ed25519, SignatureScheme.ed448,
        SignatureScheme.ecdsa_brainpoolP256r1tls13_sha256, SignatureScheme.ecdsa_brainpoolP384r1tls13_sha384, SignatureScheme.ecdsa_brainpoolP512r1tls13_sha512,
        SignatureScheme.rsa_pss_pss_sha256, SignatureScheme.rsa_pss_pss_sha384, SignatureScheme.rsa_pss_pss_sha512,
        SignatureScheme.rsa_pss_rsae_sha256, SignatureScheme.rsa_pss_rsae_sha384, SignatureScheme.rsa_pss_rsae_sha512,
        SignatureScheme.rsa_pkcs1_sha256, SignatureScheme.rsa_pkcs1_sha384, SignatureScheme.rsa_pkcs1_sha512,
    ];

    /// <summary>The schemes of a client without signature_algorithms (RFC 5246 section 7.4.1.4.1).</summary>
    public static readonly int[] LegacySchemes = [SignatureScheme.ecdsa_sha1, SignatureScheme.rsa_pkcs1_sha1, SignatureScheme.dsa_sha1];

    private static readonly int[] AllSchemes = [.. Schemes, .. LegacySchemes];

    /// <summary>The signature schemes of the client or the server that the version has and the security level allows. SHA-1 requires level 0.</summary>
    public static int[] SignatureSchemes(CredentialSettings settings, bool ofClient, bool tls13)
    {
        int floor = SecurityLevels.MinimumBits(settings.SecurityLevel);
        int[] chosen = (ofClient ? settings.ClientSignatures : null) ?? settings.ServerSignatures ?? AllSchemes;
        return Array.FindAll(chosen, scheme => (tls13 || !SchemeCodes.IsTls13Only(scheme)) && IsAllowed(scheme, floor));
    }

    private static bool IsAllowed(int scheme, int floor) => floor == 0 || (!LegacySchemes.Contains(scheme) && SchemeBits(scheme) >= floor);

    /// <summary>Whether the signatures of TLS 1.1 and earlier, over MD5 and SHA-1, are allowed. They require level 0.</summary>
    public static bool AllowsLegacySignatures(CredentialSettings settings)
        => SecurityLevels.AllowsBits(settings.SecurityLevel, SecurityLevels.SignatureHashSecurityBits("MD5-SHA1"));

    /// <summary>The groups that the security level allows, by the tuples of the list (<see cref="GroupList"/>).</summary>
    public static int[][] GroupTuples(ConnectionSettings settings)
    {
        int bits = SecurityLevels.MinimumBits(settings.Credentials.SecurityLevel);
        return Array.ConvertAll((settings.Groups ?? GroupList.Default).Tuples, tuple => Array.FindAll(tuple, group => GroupBits(group) >= bits));
    }

    /// <summary>The groups for which a client sends key shares: those configured or the default ones; if none is usable, the first TLS 1.3 group.</summary>
    public static int[] KeyShares(ConnectionSettings settings, int[] offered)
    {
        int[] usable = Array.FindAll(offered, IsTls13Group);
        int[] chosen = Array.FindAll(usable, (settings.Groups ?? GroupList.Default).KeyShares.Contains);
        return chosen.Length > 0 ? chosen : usable[..Math.Min(1, usable.Length)];
    }

    /// <summary>Whether the group is allowed in TLS 1.3 (RFC 8446 section 4.2.7).</summary>
    public static bool IsTls13Group(int group) => NamedGroup.IsDefinedIn(group, ProtocolVersion.TLSv13);

    /// <summary>Whether the server's order of suites and groups takes precedence.</summary>
    public static bool PrefersOwn(ConnectionSettings settings) => settings.Has(TlsOptions.CipherServerPreference);

    /// <summary>Whether a key can sign a handshake by a scheme.</summary>
    public static bool Fits(PrivateKey key, int scheme, bool tls13) => key.Kind switch
    {
        KeyKind.Rsa => scheme is >= SignatureScheme.rsa_pss_rsae_sha256 and <= SignatureScheme.rsa_pss_rsae_sha512 && HasRoomForPss(key, scheme)
            || (!tls13 && (scheme & 0xFF) == SignatureAlgorithm.rsa && scheme >> 8 != HashAlgorithm.Intrinsic),
        KeyKind.RsaPss => scheme is >= SignatureScheme.rsa_pss_pss_sha256 and <= SignatureScheme.rsa_pss_pss_sha512 && HasRoomForPss(key, scheme),
        KeyKind.Ec when tls13 => scheme == SchemeCodes.OfCurve(key.CurveOid),
        KeyKind.Ec => (scheme & 0xFF) == SignatureAlgorithm.ecdsa && scheme >> 8 != HashAlgorithm.Intrinsic,
        KeyKind.Ed25519 => scheme == SignatureScheme.ed25519,
        KeyKind.Ed448 => scheme == SignatureScheme.ed448,
        KeyKind.MlDsa44 => scheme == SignatureScheme.mldsa44 && tls13,
        KeyKind.MlDsa65 => scheme == SignatureScheme.mldsa65 && tls13,
        KeyKind.MlDsa87 => scheme == SignatureScheme.mldsa87 && tls13,
        KeyKind.Dsa => (scheme & 0xFF) == SignatureAlgorithm.dsa && scheme >> 8 != HashAlgorithm.Intrinsic && !tls13,
        _ => false,
    };

    // RFC 8017 section 9.1.1: the hash, a salt of the same length, and two bytes.
    private static bool HasRoomForPss(PrivateKey key, int scheme)
        => (key.Bits + 7) / 8 >= (2 * (SchemeCodes.HashOf(scheme) is { } hash ? HashNames.Size(hash) : 0)) + 2;

    private static int SchemeBits(int scheme) => scheme switch
    {
        SignatureScheme.ed25519 => SecurityLevels.EdwardsSecurityBits(256),
        SignatureScheme.ed448 => SecurityLevels.EdwardsSecurityBits(456),
        SignatureScheme.mldsa44 => SecurityLevels.MlDsa44SecurityBits,
        SignatureScheme.mldsa65 => SecurityLevels.MlDsa65SecurityBits,
        SignatureScheme.mldsa87 => SecurityLevels.MlDsa87SecurityBits,
        _ => SecurityLevels.SignatureHashSecurityBits(SchemeCodes.HashOf(scheme)?.Name ?? ""),
    };

    private static int GroupBits(int group) => group switch
    {
        NamedGroup.x25519 or NamedGroup.secp256r1 or NamedGroup.ffdhe3072 => 128,
        NamedGroup.x448 => 224,
        NamedGroup.secp384r1 or NamedGroup.ffdhe8192 or NamedGroup.X25519MLKEM768 or NamedGroup.SecP256r1MLKEM768
            or NamedGroup.MLKEM768 or NamedGroup.brainpoolP384r1 or NamedGroup.brainpoolP384r1tls13 => 192,
        NamedGroup.secp521r1 or NamedGroup.brainpoolP512r1 or NamedGroup.brainpoolP512r1tls13 or NamedGroup.SecP384r1MLKEM1024
            or NamedGroup.MLKEM1024 => 256,
        NamedGroup.ffdhe2048 or NamedGroup.secp224r1 => 112,
        NamedGroup.secp192r1 => 96,
        NamedGroup.ffdhe4096 => 152,
        NamedGroup.ffdhe6144 => 176,
        _ => 128,
    };
}
