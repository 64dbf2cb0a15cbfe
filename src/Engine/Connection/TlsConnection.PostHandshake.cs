using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using SslModule.Engine.Handshake;
using SslModule.Engine.Records;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Connection;

/// <content>Post-handshake messages.</content>
public sealed partial class TlsConnection
{
    private bool _certificateRequestPending;

    /// <summary>The post-handshake protocol; null until the handshake is complete.</summary>
    private PostHandshakeProtocol? _postHandshake;

    /// <summary>The current record protection; null for none.</summary>
    internal RecordCipher? RecordProtection => _state.Reading;

    /// <summary>
    /// On a server, requests a client certificate after the handshake (RFC 8446 section 4.6.2). The request is sent by the next step
    /// of any kind; the answer is processed by a later read.
    /// </summary>
    /// <exception cref="TlsError">The request is not possible; the reasons are those of SSL_verify_client_post_handshake.</exception>
    public void RequestClientCertificate()
    {
        lock (_sync)
        {
            string? refused = this switch
            {
                _ when _state.Version != ProtocolVersion.TLSv13 && !IsChoosingVersion => "WRONG_SSL_VERSION",
                _ when !ServerSide => "NOT_SERVER",
                _ when _postHandshake is null || _failure is not null => "STILL_IN_INIT",
                _ when !_state.PeerTakesPostHandshakeAuth => "EXTENSION_NOT_RECEIVED",
                _ when _certificateRequestPending => "REQUEST_PENDING",
                _ when IsClientCertificateRequested => "REQUEST_SENT",
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

    /// <summary>
    /// Advances the exchange that <see cref="RequestClientCertificate"/> begins, without reading application data: what arrives before the
    /// client's answer is kept for later reads.
    /// </summary>
    /// <returns>Complete once the answer was processed, or if none is awaited; WantRead until then.</returns>
    /// <exception cref="TlsError">The client's answer was rejected, or the connection has failed or ended.</exception>
    internal TlsStatus AwaitClientCertificate()
    {
        ThrowIfReentered();
        lock (_sync)
        {
            // The handshake is complete: this sends the request, if that is still to be sent.
            _ = HandshakeStep();
            return IsClientCertificateRequested && PeerClosed
                ? throw TlsError.ZeroReturn()
                : AwaitMessages(static connection => connection.IsClientCertificateRequested);
        }
    }

    /// <summary>True on a server while a client has not answered a CertificateRequest that was sent after the handshake.</summary>
    internal bool IsClientCertificateRequested => _postHandshake is ServerPostHandshake { IsCertificateRequested: true };

    // True in the callbacks called for a ClientHello.
    private bool IsChoosingVersion => ServerSide && _state.Version == 0 && _state.Handling == HandshakeType.client_hello;

    /// <summary>Updates the write key (RFC 8446 section 4.6.3).</summary>
    /// <param name="requestPeer">True to request that the peer updates its key too.</param>
    /// <exception cref="TlsError">The connection is not TLS 1.3, its handshake is not complete, or it was shut down.</exception>
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

    /// <summary>Sends a pending CertificateRequest.</summary>
    private void SendPendingCertificateRequest()
    {
        if (_certificateRequestPending && _failure is null && !_state.SentCloseNotify)
        {
            _certificateRequestPending = false;
            ((ServerPostHandshake)_postHandshake!).RequestCertificate();
        }
    }

    /// <summary>
    /// Sends the messages that must precede the next application data. KeyUpdate requests are answered here and not when they are
    /// received, so that one KeyUpdate answers several requests.
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

    /// <summary>Checks whether a decrypted record is allowed in the current state.</summary>
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
            // RFC 8446 section 4.4: the client's three messages must be consecutive.
            throw _state.Fail(TlsError.Ssl("SSL", "UNEXPECTED_RECORD", (byte)AlertDescription.unexpected_message));
        }
    }

    /// <summary>Processes the content of a record that is not application data.</summary>
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
