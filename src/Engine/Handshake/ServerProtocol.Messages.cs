using Org.BouncyCastle.Tls;
using SslModule.Engine.Wire;
using AlertDescription = SslModule.Engine.Wire.AlertDescription;
using ContentType = SslModule.Engine.Wire.ContentType;
using HandshakeType = SslModule.Engine.Wire.HandshakeType;
using ProtocolVersion = SslModule.Engine.Wire.ProtocolVersion;

namespace SslModule.Engine.Handshake;

/// <content>The messages: each passes here, sent or received.</content>
internal sealed partial class ServerProtocol
{
    private readonly OlderRecords _records = new(state);

    /// <inheritdoc/>
    protected override void WriteRecord(short type, ReadOnlySpan<byte> buffer) => _records.Write((ContentType)type, buffer);

    /// <inheritdoc/>
    protected override void SendChangeCipherSpec()
    {
        base.SendChangeCipherSpec();
        state.WritesSealed = true;
    }

    /// <inheritdoc/>
    protected override void HandleHandshakeMessage(short type, HandshakeMessageInput buf)
    {
        CheckOrder((HandshakeType)type);
        CheckKeyExchange((HandshakeType)type, buf);
        MessageGuard.Read(state, this, (HandshakeType)type, buf);
    }

    /// <inheritdoc/>
    public bool Expects(HandshakeType type) => (m_connectionState, type) switch
    {
        (CS_SERVER_HELLO_DONE, HandshakeType.certificate) => m_certificateRequest is not null,
        (CS_SERVER_HELLO_DONE, HandshakeType.client_key_exchange) => true,
        (CS_CLIENT_CERTIFICATE, _) => type == HandshakeType.client_key_exchange,
        (CS_CLIENT_KEY_EXCHANGE, _) => type is HandshakeType.certificate_verify or HandshakeType.finished,
        (CS_CLIENT_CERTIFICATE_VERIFY, _) => type == HandshakeType.finished,
        (CS_SERVER_HELLO_DONE, _) => false,
        _ => true,
    };

    // RFC 2246 section 7.4.6: who is asked for a certificate and has none sends an empty message. BouncyCastle does without it.
    private void CheckOrder(HandshakeType type)
    {
        if (type == HandshakeType.client_key_exchange && m_connectionState == CS_SERVER_HELLO_DONE && m_certificateRequest is not null
            && state.Version is ProtocolVersion.TLSv10 or ProtocolVersion.TLSv11)
        {
            throw state.Fail("UNEXPECTED_MESSAGE", AlertDescription.unexpected_message);
        }
    }

    // OpenSSL's words for what a client has left out.
    private void CheckKeyExchange(HandshakeType type, HandshakeMessageInput message)
    {
        if (type != HandshakeType.client_key_exchange || m_connectionState is not (CS_SERVER_HELLO_DONE or CS_CLIENT_CERTIFICATE))
        {
            return;
        }

        var reader = new WireReader(MessageGuard.Body(message));
        int exchange = Context.SecurityParameters.KeyExchangeAlgorithm;
        if (exchange is KeyExchangeAlgorithm.ECDHE_RSA or KeyExchangeAlgorithm.ECDHE_ECDSA or KeyExchangeAlgorithm.ECDH_anon && reader.Rest.IsEmpty)
        {
            throw state.Fail("MISSING_TMP_ECDH_KEY", AlertDescription.handshake_failure);
        }

        if (exchange is KeyExchangeAlgorithm.DHE_RSA or KeyExchangeAlgorithm.DH_anon && !(reader.TryVector(2, out _) && reader.Rest.IsEmpty))
        {
            throw state.Fail("DH_PUBLIC_VALUE_LENGTH_IS_WRONG", AlertDescription.decode_error);
        }
    }

    /// <inheritdoc/>
    public void ReadGuarded(HandshakeType type, HandshakeMessageInput message) => base.HandleHandshakeMessage((short)type, message);

    /// <inheritdoc/>
    protected override void CompleteHandshake()
    {
        role.Sessions.Completing(Context.SecurityParameters);
        base.CompleteHandshake();
        state.EndTranscript();
    }
}
