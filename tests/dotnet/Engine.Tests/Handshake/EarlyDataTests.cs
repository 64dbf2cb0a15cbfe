using NUnit.Framework;
using Org.BouncyCastle.Tls;
using SslModule.Engine.Connection;
using static SslModule.Engine.Tests.Handshake.Intruder;
using TlsContext = SslModule.Engine.Context.TlsContext;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>Early data that the server does not take (RFC 8446 section 4.2.10): the connection goes on without it.</summary>
[TestFixture]
internal sealed class EarlyDataTests
{
    private const int V13 = 0x0304;
    private static readonly byte[] Offer = [0, 42, 0, 0];

    /// <summary>OpenSSL's client has a session of OpenSSL's server and sends early data to ours, which knows of no such session.</summary>
    [TestCase(null, 200)]
    [TestCase(null, 16384)]
    [TestCase("secp521r1", 200, Description = "after a HelloRetryRequest")]
    [TestCase("secp521r1", 16384, Description = "after a HelloRetryRequest")]
    public void OfAnOpenSslClientIsPassedOver(string? groups, int length)
    {
        string folder = Directory.CreateTempSubdirectory("early-data-").FullName;
        try
        {
            string session = Path.Combine(folder, "session.pem");
            string data = Path.Combine(folder, "data");
            File.WriteAllText(data, new string('e', length));
            using (OpenSslPeer server = OpenSslPeer.ServerConsole("-cert", TestContexts.CertificateFile(), "-tls1_3", "-early_data"))
            using (OpenSslPeer client = OpenSslPeer.ClientConsole(server.Port, "-sess_out", session))
            {
                // It finishes the handshake when a line arrives.
                client.WaitFor(line => line.StartsWith("Verify return code", StringComparison.Ordinal));
                client.Type("hello");
                server.WaitFor(line => line == "hello");
                server.Type("behind the tickets");
                client.WaitFor(line => line == "behind the tickets");
                client.Type("Q");
                client.WaitForExit();
            }

            TlsContext context = WireContexts.Server(V13);
            if (groups is not null)
            {
                context.SetGroups(groups);
            }

            (TlsConnection connection, string printed) = OpenSslPeer.Serve(context, "-sess_in", session, "-early_data", data);
            Assert.That(printed, Does.Contain("Early data was rejected"));
            Assert.That(connection.SessionReused, Is.False);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Two bytes less than the bound: the alert of a client whose keys are others than it thinks is one more such record.
    [TestCase(1, 16382)]
    [TestCase(14, 1170)]
    [TestCase(16382, 0)]
    public void AsMuchAsARecordHoldsIsPassedOver(int records, int length) => Assert.That(Send(Offer, records, length).Failure, Is.Null);

    [TestCase(17, 1024)]
    [TestCase(16385, 0)]
    public void MoreIsRefused(int records, int length)
    {
        ScriptedPeer peer = Send(Offer, records, length);
        Assert.That((peer.Failure?.Reason, peer.Failure?.Alert), Is.EqualTo(("TOO_MUCH_EARLY_DATA", (byte?)AlertDescription.unexpected_message)));
    }

    [Test]
    public void WithoutAnnouncementIsRefused()
    {
        ScriptedPeer peer = Send([], 1, 100);
        Assert.That((peer.Failure?.Reason, peer.Failure?.Alert), Is.EqualTo(("DECRYPTION_FAILED_OR_BAD_RECORD_MAC", (byte?)AlertDescription.bad_record_mac)));
    }

    [Test]
    public void AnnouncementIsEmpty()
    {
        ScriptedPeer peer = Send([0, 42, 0, 1, 0], 0, 0);
        Assert.That((peer.Failure?.Reason, peer.Failure?.Alert), Is.EqualTo(("BAD_EXTENSION", (byte?)AlertDescription.decode_error)));
    }

    /// <summary>Whoever could not read the server's answer says so in plaintext, early data or not.</summary>
    [Test]
    public void AlertBehindItIsRead()
    {
        ScriptedPeer peer = Send(Offer, 1, 100, wire => wire.Raw(Plain(21, [2, 47])));
        Assert.That(peer.Failure?.Reason, Is.EqualTo("SSLV3_ALERT_ILLEGAL_PARAMETER"));
    }

    // The client's end does not know of the extension, so what follows its hello is the script's alone.
    private static ScriptedPeer Send(byte[] extensions, int records, int length, Action<Wire>? behind = null)
        => new ScriptedPeer(V13, victimIsServer: true, On(HandshakeType.client_hello, (wire, hello) =>
        {
            wire.Send(22, Extend(hello, extensions));
            for (int sent = 0; sent < records; sent++)
            {
                wire.Raw(Plain(23, new byte[length + 17]));
            }

            behind?.Invoke(wire);
        })).Run();

    private static Script On(int message, Action<Wire, byte[]> act) => (wire, type, content) =>
    {
        if (type == ContentType.handshake && content[0] == message)
        {
            act(wire, content);
        }
    };

    private static byte[] Extend(byte[] hello, byte[] extensions)
    {
        byte[] record = Plain(22, hello);
        return extensions.Length == 0 ? hello : HelloEditor.With(record, (extensions[0] << 8) | extensions[1], extensions[4..])[5..];
    }
}
