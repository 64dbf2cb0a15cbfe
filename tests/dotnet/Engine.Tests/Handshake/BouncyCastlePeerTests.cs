using NUnit.Framework;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;
using TlsContext = SslModule.Engine.Context.TlsContext;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>The suites of older versions with a client that is BouncyCastle's alone, its cryptography too: SSL 3.0 has no other peer left.</summary>
public sealed class BouncyCastlePeerTests
{
    private static readonly (int Suite, string Name)[] Suites =
    [
        (CipherSuite.TLS_RSA_WITH_NULL_SHA, "NULL-SHA"),
        (CipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA, "AES128-SHA"),
        (CipherSuite.TLS_RSA_WITH_AES_256_CBC_SHA, "AES256-SHA"),
        (CipherSuite.TLS_RSA_WITH_CAMELLIA_128_CBC_SHA, "CAMELLIA128-SHA"),
        (CipherSuite.TLS_RSA_WITH_3DES_EDE_CBC_SHA, "DES-CBC3-SHA"),
    ];

    [Test]
    public void TalksBothWays([Values(0x0300, 0x0301, 0x0302, 0x0303)] int version, [ValueSource(nameof(Suites))] (int Suite, string Name) suite, [Values] bool encryptThenMac)
    {
        TlsContext context = TestContexts.BareServer(version, suite.Name + ":@SECLEVEL=0");
        context.Options &= ~(ulong)TlsOptions.NoSslV3;
        context.LoadCertChain(TestContexts.CertificateFile(rsa: true), null, null);
        var server = new TlsConnection(context, serverSide: true, null);
        var client = new TlsClientProtocol();
        client.Connect(new Client(ProtocolVersion.Get(version >> 8, version & 0xFF), suite.Suite, encryptThenMac));
        while (server.Handshake() != TlsStatus.Complete || !client.IsConnected)
        {
            Exchange(client, server);
        }

        Assert.That((server.Version, server.Cipher!.Name), Is.EqualTo((version switch { 0x0300 => "SSLv3", 0x0301 => "TLSv1", 0x0302 => "TLSv1.1", _ => "TLSv1.2" }, suite.Name)));
        foreach (int length in new[] { 0, 1, 15, 16, 17, 255, 1000, 16384, 40000 })
        {
            byte[] data = new byte[length];
            new Random(length).NextBytes(data);
            client.WriteApplicationData(data, 0, length);
            Assert.That(server.Write(data, out _), Is.EqualTo(TlsStatus.Complete));
            Exchange(client, server);
            Assert.That(ReadAll(server, length), Is.EqualTo(data), "what the client sent");
            byte[] received = new byte[client.GetAvailableInputBytes()];
            client.ReadInput(received, 0, received.Length);
            Assert.That(received, Is.EqualTo(data), "what the server sent");
        }
    }

    private static void Exchange(TlsClientProtocol client, TlsConnection server)
    {
        byte[] toServer = new byte[client.GetAvailableOutputBytes()];
        client.ReadOutput(toServer, 0, toServer.Length);
        server.Input(toServer);
        server.Handshake();
        byte[] toClient = server.Output.ToArray();
        server.OutputSent(toClient.Length);
        client.OfferInput(toClient);
    }

    private static byte[] ReadAll(TlsConnection server, int length)
    {
        byte[] data = new byte[length];
        for (int at = 0; at < length;)
        {
            Assert.That(server.Read(data.AsSpan(at), out int count), Is.EqualTo(TlsStatus.Complete));
            at += count;
        }

        return data;
    }

    private sealed class Client(ProtocolVersion version, int suite, bool encryptThenMac) : AbstractTlsClient(new BcTlsCrypto()), TlsAuthentication
    {
        public override TlsAuthentication GetAuthentication() => this;

        public override IDictionary<int, byte[]> GetClientExtensions()
        {
            IDictionary<int, byte[]> extensions = base.GetClientExtensions();
            if (!encryptThenMac)
            {
                extensions.Remove(ExtensionType.encrypt_then_mac);
            }

            return extensions;
        }

        public void NotifyServerCertificate(TlsServerCertificate serverCertificate)
        {
            // Nobody looks at it.
        }

        public TlsCredentials? GetClientCredentials(CertificateRequest certificateRequest) => null;

        protected override ProtocolVersion[] GetSupportedVersions() => [version];

        protected override int[] GetSupportedCipherSuites() => [suite];
    }
}
