using NUnit.Framework;
using Org.BouncyCastle.Tls;
using static SslModule.Engine.Tests.Handshake.Intruder;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>Every message of a TLS 1.3 handshake, cut at every length and with a byte behind it.</summary>
public sealed class CutMessageTests
{
    // A hello without extensions is whole, and offers or chooses TLS 1.2.
    private static readonly (short Description, string Reason) NoExtensions = (AlertDescription.protocol_version, "UNSUPPORTED_PROTOCOL");

    [TestCase(HandshakeType.client_hello, true, "LENGTH_MISMATCH", "LENGTH_TOO_SHORT")]
    [TestCase(HandshakeType.server_hello, false, "LENGTH_MISMATCH", "BAD_LENGTH")]
    [TestCase(HandshakeType.encrypted_extensions, false, "LENGTH_MISMATCH")]
    [TestCase(HandshakeType.certificate_request, false, "LENGTH_MISMATCH")]
    [TestCase(HandshakeType.certificate, false, "LENGTH_MISMATCH")]
    [TestCase(HandshakeType.certificate_verify, false, "LENGTH_MISMATCH", "BAD_PACKET")]
    [TestCase(HandshakeType.finished, false, "BAD_DIGEST_LENGTH")]
    [TestCase(HandshakeType.certificate, true, "LENGTH_MISMATCH", "INVALID_CONTEXT")]
    [TestCase(HandshakeType.certificate_verify, true, "LENGTH_MISMATCH", "BAD_PACKET")]
    [TestCase(HandshakeType.finished, true, "BAD_DIGEST_LENGTH")]
    public void IsRefused(short type, bool toServer, params string[] reasons)
    {
        // A signature may be a byte shorter in another handshake.
        int whole = Body(type, toServer).Length;
        Assert.That(whole, Is.Positive);
        for (int length = 0; length <= whole; length++)
        {
            ScriptedPeer peer = Run(toServer, (wire, sent, content) =>
            {
                bool isIt = sent == ContentType.handshake && content[0] == type;
                wire.Send(sent, !isIt ? content : length == whole ? Message(type, [.. content[4..], 0]) : Message(type, content[4..Math.Min(4 + length, content.Length - 1)]));
            });
            string at = $"{length} of {whole} bytes";
            Assert.That(peer.Failure, Is.Not.Null, at);
            if (peer.Failure!.Reason == NoExtensions.Reason)
            {
                Assert.That(type is HandshakeType.client_hello or HandshakeType.server_hello, at);
                Assert.That(peer.Alerts, Is.EqualTo(new[] { (2, (int)NoExtensions.Description) }), at);
                continue;
            }

            Assert.That(reasons, Does.Contain(peer.Failure.Reason), at);
            Assert.That(peer.Alerts, Is.EqualTo(new[] { (2, (int)AlertDescription.decode_error) }), at);
        }
    }

    private static byte[] Body(short type, bool toServer)
    {
        byte[] body = [];
        Run(toServer, (wire, sent, content) =>
        {
            if (sent == ContentType.handshake && content[0] == type)
            {
                body = content[4..];
            }

            wire.Send(sent, content);
        });
        return body;
    }

    // The client shows a certificate, and the only group has a short share.
    private static ScriptedPeer Run(bool toServer, Script script) => new ScriptedPeer(
        TestContexts.Tls13,
        toServer,
        script,
        server =>
        {
            server.SetGroups("x25519");
            server.VerifyMode = SslModule.Engine.Context.VerifyMode.Required;
        },
        client =>
        {
            client.SetGroups("x25519");
            WireContexts.Known(client);
        }).Run();
}
