using System.Security.Cryptography;

namespace SslModule.Engine.Platform;

/// <summary>.NET 10's ML-KEM keys, on platforms whose library has ML-KEM.</summary>
internal sealed class PlatformMlKem : IDisposable
{
    private readonly MLKem _key;

    private PlatformMlKem(MLKem key) => _key = key;

    /// <summary>True when the platform's library has ML-KEM.</summary>
    public static bool IsSupported => MLKem.IsSupported;

    /// <summary>Generates a key pair.</summary>
    /// <param name="set">The number in the parameter set's name.</param>
    public static PlatformMlKem Generate(int set) => new(MLKem.GenerateKey(Algorithm(set)));

    /// <summary>Imports a peer's encapsulation key; null when it is invalid.</summary>
    public static PlatformMlKem? Import(int set, ReadOnlySpan<byte> encapsulationKey)
    {
        MLKemAlgorithm algorithm = Algorithm(set);
        try
        {
            return encapsulationKey.Length == algorithm.EncapsulationKeySizeInBytes ? new(MLKem.ImportEncapsulationKey(algorithm, encapsulationKey)) : null;
        }
        catch (CryptographicException)
        {
            // A coefficient is not below q (FIPS 203 section 7.2).
            return null;
        }
    }

    /// <summary>The encapsulation key.</summary>
    public byte[] EncapsulationKey() => _key.ExportEncapsulationKey();

    /// <summary>Encapsulates a secret.</summary>
    /// <returns>The secret.</returns>
    public byte[] Encapsulate(out byte[] ciphertext)
    {
        _key.Encapsulate(out ciphertext, out byte[] secret);
        return secret;
    }

    /// <summary>Decapsulates a secret; null when the ciphertext has another length.</summary>
    public byte[]? Decapsulate(ReadOnlySpan<byte> ciphertext)
    {
        if (ciphertext.Length != _key.Algorithm.CiphertextSizeInBytes)
        {
            return null;
        }

        byte[] secret = new byte[_key.Algorithm.SharedSecretSizeInBytes];
        _key.Decapsulate(ciphertext, secret);
        return secret;
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private static MLKemAlgorithm Algorithm(int set) => set switch
    {
        512 => MLKemAlgorithm.MLKem512,
        768 => MLKemAlgorithm.MLKem768,
        _ => MLKemAlgorithm.MLKem1024,
    };
}
