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

    /// <summary>The key and scheme for a peer that accepts <paramref name="accepted"/>; null when no key fits.</summary>
    public static SigningCredentials? Choose(HandshakeState state, IEnumerable<CertifiedKey> candidates, IList<SignatureAndHashAlgorithm>? accepted, ProtocolVersion version, byte[] requestContext)
    {
        bool tls13 = TlsUtilities.IsTlsV13(version);
        foreach (CertifiedKey candidate in candidates)
        {
            bool legacy = !TlsUtilities.IsTlsV12(version);
            int scheme = legacy ? 0 : SupportedAlgorithms.Choose(state.Context, candidate.Key, accepted, tls13, ofClient: !state.IsServer);
            if (scheme >= 0)
            {
                state.OwnSignature = SignatureNames.NameOf(legacy ? null : scheme, candidate.Key.Kind);
                return new SigningCredentials(candidate, legacy ? null : scheme, Chain(state.Context, candidate, tls13, requestContext, Staple(state)));
            }
        }

        return null;
    }

    /// <summary>A chain in BouncyCastle's form.</summary>
    public static Certificate Chain(TlsContext context, CertifiedKey key, bool tls13, byte[] requestContext, byte[]? staple = null)
    {
        TlsCertificate[] entries = key.Entries ?? Entries(context, key);
        return tls13
            ? new Certificate(requestContext, Array.ConvertAll(entries, entry => new CertificateEntry(entry, ReferenceEquals(entry, entries[0]) && staple is not null ? OcspStaple.Extension(staple) : null)))
            : new Certificate(entries);
    }

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

    private static byte[]? Staple(HandshakeState state)
        => state is { IsServer: true, WantsOcspResponse: true } ? state.Context.OcspResponseBytes : null;

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
    public SignatureAndHashAlgorithm? SignatureAndHashAlgorithm => scheme is { } code ? SupportedAlgorithms.Algorithm(code) : null;

    /// <summary>Signs a message (TLS 1.3: the scheme is always named).</summary>
    public DigitallySigned Sign(ReadOnlySpan<byte> message) => new(SignatureAndHashAlgorithm, key.Key.Sign(scheme!.Value, message));

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
internal sealed class DecryptingCredentials(NativeTlsCrypto crypto, CertifiedKey key, Certificate certificate) : TlsCredentialedDecryptor
{
    /// <inheritdoc/>
    public Certificate Certificate => certificate;

    /// <inheritdoc/>
    public TlsSecret Decrypt(TlsCryptoParameters cryptoParams, byte[] ciphertext)
    {
        int version = cryptoParams.RsaPreMasterSecretVersion.FullVersion;
        return new NativeTlsSecret(crypto, key.Key.DecryptPremaster(ciphertext, (ushort)version));
    }
}
