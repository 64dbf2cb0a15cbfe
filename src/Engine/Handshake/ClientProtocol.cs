using Org.BouncyCastle.Tls;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Context;
using SslModule.Engine.Crypto;

namespace SslModule.Engine.Handshake;

/// <summary>BouncyCastle's client handshake, with TLS 1.3's half-close and a peer that refuses renegotiation tolerated.</summary>
internal sealed partial class ClientProtocol(HandshakeState state, ClientRole role) : TlsClientProtocol, IEngineProtocol
{
    private ReadOnlyMemory<byte>? _serverKeyExchange;

    /// <inheritdoc/>
    public void SendFatalAlert(byte description) => RaiseAlertFatal(description, "", null);

    /// <inheritdoc/>
    public LateProtocol Establish(RecordCipher cipher)
    {
        bool tls13 = state.Version == 0x0304;
        return new ClientLate(state, cipher, tls13 ? role.Sessions : null, tls13 && state.KeepsTranscript ? Context : null);
    }

    /// <inheritdoc/>
    protected override void SendChangeCipherSpecMessage()
    {
        // In TLS 1.3 it is for middleboxes alone (RFC 8446 appendix D.4), and the application may turn it off.
        if (state.Version != 0x0304 || (state.Context.Options & (ulong)TlsOptions.EnableMiddleboxCompat) != 0)
        {
            base.SendChangeCipherSpecMessage();
        }
    }

    /// <inheritdoc/>
    protected override ServerHello ReceiveServerHelloMessage(MemoryStream buf)
    {
        new ServerHelloCheck(state, m_clientHello).Check(MessageGuard.Body(buf));
        ServerHello hello = base.ReceiveServerHelloMessage(buf);
        if (CipherSuites.ById(hello.CipherSuite) is { Enc: "None" })
        {
            // RFC 7366 section 3 knows no encrypt-then-MAC without encryption, where it changes nothing; OpenSSL agrees to it all the same.
            hello.Extensions?.Remove(ExtensionType.encrypt_then_mac);
        }

        return hello;
    }

    /// <inheritdoc/>
    protected override void HandleAlertMessage(short alertLevel, short alertDescription)
    {
        if (!state.Alerts.Tolerates(alertLevel, alertDescription))
        {
            base.HandleAlertMessage(AlertLevel.fatal, alertDescription);
        }
    }

    /// <inheritdoc/>
    protected override void HandleServerCertificate()
    {
        // BouncyCastle looks at the certificate when the message behind it comes: first the one, then the other.
        base.HandleServerCertificate();
        if (_serverKeyExchange is { } body)
        {
            new ServerKeyExchangeCheck(state, Context.SecurityParameters).Check(body);
        }
    }

    private void HandleChecked(short type, HandshakeMessageInput buf)
    {
        CheckOrder(type);
        _serverKeyExchange = type == HandshakeType.server_key_exchange ? MessageGuard.Body(buf) : default(ReadOnlyMemory<byte>?);
        base.HandleHandshakeMessage(type, buf);
    }

    // BouncyCastle finds a missing certificate only when it needs the key, and calls that an internal error.
    private void CheckOrder(short type)
    {
        SecurityParameters parameters = Context.SecurityParameters;
        bool wantsCertificate = m_connectionState == CS_SERVER_HELLO && !TlsUtilities.IsTlsV13(parameters.NegotiatedVersion) && !parameters.IsResumedSession
            && parameters.KeyExchangeAlgorithm is (KeyExchangeAlgorithm.RSA or KeyExchangeAlgorithm.DHE_RSA or KeyExchangeAlgorithm.DHE_DSS
                or KeyExchangeAlgorithm.ECDHE_RSA or KeyExchangeAlgorithm.ECDHE_ECDSA or KeyExchangeAlgorithm.RSA_PSK);
        if (wantsCertificate && type is (HandshakeType.server_key_exchange or HandshakeType.certificate_request or HandshakeType.server_hello_done))
        {
            throw state.Fail("UNEXPECTED_MESSAGE", AlertDescription.unexpected_message);
        }
    }
}
