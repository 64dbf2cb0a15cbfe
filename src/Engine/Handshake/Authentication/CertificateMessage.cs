using SslModule.Engine.Certificates;
using SslModule.Engine.Errors;
using SslModule.Engine.Wire;
using Certificate = SslModule.Engine.Certificates.Certificate;

namespace SslModule.Engine.Handshake;

/// <summary>The Certificate message of TLS 1.3 (RFC 8446 section 4.4.2) and of earlier versions (RFC 5246 section 7.4.2), which has no context and no extensions.</summary>
internal static class CertificateMessage
{
    private const int LongestChain = byte.MaxValue;

    /// <summary>Writes the body for TLS 1.2 or earlier.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="chain">Leaf first; empty for none.</param>
    public static void Write(WireWriter writer, IReadOnlyList<Certificate> chain)
    {
        int list = writer.Open(3);
        for (int i = 0; i < chain.Count; i++)
        {
            writer.Vector(3, chain[i].Encoded.Span);
        }

        writer.Close(3, list);
    }

    /// <summary>Writes the body for TLS 1.3.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="requestContext">The certificate_request_context of the request.</param>
    /// <param name="chain">Leaf first; empty for none.</param>
    /// <param name="staple">The OCSP response to staple to the leaf; null for none.</param>
    public static void Write(WireWriter writer, ReadOnlySpan<byte> requestContext, IReadOnlyList<Certificate> chain, byte[]? staple)
    {
        writer.Vector(1, requestContext);
        int list = writer.Open(3);
        for (int i = 0; i < chain.Count; i++)
        {
            writer.Vector(3, chain[i].Encoded.Span);
            int extensions = writer.Open(2);
            if (i == 0 && staple is not null)
            {
                OcspStaple.Write(writer, staple);
            }

            writer.Close(2, extensions);
        }

        writer.Close(3, list);
    }

    /// <summary>Reads the body for TLS 1.3.</summary>
    /// <param name="state">Records the failure, and on a client the OCSP response.</param>
    /// <param name="body">The message without its header.</param>
    /// <param name="requestContext">The expected certificate_request_context.</param>
    /// <returns>The chain, leaf first; empty for none.</returns>
    /// <exception cref="FatalAlertException">It is malformed, or a certificate is.</exception>
    public static Certificate[] Read(HandshakeState state, ReadOnlyMemory<byte> body, ReadOnlySpan<byte> requestContext)
    {
        var reader = new WireReader(body);
        if (!reader.TryVector(1, out ReadOnlyMemory<byte> context) || !context.Span.SequenceEqual(requestContext))
        {
            throw state.Fail(state.IsServer ? "INVALID_CONTEXT" : "LENGTH_MISMATCH", AlertDescription.decode_error);
        }

        return ReadList(state, ref reader, hasExtensions: true);
    }

    /// <summary>Reads the body for TLS 1.2 or earlier.</summary>
    /// <param name="state">Records the failure.</param>
    /// <param name="body">The message without its header.</param>
    /// <returns>The chain, leaf first; empty for none.</returns>
    /// <exception cref="FatalAlertException">It is malformed, or a certificate is.</exception>
    public static Certificate[] Read(HandshakeState state, ReadOnlyMemory<byte> body)
    {
        var reader = new WireReader(body);
        return ReadList(state, ref reader, hasExtensions: false);
    }

    private static Certificate[] ReadList(HandshakeState state, ref WireReader reader, bool hasExtensions)
    {
        if (!reader.TryVector(3, out ReadOnlyMemory<byte> list) || !reader.Rest.IsEmpty)
        {
            throw state.Fail("LENGTH_MISMATCH", AlertDescription.decode_error);
        }

        var chain = new List<Certificate>(2);
        for (reader = new WireReader(list); !reader.Rest.IsEmpty;)
        {
            if (!reader.TryVector(3, out ReadOnlyMemory<byte> encoded) || encoded.IsEmpty)
            {
                throw state.Fail("CERT_LENGTH_MISMATCH", AlertDescription.decode_error);
            }

            if (chain.Count == LongestChain)
            {
                throw state.Fail("EXCESSIVE_MESSAGE_SIZE", AlertDescription.illegal_parameter);
            }

            chain.Add(Parse(state, encoded.Span));
            if (hasExtensions)
            {
                ReadExtensions(state, ref reader, isLeaf: chain.Count == 1);
            }
        }

        return [.. chain];
    }

    private static Certificate Parse(HandshakeState state, ReadOnlySpan<byte> encoded)
    {
        try
        {
            return CertificateCache.Get(encoded);
        }
        catch (TlsError error)
        {
            // Like OpenSSL, a server reports an unparsable certificate as decode_error, a client as bad_certificate.
            throw new FatalAlertException(state.IsServer ? AlertDescription.decode_error : AlertDescription.bad_certificate, error);
        }
    }

    private static void ReadExtensions(HandshakeState state, ref WireReader reader, bool isLeaf)
    {
        if (!reader.TryVector(2, out ReadOnlyMemory<byte> block))
        {
            throw state.Fail("BAD_LENGTH", AlertDescription.decode_error);
        }

        if (block.IsEmpty)
        {
            return;
        }

        foreach ((ExtensionType type, ReadOnlyMemory<byte> data) in HelloExtensions.ReadBlock(state, block))
        {
            if (type is not (ExtensionType.status_request or ExtensionType.signed_certificate_timestamp) && HelloExtensions.IsKnown(type))
            {
                throw state.Fail("BAD_EXTENSION", AlertDescription.illegal_parameter);
            }

            if (state.IsServer || type != ExtensionType.status_request || !state.Settings.AsksForOcspResponse)
            {
                throw state.Fail("UNSOLICITED_EXTENSION", AlertDescription.unsupported_extension);
            }

            byte[] response = OcspStaple.Read(state, data.Span);
            state.OcspResponse = isLeaf ? response : state.OcspResponse;
        }
    }
}
