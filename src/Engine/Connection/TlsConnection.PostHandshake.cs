using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using SslModule.Engine.Handshake;
using SslModule.Engine.Records;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Connection;

/// <content>What is sent and received besides data once the handshake is done.</content>
public sealed partial class TlsConnection
{
    private bool _certificateRequestPending;

    /// <summary>What takes the place of the handshake's protocol once that is done.</summary>
    private PostHandshakeProtocol? _postHandshake;

    /// <summary>The record protection in force; null while there is none.</summary>
    internal RecordCipher? RecordProtection => _state.Reading;

    /// <summary>
    /// On a server, asks the client for a certificate after the handshake (RFC 8446 section 4.6.2). The request leaves with the
    /// next step, whatever it is; the answer is taken in by a later read.
    /// </summary>
    /// <exception cref="TlsError">OpenSSL's reasons of SSL_verify_client_post_handshake.</exception>
    public void RequestClientCertificate()
    {
        lock (_sync)
        {
            string? refused = _postHandshake switch
            {
                _ when _state.Version != ProtocolVersion.TLSv13 && !IsChoosingVersion => "WRONG_SSL_VERSION",
                _ when !ServerSide => "NOT_SERVER",
                null => "STILL_IN_INIT",
                _ when !_state.PeerTakesPostHandshakeAuth => "EXTENSION_NOT_RECEIVED",
                _ when _certificateRequestPending => "REQUEST_PENDING",
                ServerPostHandshake { IsCertificateRequested: true } => "REQUEST_SENT",
                _ when VerifyMode == VerifyMode.None || !_state.Transcript.IsClosed => "INVALID_CONFIG",
                _ when _state.SentCloseNotify => "PROTOCOL_IS_SHUTDOWN",
                _ => null,
            };
            if (refused is not null)
            {
                throw TlsError.Ssl("SSL", refused);
            }

            _certificateRequestPending = true;
        }
    }

    // Within the callbacks that a ClientHello brings about.
    private bool IsChoosingVersion => ServerSide && _state.Version == 0 && _state.Handling == HandshakeType.client_hello;

    /// <summary>Updates the write key (RFC 8446 section 4.6.3).</summary>
    /// <param name="requestPeer">True to request that the peer updates its key too.</param>
    /// <exception cref="TlsError">The connection is not TLS 1.3, not open, or not past its handshake.</exception>
    public void UpdateKeys(bool requestPeer)
    {
        ThrowIfReentered();
        lock (_sync)
        {
            string? refused = this switch
            {
                _ when _state.Version != ProtocolVersion.TLSv13 => "WRONG_SSL_VERSION",
                { _postHandshake: null } => "STILL_IN_INIT",
                _ when _state.SentCloseNotify => "PROTOCOL_IS_SHUTDOWN",
                _ => null,
            };
            if (refused is not null)
            {
                throw TlsError.Ssl("SSL", refused);
            }

            SendKeyUpdate(requestPeer);
        }
    }

    /// <summary>Sends the certificate request that waits.</summary>
    private void SendPendingCertificateRequest()
    {
        if (_certificateRequestPending && _failure is null && !_state.SentCloseNotify)
        {
            _certificateRequestPending = false;
            ((ServerPostHandshake)_postHandshake!).RequestCertificate();
        }
    }

    /// <summary>
    /// Sends what must precede the next application data. The peer's requests for new keys are answered here and not where
    /// they are read: however many came, one update answers them.
    /// </summary>
    private void SendPendingMessages()
    {
        SendPendingCertificateRequest();
        if (_state.KeyUpdates.IsPending)
        {
            SendKeyUpdate(requestPeer: false);
        }
    }

    private void SendKeyUpdate(bool requestPeer)
    {
        _postHandshake!.SendKeyUpdate(requestPeer);
        _state.KeyUpdates.Sent(requestPeer);
    }

    /// <summary>Checks an opened record against what came before it.</summary>
    private void CheckOpened(ContentType type, ReadOnlySpan<byte> content)
    {
        _state.Records.CheckOpened(type, content);
        if (type == ContentType.handshake || _state.Version != ProtocolVersion.TLSv13)
        {
            return;
        }

        if (_postHandshake!.IsInsideMessage)
        {
            throw _state.Fail(TlsError.Ssl("SSL", "MIXED_HANDSHAKE_AND_NON_HANDSHAKE_DATA", (byte)AlertDescription.unexpected_message));
        }

        if (type == ContentType.application_data && _postHandshake.IsInsideFlight)
        {
            // RFC 8446 section 4.4: the client's three messages come without anything between them.
            throw _state.Fail(TlsError.Ssl("SSL", "UNEXPECTED_RECORD", (byte)AlertDescription.unexpected_message));
        }
    }

    /// <summary>Takes the content of an opened record that is no application data.</summary>
    private void ReceivePostHandshake(ContentType type, ReadOnlySpan<byte> content)
    {
        switch (type)
        {
            case ContentType.handshake:
                _postHandshake!.Receive(content);
                break;
            default:
                _state.Alerts.Receive(content);
                break;
        }
    }
}
