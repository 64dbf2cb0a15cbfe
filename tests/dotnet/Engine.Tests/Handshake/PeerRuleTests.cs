using System.Security.Cryptography.X509Certificates;
using NUnit.Framework;
using Org.BouncyCastle.Tls;
using SslModule.Engine.Certificates;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;
using SslModule.Engine.Handshake.Tls12;
using SslModule.Engine.Tests.Certificates;
using SslModule.Engine.Tests.Sessions;
using static SslModule.Engine.Tests.Handshake.Intruder;
using TlsContext = SslModule.Engine.Context.TlsContext;
using TlsSession = SslModule.Engine.Sessions.TlsSession;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>Rules for one end that the other can hold it to.</summary>
[TestFixture]
internal sealed class PeerRuleTests
{
    private const int V12 = 0x0303;
    private const int V13 = 0x0304;

    /// <summary>A server that trusts nobody yet has no names of authorities to send, and an empty list of them is none (RFC 8446 section 4.2.4).</summary>
    [Test]
    public void CertificateIsAskedForWithoutAuthorities([Values(V12, V13)] int version)
    {
        TlsContext server = TestContexts.Server(version);
        server.VerifyMode = VerifyMode.Optional;
        using MemoryPair pair = MemoryPair.Connect(TestContexts.Client(version), server, "localhost");
        Assert.That(pair.Server.PeerCertificate, Is.Null);
    }

    [Test]
    public void NothingFollowsCloseNotify([Values(V12, V13)] int version, [Values] bool server)
    {
        var intruder = new Intruder(version, server);
        intruder.Victim.Shutdown();
        intruder.Record(ContentType.handshake, Message(HandshakeType.server_hello, 1, 2, 3));
        Assert.That(intruder.Read()?.Alert, Is.Not.Null);
        Assert.That(intruder.Alerts(), Is.EqualTo(new[] { (1, 0) }));
    }

    /// <summary>A client's first encrypted record follows a ChangeCipherSpec (RFC 8446 appendix D.4), also where it is an alert.</summary>
    [Test]
    public void AlertOfAClientFollowsChangeCipherSpec()
    {
        var records = new List<byte>();
        using MemoryPair pair = MemoryPair.Shake(WireContexts.Client(V13), WireContexts.Server(V13), "another.name", (fromClient, bytes) =>
        {
            for (int at = 0; fromClient && at < bytes.Length; at += 5 + ((bytes[at + 3] << 8) | bytes[at + 4]))
            {
                records.Add(bytes[at]);
            }

            return bytes;
        });
        Assert.That(pair.ClientFailure?.Alert, Is.EqualTo((byte?)AlertDescription.bad_certificate));
        Assert.That(records, Is.EqualTo(new byte[] { 22, 20, 23 }));
    }

    /// <summary>What comes too short to hold a tag, or is no whole number of blocks, is as wrong as any other record.</summary>
    [Test]
    public void LengthThatNothingEncryptsToIsABadRecord([Values(16, 31, 32, 47, 48)] int length)
    {
        var intruder = new Intruder(V12, victimIsServer: true, Cbc, Cbc);
        intruder.Raw(Plain(ContentType.application_data, new byte[length]));
        Assert.That(intruder.Read()?.Alert, Is.EqualTo((byte?)AlertDescription.bad_record_mac));
    }

