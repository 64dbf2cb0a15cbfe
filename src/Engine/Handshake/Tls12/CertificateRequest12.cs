using SslModule.Engine.Certificates;
using SslModule.Engine.Errors;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake.Tls12;

/// <summary>The CertificateRequest of TLS 1.2 and earlier (RFC 5246 section 7.4.4).</summary>
/// <param name="Types">The certificate types that the server accepts.</param>
/// <param name="Schemes">The signature schemes that it accepts; null before TLS 1.2.</param>
internal sealed record CertificateRequest12(byte[] Types, int[]? Schemes)
{
    /// <summary>Writes the body.</summary>
    public static void Write(HandshakeState state, WireWriter writer)
    {
        writer.Vector(1, [ClientCertificateType.rsa_sign, ClientCertificateType.dss_sign, ClientCertificateType.ecdsa_sign]);
        if (state.Version >= ProtocolVersion.TLSv12)
        {
            writer.Numbers(2, state.Derived.SignatureSchemes(ofClient: true, state.Version));
        }

        CertificateAuthorities.WriteList(writer, state.Context.ClientAuthorities);
    }

    /// <summary>Reads the body.</summary>
    /// <exception cref="FatalAlertException">It is malformed.</exception>
    public static CertificateRequest12 Read(HandshakeState state, ReadOnlyMemory<byte> body)
    {
        var reader = new WireReader(body);
        if (!reader.TryVector(1, out ReadOnlyMemory<byte> types))
        {
            throw LengthMismatch(state);
        }

        int[]? schemes = null;
        if (state.Version >= ProtocolVersion.TLSv12)
        {
            if (!reader.TryVector(2, out ReadOnlyMemory<byte> list))
            {
                throw LengthMismatch(state);
            }

            if (list.IsEmpty || list.Length % 2 != 0)
            {
                throw state.Fail("SIGNATURE_ALGORITHMS_ERROR", AlertDescription.decode_error);
            }

            schemes = WireReader.Numbers(list);
        }

        if (!reader.TryVector(2, out ReadOnlyMemory<byte> authorities) || !reader.Rest.IsEmpty)
        {
            throw LengthMismatch(state);
        }

        CheckAuthorities(state, authorities);
        return new CertificateRequest12(types.ToArray(), schemes);
    }

    /// <summary>Whether the server accepts a kind of key. EdDSA keys use the ECDSA type (RFC 8422 section 5.5).</summary>
    public bool AsksFor(KeyKind kind) => Types.Contains(kind switch
    {
        KeyKind.Rsa or KeyKind.RsaPss => ClientCertificateType.rsa_sign,
        KeyKind.Dsa => ClientCertificateType.dss_sign,
        _ => ClientCertificateType.ecdsa_sign,
    });

    // Like OpenSSL without a certificate callback, the names are checked but do not affect the choice of certificate.
    private static void CheckAuthorities(HandshakeState state, ReadOnlyMemory<byte> authorities)
    {
        for (var reader = new WireReader(authorities); !reader.Rest.IsEmpty;)
        {
            if (!reader.TryVector(2, out ReadOnlyMemory<byte> name))
            {
                throw LengthMismatch(state);
            }

            try
            {
                Asn1.Guard(() => DistinguishedName.Parse(name));
            }
            catch (TlsError error)
            {
                throw state.Fail(TlsError.LibraryOnly("SSL", "ASN1 lib", (byte)AlertDescription.decode_error, error));
            }
        }
    }

    private static Exception LengthMismatch(HandshakeState state) => state.Fail("LENGTH_MISMATCH", AlertDescription.decode_error);
}
