using System.Runtime.InteropServices;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using SslModule.Engine.Certificates;
using Certificate = SslModule.Engine.Certificates.Certificate;

namespace SslModule.Engine.Crypto;

/// <summary>
/// The engine's own certificate as BouncyCastle's handshake sees it. Trust, key usage and names are decided by the chain
/// verifier, so the checks BouncyCastle would make here answer without looking.
/// </summary>
internal sealed class PeerCertificate(Certificate certificate) : TlsCertificate
{
    /// <summary>Parses a peer's certificate; garbage is a TlsError.</summary>
    public PeerCertificate(byte[] encoding)
        : this(CertificateCache.Get(encoding))
    {
    }

    /// <summary>The engine's certificate.</summary>
    public Certificate Certificate => certificate;

    /// <summary>Told of what is encrypted for it.</summary>
    public PremasterEncrypted? Encrypted { get; init; }

    /// <inheritdoc/>
    public BigInteger SerialNumber => throw new NotSupportedException("The engine reads serial numbers itself.");

    /// <inheritdoc/>
    public string? SigAlgOid => null;

    /// <inheritdoc/>
    public byte[] GetEncoded()
        // BouncyCastle writes it out and changes nothing.
        => MemoryMarshal.TryGetArray(certificate.Encoded, out ArraySegment<byte> whole) && whole.Count == whole.Array!.Length
            ? whole.Array
            : certificate.Encoded.ToArray();

    /// <inheritdoc/>
    public byte[]? GetExtension(DerObjectIdentifier extensionOid) => null;

    /// <inheritdoc/>
    public Asn1Encodable? GetSigAlgParams() => null;

    /// <inheritdoc/>
    public TlsCertificate CheckUsageInRole(int tlsCertificateRole) => this;

    /// <inheritdoc/>
    public TlsEncryptor CreateEncryptor(int tlsCertificateRole) => new RsaEncryptor(certificate.PublicKey, Encrypted);

    /// <inheritdoc/>
    public TlsVerifier CreateVerifier(short signatureAlgorithm) => new HashVerifier(certificate.PublicKey);

    /// <inheritdoc/>
    public Tls13Verifier CreateVerifier(int signatureScheme)
    {
        Tls13Schemes.Check(certificate.PublicKey, signatureScheme);
        return new MessageVerifier(certificate.PublicKey, signatureScheme);
    }

    /// <inheritdoc/>
    public short GetLegacySignatureAlgorithm() => certificate.PublicKey.Kind switch
    {
        KeyKind.Rsa => SignatureAlgorithm.rsa,
        KeyKind.Dsa => SignatureAlgorithm.dsa,
        KeyKind.Ec => SignatureAlgorithm.ecdsa,
        _ => -1,
    };

    /// <inheritdoc/>
    public bool SupportsSignatureAlgorithm(short signatureAlgorithm) => Signs(certificate.PublicKey.Kind, signatureAlgorithm);

    /// <summary>Whether keys of a kind make the signatures of a TLS 1.2 SignatureAlgorithm.</summary>
    public static bool Signs(KeyKind kind, short signatureAlgorithm) => kind switch
    {
        KeyKind.Rsa => signatureAlgorithm is SignatureAlgorithm.rsa or SignatureAlgorithm.rsa_pss_rsae_sha256
            or SignatureAlgorithm.rsa_pss_rsae_sha384 or SignatureAlgorithm.rsa_pss_rsae_sha512,
        KeyKind.RsaPss => signatureAlgorithm is SignatureAlgorithm.rsa_pss_pss_sha256
            or SignatureAlgorithm.rsa_pss_pss_sha384 or SignatureAlgorithm.rsa_pss_pss_sha512,
        KeyKind.Dsa => signatureAlgorithm == SignatureAlgorithm.dsa,
        KeyKind.Ec => signatureAlgorithm == SignatureAlgorithm.ecdsa,
        KeyKind.Ed25519 => signatureAlgorithm == SignatureAlgorithm.ed25519,
        KeyKind.Ed448 => signatureAlgorithm == SignatureAlgorithm.ed448,
        _ => false,
    };

    /// <inheritdoc/>
    public bool SupportsSignatureAlgorithmCA(short signatureAlgorithm) => SupportsSignatureAlgorithm(signatureAlgorithm);

    private sealed class RsaEncryptor(PublicKey key, PremasterEncrypted? told) : TlsEncryptor
    {
        public byte[] Encrypt(byte[] input, int inOff, int length)
        {
            byte[] encrypted = key.EncryptPkcs1(input.AsSpan(inOff, length));
            told?.Invoke(input.AsSpan(inOff, length), encrypted);
            return encrypted;
        }
    }
}
