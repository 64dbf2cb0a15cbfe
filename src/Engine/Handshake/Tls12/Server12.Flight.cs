using System.Security.Cryptography;
using SslModule.Engine.Certificates;
using SslModule.Engine.Context;
using SslModule.Engine.Sessions;
using SslModule.Engine.Wire;
using Certificate = SslModule.Engine.Certificates.Certificate;

namespace SslModule.Engine.Handshake.Tls12;

/// <content>The server's messages.</content>
internal sealed partial class Server12
{
    // SSL 3.0 has no extensions, so it cannot negotiate status_request.
    private bool SendsStatus => Suite.HasCertificate && _state.Version > ProtocolVersion.SSLv3 && _state.WantsOcspResponse && _state.Context.OcspResponseBytes is not null;

    private void AnswerResumption(SessionState session)
    {
        _state.Cipher = Ciphers.CipherSuites.ById(session.Suite);
        SendServerHello(_hello.SessionId.ToArray(), isResumed: true);
        Resume(session);
        if (_sessions.RenewsTicket)
        {
            WriteTicket(lifetime: 0, _sessions.RenewedTicket());
        }

        _finished = SendFinished();
        GoTo(null);
    }

    private void SendServerHello(byte[] sessionId, bool isResumed)
    {
        SessionId = sessionId;
        _hello.Random.CopyTo(Randoms);
        FillRandom(Randoms.AsSpan(RandomLength));
        WireWriter writer = Begin(HandshakeType.server_hello);
        writer.Number(2, _state.Version);
        writer.Bytes(Randoms.AsSpan(RandomLength));
        writer.Vector(1, sessionId);
        writer.Number(2, Suite.Id);
        writer.Number(1, CompressionMethod.none);
        int before = Outgoing.Length;
        int extensions = writer.Open(2);
        WriteExtensions(writer, isResumed);
        if (Outgoing.Length == extensions)
        {
            // Send no extension block to a client that sent none (RFC 5246 section 7.4.1.3).
            Outgoing.Truncate(Outgoing.Length - before);
        }
        else
        {
            writer.Close(2, extensions);
        }

        Send();
    }

    /// <summary>
    /// Marks the server random if the version was downgraded (RFC 8446 section 4.1.3). Like OpenSSL, not if TLS 1.2 is disabled
    /// while versions around it are enabled, because a client that supports TLS 1.2 would reject the handshake.
    /// </summary>
    private void FillRandom(Span<byte> random)
    {
        RandomNumberGenerator.Fill(random);
        int[] versions = _state.Derived.ServerVersions;
        if (_state.Version == ProtocolVersion.TLSv12 && versions.Contains(ProtocolVersion.TLSv13))
        {
            "DOWNGRD\u0001"u8.CopyTo(random[^8..]);
        }
        else if (_state.Version < ProtocolVersion.TLSv12 && versions.Contains(ProtocolVersion.TLSv12))
        {
            "DOWNGRD\0"u8.CopyTo(random[^8..]);
        }
    }

    private void WriteExtensions(WireWriter writer, bool isResumed)
    {
        if (_hello.Extensions.ContainsKey(ExtensionType.renegotiation_info) || _hello.Suites.Contains(CipherSuite.TLS_EMPTY_RENEGOTIATION_INFO_SCSV))
        {
            RenegotiationInfo.WriteServer(writer);
        }

        if (_state.Version == ProtocolVersion.SSLv3)
        {
            return;
        }

        _state.ExtendedMasterSecret = _sessions.OffersExtendedMasterSecret;
        HelloExtensions.WriteEmpty(writer, ExtensionType.server_name, _state.AcceptsServerName && !isResumed);
        HelloExtensions.WriteEmpty(writer, ExtensionType.extended_master_secret, _state.ExtendedMasterSecret);
        _state.EncryptThenMac = _sessions.Offer.EncryptThenMac && EncryptThenMac.AppliesTo(Suite);
        HelloExtensions.WriteEmpty(writer, ExtensionType.encrypt_then_mac, _state.EncryptThenMac);
        if (Suite.Kx is "ECDH" or "ECDHEPSK" && _hello.Extensions.ContainsKey(ExtensionType.ec_point_formats))
        {
            PointFormats.Write(writer);
        }

        SelectedAlpn = Alpn.Select(_state, _sessions.Offer.Protocols);
        if (SelectedAlpn is not null)
        {
            Alpn.WriteChosen(writer, SelectedAlpn);
        }

        HelloExtensions.WriteEmpty(writer, ExtensionType.status_request, SendsStatus && !isResumed);
        HelloExtensions.WriteEmpty(writer, ExtensionType.session_ticket, isResumed ? _sessions.RenewsTicket : _sessions.IssuesTicket);
        FragmentLengthCode = RecordLimits.ApplyClientExtensions(_state, _hello.Extensions, _sessions.Offer.MaxFragmentLength);
        RecordLimits.Write(_state, writer, _hello.Extensions, FragmentLengthCode);
    }

    private void SendCertificate(CertifiedKey key)
    {
        IReadOnlyList<Certificate> chain = Credentials.Chain(_state.Context, key);
        _state.LocalCertificate = chain[0];
        CertificateMessage.Write(Begin(HandshakeType.certificate), chain);
        Send();
        if (SendsStatus)
        {
            OcspStaple.WriteMessage(Begin(HandshakeType.certificate_status), _state.Context.OcspResponseBytes!);
            Send();
        }
    }

    private void SendServerKeyExchange(Choice choice)
    {
        _exchange!.UseKey(choice.Key?.Key);
        bool sends = _exchange.ServerKeyExchange == Presence.Required
            || (_exchange.ServerKeyExchange == Presence.Optional && _state.Settings.Credentials.PskIdentityHint is not null);
        if (!sends)
        {
            return;
        }

        WireWriter writer = Begin(HandshakeType.server_key_exchange);
        _exchange.WriteServerParameters(writer, Outgoing);
        if (Suite.HasSignedKeyExchange)
        {
            byte[] signed = [.. Randoms, .. Outgoing.Span[HandshakeMessages.HeaderLength..]];
            HandshakeSignature.Write(writer, choice.Key!.Key, choice.Scheme, signed, () => HandshakeSignature.Hashes(signed));
        }

        Send();
    }

    /// <summary>Sends CertificateRequest. Only a server with a certificate may request one (RFC 5246 section 7.4.4).</summary>
    private void SendCertificateRequest()
    {
        _asksForCertificate = Suite.HasCertificate && _state.Settings.Verification.Mode != VerifyMode.None;
        if (_asksForCertificate)
        {
            CertificateRequest12.Write(_state, Begin(HandshakeType.certificate_request));
            Send();
        }
    }

    private void SendTicket()
    {
        if (_sessions.IssuesTicket)
        {
            byte[] ticket = _sessions.NewTicket(Negotiated, Master!.Bytes, out int lifetime);
            WriteTicket(lifetime, ticket);
        }
    }

    private void WriteTicket(int lifetime, byte[] ticket)
    {
        WireWriter writer = Begin(HandshakeType.new_session_ticket);
        writer.Number(sizeof(int), lifetime);
        writer.Vector(2, ticket);
        Send();
    }
}
