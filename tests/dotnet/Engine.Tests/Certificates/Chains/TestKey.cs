using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;

namespace SslModule.Engine.Tests.Certificates.Chains;

/// <summary>A key of a test with the signature algorithm it uses unless told otherwise.</summary>
internal sealed class TestKey
{
    private static readonly Dictionary<string, TestKey> Shared = [];

    private readonly Func<string, byte[], byte[]> _sign;

    private TestKey(byte[] publicKey, string algorithm, Func<string, byte[], byte[]> sign)
    {
        PublicKeyInfo = publicKey;
        Algorithm = algorithm;
        _sign = sign;
    }

    public byte[] PublicKeyInfo { get; private init; }

    /// <summary>The private key in PEM; null for those that no program reads.</summary>
    public string? Pem { get; private init; }

    /// <summary>A name from <see cref="AlgorithmIdentifier"/>.</summary>
    public string Algorithm { get; }

    public byte[] Identifier => SHA1.HashData(PublicKeyInfo);

    /// <summary>The same key for every test that asks for this name: RSA keys take long to make.</summary>
    public static TestKey Named(string name)
    {
        lock (Shared)
        {
            return Shared.TryGetValue(name, out TestKey? key) ? key : Shared[name] = Create(name.Split('/')[0]);
        }
    }

    /// <summary>A new key: "P-256", "RSA-2048", "Ed25519" and so on.</summary>
    public static TestKey Create(string kind)
    {
        if (kind.StartsWith("RSA-", StringComparison.Ordinal))
        {
            var rsa = RSA.Create(int.Parse(kind[4..], System.Globalization.CultureInfo.InvariantCulture));
            return new TestKey(rsa.ExportSubjectPublicKeyInfo(), "rsa-sha256", (algorithm, data) => SignRsa(rsa, algorithm, data)) { Pem = rsa.ExportPkcs8PrivateKeyPem() };
        }

        if (kind.StartsWith("DSA-", StringComparison.Ordinal))
        {
            var dsa = DSA.Create(int.Parse(kind[4..], System.Globalization.CultureInfo.InvariantCulture));
            return new TestKey(dsa.ExportSubjectPublicKeyInfo(), "dsa-sha256", (algorithm, data) => dsa.SignData(data, Hash(algorithm), DSASignatureFormat.Rfc3279DerSequence)) { Pem = dsa.ExportPkcs8PrivateKeyPem() };
        }

        if (kind.StartsWith("MP-", StringComparison.Ordinal))
        {
            var large = new MultiPrimeRsa(int.Parse(kind[3..], System.Globalization.CultureInfo.InvariantCulture));
            return new TestKey(large.PublicKeyInfo, "rsa-sha256", (_, data) => large.Sign(data));
        }

        if (kind is "Ed25519" or "Ed448")
        {
            return Edwards(kind);
        }

        ECDsa ec = ECDsa.Create(kind switch
        {
            "P-256" => ECCurve.NamedCurves.nistP256,
            "P-384" => ECCurve.NamedCurves.nistP384,
            "P-521" => ECCurve.NamedCurves.nistP521,
            _ => ECCurve.CreateFromValue(kind),
        });
        return new TestKey(ec.ExportSubjectPublicKeyInfo(), "ecdsa-sha256", (algorithm, data) => ec.SignData(data, Hash(algorithm), DSASignatureFormat.Rfc3279DerSequence)) { Pem = ec.ExportPkcs8PrivateKeyPem() };
    }

    /// <summary>The same key with its curve spelled out, which RFC 5480 forbids.</summary>
    public static TestKey Explicit()
    {
        using ECDsa ec = ECDsa.Create();
        var key = ECDsa.Create(ec.ExportExplicitParameters(includePrivateParameters: true));
        ECParameters parameters = ECDsa.Create(ECCurve.NamedCurves.nistP256).ExportExplicitParameters(includePrivateParameters: true);
        key.ImportParameters(parameters);
        return new TestKey(key.ExportSubjectPublicKeyInfo(), "ecdsa-sha256", (algorithm, data) => key.SignData(data, Hash(algorithm), DSASignatureFormat.Rfc3279DerSequence));
    }

    /// <summary>The same key under a public key of other bytes.</summary>
    public TestKey WithPublicKey(byte[] publicKeyInfo) => new(publicKeyInfo, Algorithm, _sign);

    public byte[] Sign(string algorithm, byte[] data) => _sign(algorithm, data);

