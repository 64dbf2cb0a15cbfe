using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Certificates;

/// <summary>Parses private keys: PKCS #1, SEC 1, PKCS #8 plain and encrypted, and the encrypted PEM of RFC 1421.</summary>
internal static class KeyReader
{
    /// <summary>
    /// Parses the first undamaged private key of a PEM text. Every failure is reported as "PEM lib", as OpenSSL does.
    /// </summary>
    public static PrivateKey FromPem(ReadOnlySpan<byte> pem, Func<byte[]?>? password)
    {
        List<PemBlock> blocks = Pem.Blocks(pem);
        byte[] data = [];
        byte[]? secret = null;
        try
        {
            PemBlock block = blocks.Find(candidate => IsKey(candidate.Label) && candidate.Data is not null) ?? throw Malformed();
            data = block.Data!;
            if (block.Encryption is { } info)
            {
                secret = RequestPassword(password);
                data = LegacyPemEncryption.Decrypt(info, data, secret) ?? throw Malformed();
            }
            else if (block.Label == "ENCRYPTED PRIVATE KEY" && Pkcs8Encryption.IsEncrypted(data))
            {
                secret = RequestPassword(password);
                data = Pkcs8Encryption.Decrypt(data, secret) ?? throw Malformed();
            }

            return Read(block.Label, data);
        }
        catch (Exception error) when (Asn1.IsMalformed(error) || error is CryptographicException)
        {
            throw Malformed();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(data);
            CryptographicOperations.ZeroMemory(secret);
            foreach (PemBlock block in blocks.Where(block => IsKey(block.Label)))
            {
                CryptographicOperations.ZeroMemory(block.Data);
            }
        }
    }

    private static TlsError Malformed() => TlsError.LibraryOnly("SSL", "PEM lib");

    private static bool IsKey(string label)
        => label is "PRIVATE KEY" or "ENCRYPTED PRIVATE KEY" or "RSA PRIVATE KEY" or "EC PRIVATE KEY" or "DSA PRIVATE KEY";

    private static byte[] RequestPassword(Func<byte[]?>? password)
    {
        // OpenSSL's default callback prompts on the terminal, which a library must not do.
        byte[] given = password?.Invoke() ?? throw Malformed();
        return (byte[])given.Clone();
    }

    // The old labels name a key type and its own format, but some programs use them for PKCS #8.
    private static PrivateKey Read(string label, ReadOnlyMemory<byte> data)
    {
        switch (label)
        {
            case "RSA PRIVATE KEY":
                return IsPkcs8(data) ? Pkcs8(data, KeyKind.Rsa) : Rsa(data, pssOnly: false);
            case "EC PRIVATE KEY":
                return IsPkcs8(data) ? Pkcs8(data, KeyKind.Ec) : Ec(data, null);
            case "DSA PRIVATE KEY":
                return IsPkcs8(data) ? Pkcs8(data, KeyKind.Dsa) : Dsa(data);
            default:
                return Pkcs8(data, null);
        }
    }

    // PKCS #8 starts with a version and a SEQUENCE; the other formats have no SEQUENCE there.
    private static bool IsPkcs8(ReadOnlyMemory<byte> data)
    {
        AsnReader fields = Asn1.Reader(data).ReadSequence();
        fields.ReadInteger();
        return fields.HasData && fields.PeekTag() == Asn1Tag.Sequence;
    }

    // PrivateKeyInfo (RFC 5208 section 5) and OneAsymmetricKey (RFC 5958 section 2).
    private static PrivateKey Pkcs8(ReadOnlyMemory<byte> data, KeyKind? only)
    {
        AsnReader fields = Asn1.Reader(data).ReadSequence();
        fields.ReadInteger();
        AlgorithmIdentifier algorithm = AlgorithmIdentifier.Read(fields);
        KeyKind kind = KeyAlgorithm.Kind(algorithm.Oid) ?? throw Malformed();
        if (only is not null && kind != only)
        {
            throw Malformed();
        }

        byte[] key = fields.ReadOctetString();
        try
        {
            return kind switch
            {
                KeyKind.Rsa or KeyKind.RsaPss => Rsa(key, pssOnly: kind == KeyKind.RsaPss),
                KeyKind.Ec => Ec(key, Asn1.Reader(algorithm.Parameters ?? throw Malformed()).ReadObjectIdentifier()),
                KeyKind.Dsa => new DsaPrivateKey(DsaGroup.Read(algorithm), Asn1.Reader(key).ReadInteger()),
                KeyKind.MlDsa44 or KeyKind.MlDsa65 or KeyKind.MlDsa87 => MlDsaKeyReader.Read(kind, algorithm, key),
                KeyKind.SlhDsa => throw Malformed(),
                _ => new EdwardsPrivateKey(kind, Asn1.Reader(key).ReadOctetString()),
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static RsaPrivateKey Rsa(ReadOnlyMemory<byte> data, bool pssOnly)
    {
        RSA rsa = RSA.Create();
        try
        {
            rsa.ImportRSAPrivateKey(data.Span, out _);
            return new RsaPrivateKey(rsa, pssOnly);
        }
        catch
        {
            rsa.Dispose();
            throw;
        }
    }

    // ECPrivateKey (RFC 5915 section 3).
    private static EcPrivateKey Ec(ReadOnlyMemory<byte> data, string? curve)
    {
        AsnReader fields = Asn1.Reader(data).ReadSequence();
        fields.ReadInteger();
        byte[] scalar = fields.ReadOctetString();
        if (Asn1.NextIs(fields, 0))
        {
            curve = fields.ReadSequence(Asn1.Context(0, constructed: true)).ReadObjectIdentifier();
        }

        try
        {
            return new EcPrivateKey(curve ?? throw Malformed(), scalar);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(scalar);
        }
    }

    // The DSAPrivateKey that OpenSSL writes: version, p, q, g, y, x.
    private static DsaPrivateKey Dsa(ReadOnlyMemory<byte> data)
    {
        AsnReader fields = Asn1.Reader(data).ReadSequence();
        var numbers = new List<BigInteger>();
        while (fields.HasData)
        {
            numbers.Add(fields.ReadInteger());
        }

        return numbers.Count == 6 ? new DsaPrivateKey(new DsaGroup(numbers[1], numbers[2], numbers[3]), numbers[5]) : throw Malformed();
    }
}
