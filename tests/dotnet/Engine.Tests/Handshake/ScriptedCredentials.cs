using System.Security.Cryptography;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using SslModule.Engine.Certificates;
using SslModule.Engine.Crypto;
using SslModule.Engine.Handshake;
using Certificate = Org.BouncyCastle.Tls.Certificate;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>A key of a context, in BouncyCastle's form.</summary>
internal sealed class ScriptedSigner(CertifiedKey key, int? scheme, Certificate certificate) : TlsCredentialedSigner
{
    public Certificate Certificate => certificate;

    public SignatureAndHashAlgorithm? SignatureAndHashAlgorithm => scheme is { } code ? ScriptedNumbers.Algorithm(code) : null;

    /// <summary>What <see cref="Credentials.Choose"/> gives; null where no key fits.</summary>
    public static ScriptedSigner? Choose(HandshakeState state, TlsCrypto crypto, IEnumerable<CertifiedKey> keys, IEnumerable<SignatureAndHashAlgorithm>? accepted, int version)
    {
        int[]? schemes = accepted?.Select(algorithm => (algorithm.Hash << 8) | (ushort)algorithm.Signature).ToArray();
        if (Credentials.Choose(state, keys, schemes, version) is not { } chosen)
        {
            return null;
        }

        TlsCertificate[] chain = [.. Credentials.Chain(state.Context, chosen.Key).Select(certificate => crypto.CreateCertificate(certificate.Encoded.ToArray()))];
        return new ScriptedSigner(chosen.Key, chosen.Scheme, version == 0x0304
            ? new Certificate([], Array.ConvertAll(chain, entry => new CertificateEntry(entry, null)))
            : new Certificate(chain));
    }

    public byte[] GenerateRawSignature(byte[] hash)
    {
        HashAlgorithmName? legacy = key.Key.Kind == KeyKind.Rsa ? null : HashAlgorithmName.SHA1;
        return scheme is { } code
            ? key.Key.SignHash(SchemeCodes.HashOf(code), hash, SchemeCodes.IsPss(code))
            : key.Key.SignHash(legacy, LegacySignatures.Digest(key.Key.Kind, hash));
    }

    public TlsStreamSigner? GetStreamSigner()
        => scheme is { } code && SchemeCodes.NeedsWholeMessage(code) ? new MessageSigner(key.Key, code) : null;

    private sealed class MessageSigner(PrivateKey key, int scheme) : TlsStreamSigner
    {
        private readonly MemoryStream _message = new();

        public Stream Stream => _message;

        public byte[] GetSignature() => key.Sign(scheme, _message.ToArray());
    }
}

/// <summary>The engine's numbers in BouncyCastle's form.</summary>
internal static class ScriptedNumbers
{
    public static ProtocolVersion[] Versions(int[] versions) => Array.ConvertAll(versions, version => ProtocolVersion.Get(version >> 8, version & 0xFF));

    public static SignatureAndHashAlgorithm Algorithm(int scheme) => SignatureAndHashAlgorithm.GetInstance((short)(scheme >> 8), (short)(scheme & 0xFF));

    public static SignatureAndHashAlgorithm[] Algorithms(int[] schemes) => Array.ConvertAll(schemes, Algorithm);
}
