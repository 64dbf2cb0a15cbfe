using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using Org.BouncyCastle.Security;
using SslModule.Engine.Certificates;
using Prime = Org.BouncyCastle.Math.BigInteger;

namespace SslModule.Engine.Tests.Certificates.Chains;

/// <summary>
/// An RSA key of any size, made in little time because its modulus has many small factors. It is worthless as a key, and nobody
/// who sees only the modulus can tell it from a good one.
/// </summary>
internal sealed class MultiPrimeRsa
{
    private const int PrimeBits = 256;
    private static readonly Prime Exponent = Prime.ValueOf(65537);

    private readonly Prime[] _primes;
    private readonly Prime _modulus;

    public MultiPrimeRsa(int bits)
    {
        var random = new SecureRandom();
        var primes = new List<Prime>();
        Prime product = Prime.One;
        while (bits - product.BitLength > 2 * PrimeBits)
        {
            Prime prime = new(PrimeBits, 10, random);
            if (IsUsable(prime) && !primes.Contains(prime))
            {
                primes.Add(prime);
                product = product.Multiply(prime);
            }
        }

        // The last one brings the modulus to its exact size.
        Prime least = Prime.One.ShiftLeft(bits - 1).Divide(product).Add(Prime.One);
        Prime last = least.Add(new Prime(least.BitLength - 2, random));
        do
        {
            last = last.NextProbablePrime();
        }
        while (!IsUsable(last));
        primes.Add(last);
        _primes = [.. primes];
        _modulus = product.Multiply(last);
        if (_modulus.BitLength != bits)
        {
            throw new InvalidOperationException("the modulus has the wrong size");
        }
    }

    public byte[] PublicKeyInfo => Info(Number(_modulus), Number(Exponent));

    /// <summary>The public key of these numbers, whatever they are.</summary>
    public static byte[] Info(BigInteger modulus, BigInteger exponent)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.2.840.113549.1.1.1");
                writer.WriteNull();
            }

            var key = new AsnWriter(AsnEncodingRules.DER);
            using (key.PushSequence())
            {
                key.WriteInteger(modulus);
                key.WriteInteger(exponent);
            }

            writer.WriteBitString(key.Encode());
        }

        return writer.Encode();
    }

    /// <summary>PKCS #1 v1.5 with SHA-256.</summary>
    public byte[] Sign(byte[] data)
    {
        int size = (_modulus.BitLength + 7) / 8;
        byte[] block = RsaPadding.Pkcs1(RsaPadding.DigestInfoPrefix(HashAlgorithmName.SHA256)!, SHA256.HashData(data), size)!;
        var message = new Prime(1, block);
        Prime signature = Prime.Zero, product = Prime.One;
        foreach (Prime prime in _primes)
        {
            Prime part = message.Mod(prime).ModPow(Exponent.ModInverse(prime.Subtract(Prime.One)), prime);
            signature = signature.Add(product.Multiply(part.Subtract(signature).Multiply(product.ModInverse(prime)).Mod(prime)));
            product = product.Multiply(prime);
        }

        return RsaPadding.Fixed(Number(signature), size);
    }

    private static bool IsUsable(Prime prime) => !prime.Subtract(Prime.One).Mod(Exponent).Equals(Prime.Zero);

    private static BigInteger Number(Prime value) => new(value.ToByteArrayUnsigned(), isUnsigned: true, isBigEndian: true);
}