    /// <summary>An ECDSA suite needs a key that may sign, also for a client that verifies nothing; and a server has no use for another.</summary>
    [TestCase(V12, X509KeyUsageFlags.KeyAgreement, "BAD_ECC_CERT", "NO_SHARED_CIPHER")]
    [TestCase(V12, X509KeyUsageFlags.DigitalSignature, null, null)]
    [TestCase(V13, X509KeyUsageFlags.KeyAgreement, null, null)]
    public void KeyThatMayNotSignIsRefused(int version, X509KeyUsageFlags usage, string? ofClient, string? ofServer)
    {
        string file = Path.GetTempFileName();
        try
        {
            Authority leaf = Authority.Root().Issue("CN=server", Shape.Server("localhost") with { Usage = usage });
            File.WriteAllText(file, leaf.Pem + leaf.KeyPem);
            ScriptedPeer peer = new ScriptedPeer(
                version,
                victimIsServer: false,
                (wire, type, content) => wire.Send(type, content),
                server => server.LoadCertChain(file, null, null),
                client => (client.CheckHostname, client.VerifyMode) = (false, VerifyMode.None)).Run();
            Assert.That((peer.Failure?.Reason, peer.Failure?.Alert), Is.EqualTo((ofClient, ofClient is null ? null : (byte?)AlertDescription.handshake_failure)));

            TlsContext server = TestContexts.BareServer(version);
            server.LoadCertChain(file, null, null);
            using MemoryPair pair = MemoryPair.Shake(TestContexts.Careless(version), server, "localhost");
            Assert.That((pair.ServerFailure?.Reason, pair.ServerFailure?.Alert), Is.EqualTo((ofServer, ofServer is null ? null : (byte?)AlertDescription.handshake_failure)));
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>RFC 5246 section 7.4.1.2: a hello that names a session offers its suite.</summary>
    [TestCase(Way.Ticket12)]
    [TestCase(Way.Id12)]
    public void SessionWithoutItsSuiteIsRefused(Way way)
    {
        var both = new Resumption(way);
        TlsSession session = both.First();
        byte[] suite = [(byte)(session.State.Suite >> 8), (byte)session.State.Suite];
        using MemoryPair pair = MemoryPair.Shake(both.Client, both.Server, "localhost", session: session, wire: (fromClient, bytes) =>
        {
            int at = fromClient && bytes[5] == HandshakeType.client_hello ? bytes.AsSpan(76).IndexOf(suite) : -1;
            return at < 0 ? bytes : [.. bytes[..(76 + at)], 0x0A, 0x0A, .. bytes[(78 + at)..]];
        });
        Assert.That((pair.ServerFailure?.Reason, pair.ServerFailure?.Alert), Is.EqualTo(("REQUIRED_CIPHER_MISSING", (byte?)AlertDescription.illegal_parameter)));
    }

    /// <summary>A client that names no groups is older than curves: it gets a suite without, if there is one.</summary>
    [TestCase("ECDHE+AES:AES128-GCM-SHA256", 0x009C)]
    [TestCase("ECDHE+AES", null)]
    public void ClientWithoutGroupsGetsNoCurve(string ciphers, int? suite)
    {
        using var client = new TlsConnection(TestContexts.Careless(V12, ciphers), serverSide: false, null);
        client.Handshake();
        using var server = new TlsConnection(TestContexts.Server(V12, ciphers, rsa: true), serverSide: true, null);
        server.Input(HelloEditor.Changed(client.Output.ToArray(), ExtensionType.supported_groups, _ => null));
        if (suite is null)
        {
            Assert.That(() => server.Handshake(), Throws.TypeOf<SslModule.Engine.Errors.TlsError>().With.Property("Reason").EqualTo("NO_SHARED_CIPHER"));
            return;
        }

        server.Handshake();
        ReadOnlySpan<byte> hello = server.Output[(5 + 4 + 2 + 32)..];
        Assert.That((hello[1 + hello[0]] << 8) | hello[2 + hello[0]], Is.EqualTo(suite));
    }

    /// <summary>RFC 5246 section 7.4.1.4.1: a client that names no signature schemes takes SHA-1, which not every server makes.</summary>
    [TestCase("ALL:@SECLEVEL=0", true)]
    [TestCase("ALL:@SECLEVEL=1", false)]
    public void ClientWithoutSchemesGetsSha1(string ciphers, bool served)
    {
        TlsContext context = WireContexts.Client(V12, settings => settings.SetCiphers(ciphers));
        using var client = new TlsConnection(context, serverSide: false, WireContexts.HostName);
        client.Handshake();
        using var server = new TlsConnection(WireContexts.Server(V12, settings => settings.SetCiphers(ciphers)), serverSide: true, null);
        server.Input(HelloEditor.Changed(client.Output.ToArray(), ExtensionType.signature_algorithms, _ => null));
        if (!served)
        {
            Assert.That(() => server.Handshake(), Throws.TypeOf<SslModule.Engine.Errors.TlsError>().With.Property("Reason").EqualTo("NO_SHARED_CIPHER"));
            return;
        }

        server.Handshake();
        ReadOnlySpan<byte> output = server.Output;
        while (output[0] == ContentType.handshake && output[5] != HandshakeType.server_key_exchange)
        {
            output = output[(5 + ((output[3] << 8) | output[4]))..];
        }

        int schemeAt = 9 + 4 + output[12];
        Assert.That(output[schemeAt..(schemeAt + 2)].ToArray(), Is.EqualTo(new byte[] { 2, 3 }));
    }

    /// <summary>RFC 5246 section 7.4.4: the key is of a type that the server asked for, where there is one.</summary>
    [TestCase((byte)ClientCertificateType.rsa_sign, KeyKind.Rsa)]
    [TestCase((byte)ClientCertificateType.ecdsa_sign, KeyKind.Ec)]
    [TestCase((byte)ClientCertificateType.dss_sign, null)]
    public void KeyOfTheTypeThatIsAskedForGoesFirst(byte type, KeyKind? kind)
    {
        TlsContext context = TestContexts.Server();
        context.LoadCertChain(TestContexts.CertificateFile(rsa: true), null, null);
        var request = new CertificateRequest12([type], null);
        Assert.That(context.CertifiedKeys.Where(key => request.AsksFor(key.Key.Kind)).Select(key => key.Key.Kind), Is.EqualTo(kind is { } one ? new[] { one } : []));
    }

    private static void Cbc(TlsContext context)
    {
        context.SetCiphers("ECDHE-ECDSA-AES128-SHA");
        context.Options |= (ulong)TlsOptions.NoEncryptThenMac;
    }
}
