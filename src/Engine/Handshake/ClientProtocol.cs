using Org.BouncyCastle.Tls;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Crypto;
using SslModule.Engine.Handshake.Tls13;
using AlertDescription = SslModule.Engine.Wire.AlertDescription;
using AlertLevel = SslModule.Engine.Wire.AlertLevel;
using ExtensionType = SslModule.Engine.Wire.ExtensionType;
using HandshakeType = SslModule.Engine.Wire.HandshakeType;
using ProtocolVersion = SslModule.Engine.Wire.ProtocolVersion;

namespace SslModule.Engine.Handshake;

/// <summary>
/// BouncyCastle's client handshake of the versions before TLS 1.3. It puts the ClientHello together; who sends it and reads
/// the answer is <see cref="Client13"/>, which hands the connection over where the server has chosen an older version.
/// </summary>
internal sealed partial class ClientProtocol(HandshakeState state, ClientRole role, Client13 opening) : TlsClientProtocol, IEngineProtocol
{
    private ReadOnlyMemory<byte>? _serverKeyExchange;

    /// <summary>Goes on from the ClientHello that was sent.</summary>
    /// <param name="version">What the server has chosen.</param>
    public void TakeHello(int version)
    {
        if (version == ProtocolVersion.TLSv12)
        {
            OlderTranscript.Use(this, state.Transcript, Context);
            return;
        }

        OlderTranscript.Of(this).Update(state.Transcript.Messages);
        state.Transcript.Drop();
    }

    /// <inheritdoc/>
    public void SendFatalAlert(byte description) => RaiseAlertFatal(description, "", null);

    /// <inheritdoc/>
    public LateProtocol Establish(RecordCipher cipher) => new ClientLate(state, cipher, tickets: null, mayAnswer: false);

    /// <inheritdoc/>
    protected override void SendClientHelloMessage() => opening.SendHello(
        new OfferedHello(m_clientHello.Version.FullVersion, m_clientHello.Random, m_clientHello.SessionID, m_clientHello.CipherSuites, m_clientHello.Extensions));

    /// <inheritdoc/>
    protected override ServerHello ReceiveServerHelloMessage(MemoryStream buf)
    {
        ServerHello hello = base.ReceiveServerHelloMessage(buf);
        if (CipherSuites.ById(hello.CipherSuite) is { Enc: "None" })
        {
            // RFC 7366 section 3 knows no encrypt-then-MAC without encryption, where it changes nothing; OpenSSL agrees to it all the same.
            hello.Extensions?.Remove((int)ExtensionType.encrypt_then_mac);
        }

        return hello;
    }

    /// <inheritdoc/>
    protected override void HandleException(short alertDescription, string message, Exception e)
        => base.HandleException(BouncyCastleTypes.AlertOf(e, alertDescription), message, e);

    /// <inheritdoc/>
    protected override void HandleAlertMessage(short alertLevel, short alertDescription)
    {
        if (!state.Alerts.Tolerates((AlertLevel)alertLevel, (AlertDescription)alertDescription))
        {
            base.HandleAlertMessage((short)AlertLevel.fatal, alertDescription);
        }
    }

    /// <inheritdoc/>
    protected override void HandleServerCertificate()
    {
        // BouncyCastle looks at the certificate when the message behind it comes: first the one, then the other.
        base.HandleServerCertificate();
        CheckKeyUsage();
        if (_serverKeyExchange is { } body)
        {
            new ServerKeyExchangeCheck(state, Context.SecurityParameters).Check(body);
        }
    }

    // RFC 8422 section 5.3: before TLS 1.3 the suite says that the key signs, so its certificate must allow that, verified or not.
    private void CheckKeyUsage()
    {
        if (Context.SecurityParameters.KeyExchangeAlgorithm == KeyExchangeAlgorithm.ECDHE_ECDSA
            && state.PeerChain is [{ Extensions.KeyUsage: { } usage }, ..] && (usage & Certificates.KeyUsages.DigitalSignature) == 0)
        {
            throw state.Fail("BAD_ECC_CERT", AlertDescription.handshake_failure);
        }
    }

    private void HandleChecked(HandshakeType type, HandshakeMessageInput buf)
    {
        CheckOrder(type);
        _serverKeyExchange = type == HandshakeType.server_key_exchange ? MessageGuard.Body(buf) : default(ReadOnlyMemory<byte>?);
        base.HandleHandshakeMessage((short)type, buf);
    }

    // BouncyCastle finds a missing certificate only when it needs the key, and calls that an internal error.
    private void CheckOrder(HandshakeType type)
    {
        SecurityParameters parameters = Context.SecurityParameters;
        bool wantsCertificate = m_connectionState == CS_SERVER_HELLO && !parameters.IsResumedSession
            && parameters.KeyExchangeAlgorithm is (KeyExchangeAlgorithm.RSA or KeyExchangeAlgorithm.DHE_RSA or KeyExchangeAlgorithm.DHE_DSS
                or KeyExchangeAlgorithm.ECDHE_RSA or KeyExchangeAlgorithm.ECDHE_ECDSA or KeyExchangeAlgorithm.RSA_PSK);
        if (wantsCertificate && type is (HandshakeType.server_key_exchange or HandshakeType.certificate_request or HandshakeType.server_hello_done))
        {
            throw state.Fail("UNEXPECTED_MESSAGE", AlertDescription.unexpected_message);
        }
    }
}
