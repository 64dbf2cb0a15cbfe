using System.Numerics;
using System.Security.Cryptography;
using SslModule.Engine.Crypto;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Certificates;

/// <summary>An RSA key by System.Security.Cryptography.</summary>
internal sealed class RsaPrivateKey : PrivateKey
{
    private const int PremasterLength = 48;

    private readonly RSA _rsa;
    private readonly RsaPublicKey _public;
    private readonly bool _pssOnly;

    /// <summary>Takes ownership of <paramref name="rsa"/>.</summary>
    public RsaPrivateKey(RSA rsa, bool pssOnly)
    {
        _rsa = rsa;
        _pssOnly = pssOnly;
        _public = RsaPublicKey.From(rsa.ExportParameters(includePrivateParameters: false), pssOnly);
    }

    /// <inheritdoc/>
    public override KeyKind Kind => _pssOnly ? KeyKind.RsaPss : KeyKind.Rsa;

    /// <inheritdoc/>
    public override int Bits => _public.Bits;

    private int Size => (Bits + 7) / 8;

    /// <inheritdoc/>
    public override byte[] SignHash(HashAlgorithmName? hash, ReadOnlySpan<byte> hashValue, bool pss = false)
    {
        if (hash is { } native && RsaPadding.IsNative(native))
        {
            return _rsa.SignHash(hashValue, native, pss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
        }

        byte[] block = (pss ? null : RsaPadding.Pkcs1(RsaPadding.DigestInfoPrefix(hash), hashValue, Size))
            ?? throw TlsError.Ssl("SSL", "NO_SUITABLE_DIGEST_ALGORITHM");
        return Apply(block);
    }

    /// <inheritdoc/>
    public override byte[] DecryptPremaster(ReadOnlySpan<byte> ciphertext, ushort version)
    {
        byte[] premaster = RandomNumberGenerator.GetBytes(PremasterLength);
        var cipher = new BigInteger(ciphertext, isUnsigned: true, isBigEndian: true);
        if (ciphertext.Length != Size || cipher >= _public.Modulus)
        {
            // Only the peer's own value fails here, so reporting it reveals nothing.
            return premaster;
        }

        byte[] block = Apply(ciphertext);
        int good = RsaUnpadding.PremasterMask(block, version);
        ReadOnlySpan<byte> decrypted = block.AsSpan(block.Length - PremasterLength);
        for (int index = 0; index < PremasterLength; index++)
        {
            premaster[index] = (byte)((decrypted[index] & good) | (premaster[index] & ~good));
        }

        CryptographicOperations.ZeroMemory(block);
        return premaster;
    }

    /// <inheritdoc/>
    public override bool Matches(PublicKey publicKey)
        => publicKey is RsaPublicKey other && other.Modulus == _public.Modulus && other.Exponent == _public.Exponent;

    /// <inheritdoc/>
    public override void Dispose() => _rsa.Dispose();

    /// <summary>
    /// The private operation, for encodings that .NET's padding modes do not support. The input is blinded against timing attacks,
    /// and the result is verified against fault attacks. Where the cryptography must be the platform's, it is BouncyCastle's, which does both.
    /// </summary>
    private byte[] Apply(ReadOnlySpan<byte> block)
    {
        RSAParameters key = _rsa.ExportParameters(includePrivateParameters: true);
        try
        {
            if (PlatformCryptography.IsOnly)
            {
                return BouncyCastleRsa.PrivateOperation(key, block, Size);
            }

            BigInteger modulus = _public.Modulus;
            var input = new BigInteger(block, isUnsigned: true, isBigEndian: true);
            BigInteger blind;
            do
            {
                blind = Number(RandomNumberGenerator.GetBytes(Size)) % modulus;
            }
            while (!BigInteger.GreatestCommonDivisor(blind, modulus).IsOne);

            BigInteger blinded = input * BigInteger.ModPow(blind, _public.Exponent, modulus) % modulus;
            BigInteger p = Number(key.P!), q = Number(key.Q!);
            BigInteger m1 = BigInteger.ModPow(blinded % p, Number(key.DP!), p);
            BigInteger m2 = BigInteger.ModPow(blinded % q, Number(key.DQ!), q);
            BigInteger difference = (m1 - m2) % p;
            BigInteger h = Number(key.InverseQ!) * (difference.Sign < 0 ? difference + p : difference) % p;
            BigInteger result = (m2 + (h * q)) * Inverse(blind, modulus) % modulus;
            return BigInteger.ModPow(result, _public.Exponent, modulus) == input
                ? RsaPadding.Fixed(result, Size)
                : throw TlsError.Ssl("RSA", "INTERNAL_ERROR");
        }
        finally
        {
            foreach (byte[]? secret in (byte[]?[])[key.D, key.P, key.Q, key.DP, key.DQ, key.InverseQ])
            {
                CryptographicOperations.ZeroMemory(secret);
            }
        }
    }

    private static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static BigInteger Inverse(BigInteger value, BigInteger modulus)
    {
        (BigInteger previous, BigInteger current) = (modulus, value);
        (BigInteger a, BigInteger b) = (BigInteger.Zero, BigInteger.One);
        while (!current.IsZero)
        {
            BigInteger quotient = previous / current;
            (previous, current) = (current, previous - (quotient * current));
            (a, b) = (b, a - (quotient * b));
        }

        return a.Sign < 0 ? a + modulus : a;
    }
}

/// <summary>EME-PKCS1-v1_5 (RFC 8017 section 7.2.2) without branches on secrets.</summary>
internal static class RsaUnpadding
{
    private const int PremasterLength = 48;

    /// <summary>-1 when the block is a padded premaster secret of <paramref name="version"/>, else 0.</summary>
    public static int PremasterMask(ReadOnlySpan<byte> block, ushort version)
    {
        int separator = block.Length - PremasterLength - 1;
        if (separator < 10)
        {
            return 0;
        }

        int bad = block[0] | (block[1] ^ 2) | block[separator] | (block[separator + 1] ^ (version >> 8)) | (block[separator + 2] ^ (version & 0xFF));
        for (int index = 2; index < separator; index++)
        {
            // A zero byte in the padding would end it early. ((x - 1) >> 31) is -1 only for zero.
            bad |= (block[index] - 1) >> 31;
        }

        return ((bad & 0xFF) - 1) >> 31;
    }
}
