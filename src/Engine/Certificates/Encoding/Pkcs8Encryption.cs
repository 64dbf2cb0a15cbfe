using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;

namespace SslModule.Engine.Certificates;

/// <summary>Decrypts PKCS #8 (RFC 5958 section 3) with the schemes of PKCS #5 and PKCS #12.</summary>
internal static class Pkcs8Encryption
{
    // Limits the iterations that a hostile file can request.
    private const int MaximumIterations = 10_000_000;

    /// <summary>False for a plain PrivateKeyInfo under the label of an encrypted one, which OpenSSL accepts.</summary>
    public static bool IsEncrypted(ReadOnlyMemory<byte> data) => Asn1.Reader(data).ReadSequence() is var fields && fields.HasData && fields.PeekTag() == Asn1Tag.Sequence;

    /// <summary>Decrypts a PrivateKeyInfo; null when the password is wrong or the scheme unknown.</summary>
    /// <param name="encrypted">The EncryptedPrivateKeyInfo.</param>
    /// <param name="password">The password in bytes.</param>
    /// <param name="mostIterations">The maximum number of iterations.</param>
    public static byte[]? Decrypt(ReadOnlyMemory<byte> encrypted, byte[] password, int mostIterations = MaximumIterations)
    {
        try
        {
            AsnReader outer = Asn1.Reader(encrypted).ReadSequence();
            AlgorithmIdentifier algorithm = AlgorithmIdentifier.Read(outer);
            byte[] data = outer.ReadOctetString();
            outer.ThrowIfNotEmpty();
            return algorithm.Oid == "1.2.840.113549.1.5.13"
                ? Pbes2(algorithm, data, password, mostIterations)
                : Pbes1(algorithm, data, password, mostIterations);
        }
        catch (Exception error) when (Asn1.IsMalformed(error) || error is CryptographicException or PlatformNotSupportedException)
        {
            return null;
        }
    }

    // PBES2 with PBKDF2 (RFC 8018 section 6.2).
    private static byte[]? Pbes2(AlgorithmIdentifier algorithm, byte[] data, byte[] password, int mostIterations)
    {
        AsnReader fields = Asn1.Reader(algorithm.Parameters ?? throw new AsnContentException()).ReadSequence();
        AlgorithmIdentifier derivation = AlgorithmIdentifier.Read(fields);
        AlgorithmIdentifier cipher = AlgorithmIdentifier.Read(fields);
        if (CbcCipher.FromOid(cipher.Oid) is not { } scheme || cipher.Parameters is not { } iv)
        {
            return null;
        }

        byte[]? key = derivation.Oid switch
        {
            "1.2.840.113549.1.5.12" => Pbkdf2(derivation, password, scheme.KeySize, mostIterations),
            "1.3.6.1.4.1.11591.4.11" => Scrypt(derivation, password, scheme.KeySize, mostIterations),
            _ => null,
        };
        return key is null ? null : scheme.Decrypt(key, Asn1.Reader(iv).ReadOctetString(), data);
    }

    private static byte[]? Pbkdf2(AlgorithmIdentifier derivation, byte[] password, int size, int mostIterations)
    {
        AsnReader fields = Asn1.Reader(derivation.Parameters ?? throw new AsnContentException()).ReadSequence();
        byte[] salt = fields.ReadOctetString();
        if (!fields.TryReadInt32(out int iterations) || iterations < 1 || iterations > mostIterations)
        {
            return null;
        }

        if (fields.HasData && fields.PeekTag() == Asn1Tag.Integer && (!fields.TryReadInt32(out int length) || length != size))
        {
            return null;
        }

        HashAlgorithmName? hash = fields.HasData ? Prf(AlgorithmIdentifier.Read(fields).Oid) : HashAlgorithmName.SHA1;
        return hash is not { } digest ? null
            : digest == HashNames.Sha224 ? ManagedPbkdf2(password, salt, iterations, size)
            : Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, digest, size);
    }

    // .NET has no SHA-224.
    private static byte[] ManagedPbkdf2(byte[] password, byte[] salt, int iterations, int size)
    {
        var generator = new Pkcs5S2ParametersGenerator(new Sha224Digest());
        generator.Init(password, salt, iterations);
        return ((KeyParameter)generator.GenerateDerivedMacParameters(size * 8)).GetKey();
    }

    // RFC 7914 section 7.
    private static byte[]? Scrypt(AlgorithmIdentifier derivation, byte[] password, int size, int mostIterations)
    {
        AsnReader fields = Asn1.Reader(derivation.Parameters ?? throw new AsnContentException()).ReadSequence();
        byte[] salt = fields.ReadOctetString();
        bool sane = fields.TryReadInt32(out int cost) & fields.TryReadInt32(out int block) & fields.TryReadInt32(out int parallel);

        // The memory is 128 * block * (cost + parallel) bytes: 64 MiB is far above what key files use.
        sane = sane && cost <= mostIterations && cost > 1 && int.IsPow2(cost) && block > 0 && parallel is > 0 and <= 16
            && ((long)cost + parallel) * block * 128 <= 64 << 20;
        return sane ? SCrypt.Generate(password, salt, cost, block, parallel, size) : null;
    }

    private static HashAlgorithmName? Prf(string oid) => oid switch
    {
        "1.2.840.113549.2.7" => HashAlgorithmName.SHA1,
        "1.2.840.113549.2.8" => HashNames.Sha224,
        "1.2.840.113549.2.9" => HashAlgorithmName.SHA256,
        "1.2.840.113549.2.10" => HashAlgorithmName.SHA384,
        "1.2.840.113549.2.11" => HashAlgorithmName.SHA512,
        _ => null,
    };

    // PBES1 (RFC 8018 section 6.1) and the schemes of PKCS #12 (RFC 7292 appendix C), by BouncyCastle.
    private static byte[]? Pbes1(AlgorithmIdentifier algorithm, byte[] data, byte[] password, int mostIterations)
    {
        AsnReader fields = Asn1.Reader(algorithm.Parameters ?? throw new AsnContentException()).ReadSequence();
        fields.ReadOctetString();
        if (!fields.TryReadInt32(out int iterations) || iterations < 1 || iterations > mostIterations)
        {
            return null;
        }

        // PKCS #12 takes the characters of a UTF-8 password, PKCS #5 its bytes.
        bool pkcs12 = algorithm.Oid.StartsWith("1.2.840.113549.1.12.", StringComparison.Ordinal);
        char[] characters = (pkcs12 ? Encoding.UTF8 : Encoding.Latin1).GetChars(password);
        try
        {
            var identifier = Org.BouncyCastle.Asn1.X509.AlgorithmIdentifier.GetInstance(algorithm.Encoded.ToArray());
            if (PbeUtilities.CreateEngine(identifier) is not IBufferedCipher cipher)
            {
                return null;
            }

            cipher.Init(false, PbeUtilities.GenerateCipherParameters(identifier, characters));
            return CbcCipher.Finish(cipher, data);
        }
        catch (CryptoException)
        {
            return null;
        }
        finally
        {
            Array.Clear(characters);
        }
    }
}
