using System.Formats.Asn1;
using System.Security.Cryptography;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Certificates;

/// <summary>A public key that verifies signatures; immutable and safe to share.</summary>
internal abstract class PublicKey
{
    /// <summary>The key type.</summary>
    public abstract KeyKind Kind { get; }

    /// <summary>The size in bits of the modulus, prime or field, as in OpenSSL.</summary>
    public abstract int Bits { get; }

    /// <summary>The security bits, as security levels compare them (NIST SP 800-57).</summary>
    public abstract int SecurityBits { get; }

    /// <summary>The curve's OID; null for other keys.</summary>
    public virtual string? CurveOid => null;

    /// <summary>True for a key with explicit curve parameters; such keys verify nothing.</summary>
    public virtual bool HasExplicitParameters => false;

    /// <summary>The maximum cost of verifying one signature, in the units of <see cref="KeyOperationCost"/>.</summary>
    public abstract long VerificationCost { get; }

    /// <summary>
    /// False when full validation shows that the key is invalid. Parsing checks less, because full validation costs
    /// <see cref="ValidationCost"/>.
    /// </summary>
    public virtual bool IsValid => true;

    /// <summary>The cost of <see cref="IsValid"/>.</summary>
    public virtual long ValidationCost => 0;

    /// <summary>Parses a SubjectPublicKeyInfo; raises a TlsError when it is malformed or of an unknown type.</summary>
    public static PublicKey Parse(ReadOnlyMemory<byte> subjectPublicKeyInfo) => Asn1.Guard<PublicKey>(() =>
    {
        AsnReader outer = Asn1.Reader(subjectPublicKeyInfo);
        AsnReader fields = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        AlgorithmIdentifier algorithm = AlgorithmIdentifier.Read(fields);
        byte[] key = Asn1.ReadBits(fields).Bytes;
        fields.ThrowIfNotEmpty();

        return KeyAlgorithm.Kind(algorithm.Oid) switch
        {
            KeyKind.Rsa => RsaPublicKey.Parse(key, null),
            KeyKind.RsaPss => RsaPublicKey.Parse(key, algorithm),
            KeyKind.Ec => EcPublicKey.Parse(algorithm, key),
            KeyKind.Dsa => DsaPublicKey.Parse(algorithm, key),
            KeyKind.Ed25519 or KeyKind.Ed448 => EdwardsPublicKey.Parse(algorithm, key),
            KeyKind.MlDsa44 or KeyKind.MlDsa65 or KeyKind.MlDsa87 => MlDsaPublicKey.Parse(algorithm, key),
            KeyKind.SlhDsa => SlhDsaPublicKey.Parse(algorithm, key),
            _ => throw TlsError.Ssl("X509", "UNSUPPORTED_ALGORITHM"),
        };
    });

    /// <summary>Verifies a signature with a TLS SignatureScheme; also false when the scheme does not fit the key.</summary>
    public bool Verify(int signatureScheme, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (SignatureSchemes.Find(signatureScheme) is not { } use || use.Kind != Kind)
        {
            return false;
        }

        return use.Hash is { } hash
            ? VerifyHash(hash, HashNames.HashData(hash, data), signature, use.IsPss)
            : VerifyMessage(data, signature);
    }

    /// <summary>
    /// Verifies a signature over a hash. A null <paramref name="hash"/> means the concatenation of MD5 and SHA-1 in TLS 1.0 and 1.1,
    /// which RSA signs without a DigestInfo (RFC 4346 section 7.4.3).
    /// </summary>
    public abstract bool VerifyHash(HashAlgorithmName? hash, ReadOnlySpan<byte> hashValue, ReadOnlySpan<byte> signature, bool pss = false);

    /// <summary>Verifies a signature over the message itself (Ed25519, Ed448, ML-DSA and SLH-DSA).</summary>
    public virtual bool VerifyMessage(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => false;

    /// <summary>Verifies an RSASSA-PSS signature with a certificate's parameters.</summary>
    public virtual bool VerifyPss(PssParameters parameters, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => false;

    /// <summary>Encrypts a premaster secret (RFC 5246 section 7.4.7.1).</summary>
    public virtual byte[] EncryptPkcs1(ReadOnlySpan<byte> premaster) => throw TlsError.Ssl("SSL", "WRONG_CERTIFICATE_TYPE");
}
