using Org.BouncyCastle.Crypto.Parameters;
using SslModule.Engine.Ciphers;

namespace SslModule.Engine.Certificates;

/// <summary>A parameter set of ML-DSA (FIPS 204 section 4).</summary>
/// <param name="Parameters">BouncyCastle's name of the set.</param>
/// <param name="Rows">The rows of the matrix.</param>
/// <param name="Columns">The columns of the matrix.</param>
/// <param name="Eta">The largest coefficient of the secret vectors.</param>
/// <param name="SignatureSize">The size of a signature in bytes.</param>
/// <param name="SecurityBits">The security bits of keys and signatures.</param>
internal sealed record MlDsaSet(MLDsaParameters Parameters, int Rows, int Columns, int Eta, int SignatureSize, int SecurityBits)
{
    /// <summary>The size of the seed from which key generation derives a key.</summary>
    public const int SeedSize = 32;

    // Expanding the matrix takes most of the time of a verification. Measured.
    private const long CostOfPolynomial = 20_000;

    private const int BytesPerBit = 32;
    private const int HighBits = 10;
    private const int LowBits = 13;

    private static readonly MlDsaSet Set44 = new(MLDsaParameters.ml_dsa_44, 4, 4, 2, 2420, SecurityLevels.MlDsa44SecurityBits);
    private static readonly MlDsaSet Set65 = new(MLDsaParameters.ml_dsa_65, 6, 5, 4, 3309, SecurityLevels.MlDsa65SecurityBits);
    private static readonly MlDsaSet Set87 = new(MLDsaParameters.ml_dsa_87, 8, 7, 2, 4627, SecurityLevels.MlDsa87SecurityBits);

    /// <summary>The bits of an encoded coefficient of the secret vectors.</summary>
    public int ShortBits => Eta == 2 ? 3 : 4;

    /// <summary>The size of a public key in bytes: rho and t1.</summary>
    public int PublicKeySize => 32 + (BytesPerBit * HighBits * Rows);

    /// <summary>The size of an expanded private key in bytes: rho, K, tr, s1, s2 and t0.</summary>
    public int PrivateKeySize => 128 + (BytesPerBit * ((ShortBits * (Rows + Columns)) + (LowBits * Rows)));

    /// <summary>The cost of verifying one signature.</summary>
    public long VerificationCost => Rows * Columns * CostOfPolynomial;

    /// <summary>The set of a kind of key.</summary>
    public static MlDsaSet Of(KeyKind kind) => kind switch
    {
        KeyKind.MlDsa44 => Set44,
        KeyKind.MlDsa65 => Set65,
        KeyKind.MlDsa87 => Set87,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
