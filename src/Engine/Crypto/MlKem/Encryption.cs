using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SslModule.Engine.Crypto.MlKem;

/// <summary>K-PKE, the public-key encryption inside ML-KEM (FIPS 203 section 5). Constant-time except for the public seed.</summary>
internal static class Encryption
{
    /// <summary>The length in bytes of a seed, a message and a hash.</summary>
    public const int SeedLength = 32;

    /// <summary>The length of a ciphertext in bytes.</summary>
    public const int CiphertextLength = (PolynomialVector.Rank * Encoding.Length10) + Encoding.Length4;

    private static readonly short s_restore = Modular.Factor((1 << 16) % Modular.Q);

    /// <summary>Generates a key pair (algorithm 13) from the two seeds that the caller derived.</summary>
    [SkipLocalsInit]
    public static void GenerateKeys(ReadOnlySpan<byte> publicSeed, ReadOnlySpan<byte> noiseSeed, ref KeyState keys)
    {
        Unsafe.SkipInit(out Work work);
        Sampling.Matrix(publicSeed, ref keys.Matrix);
        Sampling.Noise(noiseSeed, 0, ref keys.Secret[0], ref keys.Secret[1], ref keys.Secret[2], ref work.Noise[0]);
        Sampling.Noise(noiseSeed, 4, ref work.Noise[1], ref work.Noise[2], ref work.Spare, ref work.Spare);
        for (int row = 0; row < PolynomialVector.Rank; row++)
        {
            Transform.Forward(ref keys.Secret[row]);
            Transform.Forward(ref work.Noise[row]);
        }

        work.Multiplier.Prepare(ref keys.Secret);
        for (int row = 0; row < PolynomialVector.Rank; row++)
        {
            int place = row * PolynomialVector.Rank;
            ref Polynomial sum = ref keys.Public[row];
            Transform.Multiply(ref keys.Matrix[place], ref keys.Matrix[place + 1], ref keys.Matrix[place + 2], ref work.Multiplier, ref sum);
            ToMontgomery(ref sum);
            sum.Add(ref work.Noise[row]);
            sum.Normalize();
        }

        Clear(ref work);
    }

    /// <summary>Encrypts a message (algorithm 14).</summary>
    [SkipLocalsInit]
    public static void Encrypt(
        ref readonly PolynomialMatrix matrix,
        ref readonly PolynomialVector publicKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> noiseSeed,
        Span<byte> ciphertext)
    {
        Unsafe.SkipInit(out Work work);
        Sampling.Noise(noiseSeed, 0, ref work.Secret[0], ref work.Secret[1], ref work.Secret[2], ref work.Noise[0]);
        Sampling.Noise(noiseSeed, 4, ref work.Noise[1], ref work.Noise[2], ref work.LastNoise, ref work.Spare);
        for (int row = 0; row < PolynomialVector.Rank; row++)
        {
            Transform.Forward(ref work.Secret[row]);
        }

        // Multiply by the columns, because the algorithm uses the transposed matrix.
        work.Multiplier.Prepare(ref work.Secret);
        ref Polynomial sum = ref work.Sum;
        for (int row = 0; row < PolynomialVector.Rank; row++)
        {
            Transform.Multiply(
                in matrix[row], in matrix[row + PolynomialVector.Rank], in matrix[row + (2 * PolynomialVector.Rank)], ref work.Multiplier, ref sum);
            Transform.Backward(ref sum);
            sum.Add(ref work.Noise[row]);
            sum.Normalize();
            Encoding.WriteCompressed10(ref sum, ciphertext[(row * Encoding.Length10)..]);
        }

        Transform.Multiply(in publicKey[0], in publicKey[1], in publicKey[2], ref work.Multiplier, ref sum);
        Transform.Backward(ref sum);
        sum.Add(ref work.LastNoise);
        Encoding.ReadCompressed1(message, ref work.Spare);
        sum.Add(ref work.Spare);
        sum.Normalize();
        Encoding.WriteCompressed4(ref sum, ciphertext[(PolynomialVector.Rank * Encoding.Length10)..]);
        Clear(ref work);
    }

    /// <summary>Decrypts a message (algorithm 15).</summary>
    [SkipLocalsInit]
    public static void Decrypt(ref readonly PolynomialVector secretKey, ReadOnlySpan<byte> ciphertext, Span<byte> message)
    {
        Unsafe.SkipInit(out Work work);
        for (int row = 0; row < PolynomialVector.Rank; row++)
        {
            Encoding.ReadCompressed10(ciphertext[(row * Encoding.Length10)..], ref work.Secret[row]);
            Transform.Forward(ref work.Secret[row]);
        }

        work.Multiplier.Prepare(ref work.Secret);
        Transform.Multiply(in secretKey[0], in secretKey[1], in secretKey[2], ref work.Multiplier, ref work.Sum);
        Transform.Backward(ref work.Sum);
        Encoding.ReadCompressed4(ciphertext[(PolynomialVector.Rank * Encoding.Length10)..], ref work.Spare);
        work.Sum.SubtractFrom(ref work.Spare);
        work.Sum.Normalize();
        Encoding.WriteCompressed1(ref work.Sum, message);
        Clear(ref work);
    }

    /// <summary>Multiplies by 2^16, the factor that Montgomery products lose.</summary>
    private static void ToMontgomery(ref Polynomial product)
    {
        var factor = System.Runtime.Intrinsics.Vector256.Create(s_restore);
        var companion = System.Runtime.Intrinsics.Vector256.Create(Modular.Companion(s_restore));
        for (int place = 0; place < Polynomial.Vectors; place++)
        {
            product[place] = Modular.Multiply(product[place], factor, companion);
        }
    }

    private static void Clear(ref Work work) => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(new Span<Work>(ref work)));

    private struct Work
    {
        public PolynomialVector Secret;
        public PolynomialVector Noise;
        public Multiplier Multiplier;
        public Polynomial LastNoise;
        public Polynomial Sum;
        public Polynomial Spare;
    }
}

/// <summary>A key pair in its computational form.</summary>
internal struct KeyState
{
    /// <summary>The matrix A, expanded from the public seed.</summary>
    public PolynomialMatrix Matrix;

    /// <summary>The vector t in NTT form, below q.</summary>
    public PolynomialVector Public;

    /// <summary>The vector s in NTT form.</summary>
    public PolynomialVector Secret;
}
