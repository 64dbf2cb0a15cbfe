using Org.BouncyCastle.Crypto.Parameters;

namespace SslModule.Engine.Certificates;

/// <summary>A parameter set of SLH-DSA (FIPS 205 section 11).</summary>
/// <param name="Parameters">BouncyCastle's name of the set.</param>
/// <param name="HashSize">The size of a hash in bytes.</param>
/// <param name="Height">The height of a tree.</param>
/// <param name="Layers">The number of layers of trees.</param>
/// <param name="ForsHeight">The height of the few-time signature's trees.</param>
/// <param name="ForsTrees">The number of those trees.</param>
internal sealed record SlhDsaSet(SlhDsaParameters Parameters, int HashSize, int Height, int Layers, int ForsHeight, int ForsTrees)
{
    private const int ChainLength = 15;

    // In the multiplications of KeyOperationCost. Measured.
    private const int CostOfHash = 1800;

    private static readonly Dictionary<string, SlhDsaSet> Sets = new()
    {
        ["2.16.840.1.101.3.4.3.20"] = Small128(SlhDsaParameters.slh_dsa_sha2_128s),
        ["2.16.840.1.101.3.4.3.21"] = Fast128(SlhDsaParameters.slh_dsa_sha2_128f),
        ["2.16.840.1.101.3.4.3.22"] = Small192(SlhDsaParameters.slh_dsa_sha2_192s),
        ["2.16.840.1.101.3.4.3.23"] = Fast192(SlhDsaParameters.slh_dsa_sha2_192f),
        ["2.16.840.1.101.3.4.3.24"] = Small256(SlhDsaParameters.slh_dsa_sha2_256s),
        ["2.16.840.1.101.3.4.3.25"] = Fast256(SlhDsaParameters.slh_dsa_sha2_256f),
        ["2.16.840.1.101.3.4.3.26"] = Small128(SlhDsaParameters.slh_dsa_shake_128s),
        ["2.16.840.1.101.3.4.3.27"] = Fast128(SlhDsaParameters.slh_dsa_shake_128f),
        ["2.16.840.1.101.3.4.3.28"] = Small192(SlhDsaParameters.slh_dsa_shake_192s),
        ["2.16.840.1.101.3.4.3.29"] = Fast192(SlhDsaParameters.slh_dsa_shake_192f),
        ["2.16.840.1.101.3.4.3.30"] = Small256(SlhDsaParameters.slh_dsa_shake_256s),
        ["2.16.840.1.101.3.4.3.31"] = Fast256(SlhDsaParameters.slh_dsa_shake_256f),
    };

    /// <summary>The object identifiers of all sets (RFC 9909 section 3).</summary>
    public static IReadOnlyCollection<string> Oids => Sets.Keys;

    /// <summary>The security bits of keys and signatures.</summary>
    public int SecurityBits => 8 * HashSize;

    /// <summary>The size of a public key in bytes: a seed and a root.</summary>
    public int PublicKeySize => 2 * HashSize;

    /// <summary>The size of a signature in bytes: a random value, the few-time signature, and a one-time signature with a path for each layer.</summary>
    public int SignatureSize => HashSize * (1 + (ForsTrees * (ForsHeight + 1)) + (Layers * (Chains + Height)));

    /// <summary>The maximum cost of verifying one signature.</summary>
    public long VerificationCost => (long)CostOfHash * ((ForsTrees * (ForsHeight + 1)) + (Layers * ((Chains * ChainLength) + Height)));

    // A digit of four bits each, and three for their sum.
    private int Chains => (2 * HashSize) + 3;

    /// <summary>The set of an object identifier; null when it is none of SLH-DSA.</summary>
    public static SlhDsaSet? Find(string oid) => Sets.GetValueOrDefault(oid);

    private static SlhDsaSet Small128(SlhDsaParameters parameters) => new(parameters, 16, 9, 7, 12, 14);

    private static SlhDsaSet Fast128(SlhDsaParameters parameters) => new(parameters, 16, 3, 22, 6, 33);

    private static SlhDsaSet Small192(SlhDsaParameters parameters) => new(parameters, 24, 9, 7, 14, 17);

    private static SlhDsaSet Fast192(SlhDsaParameters parameters) => new(parameters, 24, 3, 22, 8, 33);

    private static SlhDsaSet Small256(SlhDsaParameters parameters) => new(parameters, 32, 8, 8, 14, 22);

    private static SlhDsaSet Fast256(SlhDsaParameters parameters) => new(parameters, 32, 4, 17, 9, 35);
}
