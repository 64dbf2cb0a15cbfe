using SslModule.Engine.Errors;

namespace SslModule.Engine.Context;

/// <content>Stapled OCSP responses (RFC 6066 section 8, RFC 8446 section 4.4.2.1).</content>
public sealed partial class TlsContext
{
    private byte[]? _ocspResponse;

    /// <summary>On a server: the OCSP response about its certificate, as DER, for clients that ask for one; null for none.</summary>
    /// <remarks>The application renews it; a connection takes the one that is there when its handshake begins to answer.</remarks>
    /// <exception cref="TlsError">The bytes are no OCSPResponse.</exception>
    public byte[]? OcspResponse
    {
        get => (byte[]?)_ocspResponse?.Clone();
        set => _ocspResponse = value is null ? null : Checked([.. value]);
    }

    /// <summary>On a client: whether to ask the server for an OCSP response; the connection's <c>OcspResponse</c> then has what came.</summary>
    public bool RequestOcspResponse { get; set; }

    /// <summary>The response's bytes.</summary>
    internal byte[]? OcspResponseBytes => _ocspResponse;

    private static byte[] Checked(byte[] response)
    {
        try
        {
            // What BouncyCastle reads and writes must be what was given: a client sees these very bytes.
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
