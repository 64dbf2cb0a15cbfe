using SslModule.Engine.Errors;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>Encoding of stapled OCSP responses: a CertificateStatus message before TLS 1.3, a certificate extension in TLS 1.3.</summary>
internal static class OcspStaple
{
    private const int HeaderLength = 4;

    /// <summary>Adds status_request to a ClientHello, for any responder and without extensions.</summary>
    public static void Offer(HandshakeState state, Dictionary<ExtensionType, byte[]> extensions)
    {
        if (state.Settings.AsksForOcspResponse)
        {
            extensions.Add(ExtensionType.status_request, [CertificateStatusType.ocsp, 0, 0, 0, 0]);
        }
    }

    /// <summary>Writes the extension of a TLS 1.3 CertificateEntry.</summary>
    public static void Write(WireWriter writer, byte[] response)
    {
        writer.Extension(ExtensionType.status_request);
        int data = writer.Open(2);
        writer.Number(1, CertificateStatusType.ocsp);
        writer.Vector(3, response);
        writer.Close(2, data);
    }

    /// <summary>Reads the same.</summary>
    /// <exception cref="FatalAlertException">It is malformed.</exception>
    public static byte[] Read(HandshakeState state, ReadOnlySpan<byte> data)
    {
        bool whole = data.Length > HeaderLength && data[0] == CertificateStatusType.ocsp
            && ((data[1] << 16) | (data[2] << 8) | data[3]) == data.Length - HeaderLength;
        return whole ? data[HeaderLength..].ToArray() : throw state.Fail(TlsError.Ssl("SSL", "BAD_EXTENSION", (byte)AlertDescription.decode_error));
    }

    /// <summary>Writes the body of a CertificateStatus message.</summary>
    public static void WriteMessage(WireWriter writer, byte[] response)
    {
        writer.Number(1, CertificateStatusType.ocsp);
        writer.Vector(3, response);
    }

    /// <summary>Reads the same.</summary>
    /// <exception cref="FatalAlertException">It is malformed, or not an OCSP response.</exception>
    public static byte[] ReadMessage(HandshakeState state, ReadOnlyMemory<byte> body)
    {
        var reader = new WireReader(body);
        if (!reader.TryNumber(1, out int type) || type != CertificateStatusType.ocsp)
        {
            throw state.Fail("UNSUPPORTED_STATUS_TYPE", AlertDescription.decode_error);
        }

        return reader.TryVector(3, out ReadOnlyMemory<byte> response) && reader.Rest.IsEmpty
            ? response.ToArray()
            : throw state.Fail("LENGTH_MISMATCH", AlertDescription.decode_error);
    }

    /// <summary>Whether a ClientHello requests an OCSP response (RFC 6066 section 8).</summary>
    /// <exception cref="FatalAlertException">Its extension is malformed.</exception>
    public static bool Requested(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions)
    {
        if (!extensions.TryGetValue(ExtensionType.status_request, out ReadOnlyMemory<byte> data))
        {
            return false;
        }

        var reader = new WireReader(data);
        if (!reader.TryNumber(1, out int type))
        {
            throw state.Fail("BAD_EXTENSION", AlertDescription.decode_error);
        }

        // Other status types are valid, but not supported.
        return type == CertificateStatusType.ocsp
            && (reader.TryVector(2, out _) && reader.TryVector(2, out _) && reader.Rest.IsEmpty
                ? true
                : throw state.Fail("BAD_EXTENSION", AlertDescription.decode_error));
    }
}