    public static byte[] AlgorithmIdentifier(string algorithm) => algorithm switch
    {
        "rsa-md5" => Der.Sequence(Der.Oid("1.2.840.113549.1.1.4"), Der.Null),
        "rsa-sha1" => Der.Sequence(Der.Oid("1.2.840.113549.1.1.5"), Der.Null),
        "rsa-sha256" => Der.Sequence(Der.Oid("1.2.840.113549.1.1.11"), Der.Null),
        "rsa-sha384" => Der.Sequence(Der.Oid("1.2.840.113549.1.1.12"), Der.Null),
        "rsa-sha512" => Der.Sequence(Der.Oid("1.2.840.113549.1.1.13"), Der.Null),
        "pss-sha256" => Der.Sequence(Der.Oid("1.2.840.113549.1.1.10"), PssParameters("2.16.840.1.101.3.4.2.1", 32)),
        "pss-sha384" => Der.Sequence(Der.Oid("1.2.840.113549.1.1.10"), PssParameters("2.16.840.1.101.3.4.2.2", 48)),
        "pss-sha1" => Der.Sequence(Der.Oid("1.2.840.113549.1.1.10"), Der.Sequence()),
        "ecdsa-sha1" => Der.Sequence(Der.Oid("1.2.840.10045.4.1")),
        "ecdsa-sha256" => Der.Sequence(Der.Oid("1.2.840.10045.4.3.2")),
        "ecdsa-sha384" => Der.Sequence(Der.Oid("1.2.840.10045.4.3.3")),
        "ecdsa-sha512" => Der.Sequence(Der.Oid("1.2.840.10045.4.3.4")),
        "dsa-sha1" => Der.Sequence(Der.Oid("1.2.840.10040.4.3")),
        "dsa-sha256" => Der.Sequence(Der.Oid("2.16.840.1.101.3.4.3.2")),
        "Ed25519" => Der.Sequence(Der.Oid("1.3.101.112")),
        "Ed448" => Der.Sequence(Der.Oid("1.3.101.113")),
        "unknown" => Der.Sequence(Der.Oid("1.2.3.4.5")),
        _ when algorithm.StartsWith("pss-sha256/", StringComparison.Ordinal) => Der.Sequence(Der.Oid("1.2.840.113549.1.1.10"), PssParameters("2.16.840.1.101.3.4.2.1", long.Parse(algorithm["pss-sha256/".Length..], System.Globalization.CultureInfo.InvariantCulture))),
        _ => throw new ArgumentException(algorithm),
    };

    private static byte[] PssParameters(string hash, long salt)
    {
        byte[] digest = Der.Sequence(Der.Oid(hash), Der.Null);
        return Der.Sequence(Der.Context(0, digest), Der.Context(1, Der.Sequence(Der.Oid("1.2.840.113549.1.1.8"), digest)), Der.Context(2, Der.Integer(salt)));
    }

    private static byte[] SignRsa(RSA key, string algorithm, byte[] data)
        => key.SignData(data, algorithm == "unknown" ? HashAlgorithmName.SHA256 : Hash(algorithm), algorithm.StartsWith("pss", StringComparison.Ordinal) ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);

    private static HashAlgorithmName Hash(string algorithm) => algorithm.Split('/')[0].Split('-')[^1] switch
    {
        "md5" => HashAlgorithmName.MD5,
        "sha1" => HashAlgorithmName.SHA1,
        "sha384" => HashAlgorithmName.SHA384,
        "sha512" => HashAlgorithmName.SHA512,
        _ => HashAlgorithmName.SHA256,
    };

    private static TestKey Edwards(string kind)
    {
        var random = new SecureRandom();
        if (kind == "Ed25519")
        {
            var key = new Ed25519PrivateKeyParameters(random);
            string pem = PemEncoding.WriteString("PRIVATE KEY", Der.Sequence(Der.Integer(0), Der.Sequence(Der.Oid("1.3.101.112")), Der.Octets(Der.Octets(key.GetEncoded()))));
            return new TestKey(Wrap("1.3.101.112", key.GeneratePublicKey().GetEncoded()), kind, (_, data) => Run(new Ed25519Signer(), key, data)) { Pem = pem };
        }

        var long448 = new Ed448PrivateKeyParameters(random);
        return new TestKey(Wrap("1.3.101.113", long448.GeneratePublicKey().GetEncoded()), kind, (_, data) => Run(new Ed448Signer([]), long448, data));
    }

    private static byte[] Run(Org.BouncyCastle.Crypto.ISigner signer, Org.BouncyCastle.Crypto.ICipherParameters key, byte[] data)
    {
        signer.Init(true, key);
        signer.BlockUpdate(data, 0, data.Length);
        return signer.GenerateSignature();
    }

    private static byte[] Wrap(string oid, byte[] key)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.PushSequence();
        writer.PushSequence();
        writer.WriteObjectIdentifier(oid);
        writer.PopSequence();
        writer.WriteBitString(key);
        writer.PopSequence();
        return writer.Encode();
    }
}
