using NUnit.Framework;
using Org.BouncyCastle.Tls;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using static SslModule.Engine.Tests.Handshake.Intruder;
using TlsContext = SslModule.Engine.Context.TlsContext;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>The table of what a peer may not send while the handshake goes on: the alert on the wire and OpenSSL's reason.</summary>
[TestFixture]
internal sealed class HandshakeMisuseTests
{
    private const int V12 = 0x0303;
    private const int V13 = 0x0304;

    private static readonly byte[] RetryRandom = Convert.FromHexString("CF21AD74E59A6111BE1D8C021E65B891C2A211167ABB8C5E079E09E2C8A8339C");

    public static IEnumerable<TestCaseData> Refused()
        => Client13().Concat(Retries()).Concat(Server13()).Concat(Client12()).Concat(Server12()).Concat(ServerHellos()).Concat(ClientHellos()).Concat(ServerKeyExchanges())
            .Select(row => new TestCaseData(row).SetName($"handshake, TLS 1.{row.Version - 0x0301} {(row.Server ? "server" : "client")}: {row.Name}"));

    public static IEnumerable<TestCaseData> Tolerated()
        => ToleratedRows().Select(row => new TestCaseData(row).SetName($"handshake, TLS 1.{row.Version - 0x0301} {(row.Server ? "server" : "client")}: {row.Name}"));

    [TestCaseSource(nameof(Refused))]
    public void IsRefused(Row row)
    {
        ScriptedPeer peer = new ScriptedPeer(row.Version, row.Server, row.Script, row.ServerSettings, row.ClientSettings).Run();
        Assert.That(peer.Failure, Is.Not.Null, "accepted");
        if (row.Reason is not null)
        {
            Assert.That(peer.Failure!.Reason, Is.EqualTo(row.Reason));
        }

        Assert.That(peer.Failure!.Reason, Is.Not.EqualTo("INTERNAL_ERROR"));
        Assert.That(peer.Alerts, Is.EqualTo(row.Alert < 0 ? [] : new[] { (2, row.Alert) }));
    }

    [TestCaseSource(nameof(Tolerated))]
    public void IsTolerated(Row row)
    {
        ScriptedPeer peer = new ScriptedPeer(row.Version, row.Server, row.Script, row.ServerSettings, row.ClientSettings).Run();
        Assert.That(peer.Failure?.Describe(), Is.Null);
        Assert.That(peer.Victim.IsHandshakeComplete, Is.True);
        Assert.That(peer.Alerts, Is.Empty);
    }

    [Test]
    public void CloseNotifyEndsTheHandshake([Values(V12, V13)] int version, [Values] bool server)
    {
        ScriptedPeer peer = new ScriptedPeer(version, server, On(!server ? HandshakeType.server_hello : version == V13 ? HandshakeType.finished : HandshakeType.client_key_exchange, (wire, _) => wire.Raw(Plain(ContentType.alert, [1, 0])))).Run();
        Assert.That(peer.Failure?.Kind, Is.EqualTo(TlsErrorKind.ZeroReturn));
    }

