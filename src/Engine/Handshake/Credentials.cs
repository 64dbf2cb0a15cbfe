using System.Security.Cryptography;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using SslModule.Engine.Certificates;
using SslModule.Engine.Context;
using SslModule.Engine.Crypto;
using Certificate = Org.BouncyCastle.Tls.Certificate;
using TlsContext = SslModule.Engine.Context.TlsContext;

namespace SslModule.Engine.Handshake;

/// <summary>Which of a context's keys answers a peer, and how.</summary>
internal static class Credentials
{
    private const int LongestChain = 10;

    /// <summary>
    /// The key and scheme for a peer that accepts <paramref name="accepted"/>; null when no key fits. As in OpenSSL the scheme
    /// comes first: the best that both ends have and some key can sign by, in whatever order the keys were loaded.
    /// </summary>
    /// <param name="state">Gets the scheme's name.</param>
    /// <param name="candidates">The keys to choose from.</param>
    /// <param name="accepted">The peer's schemes; null for a peer that names none.</param>
    /// <param name="version">The version's wire number; before TLS 1.2 a signature has no scheme.</param>
    /// <param name="forCertificates">The schemes of signature_algorithms_cert; null for a peer that names none.</param>
    public static (CertifiedKey Key, int? Scheme)? Choose(HandshakeState state, IEnumerable<CertifiedKey> candidates, int[]? accepted, int version, int[]? forCertificates = null)
    {
        if (version < 0x0303)
        {
            bool allowed = SupportedAlgorithms.AllowsLegacySignatures(state.Bound.Credentials);
            return allowed && candidates.FirstOrDefault(candidate => LegacySignatures.Fits(candidate.Key.Kind)) is { } first ? Chosen(state, first, null) : null;
        }

        (int[] ordered, int[] other) = SupportedAlgorithms.SharedSchemes(state, accepted);
        foreach (int scheme in ordered)
        {
            foreach (CertifiedKey candidate in other.Contains(scheme) ? candidates : [])
            {
                if (SupportedAlgorithms.Fits(candidate.Key, scheme, version == 0x0304) && IsAccepted(candidate, forCertificates))
                {
                    return Chosen(state, candidate, scheme);
                }
            }
        }

        return null;
    }

    private static (CertifiedKey Key, int? Scheme)? Chosen(HandshakeState state, CertifiedKey key, int? scheme)
    {
        state.OwnSignature = SignatureNames.NameOf(scheme, key.Key.Kind);
        return (key, scheme);
    }

    // RFC 8446 section 4.2.3. OpenSSL looks at the leaf alone.
    private static bool IsAccepted(CertifiedKey candidate, int[]? schemes) => schemes is null || Signs(candidate.Chain[0].SignatureAlgorithm, schemes);

    private static bool Signs(AlgorithmIdentifier algorithm, int[] schemes)
    {
        KeyKind? kind = CertificateSignature.KeyKind(algorithm);
        return Array.Exists(schemes, scheme => SignatureSchemes.Find(scheme) is { } use && use.Hash == CertificateSignature.HashOf(algorithm)
            && (use.Kind == kind && use.IsPss == (kind == KeyKind.RsaPss) || use.IsPss && kind == KeyKind.RsaPss));
    }

    /// <summary>The same in BouncyCastle's form, before TLS 1.3.</summary>
    public static SigningCredentials? Signer(HandshakeState state, IEnumerable<CertifiedKey> candidates, int[]? accepted, int version, int[]? forCertificates = null)
        => Choose(state, candidates, accepted, version, forCertificates) is { } chosen
            ? new SigningCredentials(chosen.Key, chosen.Scheme, new Certificate(Chain(state.Context, chosen.Key)))
            : null;

    /// <summary>The chain that goes out with a key, leaf first.</summary>
    public static TlsCertificate[] Chain(TlsContext context, CertifiedKey key) => key.Entries ?? Entries(context, key);

    private static TlsCertificate[] Entries(TlsContext context, CertifiedKey key)
    {
        TlsCertificate[] entries = [.. SentChain(context, key).Select(certificate => new PeerCertificate(certificate))];

        // A chain that issuers may still be added to is looked for again.
        if (key.Chain.Count > 1 || key.Chain[0].IsSelfSigned)
        {
            key.Entries = entries;
        }

        return entries;
    }

    /// <summary>A leaf that was loaded alone goes out with the issuers that the context trusts, as OpenSSL's automatic chain does.</summary>
    private static List<Certificates.Certificate> SentChain(TlsContext context, CertifiedKey key)
    {
        var chain = new List<Certificates.Certificate>(key.Chain);
        while (key.Chain.Count == 1 && chain.Count <= LongestChain && !chain[^1].IsSelfSigned
            && context.Trust.FindBySubject(chain[^1].Issuer).FirstOrDefault(issuer => IssuerMatching.AuthorityKeyMatches(issuer, chain[^1])) is { } issuer)
        {
            chain.Add(issuer);
        }

        return chain;
    }
}

/// <summary>Signs the handshake with one of the context's keys.</summary>
internal sealed class SigningCredentials(CertifiedKey key, int? scheme, Certificate certificate) : TlsCredentialedSigner
{
    /// <inheritdoc/>
    public Certificate Certificate => certificate;

    /// <inheritdoc/>
    public SignatureAndHashAlgorithm? SignatureAndHashAlgorithm => scheme is { } code ? BouncyCastleTypes.Algorithm(code) : null;

    /// <inheritdoc/>
    public byte[] GenerateRawSignature(byte[] hash)
    {
        HashAlgorithmName? legacy = key.Key.Kind == KeyKind.Rsa ? null : HashAlgorithmName.SHA1;
        return scheme is { } code
            ? key.Key.SignHash(SchemeCodes.HashOf(code), hash, SchemeCodes.IsPss(code))
            : key.Key.SignHash(legacy, LegacySignatures.Digest(key.Key.Kind, hash));
    }

    /// <inheritdoc/>
    public TlsStreamSigner? GetStreamSigner()
        => scheme is { } code && SchemeCodes.NeedsWholeMessage(code) ? new MessageSigner(key.Key, code) : null;

    private sealed class MessageSigner(PrivateKey key, int scheme) : TlsStreamSigner
    {
        private readonly MemoryStream _message = new();

        public Stream Stream => _message;

        public byte[] GetSignature() => key.Sign(scheme, _message.ToArray());
    }
}

/// <summary>Decrypts the premaster secret of RSA key exchange (RFC 5246 section 7.4.7.1).</summary>
internal sealed class DecryptingCredentials(HandshakeState state, CertifiedKey key, Certificate certificate) : TlsCredentialedDecryptor
{
    /// <inheritdoc/>
    public Certificate Certificate => certificate;

    /// <inheritdoc/>
    public TlsSecret Decrypt(TlsCryptoParameters cryptoParams, byte[] ciphertext)
        => new NativeTlsSecret(state.Crypto, key.Key.DecryptPremaster(ciphertext, (ushort)state.OfferedVersion));
}
