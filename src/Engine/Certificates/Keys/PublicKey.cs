using System.Formats.Asn1;
using System.Security.Cryptography;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Certificates;

/// <summary>A public key that verifies signatures; immutable and safe to share.</summary>
internal abstract class PublicKey
{
    /// <summary>What kind of key it is.</summary>
    public abstract KeyKind Kind { get; }

    /// <summary>The size in bits as OpenSSL counts it: modulus, prime or field.</summary>
    public abstract int Bits { get; }

    /// <summary>The strength in bits that security levels compare (NIST SP 800-57).</summary>
    public abstract int SecurityBits { get; }

    /// <summary>The curve's identifier; null for a key that is on none.</summary>
    public virtual string? CurveOid => null;

    /// <summary>True for a key whose curve is spelled out instead of named; such keys verify nothing.</summary>
    public virtual bool HasExplicitParameters => false;

    /// <summary>What it costs at most to verify one signature, as <see cref="KeyWork"/> counts.</summary>
    public abstract long VerificationCost { get; }

    /// <summary>
    /// False for a key that looked like one and turns out to be none when it is computed with; to find out costs
    /// <see cref="CompletionCost"/>.
    /// </summary>
    public virtual bool IsComplete => true;

    /// <summary>What <see cref="IsComplete"/> costs.</summary>
    public virtual long CompletionCost => 0;

    /// <summary>Parses a SubjectPublicKeyInfo; a TlsError when it is malformed or of an unknown kind.</summary>
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
            _ => throw TlsError.Ssl("X509", "UNSUPPORTED_ALGORITHM"),
        };
    });

    /// <summary>Verifies a signature of a TLS SignatureScheme; false also when the scheme does not fit the key.</summary>
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
    /// Verifies a signature over a finished hash. A null <paramref name="hash"/> means the MD5 and SHA-1 of TLS 1.0 and 1.1
    /// side by side, which RSA signs without naming a digest (RFC 4346 section 7.4.3).
    /// </summary>
    public abstract bool VerifyHash(HashAlgorithmName? hash, ReadOnlySpan<byte> hashValue, ReadOnlySpan<byte> signature, bool pss = false);

    /// <summary>Verifies a signature over the message itself (Ed25519 and Ed448).</summary>
    public virtual bool VerifyMessage(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => false;

    /// <summary>Verifies an RSASSA-PSS signature with the parameters of a certificate.</summary>
    public virtual bool VerifyPss(PssParameters parameters, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => false;

    /// <summary>Encrypts a premaster secret (RFC 5246 section 7.4.7.1).</summary>
    public virtual byte[] EncryptPkcs1(ReadOnlySpan<byte> premaster) => throw TlsError.Ssl("SSL", "WRONG_CERTIFICATE_TYPE");
}