    private static IEnumerable<Row> Client13()
    {
        Row Make(string name, string? reason, int alert, Script script) => new(name, V13, false, reason, alert, script);

        yield return Make("EncryptedExtensions in the ServerHello's record", "NOT_ON_RECORD_BOUNDARY", 10, On(HandshakeType.server_hello, (wire, hello) => wire.Send(22, [.. hello, .. Message(8, 0, 0)])));
        yield return Make("a byte behind the ServerHello", "NOT_ON_RECORD_BOUNDARY", 10, On(HandshakeType.server_hello, (wire, hello) => wire.Send(22, [.. hello, 8])));
        yield return Make("ServerHello twice", "BAD_RECORD_TYPE", 10, On(HandshakeType.server_hello, (wire, hello) => { wire.Send(22, hello); wire.Send(22, hello); }));
        yield return Make("another session ID", "INVALID_SESSION_ID", 47, On(HandshakeType.server_hello, (wire, hello) => wire.Send(22, Flip(hello, 39))));
        yield return Make("a suite that was not offered", null, 47, On(HandshakeType.server_hello, (wire, hello) => wire.Send(22, Flip(hello, 72))));
        yield return Make("compression", "INVALID_COMPRESSION_ALGORITHM", 47, On(HandshakeType.server_hello, (wire, hello) => wire.Send(22, Flip(hello, 73))));
        yield return Make("a ServerHello cut short", "LENGTH_MISMATCH", 50, On(HandshakeType.server_hello, (wire, hello) => wire.Send(22, Message(2, hello[4..60]))));
        yield return Make("no EncryptedExtensions", "UNEXPECTED_MESSAGE", 10, Drop(HandshakeType.encrypted_extensions));
        yield return Make("EncryptedExtensions twice", "UNEXPECTED_MESSAGE", 10, Twice(HandshakeType.encrypted_extensions));
        yield return Make("an extension that was not asked for", "UNSOLICITED_EXTENSION", 110, Replace(HandshakeType.encrypted_extensions, 0, 4, 0, 16, 0, 0));
        yield return Make("key_share in EncryptedExtensions", "BAD_EXTENSION", 47, Replace(HandshakeType.encrypted_extensions, 0, 4, 0, 51, 0, 0));
        yield return Make("an extension twice", "BAD_EXTENSION", 47, Replace(HandshakeType.encrypted_extensions, 0, 8, 0, 10, 0, 0, 0, 10, 0, 0));
        yield return Make("EncryptedExtensions cut short", "LENGTH_MISMATCH", 50, Replace(HandshakeType.encrypted_extensions, 0));
        yield return Make("EncryptedExtensions with a byte behind it", "LENGTH_MISMATCH", 50, Replace(HandshakeType.encrypted_extensions, 0, 0, 0));
        yield return Make("EncryptedExtensions of 30000 bytes", "EXCESSIVE_MESSAGE_SIZE", 47, On(HandshakeType.encrypted_extensions, (wire, _) => wire.Send(22, 8, 0, 0x75, 0x30)));
        yield return Make("no Certificate", "UNEXPECTED_MESSAGE", 10, Drop(HandshakeType.certificate));
        yield return Make("no CertificateVerify", "UNEXPECTED_MESSAGE", 10, Drop(HandshakeType.certificate_verify));
        yield return Make("neither Certificate nor CertificateVerify", "UNEXPECTED_MESSAGE", 10, (wire, type, content) =>
        {
            if (type != 22 || (short)content[0] is not (HandshakeType.certificate or HandshakeType.certificate_verify))
            {
                wire.Send(type, content);
            }
        });
        yield return Make("Certificate twice", "UNEXPECTED_MESSAGE", 10, Twice(HandshakeType.certificate));
        yield return Make("an empty Certificate", null, 50, Replace(HandshakeType.certificate, 0, 0, 0, 0));
        yield return Make("a Certificate cut short", "LENGTH_MISMATCH", 50, On(HandshakeType.certificate, (wire, message) => wire.Send(22, Message(11, message[4..^1]))));
        yield return Make("a certificate that is none", null, 42, On(HandshakeType.certificate, (wire, message) => wire.Send(22, Flip(message, 11))));
        yield return Make("a Certificate of 200000 bytes", "EXCESSIVE_MESSAGE_SIZE", 47, On(HandshakeType.certificate, (wire, _) => wire.Send(22, 11, 3, 13, 64)));
        yield return Make("CertificateVerify twice", "UNEXPECTED_MESSAGE", 10, Twice(HandshakeType.certificate_verify));
        yield return Make("a wrong signature", "BAD_SIGNATURE", 51, On(HandshakeType.certificate_verify, (wire, message) => wire.Send(22, Flip(message, message.Length - 1))));
        yield return Make("a scheme for certificates only", "WRONG_SIGNATURE_TYPE", 47, On(HandshakeType.certificate_verify, (wire, message) => wire.Send(22, [.. message[..4], 4, 1, .. message[6..]])));
        yield return Make("a wrong ML-DSA signature", "BAD_SIGNATURE", 51, On(HandshakeType.certificate_verify, (wire, message) => wire.Send(22, Flip(message, message.Length - 1)))) with { ServerSettings = WireContexts.MlDsa, ClientSettings = WireContexts.TrustsMlDsa };
        yield return Make("the scheme of another ML-DSA set", "WRONG_SIGNATURE_TYPE", 47, On(HandshakeType.certificate_verify, (wire, message) => wire.Send(22, [.. message[..4], 9, 4, .. message[6..]]))) with { ServerSettings = WireContexts.MlDsa, ClientSettings = WireContexts.TrustsMlDsa };
        yield return Make("the scheme of ML-DSA for another key", "WRONG_SIGNATURE_TYPE", 47, On(HandshakeType.certificate_verify, (wire, message) => wire.Send(22, [.. message[..4], 9, 5, .. message[6..]])));
        yield return Make("another curve's scheme", "WRONG_CURVE", 47, On(HandshakeType.certificate_verify, (wire, message) => wire.Send(22, [.. message[..4], 5, 3, .. message[6..]])));
        yield return Make("a CertificateVerify cut short", "LENGTH_MISMATCH", 50, On(HandshakeType.certificate_verify, (wire, message) => wire.Send(22, Message(15, message[4..^1]))));
        yield return Make("a wrong Finished", "DIGEST_CHECK_FAILED", 51, On(HandshakeType.finished, (wire, message) => wire.Send(22, Flip(message, 8))));
        yield return Make("a short Finished", "BAD_DIGEST_LENGTH", 50, On(HandshakeType.finished, (wire, message) => wire.Send(22, Message(20, message[4..^1]))));
        yield return Make("a long Finished", "BAD_DIGEST_LENGTH", 50, On(HandshakeType.finished, (wire, message) => wire.Send(22, Message(20, [.. message[4..], 0]))));
        yield return Make("a ticket in the Finished's record", "NOT_ON_RECORD_BOUNDARY", 10, On(HandshakeType.finished, (wire, message) => wire.Send(22, [.. message, .. Message(4, 0, 0, 1, 0, 1, 2, 3, 4, 1, 9, 0, 1, 7, 0, 0)])));
        foreach (int early in new[] { HandshakeType.new_session_ticket, HandshakeType.key_update, HandshakeType.client_hello, HandshakeType.hello_request, HandshakeType.server_key_exchange, HandshakeType.end_of_early_data, HandshakeType.message_hash, 99 })
        {
            byte[] body = early == HandshakeType.key_update ? [0] : [];
            yield return Make($"handshake type {early} before Finished", "UNEXPECTED_MESSAGE", 10, Before(HandshakeType.finished, wire => wire.Send(22, Message(early, body))));
        }

        yield return Make("CertificateRequest behind the Certificate", "UNEXPECTED_MESSAGE", 10, Before(HandshakeType.certificate_verify, wire => wire.Send(22, Message(13, 0, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3))));
        yield return Make("CertificateRequest with a context", "BAD_EXTENSION", 47, Before(HandshakeType.certificate, wire => wire.Send(22, Message(13, 1, 7, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3))));
        yield return Make("the header of a long message that has no place anywhere", "UNEXPECTED_MESSAGE", 10, On(HandshakeType.certificate, (wire, _) => wire.Send(22, 3, 1, 0, 0)));
        yield return Make("a staple that was not asked for", "UNSOLICITED_EXTENSION", 110, On(HandshakeType.certificate, (wire, message) => wire.Send(22, Stapled(message))));
        yield return Make("a certificate of an unknown kind of key", null, 42, On(HandshakeType.certificate, (wire, message) => wire.Send(22, Flip(message, message.AsSpan().IndexOf((byte[])[0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1]) + 6))));
        foreach ((string name, int alert, byte[] data) in new (string, int, byte[])[]
        {
            ("no protocol", 50, [0, 0]),
            ("two protocols", 50, [0, 4, 1, 97, 1, 98]),
            ("a protocol without a name", 50, [0, 1, 0]),
            ("a protocol cut short", 50, [0, 2, 2, 97]),
            ("a byte behind its protocol", 50, [0, 2, 1, 97, 0]),
        })
        {
            yield return Make("EncryptedExtensions with " + name, "BAD_EXTENSION", alert, Replace(HandshakeType.encrypted_extensions, [0, (byte)(4 + data.Length), 0, 16, 0, (byte)data.Length, .. data])) with
            {
                ClientSettings = context => context.SetAlpnProtocols([1, 97, 1, 98]),
            };
        }

        yield return Make("EncryptedExtensions with a name", "BAD_EXTENSION", 50, Replace(HandshakeType.encrypted_extensions, 0, 5, 0, 0, 0, 1, 97));
        yield return Make("EncryptedExtensions with an extension cut short", "BAD_EXTENSION", 50, Replace(HandshakeType.encrypted_extensions, 0, 3, 0, 10, 0));
        yield return Make("an extension that nobody knows", "UNSOLICITED_EXTENSION", 110, Replace(HandshakeType.encrypted_extensions, 0, 4, 0x12, 0x34, 0, 0));
        yield return Make("a Certificate with a context", "LENGTH_MISMATCH", 50, On(HandshakeType.certificate, (wire, message) => wire.Send(22, Message(11, [1, 7, .. message[5..]]))));
        yield return Make("a Certificate with an empty entry", "CERT_LENGTH_MISMATCH", 50, Replace(HandshakeType.certificate, 0, 0, 0, 5, 0, 0, 0, 0, 0));
        yield return Make("a Certificate with an entry cut short", "CERT_LENGTH_MISMATCH", 50, Replace(HandshakeType.certificate, 0, 0, 0, 4, 0, 0, 9, 0));
        yield return Make("a Certificate without the extensions of its entry", "BAD_LENGTH", 50, On(HandshakeType.certificate, (wire, message) => wire.Send(22, WithoutExtensions(message))));
        yield return Make("a Certificate with a byte behind it", "LENGTH_MISMATCH", 50, On(HandshakeType.certificate, (wire, message) => wire.Send(22, Message(11, [.. message[4..], 0]))));
        yield return Make("a CertificateVerify with a byte behind it", "LENGTH_MISMATCH", 50, On(HandshakeType.certificate_verify, (wire, message) => wire.Send(22, Message(15, [.. message[4..], 0]))));
        yield return Make("a scheme that was not offered", "WRONG_SIGNATURE_TYPE", 47, On(HandshakeType.certificate_verify, (wire, message) => wire.Send(22, [.. message[..4], 0x99, 0x99, .. message[6..]])));
        foreach ((string name, string reason, int alert, byte[] body) in new (string, string, int, byte[])[]
        {
            ("without algorithms", "MISSING_SIGALGS_EXTENSION", 109, [0, 0, 0]),
            ("without extensions", "LENGTH_MISMATCH", 50, [0]),
            ("with key_share", "BAD_EXTENSION", 47, [0, 0, 4, 0, 51, 0, 0]),
            ("with half an algorithm", "BAD_EXTENSION", 50, [0, 0, 7, 0, 13, 0, 3, 0, 1, 4]),
            ("with no authorities in their list", "BAD_EXTENSION", 50, [0, 0, 14, 0, 13, 0, 4, 0, 2, 4, 3, 0, 47, 0, 2, 0, 0]),
            ("with an authority without a name", "BAD_EXTENSION", 50, [0, 0, 16, 0, 13, 0, 4, 0, 2, 4, 3, 0, 47, 0, 4, 0, 2, 0, 0]),
            ("with a byte behind it", "LENGTH_MISMATCH", 50, [0, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3, 0]),
        })
        {
            yield return Make("a CertificateRequest " + name, reason, alert, Before(HandshakeType.certificate, wire => wire.Send(22, Message(13, body))));
        }

        yield return Make("record_size_limit that was not asked for", "UNSOLICITED_EXTENSION", 110, Replace(HandshakeType.encrypted_extensions, 0, 6, 0, 28, 0, 2, 64, 0));
        yield return Make("record_size_limit below 64", "BAD_EXTENSION", 47, Replace(HandshakeType.encrypted_extensions, 0, 6, 0, 28, 0, 2, 0, 63)) with { ClientSettings = Limits };
        yield return Make("record_size_limit of one byte", "BAD_EXTENSION", 50, Replace(HandshakeType.encrypted_extensions, 0, 5, 0, 28, 0, 1, 99)) with { ClientSettings = Limits };
        yield return Make("record_size_limit beside max_fragment_length", "BAD_EXTENSION", 47, Replace(HandshakeType.encrypted_extensions, 0, 11, 0, 28, 0, 2, 64, 0, 0, 1, 0, 1, 1)) with { ClientSettings = Limits };
        yield return Make("another max_fragment_length", "BAD_EXTENSION", 47, Replace(HandshakeType.encrypted_extensions, 0, 5, 0, 1, 0, 1, 2)) with { ClientSettings = Limits };
        yield return Make("max_fragment_length of two bytes", null, 50, Replace(HandshakeType.encrypted_extensions, 0, 6, 0, 1, 0, 2, 1, 1)) with { ClientSettings = Limits };
        yield return Make("a record longer than record_size_limit", "ENCRYPTED_LENGTH_TOO_LONG", 22, On(HandshakeType.certificate, (wire, _) => wire.Seal(22, new byte[300]))) with { ClientSettings = LimitsTo300 };
        yield return Make("a plaintext alert once keys are agreed", "BAD_RECORD_TYPE", 10, Before(HandshakeType.certificate, wire => wire.Raw(Plain(21, [2, 40]))));
        yield return Make("a plaintext message once keys are agreed", "BAD_RECORD_TYPE", 10, On(HandshakeType.encrypted_extensions, (wire, message) => wire.Raw(Plain(22, message))));
        yield return Make("ChangeCipherSpec of 2", "INVALID_CCS_MESSAGE", 47, Before(HandshakeType.certificate, wire => wire.Raw(Plain(20, [2]))));
        yield return Make("ChangeCipherSpec of two bytes", "INVALID_CCS_MESSAGE", 47, Before(HandshakeType.certificate, wire => wire.Raw(Plain(20, [1, 1]))));
        yield return Make("33 ChangeCipherSpecs", "UNEXPECTED_CCS_MESSAGE", 10, Before(HandshakeType.certificate, wire => Times(33, () => wire.Raw(Plain(20, [1])))));
        yield return Make("ChangeCipherSpec inside a message", "MIXED_HANDSHAKE_AND_NON_HANDSHAKE_DATA", 10, On(HandshakeType.certificate, (wire, message) =>
        {
            wire.Send(22, message[..10]);
            wire.Raw(Plain(20, [1]));
            wire.Send(22, message[10..]);
        }));
        yield return Make("an alert inside a message", "MIXED_HANDSHAKE_AND_NON_HANDSHAKE_DATA", 10, On(HandshakeType.certificate, (wire, message) =>
        {
            wire.Send(22, message[..10]);
            wire.Send(21, 1, 90);
        }));
        yield return Make("data before Finished", "UNEXPECTED_RECORD", 10, Before(HandshakeType.certificate, wire => wire.Seal(23, 1, 2, 3)));
        yield return Make("an empty handshake record", "BAD_LENGTH", 10, Before(HandshakeType.certificate, wire => wire.Seal(22)));
        yield return Make("half an alert", "INVALID_ALERT", 10, Before(HandshakeType.certificate, wire => wire.Seal(21, 2)));
        yield return Make("a sealed ChangeCipherSpec", "BAD_RECORD_TYPE", 10, Before(HandshakeType.certificate, wire => wire.Seal(20, 1)));
        yield return Make("a record of 16385 bytes", "DATA_LENGTH_TOO_LONG", 22, Before(HandshakeType.certificate, wire => wire.Seal(22, new byte[16385])));
        yield return Make("a record of 16385 bytes, most of them padding", "DATA_LENGTH_TOO_LONG", 22, Before(HandshakeType.certificate, wire => wire.Seal(0, Padded(16385))));
        yield return Make("a protocol that was not offered", "BAD_EXTENSION", 47, Replace(HandshakeType.encrypted_extensions, 0, 9, 0, 16, 0, 5, 0, 3, 2, 120, 120)) with { ClientSettings = Http2 };
        yield return Make("a share of hybrid form", "BAD_ECPOINT", 47, On(HandshakeType.server_hello, (wire, hello) => wire.Send(22, Edit(hello, 51, data => [.. data[..4], 6, .. data[5..]])))) with { ClientSettings = P256, ServerSettings = P256 };
        yield return Make("a fatal alert", "SSLV3_ALERT_HANDSHAKE_FAILURE", -1, Before(HandshakeType.certificate, wire => wire.Send(21, 2, 40)));
    }

