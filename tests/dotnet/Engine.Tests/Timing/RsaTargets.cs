using System.Numerics;
using System.Security.Cryptography;
using SslModule.Engine.Certificates;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Tests.Timing;

/// <summary>
/// Decryption of the premaster secret (RFC 5246 section 7.4.7.1): blocks with right padding or wrong (Bleichenbacher's oracle), of the right
/// version or not, and numbers that are small, which arithmetic of varying length tells apart.
/// </summary>
internal static class RsaTargets
{
    private const int PremasterLength = 48;

    public static IEnumerable<KeyValuePair<string, Func<string, TimingTarget>>> All { get; } = new int[] { 1024, 2048 }.SelectMany(OfSize);

    private static IEnumerable<KeyValuePair<string, Func<string, TimingTarget>>> OfSize(int bits)
    {
        yield return new($"rsa-{bits}-padding", name => Decryption(name, bits, "right padding / wrong block type", (second, block) => block[1] ^= (byte)(second ? 1 : 0)));
        yield return new($"rsa-{bits}-version", name => Decryption(name, bits, "right version / wrong version", (second, block) => block[^PremasterLength] ^= (byte)(second ? 1 : 0)));
        yield return new($"rsa-{bits}-separator", name => Decryption(name, bits, "right padding / no zero before the secret", (second, block) => block[^(PremasterLength + 1)] = (byte)(second ? 7 : 0)));
        yield return new($"rsa-{bits}-small", name => Decryption(name, bits, "right padding / a number of 64 bytes", (second, block) => block.AsSpan(0, second ? block.Length - 64 : 0).Clear()));
    }

    private static TimingTarget Decryption(string name, int bits, string classes, Action<bool, byte[]> change)
    {
        using var rsa = RSA.Create(bits);
        RSAParameters key = rsa.ExportParameters(includePrivateParameters: false);
        BigInteger modulus = Number(key.Modulus!), exponent = Number(key.Exponent!);
        PrivateKey own = PrivateKey.FromPem(rsa.ExportPkcs8PrivateKeyPem());
        byte[] block = new byte[bits / 8], given = new byte[bits / 8];
        return new TimingTarget(
            name,
            classes,
            given.Length,
            (second, input) =>
            {
                RandomNumberGenerator.Fill(block);
                for (int index = 2; index < block.Length; index++)
                {
                    block[index] |= 1;
                }

                (block[0], block[1], block[^(PremasterLength + 1)]) = (0, 2, 0);
                (block[^PremasterLength], block[^(PremasterLength - 1)]) = (ProtocolVersion.TLSv12 >> 8, ProtocolVersion.TLSv12 & 0xFF);
                change(second, block);
                byte[] encrypted = BigInteger.ModPow(Number(block), exponent, modulus).ToByteArray(isUnsigned: true, isBigEndian: true);
                Array.Clear(input);
                encrypted.CopyTo(input, input.Length - encrypted.Length);
            },
            input => input.CopyTo(given, 0),
            () => CryptographicOperations.ZeroMemory(own.DecryptPremaster(given, ProtocolVersion.TLSv12)));
    }

    private static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);
}
