using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Certificates;

/// <summary>Reads private keys: PKCS #1, SEC 1, PKCS #8 plain and encrypted, and the old encrypted PEM of RFC 1421.</summary>
internal static class KeyReader
{
    /// <summary>The first private key of a PEM text; every failure is "PEM lib", as a script sees it from OpenSSL.</summary>
    public static PrivateKey FromPem(string pem, Func<byte[]?>? password)
    {
        PemBlock block = Pem.Blocks(pem).FirstOrDefault(candidate => IsKey(candidate.Label)) ?? throw Malformed();
        byte[] data = block.Data ?? throw Malformed();
        byte[]? secret = null;
        try
        {
            if (block.Headers.TryGetValue("DEK-Info", out string? info))
            {
                secret = Ask(password);
                byte[] plain = LegacyPemEncryption.Decrypt(info, data, secret) ?? throw Malformed();
                CryptographicOperations.ZeroMemory(data);
                data = plain;
            }
            else if (block.Label == "ENCRYPTED PRIVATE KEY")
            {
                secret = Ask(password);
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
        }
    }

    private static TlsError Malformed() => TlsError.LibraryOnly("SSL", "PEM lib");

    private static bool IsKey(string label)
        => label is "PRIVATE KEY" or "ENCRYPTED PRIVATE KEY" or "RSA PRIVATE KEY" or "EC PRIVATE KEY" or "DSA PRIVATE KEY";

    private static byte[] Ask(Func<byte[]?>? password)
    {
        // OpenSSL's own callback would ask on the terminal; a library must not.
        byte[] given = password?.Invoke() ?? throw Malformed();
        return (byte[])given.Clone();
    }

    private static PrivateKey Read(string label, ReadOnlyMemory<byte> data) => label switch
    {
        "RSA PRIVATE KEY" => Rsa(data, pssOnly: false),
        "EC PRIVATE KEY" => Ec(data, null),
        "DSA PRIVATE KEY" => Dsa(data),
        _ => Pkcs8(data),
    };

    // PrivateKeyInfo (RFC 5208 section 5) and OneAsymmetricKey (RFC 5958 section 2).
    private static PrivateKey Pkcs8(ReadOnlyMemory<byte> data)
    {
        AsnReader fields = Asn1.Reader(data).ReadSequence();
        fields.ReadInteger();
        AlgorithmIdentifier algorithm = AlgorithmIdentifier.Read(fields);
        ReadOnlyMemory<byte> key = fields.ReadOctetString();
        switch (KeyAlgorithm.Kind(algorithm.Oid))
        {
            case KeyKind.Rsa:
                return Rsa(key, pssOnly: false);
            case KeyKind.RsaPss:
                return Rsa(key, pssOnly: true);
            case KeyKind.Ec:
                return Ec(key, Asn1.Reader(algorithm.Parameters ?? throw Malformed()).ReadObjectIdentifier());
            case KeyKind.Dsa:
                return new DsaPrivateKey(DsaGroup.Read(algorithm), Asn1.Reader(key).ReadInteger());
            case KeyKind.Ed25519:
                return new EdwardsPrivateKey(KeyKind.Ed25519, Asn1.Reader(key).ReadOctetString());
            case KeyKind.Ed448:
                return new EdwardsPrivateKey(KeyKind.Ed448, Asn1.Reader(key).ReadOctetString());
            default:
                throw Malformed();
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