    private static IEnumerable<Row> Retries()
    {
        Row Make(string name, string? reason, int alert, params byte[] extensions)
            => new("a retry " + name, V13, false, reason, alert, On(HandshakeType.server_hello, (wire, hello) => wire.Send(22, Retry(hello, extensions))));

        byte[] version = [0, 43, 0, 2, 3, 4];
        yield return Make("that changes nothing", "NO_CHANGE_FOLLOWING_HRR", 47, version);
        yield return Make("for the group that was offered", "BAD_KEY_SHARE", 47, [.. version, 0, 51, 0, 2, 0, 29]);
        yield return Make("for half a group", "LENGTH_MISMATCH", 50, [.. version, 0, 51, 0, 1, 0]);
        yield return Make("with a cookie cut short", "LENGTH_MISMATCH", 50, [.. version, 0, 44, 0, 3, 0, 2, 7]);
        yield return Make("with a byte behind its cookie", "LENGTH_MISMATCH", 50, [.. version, 0, 44, 0, 4, 0, 1, 7, 0]);
        yield return Make("of 1.2", "BAD_PROTOCOL_VERSION_NUMBER", 47, [0, 43, 0, 2, 3, 3, 0, 51, 0, 2, 0, 23]);
        yield return Make("with an extension that nobody knows", "UNSOLICITED_EXTENSION", 110, [.. version, 0, 51, 0, 2, 0, 23, 0x12, 0x34, 0, 0]);
        yield return Make("for an unknown group", "BAD_KEY_SHARE", 47, [.. version, 0, 51, 0, 2, 0x99, 0x99]);
        yield return Make("with an empty cookie", null, 50, [.. version, 0, 44, 0, 2, 0, 0]);
        yield return Make("with an extension that has no place in it", null, 47, [.. version, 0, 51, 0, 2, 0, 23, 0, 16, 0, 0]);
        yield return Make("without a version", null, 109, 0, 51, 0, 2, 0, 23);
        yield return new Row("two retries", V13, false, "UNEXPECTED_MESSAGE", 10, On(HandshakeType.server_hello, (wire, hello) =>
        {
            byte[] retry = Retry(hello, [.. version, 0, 44, 0, 3, 0, 1, 7]);
            wire.Send(22, retry);
            wire.Send(22, retry);
        }));
    }

    private static IEnumerable<Row> Server13()
    {
        Row Make(string name, string? reason, int alert, Script script) => new(name, V13, true, reason, alert, script);

        yield return Make("a byte behind the ClientHello", "NOT_ON_RECORD_BOUNDARY", 10, On(HandshakeType.client_hello, (wire, hello) => wire.Send(22, [.. hello, 0])));
        yield return Make("ClientHello twice", "BAD_RECORD_TYPE", 10, Twice(HandshakeType.client_hello));
        yield return Make("ChangeCipherSpec before ClientHello", "UNEXPECTED_MESSAGE", 10, Before(HandshakeType.client_hello, wire => wire.Raw(Plain(20, [1]))));
        yield return Make("data before ClientHello", "UNEXPECTED_MESSAGE", 10, Before(HandshakeType.client_hello, wire => wire.Raw(Plain(23, [1]))));
        yield return Make("Finished in place of ClientHello", "UNEXPECTED_MESSAGE", 10, On(HandshakeType.client_hello, (wire, _) => wire.Send(22, Message(20, new byte[32]))));
        yield return Make("a ClientHello cut short", "LENGTH_MISMATCH", 50, On(HandshakeType.client_hello, (wire, hello) => wire.Send(22, Message(1, hello[4..50]))));
        yield return Make("a ClientHello with a byte behind its extensions", "LENGTH_MISMATCH", 50, On(HandshakeType.client_hello, (wire, hello) => wire.Send(22, Message(1, [.. hello[4..], 0]))));
        yield return Make("a ClientHello with malformed authorities", "BAD_EXTENSION", 50, On(HandshakeType.client_hello, (wire, hello) => wire.Send(22, HelloEditor.With(Plain(22, hello), 47, [0, 3, 0, 2, 1])[5..])));
        yield return Make("an empty ClientHello", "LENGTH_TOO_SHORT", 50, On(HandshakeType.client_hello, (wire, _) => wire.Send(22, Message(1))));
        yield return Make("a ClientHello of 200000 bytes", "EXCESSIVE_MESSAGE_SIZE", 47, On(HandshakeType.client_hello, (wire, _) => wire.Send(22, 1, 3, 13, 64)));
        yield return Make("an extension twice", "BAD_EXTENSION", 47, On(HandshakeType.client_hello, (wire, hello) => wire.Send(22, Extend(hello, 0xFF, 1, 0, 1, 0, 0xFF, 1, 0, 1, 0))));
        yield return Make("a renegotiation_info that names a handshake", "RENEGOTIATION_MISMATCH", 40, On(HandshakeType.client_hello, (wire, hello) => wire.Send(22, Extend(hello, 0xFF, 1, 0, 3, 2, 1, 2))));
        yield return Make("a malformed renegotiation_info", "RENEGOTIATION_ENCODING_ERR", 50, On(HandshakeType.client_hello, (wire, hello) => wire.Send(22, Extend(hello, 0xFF, 1, 0, 1, 2))));
        yield return Make("post_handshake_auth with content", "POST_HANDSHAKE_AUTH_ENCODING_ERR", 50, On(HandshakeType.client_hello, (wire, hello) => wire.Send(22, Extend(hello, 0, 49, 0, 1, 0))));
        yield return Make("the header of a long message that has no place anywhere", "UNEXPECTED_MESSAGE", 10, On(HandshakeType.finished, (wire, _) => wire.Send(22, 3, 1, 0, 0)));
        byte[] identities = [0, 7, 0, 1, 7, 0, 0, 0, 0];
        byte[] binders = [0, 33, 32, .. new byte[32]];
        yield return Make("a HelloRequest with a body in place of ClientHello", "UNEXPECTED_MESSAGE", 10, On(HandshakeType.client_hello, (wire, hello) => wire.Send(22, Message(0, hello[4..]))));
        yield return Make("a ServerHelloDone with a body in place of ClientHello", "UNEXPECTED_MESSAGE", 10, On(HandshakeType.client_hello, (wire, hello) => wire.Send(22, Message(14, hello[4..]))));
        foreach ((string name, int alert, byte[] offer) in new (string, int, byte[])[]
        {
            ("whose list of PSKs is cut", 50, [0, 32, 0]),
            ("whose PSK has no age", 50, [0, 3, 0, 1, 7, .. binders]),
            ("whose PSK has no identity", 50, [0, 6, 0, 0, 0, 0, 0, 0, .. binders]),
            ("whose PSK has no binder", 50, [.. identities, 0, 0]),
            ("whose PSK has two binders", 47, [.. identities, 0, 66, .. binders[2..], .. binders[2..]]),
            ("whose binder is cut", 50, [.. identities, 0, 2, 32, 1]),
            ("with a byte behind the binders", 50, [.. identities, .. binders, 0]),
        })
        {
            yield return Make("a ClientHello " + name, null, alert, On(HandshakeType.client_hello, (wire, hello) => wire.Send(22, Extend(hello, [0, 41, 0, (byte)offer.Length, .. offer]))));
        }

        yield return Make("33 empty handshake records before ClientHello", "RECORD_TOO_SMALL", 10, Before(HandshakeType.client_hello, wire => Times(33, () => wire.Raw(Plain(22, [])))));
        yield return Make("an empty handshake record", "BAD_LENGTH", 10, Before(HandshakeType.finished, wire => wire.Seal(22)));
        yield return Make("a wrong Finished", "DIGEST_CHECK_FAILED", 51, On(HandshakeType.finished, (wire, message) => wire.Send(22, Flip(message, 8))));
        yield return Make("a short Finished", "BAD_DIGEST_LENGTH", 50, On(HandshakeType.finished, (wire, message) => wire.Send(22, Message(20, message[4..^1]))));
        yield return Make("a KeyUpdate in the Finished's record", "NOT_ON_RECORD_BOUNDARY", 10, On(HandshakeType.finished, (wire, message) => wire.Send(22, [.. message, .. Message(24, 0)])));
        yield return Make("Finished twice", "DECRYPTION_FAILED_OR_BAD_RECORD_MAC", 20, Twice(HandshakeType.finished));
        foreach (int early in new[] { HandshakeType.certificate, HandshakeType.certificate_verify, HandshakeType.new_session_ticket, HandshakeType.key_update, HandshakeType.end_of_early_data, HandshakeType.client_hello, HandshakeType.client_key_exchange, 99 })
        {
            byte[] body = early == HandshakeType.key_update ? [0] : [];
            yield return Make($"handshake type {early} before Finished", "UNEXPECTED_MESSAGE", 10, Before(HandshakeType.finished, wire => wire.Send(22, Message(early, body))));
        }

        yield return Make("data before Finished", "UNEXPECTED_RECORD", 10, Before(HandshakeType.finished, wire => wire.Send(23, 1)));
        yield return Make("a plaintext fatal alert", "SSLV3_ALERT_HANDSHAKE_FAILURE", -1, Before(HandshakeType.finished, wire => wire.Raw(Plain(21, [2, 40]))));
        yield return Make("33 ChangeCipherSpecs", "UNEXPECTED_CCS_MESSAGE", 10, Before(HandshakeType.finished, wire => Times(33, () => wire.Raw(Plain(20, [1])))));
        yield return Make("no Certificate where one is required", "UNEXPECTED_MESSAGE", 10, Drop(HandshakeType.certificate)) with { ServerSettings = Requires, ClientSettings = WireContexts.Known };
        yield return Make("no CertificateVerify", "UNEXPECTED_MESSAGE", 10, Drop(HandshakeType.certificate_verify)) with { ServerSettings = Requires, ClientSettings = WireContexts.Known };
        yield return Make("a wrong signature", "BAD_SIGNATURE", 51, On(HandshakeType.certificate_verify, (wire, message) => wire.Send(22, Flip(message, message.Length - 1)))) with { ServerSettings = Requires, ClientSettings = WireContexts.Known };
        yield return Make("an empty Certificate", "PEER_DID_NOT_RETURN_A_CERTIFICATE", 116, Pass) with { ServerSettings = Requires };
        yield return Make("a stranger's certificate", "CERTIFICATE_VERIFY_FAILED", 48, Pass) with { ServerSettings = Requires, ClientSettings = WireContexts.Stranger };
    }

