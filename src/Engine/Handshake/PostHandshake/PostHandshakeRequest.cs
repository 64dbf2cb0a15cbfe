using SslModule.Engine.Errors;
using SslModule.Engine.Handshake.Tls13;
using SslModule.Engine.Records;
using SslModule.Engine.Wire;
using EngineCertificate = SslModule.Engine.Certificates.Certificate;

namespace SslModule.Engine.Handshake;

/// <summary>
/// A server's post-handshake CertificateRequest and the client's answer: Certificate, CertificateVerify (unless the Certificate is
/// empty) and Finished, in that order (RFC 8446 section 4.6.2). The certificate takes effect once all three have been verified.
/// </summary>
internal sealed class PostHandshakeRequest
{
    private readonly HandshakeState _state;
    private readonly CertificateRequestMessage _request;
    private readonly PostHandshakeTranscript _transcript;
    private HandshakeType _expected = HandshakeType.certificate;
    private IReadOnlyList<EngineCertificate> _chain = [];
    private IReadOnlyList<EngineCertificate>? _verified;
    private string? _signature;

    /// <summary>A request whose message is about to be sent.</summary>
    public PostHandshakeRequest(HandshakeState state, AeadRecordCipher cipher, CertificateRequestMessage request, byte[] message)
    {
        (_state, _request) = (state, request);
        _transcript = new PostHandshakeTranscript(state.Transcript, cipher);
        _transcript.Add(message);
    }

    /// <summary>True once the first message of the answer was received.</summary>
    public bool HasBegun => _expected != HandshakeType.certificate;

    /// <summary>The maximum length of a message of this type; null if another type is expected.</summary>
    public int? LongestMessage(HandshakeType type) => type != _expected ? null : _expected switch
    {
        HandshakeType.certificate => HandshakeMessages.LongestCertificate,
        HandshakeType.certificate_verify => HandshakeMessages.LongestPlain,
        _ => HandshakeMessages.LongestFinished,
    };

    /// <summary>Processes the next message of the answer.</summary>
    /// <returns>True when it was the last.</returns>
    public bool Receive(HandshakeType type, byte[] message)
    {
        switch (type)
        {
            case HandshakeType.certificate:
                ReceiveCertificate(HandshakeMessages.Body(message));
                _transcript.Add(message);
                return false;
            case HandshakeType.certificate_verify:
                ReceiveCertificateVerify(HandshakeMessages.Body(message));
                _transcript.Add(message);
                return false;
            default:
                ReceiveFinished(message.AsSpan(HandshakeMessages.HeaderLength));
                return true;
        }
    }

    private void ReceiveCertificate(ReadOnlyMemory<byte> body)
    {
        EngineCertificate[] sent = CertificateMessage.Read(_state, body, _request.Context);

        // The previous certificate stays in effect until the new one is verified.
        (IReadOnlyList<EngineCertificate> chain, IReadOnlyList<EngineCertificate>? verified) = (_state.PeerChain, _state.VerifiedChain);
        try
        {
            PeerVerification.Check(_state, sent);
            (_chain, _verified) = (_state.PeerChain, _state.VerifiedChain);
        }
        finally
        {
            (_state.PeerChain, _state.VerifiedChain) = (chain, verified);
        }

        _expected = _chain.Count == 0 ? HandshakeType.finished : HandshakeType.certificate_verify;
    }

    private void ReceiveCertificateVerify(ReadOnlyMemory<byte> body)
    {
        _signature = CertificateVerifyMessage.Check(_state, body, _chain[0].PublicKey, _request.Schemes, _transcript.Hash());
        _expected = HandshakeType.finished;
    }

    private void ReceiveFinished(ReadOnlySpan<byte> verifyData)
    {
        if (verifyData.Length != _transcript.HashLength)
        {
            throw _state.Fail(TlsError.Ssl("SSL", "BAD_DIGEST_LENGTH", (byte)AlertDescription.decode_error));
        }

        if (!_transcript.Matches(verifyData))
        {
            throw _state.Fail(TlsError.Ssl("SSL", "DIGEST_CHECK_FAILED", (byte)AlertDescription.decrypt_error));
        }

        (_state.PeerChain, _state.VerifiedChain, _state.PeerSignature) = (_chain, _verified, _signature);
    }
}
