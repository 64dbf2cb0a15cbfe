namespace SslModule.Engine.Wire;

/// <summary>Key exchange groups: RFC 8446 section 4.2.7, RFC 8422 section 5.1.1 and IANA's registry "TLS Supported Groups".</summary>
internal static class NamedGroup
{
    /// <summary>RFC 8422. This and the next three are for versions before TLS 1.3.</summary>
    public const int secp192r1 = 19;
    public const int secp224r1 = 21;
    public const int secp256k1 = 22;
    public const int secp256r1 = 23;
    public const int secp384r1 = 24;
    public const int secp521r1 = 25;

    /// <summary>RFC 7027. This and the next two are for versions before TLS 1.3.</summary>
    public const int brainpoolP256r1 = 26;
    public const int brainpoolP384r1 = 27;
    public const int brainpoolP512r1 = 28;
    public const int x25519 = 29;
    public const int x448 = 30;

    /// <summary>RFC 8734. This and the next two are for TLS 1.3.</summary>
    public const int brainpoolP256r1tls13 = 31;
    public const int brainpoolP384r1tls13 = 32;
    public const int brainpoolP512r1tls13 = 33;

    /// <summary>RFC 7919, as are the next four.</summary>
    public const int ffdhe2048 = 256;
    public const int ffdhe3072 = 257;
    public const int ffdhe4096 = 258;
    public const int ffdhe6144 = 259;
    public const int ffdhe8192 = 260;

    /// <summary>draft-ietf-tls-mlkem. This and the next two are for TLS 1.3.</summary>
    public const int MLKEM512 = 512;
    public const int MLKEM768 = 513;
    public const int MLKEM1024 = 514;

    /// <summary>draft-ietf-tls-ecdhe-mlkem. This and the next two are for TLS 1.3.</summary>
    public const int SecP256r1MLKEM768 = 0x11EB;
    public const int X25519MLKEM768 = 0x11EC;
    public const int SecP384r1MLKEM1024 = 0x11ED;

    /// <summary>True for finite-field groups (RFC 7919 section 2).</summary>
    public static bool IsFiniteField(int group) => group is >= ffdhe2048 and <= ffdhe8192;

    /// <summary>True for elliptic curves.</summary>
    public static bool IsCurve(int group) => group is secp192r1 or >= secp224r1 and <= brainpoolP512r1tls13;

    /// <summary>True for pure ML-KEM groups.</summary>
    public static bool IsKem(int group) => group is >= MLKEM512 and <= MLKEM1024;

    /// <summary>True for hybrid groups, whose key shares concatenate those of two component groups.</summary>
    public static bool IsHybrid(int group) => group is SecP256r1MLKEM768 or X25519MLKEM768 or SecP384r1MLKEM1024;

    /// <summary>The two components of a hybrid group, in the order of their key shares (draft-ietf-tls-ecdhe-mlkem section 4).</summary>
    public static (int First, int Second) ComponentsOf(int hybrid) => hybrid switch
    {
        SecP256r1MLKEM768 => (secp256r1, MLKEM768),
        X25519MLKEM768 => (MLKEM768, x25519),
        SecP384r1MLKEM1024 => (secp384r1, MLKEM1024),
        _ => throw new ArgumentOutOfRangeException(nameof(hybrid)),
    };

    /// <summary>Whether the group is defined for a protocol version.</summary>
    public static bool IsDefinedIn(int group, int version) => version >= ProtocolVersion.TLSv13
        ? group is >= secp256r1 and <= secp521r1 or x25519 or x448 or >= brainpoolP256r1tls13 and <= brainpoolP512r1tls13
            || IsFiniteField(group) || IsKem(group) || IsHybrid(group)
        : (IsCurve(group) && group is not (>= brainpoolP256r1tls13 and <= brainpoolP512r1tls13)) || IsFiniteField(group);

    /// <summary>
    /// The key_exchange length in bytes of a curve (RFC 8446 section 4.2.8.2), of an ML-KEM group, whose client sends a key and whose
    /// server a ciphertext (draft-ietf-tls-mlkem section 4), or of a hybrid group (draft-ietf-tls-ecdhe-mlkem section 4); null for others.
    /// </summary>
    public static int? KeyShareLength(int group, bool ofClient) => group switch
    {
        _ when IsHybrid(group) => KeyShareLength(ComponentsOf(group).First, ofClient) + KeyShareLength(ComponentsOf(group).Second, ofClient),
        MLKEM512 => ofClient ? 800 : 768,
        MLKEM768 => ofClient ? 1184 : 1088,
        MLKEM1024 => 1568,
        x25519 => 32,
        x448 => 56,
        secp256r1 => 65,
        secp384r1 => 97,
        secp521r1 => 133,
        _ => null,
    };
}