    private static IEnumerable<Row> Client12()
    {
        Row Make(string name, string? reason, int alert, Script script) => new(name, V12, false, reason, alert, script);

        yield return Make("no ServerHello", "UNEXPECTED_MESSAGE", 10, Drop(HandshakeType.server_hello));
        yield return Make("ServerHello twice", "UNEXPECTED_MESSAGE", 10, Twice(HandshakeType.server_hello));
        yield return Make("a renegotiation_info that names a handshake", "RENEGOTIATION_MISMATCH", 47, On(HandshakeType.server_hello, (wire, hello) => wire.Send(22, Replaced(hello, [0xFF, 1, 0, 1, 0], [0xFF, 1, 0, 2, 1, 7]))));
        yield return Make("no Certificate", "UNEXPECTED_MESSAGE", 10, Drop(HandshakeType.certificate));
        yield return Make("neither Certificate nor ServerKeyExchange", "UNEXPECTED_MESSAGE", 10, (wire, type, content) =>
        {
            if (type != 22 || (short)content[0] is not (HandshakeType.certificate or HandshakeType.server_key_exchange))
            {
                wire.Send(type, content);
            }
        });
        yield return Make("Certificate twice", "UNEXPECTED_MESSAGE", 10, Twice(HandshakeType.certificate));
        yield return Make("an empty Certificate", null, 50, Replace(HandshakeType.certificate, 0, 0, 0));
        yield return Make("a certificate that is none", null, 42, On(HandshakeType.certificate, (wire, message) => wire.Send(22, Flip(message, 10))));
        yield return Make("no ServerKeyExchange", "UNEXPECTED_MESSAGE", 10, Drop(HandshakeType.server_key_exchange));
        yield return Make("ServerKeyExchange twice", "UNEXPECTED_MESSAGE", 10, Twice(HandshakeType.server_key_exchange));
        yield return Make("a wrong signature", "BAD_SIGNATURE", 51, On(HandshakeType.server_key_exchange, (wire, message) => wire.Send(22, Flip(message, message.Length - 1))));
        yield return Make("a ServerKeyExchange cut short", "LENGTH_MISMATCH", 50, On(HandshakeType.server_key_exchange, (wire, message) => wire.Send(22, Message(12, message[4..20]))));
        yield return Make("a ServerHelloDone with a body", "EXCESSIVE_MESSAGE_SIZE", 47, Replace(HandshakeType.server_hello_done, 0));
        yield return Make("a CertificateRequest without schemes", "SIGNATURE_ALGORITHMS_ERROR", 50, Replace(HandshakeType.certificate_request, 1, 1, 0, 0, 0, 0)) with { ServerSettings = Requires };
        yield return Make("ServerHelloDone twice", "UNEXPECTED_MESSAGE", 10, Twice(HandshakeType.server_hello_done));
        foreach (int early in new[] { HandshakeType.certificate_status, HandshakeType.new_session_ticket, HandshakeType.client_hello, HandshakeType.encrypted_extensions, HandshakeType.certificate_verify, HandshakeType.client_key_exchange, HandshakeType.key_update, 99 })
        {
            byte[] body = early == HandshakeType.key_update ? [0] : [];
            yield return Make($"handshake type {early} before ServerHelloDone", "UNEXPECTED_MESSAGE", 10, Before(HandshakeType.server_hello_done, wire => wire.Send(22, Message(early, body))));
        }

        yield return Make("ChangeCipherSpec before ServerHelloDone", "UNEXPECTED_MESSAGE", 10, Before(HandshakeType.server_hello_done, wire => wire.Send(20, 1)));
        yield return Make("a wrong ChangeCipherSpec", "BAD_CHANGE_CIPHER_SPEC", 10, Before(HandshakeType.server_hello_done, wire => wire.Send(20, 2)));
        yield return Make("ChangeCipherSpec twice", "DECRYPTION_FAILED_OR_BAD_RECORD_MAC", 20, (wire, type, content) =>
        {
            wire.Send(type, content);
            if (type == 20)
            {
                wire.Send(type, content);
            }
        });
        yield return Make("Finished without ChangeCipherSpec", "UNEXPECTED_MESSAGE", 10, (wire, type, content) =>
        {
            if (type == 20)
            {
                wire.Send(22, Message(20, new byte[12]));
            }

            wire.Send(type, content);
        });
        yield return Make("data between ChangeCipherSpec and Finished", "DATA_BETWEEN_CCS_AND_FINISHED", 10, Before(HandshakeType.finished, wire => wire.Seal(23, 1)));
        yield return Make("a wrong Finished", "DIGEST_CHECK_FAILED", 51, On(HandshakeType.finished, (wire, message) => wire.Send(22, Flip(message, 8))));
        yield return Make("a short Finished", "BAD_DIGEST_LENGTH", 50, On(HandshakeType.finished, (wire, message) => wire.Send(22, Message(20, message[4..^1]))));
        yield return Make("data in plaintext", "UNEXPECTED_RECORD", 10, Before(HandshakeType.server_hello_done, wire => wire.Raw(Plain(23, [1]))));
        yield return Make("an empty record of data", "UNEXPECTED_RECORD", 10, Before(HandshakeType.server_hello_done, wire => wire.Raw(Plain(23, []))));
        yield return Make("the header of a long message that has no place anywhere", "UNEXPECTED_MESSAGE", 10, On(HandshakeType.certificate, (wire, _) => wire.Send(22, 3, 1, 0, 0)));
        yield return Make("a sealed ChangeCipherSpec before Finished", "DATA_BETWEEN_CCS_AND_FINISHED", 10, Before(HandshakeType.finished, wire => wire.Seal(20, 1)));
        yield return Make("no renegotiation_info", "UNSAFE_LEGACY_RENEGOTIATION_DISABLED", 40, On(HandshakeType.server_hello, (wire, hello) => wire.Send(22, Replaced(hello, [0xFF, 1, 0, 1, 0], []))));
        yield return Make("a PSK identity hint of 257 bytes", "DATA_LENGTH_TOO_LONG", 40, Replace(HandshakeType.server_key_exchange, [1, 1, .. new byte[257]])) with { ServerSettings = Psk, ClientSettings = Psk };
        yield return Make("an empty alert", "INVALID_ALERT", 10, Before(HandshakeType.server_hello_done, wire => wire.Raw(Plain(21, []))));
        yield return Make("33 empty handshake records", "RECORD_TOO_SMALL", 10, Before(HandshakeType.server_hello_done, wire => Times(33, () => wire.Raw(Plain(22, [])))));
        yield return Make("an empty sealed handshake record", "BAD_LENGTH", 10, Before(HandshakeType.finished, wire => wire.Seal(22)));
        yield return Make("content type 24", "UNEXPECTED_RECORD", 10, Before(HandshakeType.server_hello_done, wire => wire.Raw(Plain(24, [1]))));
        yield return Make("a record of version 3.1", "WRONG_VERSION_NUMBER", 70, Before(HandshakeType.server_hello_done, wire => wire.Raw(Plain(22, Message(14), 0x0301))));
        yield return Make("a record of 16385 bytes", "DATA_LENGTH_TOO_LONG", 22, Before(HandshakeType.server_hello_done, wire => wire.Raw(Plain(22, new byte[16385]))));
        yield return Make("a record of 20000 bytes", "PACKET_LENGTH_TOO_LONG", 22, Before(HandshakeType.server_hello_done, wire => wire.Raw(Plain(22, new byte[20000]))));
        yield return Make("five warnings", "TOO_MANY_WARN_ALERTS", 10, Before(HandshakeType.server_hello_done, wire => Times(5, () => wire.Send(21, 1, 90))));
        yield return Make("an alert of level 0", "UNKNOWN_ALERT_TYPE", 47, Before(HandshakeType.server_hello_done, wire => wire.Send(21, 0, 90)));
        yield return Make("a protocol that was not offered", "BAD_EXTENSION", 47, On(HandshakeType.server_hello, (wire, hello) => wire.Send(22, Edit(hello, 16, _ => null, [0, 16, 0, 5, 0, 3, 2, 120, 120])))) with { ClientSettings = Http2 };
        yield return Make("a fatal alert", "TLSV1_ALERT_INTERNAL_ERROR", -1, Before(HandshakeType.server_hello_done, wire => wire.Send(21, 2, 80)));
    }

