using SslModule.Engine.Certificates;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake.Tls12;

/// <content>The client's second flight.</content>
internal sealed partial class Client12
{
    private void SendFlight()
    {
        (CertifiedKey Key, int? Scheme)? signer = _request is { } request ? ChooseSigner(request) : null;
        if (_request is not null)
        {
            SendCertificate(signer?.Key);
        }

        byte[] premaster = _exchange!.WriteClientKeyExchange(Begin(HandshakeType.client_key_exchange));
        Send();
        Agree(premaster);
        if (signer is { } chosen)
        {
            SendCertificateVerify(chosen.Key.Key, chosen.Scheme);
        }

        _finished = SendFinished();
    }

    /// <summary>Selects a key of the requested types (RFC 5246 section 7.4.4), otherwise any key, like OpenSSL.</summary>
    private (CertifiedKey Key, int? Scheme)? ChooseSigner(CertificateRequest12 request)
    {
        CertifiedKey[] keys = _state.Settings.Credentials.Keys;
        return Credentials.Choose(_state, keys.Where(key => request.AsksFor(key.Key.Kind)), request.Schemes, _state.Version)
            ?? Credentials.Choose(_state, keys, request.Schemes, _state.Version);
    }

    private void SendCertificate(CertifiedKey? key)
    {
        if (key is null && _state.Version == ProtocolVersion.SSLv3)
        {
            _state.Connection.WriteRecord(ContentType.alert, [(byte)AlertLevel.warning, (byte)AlertDescription.no_certificate]);
            return;
        }

        IReadOnlyList<Certificate> chain = key is null ? [] : Credentials.Chain(_state.Context, key);
        _state.LocalCertificate = chain.Count > 0 ? chain[0] : null;
        CertificateMessage.Write(Begin(HandshakeType.certificate), chain);
        Send();
    }

    /// <summary>Sends CertificateVerify (RFC 5246 section 7.4.8).</summary>
    private void SendCertificateVerify(PrivateKey key, int? scheme)
    {
        HandshakeSignature.Write(Begin(HandshakeType.certificate_verify), key, scheme, _state.Transcript.Messages, LegacyTranscriptHashes);
        Send();
    }
}
