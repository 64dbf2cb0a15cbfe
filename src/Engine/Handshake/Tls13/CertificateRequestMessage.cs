using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake.Tls13;

/// <summary>The CertificateRequest of TLS 1.3 (RFC 8446 section 4.3.2).</summary>
/// <param name="Context">The certificate_request_context; empty in the main handshake.</param>
/// <param name="Schemes">The signature schemes that the server accepts.</param>
/// <param name="CertificateSchemes">The schemes it accepts in certificates (signature_algorithms_cert); null if not sent.</param>
internal sealed record CertificateRequestMessage(byte[] Context, int[] Schemes, int[]? CertificateSchemes)
{
    /// <summary>Creates a server's request.</summary>
    public static CertificateRequestMessage Of(HandshakeState state, byte[] requestContext)
        => new(requestContext, state.Derived.SignatureSchemes(ofClient: true, state.Version), null);

    /// <summary>Writes the body, including the certificate authorities that the application configured.</summary>
    public void Write(HandshakeState state, WireWriter writer)
    {
        writer.Vector(1, Context);
        int extensions = writer.Open(2);
        SignatureAlgorithms.Write(writer, Schemes);
        CertificateAuthorities.Write(writer, state.Context.ClientAuthorities);
        writer.Close(2, extensions);
    }

    /// <summary>Reads the body.</summary>
    /// <exception cref="FatalAlertException">It is malformed.</exception>
    public static CertificateRequestMessage Read(HandshakeState state, ReadOnlyMemory<byte> body)
    {
        var reader = new WireReader(body);
        if (!reader.TryVector(1, out ReadOnlyMemory<byte> context) || reader.Rest.IsEmpty)
        {
            throw state.Fail("LENGTH_MISMATCH", AlertDescription.decode_error);
        }

        Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions = HelloExtensions.Read(state, reader.Rest, "LENGTH_MISMATCH");
        foreach (ExtensionType type in extensions.Keys)
        {
            if (!IsPlausiblePoint(type) && HelloExtensions.IsKnown(type))
            {
                throw state.Fail("BAD_EXTENSION", AlertDescription.illegal_parameter);
            }
        }

        int[] schemes = SignatureAlgorithms.Read(state, extensions) ?? throw state.Fail("MISSING_SIGALGS_EXTENSION", AlertDescription.missing_extension);
        CertificateAuthorities.Check(state, extensions);
        return new CertificateRequestMessage(context.ToArray(), schemes, SignatureAlgorithms.ReadForCertificates(state, extensions));
    }

    private static bool IsPlausiblePoint(ExtensionType type) => type is ExtensionType.signature_algorithms or ExtensionType.signature_algorithms_cert
        or ExtensionType.certificate_authorities or ExtensionType.oid_filters or ExtensionType.status_request
        or ExtensionType.signed_certificate_timestamp or ExtensionType.compress_certificate;
}