    private static IEnumerable<Row> Server12()
    {
        Row Make(string name, string? reason, int alert, Script script) => new(name, V12, true, reason, alert, script);

        yield return Make("ClientHello twice", "UNEXPECTED_MESSAGE", 10, On(HandshakeType.client_hello, (wire, hello) =>
        {
            wire.Send(22, hello);
            wire.Raw(Plain(22, hello));
        }));
        yield return Make("a renegotiation_info that names a handshake", "RENEGOTIATION_MISMATCH", 40, On(HandshakeType.client_hello, (wire, hello) => wire.Send(22, Extend(hello, 0xFF, 1, 0, 3, 2, 1, 2))));
        yield return Make("no ClientKeyExchange", "UNEXPECTED_MESSAGE", 10, Drop(HandshakeType.client_key_exchange));
        yield return Make("ClientKeyExchange twice", "UNEXPECTED_MESSAGE", 10, Twice(HandshakeType.client_key_exchange));
        yield return Make("a ClientKeyExchange cut short", "LENGTH_MISMATCH", 50, On(HandshakeType.client_key_exchange, (wire, message) => wire.Send(22, Message(16, message[4..^1]))));
        yield return Make("an empty ClientKeyExchange", "MISSING_TMP_ECDH_KEY", 40, Replace(HandshakeType.client_key_exchange));
        yield return Make("an empty point of the client", "LENGTH_MISMATCH", 50, Replace(HandshakeType.client_key_exchange, 0));
        foreach (int early in new[] { HandshakeType.certificate, HandshakeType.certificate_verify, HandshakeType.server_hello_done, HandshakeType.hello_request, HandshakeType.new_session_ticket, HandshakeType.key_update, 99 })
        {
            byte[] body = early == HandshakeType.key_update ? [0] : [];
            yield return Make($"handshake type {early} before ClientKeyExchange", "UNEXPECTED_MESSAGE", 10, Before(HandshakeType.client_key_exchange, wire => wire.Send(22, Message(early, body))));
        }

        yield return Make("an unasked CertificateVerify", "UNEXPECTED_MESSAGE", 10, (wire, type, content) =>
        {
            if (type == 20)
            {
                wire.Send(22, Message(15, 4, 3, 0, 0));
            }

            wire.Send(type, content);
        });
        yield return Make("the header of a long message that has no place anywhere", "UNEXPECTED_MESSAGE", 10, On(HandshakeType.client_key_exchange, (wire, _) => wire.Send(22, 3, 1, 0, 0)));
        yield return Make("a sealed ChangeCipherSpec before Finished", "DATA_BETWEEN_CCS_AND_FINISHED", 10, Before(HandshakeType.finished, wire => wire.Seal(20, 1)));
        yield return Make("a PSK identity of 257 bytes", "DATA_LENGTH_TOO_LONG", 50, Replace(HandshakeType.client_key_exchange, [1, 1, .. new byte[257]])) with { ServerSettings = Psk, ClientSettings = Psk };
        yield return Make("ChangeCipherSpec before ClientKeyExchange", "UNEXPECTED_MESSAGE", 10, Before(HandshakeType.client_key_exchange, wire => wire.Send(20, 1)));
        yield return Make("data between ChangeCipherSpec and Finished", "DATA_BETWEEN_CCS_AND_FINISHED", 10, Before(HandshakeType.finished, wire => wire.Seal(23, 1)));
        yield return Make("data in plaintext", "UNEXPECTED_RECORD", 10, Before(HandshakeType.client_key_exchange, wire => wire.Raw(Plain(23, [1]))));
        yield return Make("a scheme of another kind of key", "WRONG_SIGNATURE_TYPE", 47, On(HandshakeType.certificate_verify, (wire, message) => wire.Send(22, [.. message[..4], 4, 1, .. message[6..]]))) with { ServerSettings = Requires, ClientSettings = WireContexts.Known };
        yield return Make("a certificate that is none", null, 50, On(HandshakeType.certificate, (wire, message) => wire.Send(22, Flip(message, 10)))) with { ServerSettings = Requires, ClientSettings = WireContexts.Known };
        foreach (int older in new[] { 0x0301, 0x0302 })
        {
            // Who may stay unknown must say so all the same.
            yield return new Row("no Certificate where one may be shown", older, true, "UNEXPECTED_MESSAGE", 10, Drop(HandshakeType.certificate)) { ServerSettings = Asks, ClientSettings = Old };
        }

        yield return Make("a wrong Finished", "DIGEST_CHECK_FAILED", 51, On(HandshakeType.finished, (wire, message) => wire.Send(22, Flip(message, 8))));
        yield return Make("a record of version 3.1", "WRONG_VERSION_NUMBER", 70, On(HandshakeType.client_key_exchange, (wire, message) => wire.Raw(Plain(22, message, 0x0301))));
        yield return Make("an empty Certificate", "PEER_DID_NOT_RETURN_A_CERTIFICATE", 40, Pass) with { ServerSettings = Requires };
        yield return Make("no Certificate where one is required", "UNEXPECTED_MESSAGE", 10, Drop(HandshakeType.certificate)) with { ServerSettings = Requires, ClientSettings = WireContexts.Known };
        yield return Make("no CertificateVerify", "UNEXPECTED_MESSAGE", 10, Drop(HandshakeType.certificate_verify)) with { ServerSettings = Requires, ClientSettings = WireContexts.Known };
        yield return Make("a wrong signature", "BAD_SIGNATURE", 51, On(HandshakeType.certificate_verify, (wire, message) => wire.Send(22, Flip(message, message.Length - 1)))) with { ServerSettings = Requires, ClientSettings = WireContexts.Known };
    }

