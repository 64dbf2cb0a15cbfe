using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace SslModule.Engine.Crypto.MlKem;

/// <summary>
/// ML-KEM-768 (FIPS 203) with 256-bit vectors: encapsulation and the sizes. <see cref="DecapsulationKey"/> is the other end.
/// </summary>
internal static class MlKem768
{
    /// <summary>The length of an encapsulation key in bytes.</summary>
    public const int EncapsulationKeyLength = (PolynomialVector.Rank * Encoding.Length12) + Encryption.SeedLength;

    /// <summary>The length of a ciphertext in bytes.</summary>
    public const int CiphertextLength = Encryption.CiphertextLength;

    /// <summary>The length of a shared secret in bytes.</summary>
    public const int SecretLength = 32;

    /// <summary>The length in bytes of the randomness for an encapsulation.</summary>
    public const int RandomLength = Encryption.SeedLength;

    /// <summary>True when the processor supports the required instructions.</summary>
    public static bool IsSupported => Avx2.IsSupported;

    /// <summary>True when this is used: the processor supports it, and the cryptography may be other than the platform's.</summary>
    public static bool IsUsed => IsSupported && !PlatformCryptography.IsOnly;

    /// <summary>Encapsulates a secret for a peer (algorithms 17 and 20).</summary>
    /// <param name="key">The peer's encapsulation key.</param>
    /// <param name="random">The randomness m, freshly generated and secret.</param>
    /// <param name="ciphertext">Receives the ciphertext.</param>
    /// <param name="secret">Receives the shared secret.</param>
    /// <returns>False when the key has the wrong length or a coefficient not below q (section 7.2); nothing was written then.</returns>
    [SkipLocalsInit]
    public static bool TryEncapsulate(ReadOnlySpan<byte> key, ReadOnlySpan<byte> random, Span<byte> ciphertext, Span<byte> secret)
    {
        Unsafe.SkipInit(out Peer peer);
        if (key.Length != EncapsulationKeyLength || !TryRead(key, ref peer.Public))
        {
            return false;
        }

        Sampling.Matrix(key[^Encryption.SeedLength..], ref peer.Matrix);
        Span<byte> input = stackalloc byte[2 * Encryption.SeedLength];
        Span<byte> digest = stackalloc byte[2 * Encryption.SeedLength];
        random.CopyTo(input[..Encryption.SeedLength]);
        Sponge.H(key, input[Encryption.SeedLength..]);
        Sponge.G(input, [], digest);
        Encryption.Encrypt(in peer.Matrix, in peer.Public, random, digest[SecretLength..], ciphertext);
        digest[..SecretLength].CopyTo(secret);
        CryptographicOperations.ZeroMemory(input);
        CryptographicOperations.ZeroMemory(digest);
        return true;
    }

    private static bool TryRead(ReadOnlySpan<byte> key, ref PolynomialVector publicKey)
    {
        bool below = true;
        for (int row = 0; row < PolynomialVector.Rank; row++)
        {
            below &= Encoding.TryRead12(key[(row * Encoding.Length12)..], ref publicKey[row]);
        }

        return below;
    }

    private struct Peer
    {
        public PolynomialMatrix Matrix;
        public PolynomialVector Public;
    }
}
