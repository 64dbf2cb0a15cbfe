using System.Security.Cryptography;
using SslModule.Engine.Certificates;
using SslModule.Engine.Context;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake.Tls12;

/// <summary>The signatures of ServerKeyExchange and CertificateVerify (RFC 5246 sections 4.7, 7.4.3 and 7.4.8): over MD5 and SHA-1 hashes before TLS 1.2.</summary>
internal static class HandshakeSignature
{
    /// <summary>Writes a signature, preceded by its scheme in TLS 1.2.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="key">The signing key.</param>
    /// <param name="scheme">The scheme; null before TLS 1.2.</param>
    /// <param name="content">The signed content.</param>
    /// <param name="legacyHashes">The concatenated MD5 and SHA-1 hashes of the content, for versions before TLS 1.2.</param>
    public static void Write(WireWriter writer, PrivateKey key, int? scheme, ReadOnlySpan<byte> content, Func<byte[]> legacyHashes)
    {
        if (scheme is { } code)
        {
            writer.Number(2, code);
            writer.Vector(2, key.Sign(code, content));
        }
        else
        {
            writer.Vector(2, key.SignHash(LegacyHash(key.Kind), LegacySignatures.Digest(key.Kind, legacyHashes())));
        }
    }

    /// <summary>Reads and checks the signature at the end of a message.</summary>
    /// <param name="state">Records the failure, and the name of the scheme.</param>
    /// <param name="reader">The reader, positioned at the signature.</param>
    /// <param name="key">The peer's key.</param>
    /// <param name="content">The signed content.</param>
    /// <param name="legacyHashes">The concatenated MD5 and SHA-1 hashes of the content, for versions before TLS 1.2.</param>
    /// <exception cref="FatalAlertException">It is malformed or invalid.</exception>
    public static void Check(HandshakeState state, ref WireReader reader, PublicKey key, ReadOnlySpan<byte> content, Func<byte[]> legacyHashes)
    {
        int? scheme = state.Version >= ProtocolVersion.TLSv12 ? ReadScheme(state, ref reader, key) : null;
        state.PeerSignature = SignatureNames.NameOf(scheme, key.Kind);
        if (!reader.TryVector(2, out ReadOnlyMemory<byte> signature) || !reader.Rest.IsEmpty)
        {
            throw state.Fail("LENGTH_MISMATCH", AlertDescription.decode_error);
        }

        bool isRight = scheme is { } code
            ? key.Verify(code, content, signature.Span)
            : key.VerifyHash(LegacyHash(key.Kind), LegacySignatures.Digest(key.Kind, legacyHashes()), signature.Span);
        if (!isRight)
        {
            throw state.Fail("BAD_SIGNATURE", AlertDescription.decrypt_error);
        }
    }

    /// <summary>The concatenated MD5 and SHA-1 hashes of some bytes.</summary>
    public static byte[] Hashes(ReadOnlySpan<byte> content) => [.. MD5.HashData(content), .. SHA1.HashData(content)];

    // RSA signs both hashes without a DigestInfo, DSA and ECDSA only the SHA-1 hash (RFC 4346 section 7.4.3, RFC 4492 section 5.4).
    private static HashAlgorithmName? LegacyHash(KeyKind kind) => kind == KeyKind.Rsa ? null : HashAlgorithmName.SHA1;

    private static int ReadScheme(HandshakeState state, ref WireReader reader, PublicKey key)
    {
        if (!reader.TryNumber(2, out int scheme))
        {
            throw state.IsServer ? state.Fail("BAD_PACKET", AlertDescription.decode_error) : state.Fail("LENGTH_MISMATCH", AlertDescription.decode_error);
        }

        if (SignatureSchemes.Find(scheme) is not { } use || use.Kind != key.Kind)
        {
            throw state.Fail("WRONG_SIGNATURE_TYPE", AlertDescription.illegal_parameter);
        }

        // RFC 8422 section 5.3: the curve of the peer's key must be one of the groups too, which OpenSSL checks in TLS 1.2.
        if (key.Kind == KeyKind.Ec && !state.Derived.Groups.Contains(GroupNames.OfCurve(key.CurveOid)))
        {
            throw state.Fail("WRONG_CURVE", AlertDescription.illegal_parameter);
        }

        return state.Derived.SignatureSchemes(ofClient: state.IsServer, state.Version).Contains(scheme)
            ? scheme
            : throw state.Fail("WRONG_SIGNATURE_TYPE", state.IsServer ? AlertDescription.illegal_parameter : AlertDescription.handshake_failure);
    }
}
