using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace SslModule.Engine.Crypto.MlKem;

/// <summary>
/// ML-KEM-768 (FIPS 203) where the processor has vectors of 256 bits: the encapsulation, and what both ends know. The other end is
/// <see cref="DecapsulationKey"/>.
/// </summary>
internal static class MlKem768
{
    /// <summary>The length of an encapsulation key in bytes.</summary>
    public const int EncapsulationKeyLength = (PolynomialVector.Rank * Encoding.Length12) + Encryption.SeedLength;

    /// <summary>The length of a ciphertext in bytes.</summary>
    public const int CiphertextLength = Encryption.CiphertextLength;

    /// <summary>The length of a shared secret in bytes.</summary>
    public const int SecretLength = 32;

    /// <summary>The length of an encapsulation's randomness in bytes.</summary>
    public const int RandomLength = Encryption.SeedLength;

    /// <summary>True where the processor has what this needs.</summary>
    public static bool IsSupported => Avx2.IsSupported;

    /// <summary>A secret and its encapsulation for a peer (algorithms 17 and 20).</summary>
    /// <param name="key">The peer's key.</param>
    /// <param name="random">m, fresh and secret.</param>
    /// <param name="ciphertext">Where the encapsulation goes.</param>
    /// <param name="secret">Where the secret goes.</param>
    /// <returns>False when the key has the wrong length or a number in it that is not below q (section 7.2): nothing was written.</returns>
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
