using Org.BouncyCastle.Tls;
using SslModule.Engine.Context;
using SslModule.Engine.Crypto;
using SslModule.Engine.Errors;
using EngineCertificate = SslModule.Engine.Certificates.Certificate;
using TlsContext = Org.BouncyCastle.Tls.TlsContext;

namespace SslModule.Engine.Handshake;

/// <summary>
/// A server's CertificateRequest after the handshake and the client's answer to it: Certificate, CertificateVerify (unless
/// the Certificate is empty) and Finished, in that order (RFC 8446 section 4.6.2). The certificate is the client's only
/// once all three were right.
/// </summary>
internal sealed class PostHandshakeRequest
{
    private readonly HandshakeState _state;
    private readonly TlsContext _context;
    private readonly CertificateRequest _request;
    private readonly PostHandshakeTranscript _transcript;
    private short _expected = HandshakeType.certificate;
    private IReadOnlyList<EngineCertificate> _chain = [];
    private IReadOnlyList<EngineCertificate>? _verified;
    private string? _signature;

    /// <summary>A request whose message is about to leave.</summary>
    public PostHandshakeRequest(HandshakeState state, TlsContext context, AeadRecordCipher cipher, CertificateRequest request, byte[] message)
    {
        (_state, _context, _request) = (state, context, request);
        _transcript = new PostHandshakeTranscript(state.Transcript, cipher);
        _transcript.Add(message);
    }

    /// <summary>True once the first message of the answer came.</summary>
    public bool HasBegun => _expected != HandshakeType.certificate;

    /// <summary>How long a message of this type may be; null for any but the one that must come next.</summary>
    public int? LongestMessage(byte type) => type != _expected ? null : _expected switch
    {
        HandshakeType.certificate => HandshakeMessages.LongestCertificate,
        HandshakeType.certificate_verify => HandshakeMessages.LongestPlain,
        _ => HandshakeMessages.LongestFinished,
    };

    /// <summary>Takes the next message of the answer.</summary>
    /// <returns>True when it was the last.</returns>
    public bool Receive(byte type, byte[] message)
    {
        switch ((short)type)
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

    private void ReceiveCertificate(MemoryStream body)
    {
        var options = new Certificate.ParseOptions { MaxChainLength = byte.MaxValue };
        Certificate certificate = Certificate.Parse(options, _context, body, null);
        HandshakeMessages.AssertRead(body);
        if (!_request.HasCertificateRequestContext(certificate.GetCertificateRequestContext()))
        {
            throw _state.Fail(TlsError.Ssl("SSL", "INVALID_CONTEXT", (byte)AlertDescription.decode_error));
        }

        // The old answer stays the connection's until the new one is proven.
        (IReadOnlyList<EngineCertificate> chain, IReadOnlyList<EngineCertificate>? verified) = (_state.PeerChain, _state.VerifiedChain);
        try
        {
            PeerVerification.Check(_state, certificate);
            (_chain, _verified) = (_state.PeerChain, _state.VerifiedChain);
        }
        finally
        {
            (_state.PeerChain, _state.VerifiedChain) = (chain, verified);
        }

        _expected = _chain.Count == 0 ? HandshakeType.finished : HandshakeType.certificate_verify;
    }

    private void ReceiveCertificateVerify(MemoryStream body)
    {
        CertificateVerify verify = CertificateVerify.Parse(_context, body);
        HandshakeMessages.AssertRead(body);
        if (!_request.SupportedSignatureAlgorithms.Any(offer => SchemeCodes.From(offer) == verify.Algorithm))
        {
            throw _state.Fail(TlsError.Ssl("SSL", "WRONG_SIGNATURE_TYPE", (byte)AlertDescription.illegal_parameter));
        }

        Tls13Schemes.Check(_chain[0].PublicKey, verify.Algorithm);
        if (!_chain[0].PublicKey.Verify(verify.Algorithm, _transcript.SignedContent(), verify.Signature))
        {
            throw _state.Fail(TlsError.Ssl("SSL", "BAD_SIGNATURE", (byte)AlertDescription.decrypt_error));
        }

        _signature = SignatureNames.NameOf(verify.Algorithm, _chain[0].PublicKey.Kind);
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
