using System.Formats.Asn1;
using System.Security.Cryptography;
using SslModule.Engine.Certificates;
using SslModule.Engine.Oids;

namespace SslModule.Engine.Tests.Conformance;

/// <summary>Vectors of signatures, which certificates and handshakes have.</summary>
internal static class SignatureVectors
{
    /// <summary>ECDSA, DSA, and RSA with PKCS #1 v1.5, over a hash.</summary>
    public static bool Hashed(Vector vector)
    {
        HashAlgorithmName hash = Hash(vector.GroupText("sha"));
        PublicKey key = Key(vector);
        return key.IsValid && key.VerifyHash(hash, HashNames.HashData(hash, vector.Bytes("msg")), vector.Bytes("sig"));
    }

    /// <summary>RSASSA-PSS with parameters as in a certificate's signature.</summary>
    public static bool Pss(Vector vector)
    {
        if (vector.GroupText("mgf") != "MGF1")
        {
            throw new NotHereException("RSASSA-PSS with SHAKE: no certificate's algorithm here");
        }

        var parameters = new PssParameters(Hash(vector.GroupText("sha")), Hash(vector.GroupText("mgfSha")), vector.GroupNumber("sLen"));
        return Key(vector).VerifyPss(parameters, vector.Bytes("msg"), vector.Bytes("sig"));
    }

    /// <summary>Ed25519 and Ed448.</summary>
    public static bool Message(Vector vector) => Key(vector).VerifyMessage(vector.Bytes("msg"), vector.Bytes("sig"));

    /// <summary>ML-DSA, whose context is empty in TLS.</summary>
    public static bool MlDsa(Vector vector)
    {
        if (vector.Bytes("ctx").Length > 0)
        {
            throw new NotHereException("MlDsaVerify: a context, which is empty in TLS");
        }

        return PublicKey.Parse(Wrapped(vector)).VerifyMessage(vector.Bytes("msg"), vector.Bytes("sig"));
    }

    private static PublicKey Key(Vector vector) => PublicKey.Parse(vector.GroupBytes("publicKeyDer"));

    /// <summary>The key as certificates have it: keys of a wrong length come without that form.</summary>
    private static byte[] Wrapped(Vector vector)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(vector.Algorithm switch
                {
                    "ML-DSA-44" => KnownOids.MlDsa44,
                    "ML-DSA-65" => KnownOids.MlDsa65,
                    _ => KnownOids.MlDsa87,
                });
            }

            writer.WriteBitString(vector.GroupBytes("publicKey"));
        }

        return writer.Encode();
    }

    private static HashAlgorithmName Hash(string name) => name switch
    {
        "SHA-1" => HashAlgorithmName.SHA1,
        "SHA-224" => HashNames.Sha224,
        "SHA-256" => HashAlgorithmName.SHA256,
        "SHA-384" => HashAlgorithmName.SHA384,
        "SHA-512" => HashAlgorithmName.SHA512,
        "SHA3-224" => HashNames.Sha3(224),
        "SHA3-256" => HashAlgorithmName.SHA3_256,
        "SHA3-384" => HashAlgorithmName.SHA3_384,
        "SHA3-512" => HashAlgorithmName.SHA3_512,
        _ => throw new NotHereException($"signatures with {name}: no certificate's algorithm here"),
    };
}
