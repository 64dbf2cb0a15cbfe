using SslModule.Engine.Errors;

namespace SslModule.Engine.Context;

/// <content>Stapled OCSP responses (RFC 6066 section 8, RFC 8446 section 4.4.2.1).</content>
public sealed partial class TlsContext
{
    private byte[]? _ocspResponse;

    /// <summary>On a server: the DER-encoded OCSP response to staple for clients that request one; null for none.</summary>
    /// <remarks>The application must renew it. A connection uses the response that is set when it answers the ClientHello.</remarks>
    /// <exception cref="TlsError">The bytes are not an OCSPResponse.</exception>
    public byte[]? OcspResponse
    {
        get => (byte[]?)_ocspResponse?.Clone();
        set => _ocspResponse = value is null ? null : Checked([.. value]);
    }

    /// <summary>On a client: whether to request an OCSP response, which the connection's <c>OcspResponse</c> returns.</summary>
    public bool RequestOcspResponse { get; set; }

    /// <summary>The response's bytes.</summary>
    internal byte[]? OcspResponseBytes => _ocspResponse;

    private static byte[] Checked(byte[] response)
    {
        try
        {
            // Reject an encoding that is not DER, because clients receive the bytes unchanged.
            return Org.BouncyCastle.Asn1.Ocsp.OcspResponse.GetInstance(response).GetEncoded(Org.BouncyCastle.Asn1.Asn1Encodable.Der).AsSpan().SequenceEqual(response)
                ? response
                : throw TlsError.Value("the OCSP response is not DER");
        }
        catch (Exception exception) when (exception is ArgumentException or IOException or InvalidOperationException or InvalidCastException)
        {
            throw TlsError.Value("the bytes are no OCSP response");
        }
    }
}
