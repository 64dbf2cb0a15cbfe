using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using SslModule.Engine.Certificates;
using SslModule.Engine.Wire;
using AlertDescription = SslModule.Engine.Wire.AlertDescription;
using HashAlgorithm = SslModule.Engine.Wire.HashAlgorithm;

namespace SslModule.Engine.Crypto;

/// <summary>Verifies the signatures of TLS 1.2 and before, over a finished hash where the algorithm has one.</summary>
internal sealed class HashVerifier(PublicKey key) : TlsVerifier
{
    /// <summary>The code point of one of BouncyCastle's algorithms.</summary>
    public static int SchemeOf(SignatureAndHashAlgorithm algorithm) => (algorithm.Hash << 8) | (ushort)algorithm.Signature;

    /// <inheritdoc/>
    public TlsStreamVerifier? GetStreamVerifier(DigitallySigned digitallySigned)
    {
        SignatureAndHashAlgorithm? algorithm = digitallySigned.Algorithm;
        if (algorithm is not null && !PeerCertificate.Signs(key.Kind, algorithm.Signature))
        {
            // RFC 5246 section 7.4.8: the scheme must be one of the key's, whatever its hash.
            throw new FatalAlertException(AlertDescription.illegal_parameter, Errors.TlsError.Ssl("SSL", "WRONG_SIGNATURE_TYPE", (byte)AlertDescription.illegal_parameter));
        }

        return algorithm is { Hash: HashAlgorithm.Intrinsic } && SchemeCodes.NeedsWholeMessage(SchemeOf(algorithm))
            ? new StreamVerifier(key, SchemeOf(algorithm), digitallySigned.Signature)
            : null;
    }

    /// <inheritdoc/>
    public bool VerifyRawSignature(DigitallySigned digitallySigned, byte[] hash)
    {
        SignatureAndHashAlgorithm? algorithm = digitallySigned.Algorithm;
        if (algorithm is null)
        {
            // TLS 1.1 and before: RSA signs MD5 and SHA-1 together, DSA and ECDSA sign SHA-1 alone (RFC 4346 section 7.4.3).
            return key.VerifyHash(key.Kind == KeyKind.Rsa ? null : System.Security.Cryptography.HashAlgorithmName.SHA1, LegacySignatures.Digest(key.Kind, hash), digitallySigned.Signature);
        }

        int scheme = SchemeOf(algorithm);
        return key.VerifyHash(SchemeCodes.HashOf(scheme), hash, digitallySigned.Signature, SchemeCodes.IsPss(scheme));
    }

    private sealed class StreamVerifier(PublicKey key, int scheme, byte[] signature) : TlsStreamVerifier
    {
        private readonly MemoryStream _message = new();

        public Stream Stream => _message;

        public bool IsVerified() => key.Verify(scheme, _message.ToArray(), signature);
    }
}

/// <summary>Verifies a TLS 1.3 CertificateVerify (RFC 8446 section 4.4.3).</summary>
internal sealed class MessageVerifier(PublicKey key, int signatureScheme) : Tls13Verifier
{
    private readonly MemoryStream _message = new(160);

    /// <inheritdoc/>
    public Stream Stream => _message;

    /// <inheritdoc/>
    public bool VerifySignature(byte[] signature)
        => key.Verify(signatureScheme, _message.ToArray(), signature);
}
