using System.Numerics;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;
using Number = Org.BouncyCastle.Math.BigInteger;

namespace SslModule.Engine.Certificates;

/// <summary>
/// The RSA operations without padding (RFC 8017 sections 5.1 and 5.2) by BouncyCastle, for encodings that .NET's padding modes do not support.
/// </summary>
internal static class BouncyCastleRsa
{
    /// <summary>
    /// Raises a signature to the exponent; the result has the length of the modulus, or is empty when the signature is not below
    /// it. No key object is made, because that tests whether the modulus is a prime.
    /// </summary>
    public static byte[] PublicOperation(BigInteger modulus, BigInteger exponent, int size, ReadOnlySpan<byte> signature)
    {
        Number n = Positive(modulus);
        var value = new Number(1, signature);
        return value.CompareTo(n) < 0 ? Org.BouncyCastle.Utilities.BigIntegers.AsUnsignedByteArray(size, value.ModPow(Positive(exponent), n)) : [];
    }

    /// <summary>The private operation, blinded and checked; the result has the length of the modulus.</summary>
    /// <param name="key">The whole private key.</param>
    /// <param name="block">A number below the modulus, as long as it.</param>
    /// <param name="size">The modulus's length in bytes.</param>
    public static byte[] PrivateOperation(RSAParameters key, ReadOnlySpan<byte> block, int size)
    {
        Number value = new(1, block), modulus = Positive(key.Modulus!);

        // BouncyCastle refuses 0, 1 and -1, each of which is its own power. The same work is done for them.
        bool isOwnPower = value.CompareTo(Number.One) <= 0 || value.CompareTo(modulus.Subtract(Number.One)) >= 0;
        var engine = new RsaBlindedEngine();
        var parameters = new RsaPrivateCrtKeyParameters(
            modulus, Positive(key.Exponent!), Positive(key.D!), Positive(key.P!), Positive(key.Q!), Positive(key.DP!), Positive(key.DQ!), Positive(key.InverseQ!));

        // "For encryption" means that the output keeps its leading zeros.
        engine.Init(forEncryption: true, new ParametersWithRandom(parameters, Randomness.RandomSource.BouncyCastle));
        byte[] input = isOwnPower ? [2] : block.ToArray();
        byte[] output = engine.ProcessBlock(input, 0, input.Length);
        byte[] whole = new byte[size];
        (isOwnPower ? block : output).CopyTo(whole.AsSpan(size - (isOwnPower ? block.Length : output.Length)));
        CryptographicOperations.ZeroMemory(output);
        return whole;
    }

    private static Number Positive(BigInteger number) => Positive(number.ToByteArray(isUnsigned: true, isBigEndian: true));

    private static Number Positive(byte[] bytes) => new(1, bytes);
}
