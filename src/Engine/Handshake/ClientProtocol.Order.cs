using Org.BouncyCastle.Tls;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Handshake;

/// <content>The order of a TLS 1.2 server's messages, where BouncyCastle finds a missing one too late to say which.</content>
internal sealed partial class ClientProtocol
{
    /// <summary>Refuses what must follow the server's Certificate when there was none and the suite needs one (RFC 5246 section 7.3).</summary>
    private void CheckCertificateCame(short type)
    {
        if (m_connectionState != CS_SERVER_HELLO || state.Version == 0x0304
            || type is not (HandshakeType.server_key_exchange or HandshakeType.certificate_request or HandshakeType.server_hello_done))
        {
            return;
        }

        bool needsCertificate = Context.SecurityParameters.KeyExchangeAlgorithm is not (KeyExchangeAlgorithm.DH_anon or KeyExchangeAlgorithm.ECDH_anon
            or KeyExchangeAlgorithm.PSK or KeyExchangeAlgorithm.DHE_PSK or KeyExchangeAlgorithm.ECDHE_PSK);
        if (needsCertificate)
        {
            throw state.Fail(TlsError.Ssl("SSL", "UNEXPECTED_MESSAGE", (byte)AlertDescription.unexpected_message));
        }
    }
}