    private static IEnumerable<Row> ServerHellos()
    {
        Row Make(string name, int version, string? reason, int alert, Func<byte[], byte[]> change)
            => new("a ServerHello " + name, version, false, reason, alert, On(HandshakeType.server_hello, (wire, hello) => wire.Send(22, change(hello))));

        yield return Make("cut behind its session ID", V13, "LENGTH_MISMATCH", 50, hello => Message(2, hello[4..72]));
        yield return Make("with a session ID of 33 bytes", V13, "SSL3_SESSION_ID_TOO_LONG", 47, hello => Message(2, [.. hello[4..38], 33, 7, .. hello[39..]]));
        yield return Make("of 1.3 with another version in its old field", V13, "BAD_LEGACY_VERSION", 47, hello => [.. hello[..5], 2, .. hello[6..]]);
        yield return Make("with a PSK that was not offered", V13, "UNSOLICITED_EXTENSION", 110, hello => Edit(hello, 43, data => data, [0, 41, 0, 2, 0, 0]));
        yield return Make("of 1.3 in its old field", V13, "UNSUPPORTED_PROTOCOL", 70, hello => Edit([.. hello[..4], 3, 4, .. hello[6..]], 43, _ => null));
        yield return Make("that names 1.2 in the new field", V13, "BAD_PROTOCOL_VERSION_NUMBER", 47, hello => Edit(hello, 43, _ => [3, 3]));
        yield return Make("with a version of three bytes", V13, "LENGTH_MISMATCH", 50, hello => Edit(hello, 43, data => [.. data, 0]));
        yield return Make("of 1.1", V12, "UNSUPPORTED_PROTOCOL", 70, hello => [.. hello[..5], 2, .. hello[6..]]);
        yield return Make("of 1.1 with a suite that was not offered", V12, "UNSUPPORTED_PROTOCOL", 70, hello => WithSuite([.. hello[..5], 2, .. hello[6..]], 0x002F));
        yield return Make("with a key share too short for its curve", V13, "BAD_ECPOINT", 47, hello => Edit(hello, 51, data => [data[0], data[1], 0, 31, .. data[5..]])) with { ClientSettings = context => context.SetGroups("x25519") };
        yield return Make("with a hybrid's share that has no room for its ciphertext", V13, "BAD_ECPOINT", 47, hello => Edit(hello, 51, data => Share(data, data[4..36])));
        yield return Make("with a hybrid's share of a byte less", V13, "BAD_ECPOINT", 47, hello => Edit(hello, 51, data => Share(data, data[4..^1])));
        yield return Make("without a key share", V13, "NO_SUITABLE_KEY_SHARE", 109, hello => Edit(hello, 51, _ => null));
        yield return Make("with a key share cut short", V13, "LENGTH_MISMATCH", 50, hello => Edit(hello, 51, data => data[..3]));
        yield return Make("with a key share of a group that was not offered", V13, "BAD_KEY_SHARE", 47, hello => Edit(hello, 51, data => [0, 24, .. data[2..]]));
        yield return Make("with a key share too long", V13, null, 47, hello => Edit(hello, 51, data => [data[0], data[1], (byte)((data.Length - 3) >> 8), (byte)(data.Length - 3), .. data[4..], 0]));
        yield return Make("of 1.2 with a key share", V12, "BAD_EXTENSION", 47, hello => Edit(hello, 0xFF01, data => data, [0, 51, 0, 0]));
        yield return Make("with an unknown suite", V13, "UNKNOWN_CIPHER_RETURNED", 47, hello => [.. hello[..71], 0x99, 0x99, .. hello[73..]]);
        yield return Make("of 1.2 with a suite of 1.3", V12, "WRONG_CIPHER_RETURNED", 47, hello => WithSuite(hello, 0x1301));
        yield return Make("of 1.3 with a suite of 1.2", V13, "WRONG_CIPHER_RETURNED", 47, hello => WithSuite(hello, 0xC02B));
        yield return Make("of 1.2 with compression", V12, "COMPRESSION_DISABLED", 47, hello => Flip(hello, 4 + 2 + 32 + 1 + hello[38] + 2));
        yield return Make("with an extension cut short", V13, "BAD_EXTENSION", 50, hello => Edit(hello, 43, data => data, [0, 1, 0]));
        yield return Make("with an extension twice", V13, "BAD_EXTENSION", 47, hello => Edit(hello, 43, data => data, [0, 43, 0, 2, 3, 4]));
        foreach ((string name, int version, int best, byte mark) in new[]
        {
            ("1.2", V12, V13, (byte)1),
            ("1.2, marked as 1.1", V12, V13, (byte)0),
            ("1.1", 0x0302, V13, (byte)0),
            ("1.1, marked as 1.2", 0x0302, V13, (byte)1),
            ("1.1 from 1.2", 0x0302, V12, (byte)0),
            ("1.1 from 1.2, marked as 1.2", 0x0302, V12, (byte)1),
            ("1.0 from 1.1", 0x0301, 0x0302, (byte)0),
        })
        {
            yield return new Row("a downgrade to " + name, version, false, "INAPPROPRIATE_FALLBACK", 47, Marked(mark))
            {
                ClientSettings = context => { Old(context); context.MaximumVersion = best; },
                ServerSettings = Old,
            };
        }

        // The marks say nothing to a client that gets what it asked for: what fails is the signature over the random.
        yield return new Row("the mark of 1.2, to a client of 1.2", V12, false, "BAD_SIGNATURE", 51, Marked(1));
        yield return new Row("the mark of 1.1, to a client of 1.2", V12, false, "BAD_SIGNATURE", 51, Marked(0));
    }

