using SslModule.Engine.Certificates;
using SslModule.Engine.Context;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>Selects the key, signature scheme and certificate chain to authenticate with.</summary>
internal static class Credentials
{
    private const int LongestChain = 10;

    /// <summary>
    /// Selects the key and the scheme for a peer that accepts <paramref name="accepted"/>; null if no key fits. Like OpenSSL, the
    /// scheme is selected first: the best common one for which there is a key, whatever the order of the keys.
    /// </summary>
    /// <param name="state">Receives the name of the scheme.</param>
    /// <param name="candidates">The keys to choose from.</param>
    /// <param name="accepted">The peer's schemes; null if it sent none.</param>
    /// <param name="version">The wire version. Signatures before TLS 1.2 have no scheme.</param>
    /// <param name="forCertificates">The schemes of signature_algorithms_cert; null if it sent none.</param>
    public static (CertifiedKey Key, int? Scheme)? Choose(HandshakeState state, IEnumerable<CertifiedKey> candidates, int[]? accepted, int version, int[]? forCertificates = null)
    {
        if (version < ProtocolVersion.TLSv12)
        {
            bool allowed = SupportedAlgorithms.AllowsLegacySignatures(state.Settings.Credentials);
            return allowed && candidates.FirstOrDefault(candidate => LegacySignatures.Supports(candidate.Key.Kind)) is { } first ? Chosen(state, first, null) : null;
        }

        (int[] ordered, int[] other) = Negotiation.SharedSchemes(state, accepted);
        foreach (int scheme in ordered)
        {
            foreach (CertifiedKey candidate in other.Contains(scheme) ? candidates : [])
            {
                if (SupportedAlgorithms.Fits(candidate.Key, scheme, version == ProtocolVersion.TLSv13) && IsAccepted(candidate, forCertificates))
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

    // RFC 8446 section 4.2.3. Like OpenSSL, only the leaf is checked.
    private static bool IsAccepted(CertifiedKey candidate, int[]? schemes) => schemes is null || Signs(candidate.Chain[0].SignatureAlgorithm, schemes);

    private static bool Signs(AlgorithmIdentifier algorithm, int[] schemes)
    {
        KeyKind? kind = CertificateSignature.KeyKind(algorithm);
        return Array.Exists(schemes, scheme => SignatureSchemes.Find(scheme) is { } use && use.Hash == CertificateSignature.HashOf(algorithm)
            && (use.Kind == kind && use.IsPss == (kind == KeyKind.RsaPss) || use.IsPss && kind == KeyKind.RsaPss));
    }

    /// <summary>The chain to send with a key, leaf first.</summary>
    public static IReadOnlyList<Certificate> Chain(TlsContext context, CertifiedKey key)
    {
        if (key.SentChain is { } known)
        {
            return known;
        }

        List<Certificate> chain = SentChain(context, key);

        // An incomplete chain is not cached, because its issuers may still be added to the context.
        if (key.Chain.Count > 1 || key.Chain[0].IsSelfSigned)
        {
            key.SentChain = chain;
        }

        return chain;
    }

    /// <summary>Completes a leaf that was loaded without a chain from the context's trusted certificates, like OpenSSL.</summary>
    private static List<Certificate> SentChain(TlsContext context, CertifiedKey key)
    {
        var chain = new List<Certificate>(key.Chain);
        while (key.Chain.Count == 1 && chain.Count <= LongestChain && !chain[^1].IsSelfSigned
            && context.Trust.FindBySubject(chain[^1].Issuer).FirstOrDefault(issuer => IssuerMatching.AuthorityKeyMatches(issuer, chain[^1])) is { } issuer)
        {
            chain.Add(issuer);
        }

        return chain;
    }
}
