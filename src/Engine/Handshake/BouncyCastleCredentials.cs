using System.Security.Cryptography;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using SslModule.Engine.Certificates;
using SslModule.Engine.Crypto;
using Certificate = Org.BouncyCastle.Tls.Certificate;

namespace SslModule.Engine.Handshake;

/// <summary>Signs the handshake with one of the context's keys.</summary>
internal sealed class SigningCredentials(CertifiedKey key, int? scheme, Certificate certificate) : TlsCredentialedSigner
{
    /// <summary>What <see cref="Credentials.Choose"/> gives, in BouncyCastle's form.</summary>
    public static SigningCredentials? Choose(HandshakeState state, IEnumerable<CertifiedKey> candidates, int[]? accepted, int version, int[]? forCertificates = null)
        => Credentials.Choose(state, candidates, accepted, version, forCertificates) is { } chosen
            ? new SigningCredentials(chosen.Key, chosen.Scheme, BouncyCastleTypes.Chain(Credentials.Chain(state.Context, chosen.Key)))
            : null;

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