    private static IEnumerable<Row> ClientHellos()
    {
        Row Make(string name, int version, string? reason, int alert, Func<byte[], byte[]> change)
            => new("a ClientHello " + name, version, true, reason, alert, On(HandshakeType.client_hello, (wire, hello) => wire.Send(22, change(hello))));

        yield return Make("of SSL 3.0 that offers 1.3", V13, "BAD_LEGACY_VERSION", 70, hello => [.. hello[..5], 0, .. hello[6..]]);
        yield return Make("with a version cut short", V13, "LENGTH_MISMATCH", 70, hello => Edit(hello, 43, _ => [1, 3]));
        yield return Make("of 1.0", V12, "UNSUPPORTED_PROTOCOL", 70, hello => Edit([.. hello[..5], 1, .. hello[6..]], 43, _ => null));
        yield return Make("of SSL 2", V12, "VERSION_TOO_LOW", 70, hello => Edit([.. hello[..4], 2, 0, .. hello[6..]], 43, _ => null));
        yield return Make("with neither a suite nor a group in common", V13, "NO_SHARED_CIPHER", 40, hello => Edit(Edit(Suites(hello, 0x13, 0x99), 10, _ => [0, 2, 0x99, 0x99]), 51, _ => [0, 5, 0x99, 0x99, 0, 1, 7]));
        yield return Make("with no suites", V13, "NO_CIPHERS_SPECIFIED", 47, hello => Suites(hello));
        yield return Make("with half a suite", V13, "ERROR_IN_RECEIVED_CIPHER_LIST", 50, hello => Suites(hello, 0x13, 0x01, 0x13));
        yield return Make("of 1.3 that offers compression", V13, "INVALID_COMPRESSION_ALGORITHM", 47, hello => Compression(hello, 1, 0));
        yield return Make("without a compression method", V12, "NO_COMPRESSION_SPECIFIED", 50, hello => Compression(hello));
        yield return Make("of 1.2 without the null compression", V12, "NO_COMPRESSION_SPECIFIED", 50, hello => Compression(hello, 1));
        yield return Make("with an empty key share", V13, "LENGTH_MISMATCH", 50, hello => Edit(hello, 51, _ => [0, 4, 0, 29, 0, 0]));
        yield return Make("with a list of key shares cut short", V13, "LENGTH_MISMATCH", 50, hello => Edit(hello, 51, data => data[..^1]));
        yield return Make("with a key share of a group that it does not have", V13, "BAD_KEY_SHARE", 47, hello => Edit(hello, 10, _ => [0, 2, 0, 24]));
        yield return Make("with a hybrid's share that has no room for its key", V13, "BAD_ECPOINT", 47, hello => Edit(hello, 51, data => FirstShare(data, share => share[..32])));
        yield return Make("with a hybrid's share of a byte less", V13, "BAD_ECPOINT", 47, hello => Edit(hello, 51, data => FirstShare(data, share => share[..^1])));
        yield return Make("with a hybrid's share whose key has a number that is too large", V13, "BAD_ECPOINT", 47, hello => Edit(hello, 51, data => FirstShare(data, share => [0xFF, 0xFF, .. share[2..]])));
        yield return Make("with a larger hybrid's share whose key has a number that is too large", V13, "BAD_ECPOINT", 47, hello => Edit(hello, 51, data => FirstShare(data, share => [.. share[..97], 0xFF, 0xFF, .. share[99..]]))) with
        {
            ClientSettings = context => context.SetGroups("SecP384r1MLKEM1024"),
            ServerSettings = context => context.SetGroups("SecP384r1MLKEM1024"),
        };
        yield return Make("with a key share and no groups", V13, "MISSING_SUPPORTED_GROUPS_EXTENSION", 109, hello => Edit(hello, 10, _ => null));
        yield return Make("without key shares", V13, "NO_SUITABLE_KEY_SHARE", 109, hello => Edit(hello, 51, _ => null));
        yield return Make("with half a group", V13, "BAD_EXTENSION", 50, hello => Edit(hello, 10, _ => [0, 3, 0, 29, 0]));
        yield return Make("with an empty list of protocols", V13, "BAD_EXTENSION", 50, hello => Edit(hello, 16, _ => null, [0, 16, 0, 2, 0, 0]));
        yield return Make("with an empty protocol", V12, "BAD_EXTENSION", 50, hello => Edit(hello, 16, _ => null, [0, 16, 0, 6, 0, 4, 2, 104, 50, 0]));
        yield return Make("with a protocol cut short", V12, "BAD_EXTENSION", 50, hello => Edit(hello, 16, _ => null, [0, 16, 0, 5, 0, 3, 3, 104, 50]));
        yield return Make("with a byte behind the protocols", V13, "BAD_EXTENSION", 50, hello => Edit(hello, 16, _ => null, [0, 16, 0, 6, 0, 3, 2, 104, 50, 0]));
        yield return Make("with an extended_master_secret that says something", V12, "BAD_EXTENSION", 50, hello => Edit(hello, 23, _ => [0]));
        yield return Make("with no form of points", V12, "BAD_EXTENSION", 50, hello => Edit(hello, 11, _ => [0]));
        yield return Make("with an empty ec_point_formats", V12, "BAD_EXTENSION", 50, hello => Edit(hello, 11, _ => []));
        yield return Make("with a compressed point", V13, "BAD_ECPOINT", 47, hello => Edit(Edit(hello, 10, _ => [0, 2, 0, 23]), 51, _ => [0, 37, 0, 23, 0, 33, 2, .. new byte[32]]));
        yield return Make("with a point of hybrid form", V13, "BAD_ECPOINT", 47, hello => Edit(Edit(hello, 10, _ => [0, 2, 0, 23]), 51, _ => [0, 69, 0, 23, 0, 65, 6, .. new byte[64]]));
        yield return Make("whose x25519 share has small order", V13, "BAD_ECPOINT", 47, hello => Edit(Edit(hello, 10, _ => [0, 2, 0, 29]), 51, _ => [0, 36, 0, 29, 0, 32, .. new byte[32]]));
        yield return Make("whose x448 share has small order", V13, "BAD_ECPOINT", 47, hello => Edit(Edit(hello, 10, _ => [0, 2, 0, 30]), 51, _ => [0, 60, 0, 30, 0, 56, .. new byte[56]]));
        yield return Make("whose schemes are for other keys", V13, "NO_SUITABLE_SIGNATURE_ALGORITHM", 40, hello => Edit(hello, 13, _ => [0, 4, 8, 4, 5, 3]));
        foreach ((string name, string reason, int alert, byte[] extension) in new (string, string, int, byte[])[]
        {
            ("with no protocols", "BAD_EXTENSION", 50, [0, 16, 0, 2, 0, 0]),
            ("with a protocol without a name", "BAD_EXTENSION", 50, [0, 16, 0, 3, 0, 1, 0]),
            ("with a protocol cut short", "BAD_EXTENSION", 50, [0, 16, 0, 4, 0, 2, 2, 104]),
            ("with a byte behind its protocols", "BAD_EXTENSION", 50, [0, 16, 0, 6, 0, 3, 2, 104, 50, 0]),
            ("with an empty list of PSK modes", "BAD_EXTENSION", 50, [0, 45, 0, 1, 0]),
            ("with a byte behind its PSK modes", "BAD_EXTENSION", 50, [0, 45, 0, 3, 1, 1, 0]),
            ("with max_fragment_length of two bytes", "BAD_EXTENSION", 50, [0, 1, 0, 2, 1, 1]),
            ("with max_fragment_length of code 5", "SSL3_EXT_INVALID_MAX_FRAGMENT_LENGTH", 47, [0, 1, 0, 1, 5]),
            ("with max_fragment_length of code 0", "SSL3_EXT_INVALID_MAX_FRAGMENT_LENGTH", 47, [0, 1, 0, 1, 0]),
            ("with an empty status_request", "BAD_EXTENSION", 50, [0, 5, 0, 0]),
            ("with status_request cut short", "BAD_EXTENSION", 50, [0, 5, 0, 4, 1, 0, 0, 0]),
            ("with a byte behind its status_request", "BAD_EXTENSION", 50, [0, 5, 0, 6, 1, 0, 0, 0, 0, 0]),
            ("with record_size_limit below 64", "BAD_EXTENSION", 47, [0, 28, 0, 2, 0, 63]),
            ("with record_size_limit of one byte", "BAD_EXTENSION", 50, [0, 28, 0, 1, 64]),
            ("with a PSK and no modes", "MISSING_PSK_KEX_MODES_EXTENSION", 109, [0, 41, 0, 44, 0, 7, 0, 1, 7, 0, 0, 0, 0, 0, 33, 32, .. new byte[32]]),
            ("with an extension behind its PSKs", "BAD_EXTENSION", 47, [0, 41, 0, 44, 0, 7, 0, 1, 7, 0, 0, 0, 0, 0, 33, 32, .. new byte[32], 0x12, 0x34, 0, 0]),
        })
        {
            yield return Make(name, V13, reason, alert, hello => Extend(hello, extension));
        }

        foreach ((string name, string reason, int alert, byte[] names) in new (string, string, int, byte[])[]
        {
            ("without content", "BAD_EXTENSION", 50, []),
            ("of no name", "BAD_EXTENSION", 50, [0, 0]),
            ("of another kind", "BAD_EXTENSION", 50, [0, 4, 1, 0, 1, 97]),
            ("of an empty name", "BAD_EXTENSION", 50, [0, 3, 0, 0, 0]),
            ("of two names", "BAD_EXTENSION", 50, [0, 8, 0, 0, 1, 97, 0, 0, 1, 98]),
            ("with a byte behind it", "BAD_EXTENSION", 50, [0, 4, 0, 0, 1, 97, 0]),
            ("cut short", "BAD_EXTENSION", 50, [0, 4, 0, 0, 2, 97]),
            ("with a zero byte", "BAD_EXTENSION", 112, [0, 5, 0, 0, 2, 97, 0]),
            ("of 256 bytes", "BAD_EXTENSION", 112, [1, 3, 0, 1, 0, .. Enumerable.Repeat((byte)97, 256)]),
        })
        {
            foreach (int version in new[] { V12, V13 })
            {
                yield return Make("with server_name " + name, version, reason, alert, hello => Edit(hello, 0, _ => names));
            }
        }

        yield return Make("without a signature algorithm of ours", V13, "NO_SHARED_SIGNATURE_ALGORITHMS", 40, hello => Edit(hello, 13, _ => [0, 2, 0x99, 0x99]));
    }

    private static IEnumerable<Row> ServerKeyExchanges()
    {
        Row Make(string name, string? reason, int alert, Func<byte[], byte[]> change)
            => new("a ServerKeyExchange " + name, V12, false, reason, alert, On(HandshakeType.server_key_exchange, (wire, message) => wire.Send(22, Message(12, change(message[4..])))));

        yield return Make("with a byte behind it", "LENGTH_MISMATCH", 50, body => [.. body, 0]);
        yield return Make("cut in its curve", "LENGTH_TOO_SHORT", 50, body => body[..2]);
        yield return Make("cut in its point", "LENGTH_MISMATCH", 50, body => body[..20]);
        yield return Make("of explicit curves", "WRONG_CURVE", 47, body => [1, .. body[1..]]);
        yield return Make("of a curve that was not offered", "WRONG_CURVE", 47, body => [3, 0x99, 0x99, .. body[3..]]);
        yield return Make("with a point too short", null, 47, body => [.. body[..3], (byte)(body[3] - 1), .. body[5..]]);
        yield return Make("cut in its scheme", "LENGTH_MISMATCH", 50, body => body[..(4 + body[3] + 1)]);
        yield return Make("with an unknown scheme", "WRONG_SIGNATURE_TYPE", 47, body => Scheme(body, 0x99, 0x99));
        yield return Make("with a scheme of another key", "WRONG_SIGNATURE_TYPE", 47, body => Scheme(body, 8, 4));
        yield return Make("with a scheme that was not offered", "WRONG_SIGNATURE_TYPE", 40, body => Scheme(body, 2, 3));
        yield return Make("cut in its signature", "LENGTH_MISMATCH", 50, body => body[..^1]);
        yield return Make("of a PSK, cut in its hint", "LENGTH_MISMATCH", 50, _ => [0, 5, 1]) with { ServerSettings = Psk, ClientSettings = Psk };
    }

    /// <summary>A share with another value.</summary>
    private static byte[] Share(byte[] entry, byte[] value) => [.. entry[..2], (byte)(value.Length >> 8), (byte)value.Length, .. value];

    /// <summary>A list of shares whose first has another value.</summary>
    private static byte[] FirstShare(byte[] list, Func<byte[], byte[]> change)
    {
        int end = 6 + ((list[4] << 8) | list[5]);
        byte[] shares = [.. Share(list[2..end], change(list[6..end])), .. list[end..]];
        return [(byte)(shares.Length >> 8), (byte)shares.Length, .. shares];
    }

    private static byte[] Scheme(byte[] body, byte high, byte low)
    {
        int at = 4 + body[3];
        return [.. body[..at], high, low, .. body[(at + 2)..]];
    }

    /// <summary>A hello with one extension changed, or left out, and more behind the others.</summary>
    private static byte[] Edit(byte[] hello, int type, Func<byte[], byte[]?> change, params byte[] more)
    {
        int at = 4 + 2 + 32;
        at += 1 + hello[at];
        at += hello[0] == HandshakeType.client_hello ? 2 + ((hello[at] << 8) | hello[at + 1]) : 2;
        at += hello[0] == HandshakeType.client_hello ? 1 + hello[at] : 1;
        var block = new List<byte>();
        for (int from = at + 2; from < hello.Length;)
        {
            int known = (hello[from] << 8) | hello[from + 1];
            int length = (hello[from + 2] << 8) | hello[from + 3];
            byte[] data = hello[(from + 4)..(from + 4 + length)];
            if ((known == type ? change(data) : data) is { } kept)
            {
                block.AddRange([(byte)(known >> 8), (byte)known, (byte)(kept.Length >> 8), (byte)kept.Length, .. kept]);
            }

            from += 4 + length;
        }

        block.AddRange(more);
        return Message(hello[0], [.. hello[4..at], (byte)(block.Count >> 8), (byte)block.Count, .. block]);
    }

