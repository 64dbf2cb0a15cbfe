using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Tls;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Handshake;

/// <summary>The stapled OCSP response on the wire: a message of its own before TLS 1.3, an extension of the certificate in it.</summary>
internal static class OcspStaple
{
    private const int HeaderLength = 4;

    /// <summary>The extension of a TLS 1.3 CertificateEntry.</summary>
    public static Dictionary<int, byte[]> Extension(byte[] response) => new()
    {
        [ExtensionType.status_request] =
            [(byte)CertificateStatusType.ocsp, (byte)(response.Length >> 16), (byte)(response.Length >> 8), (byte)response.Length, .. response],
    };

    /// <summary>What came with a server's certificate; null when nothing did.</summary>
    /// <exception cref="TlsFatalAlert">It came without being asked for, or is malformed.</exception>
    public static byte[]? Received(HandshakeState state, TlsServerCertificate certificate)
    {
        if (certificate.CertificateStatus is { StatusType: CertificateStatusType.ocsp } status)
        {
            return status.OcspResponse.GetEncoded(Asn1Encodable.Der);
        }

        if (state.Version != 0x0304)
        {
            return null;
        }

        byte[]? first = null;
        for (int i = 0; i < certificate.Certificate.Length; i++)
        {
            foreach ((int type, byte[] data) in certificate.Certificate.GetCertificateEntryAt(i).Extensions ?? new Dictionary<int, byte[]>())
            {
                if (type != ExtensionType.status_request || !state.Context.RequestOcspResponse)
                {
                    throw state.Fail(TlsError.Ssl("SSL", "UNSOLICITED_EXTENSION", (byte)AlertDescription.unsupported_extension));
                }

                byte[] response = Read(state, data);
                first = i == 0 ? response : first;
            }
        }

        return first;
    }

    private static byte[] Read(HandshakeState state, byte[] data)
    {
        bool whole = data.Length > HeaderLength && data[0] == CertificateStatusType.ocsp
            && ((data[1] << 16) | (data[2] << 8) | data[3]) == data.Length - HeaderLength;
        return whole ? data[HeaderLength..] : throw state.Fail(TlsError.Ssl("SSL", "BAD_EXTENSION", (byte)AlertDescription.decode_error));
    }
}
