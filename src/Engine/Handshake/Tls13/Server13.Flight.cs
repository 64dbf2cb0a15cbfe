using System.Security.Cryptography;
using SslModule.Engine.Context;
using SslModule.Engine.Crypto.KeyAgreement;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake.Tls13;

/// <content>The server's messages.</content>
internal sealed partial class Server13
{
    private const int RandomLength = 32;
    private const int CookieLength = 16;

    private byte[] _cookie = [];
    private int _retryGroup = -1;

    private bool IsRetried => _retryGroup >= 0;

    /// <summary>Sends a HelloRetryRequest for a key share of another group (RFC 8446 section 4.1.4).</summary>
    private void SendRetryRequest(ReceivedHello hello, int group)
    {
        _state.Transcript.Retry(_secrets!.Hash);
        _secrets.Dispose();
        _retryGroup = group;
        _cookie = RandomNumberGenerator.GetBytes(CookieLength);
        WireWriter writer = BeginHello(hello, HandshakeMessages.RetryRandom, out int extensions);
        KeyShares.WriteRetryRequest(writer, group);
        Cookie.Write(writer, _cookie);
        writer.Close(2, extensions);
        Send();
        SendCompatibilityChangeCipherSpec();
    }

    /// <summary>Sends the ServerHello and installs the handshake keys.</summary>
    private void SendServerHello(ReceivedHello hello, ReadOnlyMemory<byte> share, bool usesPsk)
    {
        Span<byte> random = stackalloc byte[RandomLength];
        RandomNumberGenerator.Fill(random);
        WireWriter writer = BeginHello(hello, random, out int extensions);
        if (usesPsk)
        {
            writer.Extension(ExtensionType.pre_shared_key);
            writer.Number(2, 2);
            writer.Number(2, _psk);
        }

        writer.Extension(ExtensionType.key_share);
        int data = writer.Open(2);
        writer.Number(2, _state.Group);
        int value = writer.Open(2);
        using (KeyShare own = KeyShare.ForTls13(_state.Group, isServer: true))
        {
            byte[] secret = own.Respond(share.Span, Outgoing);
            _secrets!.Advance(secret);
            CryptographicOperations.ZeroMemory(secret);
        }

        writer.Close(2, value);
        writer.Close(2, data);
        writer.Close(2, extensions);
        Send();
        if (!IsRetried)
        {
            SendCompatibilityChangeCipherSpec();
        }

        Protect(_secrets, hello.Random.Span, _suite);
    }

    private WireWriter BeginHello(ReceivedHello hello, ReadOnlySpan<byte> random, out int extensions)
    {
        WireWriter writer = Begin(HandshakeType.server_hello);
        writer.Number(2, ProtocolVersion.TLSv12);
        writer.Bytes(random);
        writer.Vector(1, hello.SessionId.Span);
        writer.Number(2, _suite);
        writer.Number(1, CompressionMethod.none);
        extensions = writer.Open(2);
        SupportedVersions.WriteChosen(writer);
        return writer;
    }

    private void SendEncryptedExtensions(ReceivedHello hello, int[] groups)
    {
        WireWriter writer = Begin(HandshakeType.encrypted_extensions);
        int extensions = writer.Open(2);
        HelloExtensions.WriteEmpty(writer, ExtensionType.server_name, _state.AcceptsServerName && !_state.IsResumed);
        RecordLimits.Write(_state, writer, hello.Extensions, _maxFragmentLength);
        _alpn = Alpn.Select(_state, sessions.Offer.Protocols);
        if (_alpn is not null)
        {
            Alpn.WriteChosen(writer, _alpn);
        }

        // RFC 8446 section 4.2.7: tells the client the preferred group for its next connection.
        if (!IsRetried && groups[0] != _state.Group)
        {
            SupportedGroups.Write(writer, groups);
        }

        writer.Close(2, extensions);
        Send();
    }

    /// <returns>True if a CertificateRequest was sent.</returns>
    private bool SendCertificateRequest()
    {
        // With post-handshake authentication enabled, no certificate is requested in the main handshake, whether or not the client supports it.
        if (_state.Settings.Verification.Mode == VerifyMode.None || _state.Settings.Verification.AsksAfterHandshake)
        {
            return false;
        }

        CertificateRequestMessage.Of(_state, []).Write(_state, Begin(HandshakeType.certificate_request));
        Send();
        return true;
    }

    /// <summary>Sends Finished, then installs the application traffic keys for writing.</summary>
    private void SendFinished()
    {
        _finished = SendFinished(_secrets!);
        Span<byte> server = stackalloc byte[_secrets!.Length];
        _clientSecret = new byte[_secrets.Length];
        DeriveApplicationSecrets(_secrets, _clientSecret, server);
        Cipher!.ChangeWriteSecret(server);
        CryptographicOperations.ZeroMemory(server);
    }
}