    private static byte[] WithSuite(byte[] hello, int suite)
    {
        int at = 4 + 2 + 32 + 1 + hello[38];
        return [.. hello[..at], (byte)(suite >> 8), (byte)suite, .. hello[(at + 2)..]];
    }

    private static byte[] Suites(byte[] hello, params byte[] suites)
    {
        int at = 4 + 2 + 32 + 1 + hello[38];
        int end = at + 2 + ((hello[at] << 8) | hello[at + 1]);
        return Message(1, [.. hello[4..at], 0, (byte)suites.Length, .. suites, .. hello[end..]]);
    }

    private static byte[] Compression(byte[] hello, params byte[] methods)
    {
        int at = 4 + 2 + 32 + 1 + hello[38];
        at += 2 + ((hello[at] << 8) | hello[at + 1]);
        return Message(1, [.. hello[4..at], (byte)methods.Length, .. methods, .. hello[(at + 1 + hello[at])..]]);
    }

    private static IEnumerable<Row> ToleratedRows()
    {
        yield return new Row("an ML-DSA certificate", V13, false, null, -1, (wire, type, content) => wire.Send(type, content)) { ServerSettings = WireContexts.MlDsa, ClientSettings = WireContexts.TrustsMlDsa };
        foreach (int version in new[] { V12, V13 })
        {
            foreach (bool server in new[] { false, true })
            {
                yield return new Row("messages a byte a record", version, server, null, -1, (wire, type, content) =>
                {
                    if (type != 22)
                    {
                        wire.Send(type, content);
                        return;
                    }

                    foreach (byte one in content)
                    {
                        wire.Send(22, one);
                    }
                });
            }
        }

        foreach (bool server in new[] { false, true })
        {
            yield return new Row("32 empty handshake records, a message, and 32 again", V12, server, null, -1, (wire, type, content) =>
            {
                if (type == 22 && (short)content[0] is not HandshakeType.finished)
                {
                    Times(32, () => wire.Raw(Plain(22, [])));
                }

                wire.Send(type, content);
            });
        }

        yield return new Row("32 empty handshake records before ClientHello", V13, true, null, -1, Before(HandshakeType.client_hello, wire => Times(32, () => wire.Raw(Plain(22, [])))));
        yield return new Row("32 ChangeCipherSpecs", V13, false, null, -1, Before(HandshakeType.certificate, wire => Times(31, () => wire.Raw(Plain(20, [1])))));
        yield return new Row("padding up to the longest record", V13, false, null, -1, Before(HandshakeType.certificate, wire => wire.Seal(0, Padded(16384))));
        yield return new Row("four warnings", V12, false, null, -1, Before(HandshakeType.server_hello_done, wire => Times(4, () => wire.Send(21, 1, 90))));
        yield return new Row("HelloRequest", V12, false, null, -1, Before(HandshakeType.server_hello_done, wire => wire.Send(22, Message(0))));
        yield return new Row("a certificate that was asked for", V12, true, null, -1, Pass) { ServerSettings = Requires, ClientSettings = WireContexts.Known };
        yield return new Row("a certificate that was asked for", V13, true, null, -1, Pass) { ServerSettings = Requires, ClientSettings = WireContexts.Known };
    }

    private static void Limits(TlsContext context) => (context.RecordSizeLimit, context.MaxFragmentLength) = (16384, 512);

    private static void LimitsTo300(TlsContext context) => context.RecordSizeLimit = 300;

    private static void Psk(TlsContext context)
    {
        context.SetCiphers("PSK-AES128-GCM-SHA256");
        if (context.Protocol == TlsProtocolSelection.TlsClient)
        {
            context.PskClientCallback = (_, _) => new PskCredentials("x"u8.ToArray(), "key"u8.ToArray());
        }
        else
        {
            context.PskServerCallback = (_, _) => "key"u8.ToArray();
            context.PskIdentityHint = "hint";
        }
    }

    private static void Http2(TlsContext context) => context.SetAlpnProtocols([2, .. "h2"u8]);

    private static void P256(TlsContext context) => context.SetGroups("P-256");

    private static void Old(TlsContext context) => context.SetCiphers("ALL:@SECLEVEL=0");

    private static void Asks(TlsContext context)
    {
        Old(context);
        context.VerifyMode = VerifyMode.Optional;
    }

    /// <summary>What a record of type 0, which none is, must hold to be a warning behind which there is padding.</summary>
    private static byte[] Padded(int length) => [1, 90, (byte)ContentType.alert, .. new byte[length - 3]];

    private static void Requires(TlsContext context) => context.VerifyMode = VerifyMode.Required;

    private static void Pass(Wire wire, short type, byte[] content) => wire.Send(type, content);

    private static Script On(int message, Action<Wire, byte[]> act) => (wire, type, content) =>
    {
        if (type == ContentType.handshake && content[0] == message)
        {
            act(wire, content);
        }
        else
        {
            wire.Send(type, content);
        }
    };

    /// <summary>A ServerHello whose random ends with the mark of a downgrade (RFC 8446 section 4.1.3).</summary>
    private static Script Marked(byte mark) => On(HandshakeType.server_hello, (wire, hello) => wire.Send(22, [.. hello[..30], .. "DOWNGRD"u8, mark, .. hello[38..]]));

    private static Script Drop(int message) => On(message, (_, _) => { });

    private static Script Twice(int message) => On(message, (wire, content) =>
    {
        wire.Send(22, content);
        wire.Send(22, content);
    });

    private static Script Replace(int message, params byte[] body) => On(message, (wire, _) => wire.Send(22, Message(message, body)));

    private static Script Before(int message, Action<Wire> act) => On(message, (wire, content) =>
    {
        act(wire);
        wire.Send(22, content);
    });

    private static byte[] Flip(byte[] message, int at)
    {
        byte[] copy = [.. message];
        copy[at] ^= 0x40;
        return copy;
    }

    /// <summary>A ClientHello with more extensions.</summary>
    private static byte[] Extend(byte[] hello, params byte[] extensions)
    {
        int at = 4 + 2 + 32;
        at += 1 + hello[at];
        at += 2 + ((hello[at] << 8) | hello[at + 1]);
        at += 1 + hello[at];
        int length = ((hello[at] << 8) | hello[at + 1]) + extensions.Length;
        return Message(1, [.. hello[4..at], (byte)(length >> 8), (byte)length, .. hello[(at + 2)..], .. extensions]);
    }

    /// <summary>A TLS 1.3 Certificate with an OCSP response at its first entry.</summary>
    private static byte[] Stapled(byte[] message)
    {
        byte[] staple = [0, 9, 0, 5, 0, 5, 1, 0, 0, 1, 7];
        int end = 8 + 3 + ((message[8] << 16) | (message[9] << 8) | message[10]);
        int length = ((message[5] << 16) | (message[6] << 8) | message[7]) + staple.Length - 2;
        return Message(11, [message[4], (byte)(length >> 16), (byte)(length >> 8), (byte)length, .. message[8..end], .. staple, .. message[(end + 2)..]]);
    }

    /// <summary>A TLS 1.3 Certificate of one entry, whose block of extensions is left out.</summary>
    private static byte[] WithoutExtensions(byte[] message)
    {
        int length = ((message[5] << 16) | (message[6] << 8) | message[7]) - 2;
        return Message(11, [message[4], (byte)(length >> 16), (byte)(length >> 8), (byte)length, .. message[8..^2]]);
    }

    /// <summary>A ServerHello with one extension changed.</summary>
    private static byte[] Replaced(byte[] hello, byte[] extension, byte[] by)
    {
        int found = hello.AsSpan().IndexOf(extension);
        int at = 4 + 2 + 32;
        at += 1 + hello[at] + 2 + 1;
        int length = ((hello[at] << 8) | hello[at + 1]) + by.Length - extension.Length;
        return Message(2, [.. hello[4..at], (byte)(length >> 8), (byte)length, .. hello[(at + 2)..found], .. by, .. hello[(found + extension.Length)..]]);
    }

    /// <summary>A HelloRetryRequest in place of a ServerHello.</summary>
    private static byte[] Retry(byte[] hello, byte[] extensions)
        => Message(2, [3, 3, .. RetryRandom, .. hello[38..74], (byte)(extensions.Length >> 8), (byte)extensions.Length, .. extensions]);

    private static void Times(int count, Action act)
    {
        for (int done = 0; done < count; done++)
        {
            act();
        }
    }

    /// <summary>A row of the table.</summary>
    internal sealed record Row(string Name, int Version, bool Server, string? Reason, int Alert, Script Script)
    {
        public Action<TlsContext>? ServerSettings { get; init; }

        public Action<TlsContext>? ClientSettings { get; init; }
    }
}
