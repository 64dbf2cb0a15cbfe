using System.Buffers.Binary;
using NUnit.Framework;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Ocsp;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using SslModule.Engine.Handshake;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>Extensions that change how a connection works: its records, its master secret, its signatures, its certificate's status.</summary>
public sealed class ExtensionTests
{
    private const int RecordSizeLimit = 28;

    internal static readonly byte[] Response = new OcspResponse(new OcspResponseStatus(OcspResponseStatus.TryLater), null).GetEncoded(Asn1Encodable.Der);

    // -- the server's name ---------------------------------------------------------------------

    /// <summary>A server tells that it took the name (RFC 6066 section 3): where a callback did, and not in a resumption.</summary>
    [Test]
    public void NameIsAnsweredWhereACallbackTookIt([Values(TestContexts.Tls12, TestContexts.Tls13)] int version, [Values] bool callback)
    {
        TlsContext server = WireContexts.Server(version, context => context.ServerNameCallback = callback ? (_, _) => null : null);
        var answers = new List<bool>();
        int carrier = version == TestContexts.Tls13 ? 8 : 2;
        TlsContext client = WireContexts.Client(version);
        client.MessageCallback = (_, message) =>
        {
            if (!message.Written && message.ContentType == 22 && message.MessageType == carrier)
            {
                answers.Add(HasEmptyServerName(message.Bytes[(carrier == 2 ? 4 + 2 + 32 + 1 + message.Bytes[38] + 2 + 1 : 4)..]));
            }
        };
        using MemoryPair first = MemoryPair.Connect(client, server, WireContexts.HostName);
        first.Send([1], fromClient: false);
        using MemoryPair second = MemoryPair.Connect(client, server, WireContexts.HostName, session: first.Client.Session);
        Assert.That(second.Client.SessionReused);
        Assert.That(answers, Is.EqualTo(new[] { callback, false }));
    }

    private static bool HasEmptyServerName(ReadOnlySpan<byte> extensions)
    {
        for (extensions = extensions[2..]; !extensions.IsEmpty; extensions = extensions[(4 + BinaryPrimitives.ReadUInt16BigEndian(extensions[2..]))..])
        {
            if (extensions.StartsWith((ReadOnlySpan<byte>)[0, 0, 0, 0]))
            {
                return true;
            }
        }

        return false;
    }

    // -- the size of records -------------------------------------------------------------------

    [TestCase("512", 512)]
    [TestCase("4096", 4096)]
    public void MaxFragmentLengthOfSClientIsKeptTo(string length, int limit)
    {
        foreach (string version in (string[])["-tls1_2", "-tls1_3"])
        {
            TlsContext server = TestContexts.Server();
            var records = new RecordLengths(server);
            OpenSslPeer.Serve(server, version, "-maxfraglen", length);
            Assert.That(records.Longest, Is.LessThanOrEqualTo(limit + RecordLengths.MostOverhead));
            Assert.That(records.ClientHello.Any(extension => extension.Type == 1), Is.True);
        }
    }

    [Test]
    public void DataIsCutToMaxFragmentLength()
    {
        var state = Limits(TestContexts.Tls12, [(1, [1])], out _);
        Assert.That((state.WriteLimit, state.ReadLimit), Is.EqualTo((512, 512)));
        state = Limits(TestContexts.Tls13, [(1, [4])], out _);
        Assert.That((state.WriteLimit, state.ReadLimit), Is.EqualTo((4096, 4096)));
    }

    [TestCase(TestContexts.Tls12, 64, 64, 16384)]
    [TestCase(TestContexts.Tls12, 20000, 16384, 16384)]
    [TestCase(TestContexts.Tls13, 64, 63, 16385)]
    [TestCase(TestContexts.Tls13, 16385, 16384, 16385)]
    [TestCase(TestContexts.Tls13, 65535, 16384, 16385)]
    public void RecordSizeLimitGoesBeforeMaxFragmentLength(int version, int limit, int written, int own)
    {
        var state = Limits(version, [(1, [1]), (RecordSizeLimit, [(byte)(limit >> 8), (byte)limit])], out byte[] answer);
        Assert.That((state.WriteLimit, state.ReadLimit), Is.EqualTo((written, 16384)));
        Assert.That(answer, Is.EqualTo(new byte[] { 0, RecordSizeLimit, 0, 2, (byte)(own >> 8), (byte)own }));
    }

    [Test]
    public void RecordSizeLimitOfGnuTlsIsKeptTo([Values("1.2", "1.3")] string version, [Values(600, 4000)] int limit)
    {
        TlsContext server = TestContexts.Server();
        var records = new RecordLengths(server);
        string answer = new('x', 20_000);
        OpenSslPeer.ServeGnuTls(server, answer, "--priority", "NORMAL:-VERS-ALL:+VERS-TLS" + version, "--recordsize", limit.ToString(System.Globalization.CultureInfo.InvariantCulture));
        byte[] asked = records.ClientHello.Single(extension => extension.Type == RecordSizeLimit).Data;
        int most = BinaryPrimitives.ReadUInt16BigEndian(asked);
        Assert.That(most, Is.InRange(limit, limit + 1));
        Assert.That(records.Longest, Is.LessThanOrEqualTo(most + RecordLengths.MostOverhead).And.GreaterThan(most), "with the overhead of the protection");
    }

    [TestCase(new byte[] { 0, 63 }, 47)]
    [TestCase(new byte[] { 0 }, 50)]
    [TestCase(new byte[] { 0, 1, 0 }, 50)]
    [TestCase(new byte[0], 50)]
    public void BadRecordSizeLimitsAreRefused(byte[] data, int alert)
    {
        foreach (int version in (int[])[TestContexts.Tls12, TestContexts.Tls13])
        {
            int first = 0;
            using MemoryPair pair = MemoryPair.Shake(TestContexts.Client(version), TestContexts.Server(), "localhost", (fromClient, bytes) =>
                fromClient && first++ == 0 ? HelloEditor.With(bytes, RecordSizeLimit, data) : bytes);
            Assert.That((pair.ServerFailure?.Reason, pair.ServerFailure?.Alert), Is.EqualTo(("BAD_EXTENSION", (byte?)alert)));
        }
    }

    [Test]
    public void ClientMayAskForMaxFragmentLength([Values(TestContexts.Tls12, TestContexts.Tls13)] int version, [Values(512, 1024, 2048, 4096)] int length, [Values] bool openssl)
    {
        TlsContext client = TestContexts.Client(version);
        client.MaxFragmentLength = length;
        var records = new RecordLengths(client);
        if (openssl)
        {
            using OpenSslPeer server = OpenSslPeer.Server("-cert", TestContexts.CertificateFile());
            server.Talk(client, "localhost", line: 8000);
        }
        else
        {
            using MemoryPair pair = MemoryPair.Connect(client, TestContexts.Server(), "localhost");
            Assert.That(pair.Send(new byte[8000], fromClient: false), Has.Length.EqualTo(8000));
            Assert.That(pair.Send(new byte[8000], fromClient: true), Has.Length.EqualTo(8000));
        }

        Assert.That(records.LongestSealed, Is.GreaterThan(length).And.LessThanOrEqualTo(length + RecordLengths.MostOverhead));
        Assert.That(records.LongestRead, Is.GreaterThan(length).And.LessThanOrEqualTo(length + RecordLengths.MostOverhead));
    }

    [Test]
    public void ClientMayAskForRecordSizeLimit([Values(TestContexts.Tls12, TestContexts.Tls13)] int version, [Values(64, 700, 16384)] int limit)
    {
        TlsContext client = TestContexts.Client(version);
        client.RecordSizeLimit = limit;
        var records = new RecordLengths(client);
        using MemoryPair pair = MemoryPair.Connect(client, TestContexts.Server(), "localhost");
        Assert.That(pair.Send(new byte[40000], fromClient: false), Has.Length.EqualTo(40000));
        Assert.That(pair.Send(new byte[40000], fromClient: true), Has.Length.EqualTo(40000));
        Assert.That(records.LongestSealedRead, Is.GreaterThan(limit).And.LessThanOrEqualTo(limit + RecordLengths.MostOverhead));
        Assert.That(records.Longest, Is.GreaterThan(16384), "the server has no need of short ones");
    }

    [Test]
    public void GnuTlsServerKeepsToRecordSizeLimit([Values("1.2", "1.3")] string version, [Values(512, 3000)] int limit)
    {
        TlsContext client = TestContexts.Client();
        client.RecordSizeLimit = limit;
        var records = new RecordLengths(client);
        using OpenSslPeer server = OpenSslPeer.GnuTlsServer("--x509certfile", TestContexts.CertificateFile(), "--x509keyfile", TestContexts.CertificateFile(), "--priority", "NORMAL:-VERS-ALL:+VERS-TLS" + version);
        server.TalkEcho(client, "localhost", line: 8000);
        Assert.That(records.LongestSealedRead, Is.GreaterThan(limit).And.LessThanOrEqualTo(limit + RecordLengths.MostOverhead));
    }

    [Test]
    public void LimitAskedForIsEnforced()
    {
        foreach ((int version, int type, byte[] content, bool good) in new (int, int, byte[], bool)[]
        {
            (TestContexts.Tls13, 23, new byte[99], true),
            (TestContexts.Tls13, 23, new byte[100], false),
            (TestContexts.Tls13, 0, [1, 23, .. new byte[97]], true),
            (TestContexts.Tls13, 0, [1, 23, .. new byte[98]], false),
            (TestContexts.Tls12, 23, new byte[100], true),
            (TestContexts.Tls12, 23, new byte[101], false),
        })
        {
            var intruder = new Intruder(version, victimIsServer: false, client: context => context.RecordSizeLimit = 100);
            intruder.Record(type, content);
            TlsError? error = intruder.Read();
            Assert.That(error?.Alert, Is.EqualTo(good ? null : (byte?)22), $"{version:x} {type} {content.Length}");
            Assert.That(intruder.Data > 0, Is.EqualTo(good));
        }
    }

    [Test]
    public void LimitsMustBeOnesThatExist()
    {
        TlsContext client = TestContexts.Client();
        foreach (int length in (int[])[0, 511, 8192, 16384, -1])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => client.MaxFragmentLength = length);
        }

        foreach (int limit in (int[])[0, 63, 16385, -1])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => client.RecordSizeLimit = limit);
        }

        Assert.That((client.MaxFragmentLength, client.RecordSizeLimit), Is.EqualTo(((int?)null, (int?)null)));
    }

    [Test]
    public void SessionKeepsItsMaxFragmentLength()
    {
        TlsContext client = TestContexts.Client(TestContexts.Tls12);
        client.MaxFragmentLength = 512;
        TlsContext server = TestContexts.Server();
        var session = MemoryPair.Connect(client, server, "localhost").Client.Session!;
        using (MemoryPair resumed = MemoryPair.Connect(client, server, "localhost", session: session))
        {
            Assert.That(resumed.Client.SessionReused, Is.True);
            var records = new RecordLengths(client);
            resumed.Send(new byte[2000], fromClient: false);
            Assert.That(records.LongestRead, Is.LessThanOrEqualTo(512 + RecordLengths.MostOverhead));
        }

        client.MaxFragmentLength = 1024;
        using MemoryPair other = MemoryPair.Connect(client, server, "localhost", session: session);
        Assert.That(other.Client.SessionReused, Is.False);
    }

    // -- extended master secret, encrypt-then-MAC ----------------------------------------------

    [Test]
    public void ExtendedMasterSecretWhereBothWantIt([Values] bool client, [Values] bool server)
    {
        using MemoryPair pair = MemoryPair.Connect(
            Without(TestContexts.Client(TestContexts.Tls12), client ? 0 : TlsOptions.NoExtendedMasterSecret),
            Without(TestContexts.Server(), server ? 0 : TlsOptions.NoExtendedMasterSecret),
            "localhost");
        bool both = client && server;
        Assert.That((pair.Client.UsesExtendedMasterSecret, pair.Server.UsesExtendedMasterSecret), Is.EqualTo((both, both)));
        Assert.That(pair.Client.ExportKeyingMaterial("EXPERIMENTAL", null, 8) is not null, Is.EqualTo(both), "RFC 7627 section 5.4");
        Assert.That(pair.Client.GetChannelBinding("tls-exporter") is not null, Is.EqualTo(both));
    }

    [Test]
    public void ExtendedMasterSecretWithOpenSsl([Values] bool wanted)
    {
        (TlsConnection connection, string printed) = OpenSslPeer.Serve(
            Without(TestContexts.Server(), wanted ? 0 : TlsOptions.NoExtendedMasterSecret), "-tls1_2");
        Assert.That(connection.UsesExtendedMasterSecret, Is.EqualTo(wanted));
        Assert.That(printed, Does.Contain("Extended master secret: " + (wanted ? "yes" : "no")));
    }

    [Test]
    public void EncryptThenMacWhereBothWantItAndTheSuiteHasAMac(
        [Values] bool client, [Values] bool server, [Values("ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256")] string suite)
    {
        using MemoryPair pair = MemoryPair.Connect(
            Without(TestContexts.Client(TestContexts.Tls12, suite), client ? 0 : TlsOptions.NoEncryptThenMac),
            Without(TestContexts.Server(ciphers: suite), server ? 0 : TlsOptions.NoEncryptThenMac),
            "localhost");
        bool expected = client && server && !suite.Contains("GCM", StringComparison.Ordinal);
        Assert.That((pair.Client.UsesEncryptThenMac, pair.Server.UsesEncryptThenMac), Is.EqualTo((expected, expected)));
        byte[] data = new byte[5000];
        Assert.That(pair.Send(data, fromClient: true), Is.EqualTo(data));
        Assert.That(pair.Send(data, fromClient: false), Is.EqualTo(data));
    }

    [Test]
    public void EncryptThenMacWithOpenSsl([Values] bool wanted)
    {
        const string Suite = "ECDHE-ECDSA-AES128-SHA256";
        TlsContext server = Without(TestContexts.Server(ciphers: Suite), wanted ? 0 : TlsOptions.NoEncryptThenMac);
        (TlsConnection connection, string printed) = OpenSslPeer.Serve(server, "-tls1_2", "-tlsextdebug");
        Assert.That(connection.UsesEncryptThenMac, Is.EqualTo(wanted));
        Assert.That(printed.Contains("encrypt-then-mac", StringComparison.Ordinal), Is.EqualTo(wanted));
        using OpenSslPeer peer = OpenSslPeer.Server("-cert", TestContexts.CertificateFile(), "-cipher", Suite, "-tls1_2");
        Assert.That(peer.Talk(Without(TestContexts.Client(TestContexts.Tls12, Suite), wanted ? 0 : TlsOptions.NoEncryptThenMac), "localhost").UsesEncryptThenMac, Is.EqualTo(wanted));
    }

    // -- signature algorithms ------------------------------------------------------------------

    [TestCase("ecdsa_secp256r1_sha256", "ecdsa_secp256r1_sha256", true)]
    [TestCase("ECDSA+SHA256", "ecdsa_secp384r1_sha384:ECDSA+SHA256", true)]
    [TestCase("ecdsa_secp384r1_sha384", "DEFAULT", false)]
    [TestCase("rsa_pss_rsae_sha256", "DEFAULT", false)]
    [TestCase("DEFAULT", "ed25519:rsa_pss_rsae_sha512", false)]
    public void ServersSignatureIsAsBothWant(string client, string server, bool works)
    {
        foreach (int version in (int[])[TestContexts.Tls12, TestContexts.Tls13])
        {
            TlsContext one = TestContexts.Client(version);
            TlsContext other = TestContexts.Server();
            if (client != "DEFAULT")
            {
                one.SetServerSignatureAlgorithms(client);
            }

            if (server != "DEFAULT")
            {
                other.SetServerSignatureAlgorithms(server);
            }

            // Before TLS 1.3 an ECDSA key signs with any hash.
            bool expected = works || (client, version) == ("ecdsa_secp384r1_sha384", TestContexts.Tls12);
            using MemoryPair pair = MemoryPair.Shake(one, other, "localhost");
            Assert.That(pair.Client.IsHandshakeComplete, Is.EqualTo(expected), $"{version:x}");
            Assert.That(pair.ServerFailure?.Alert, Is.EqualTo(expected ? null : (byte?)40));
        }
    }

    [TestCase("ecdsa_secp256r1_sha256", true)]
    [TestCase("rsa_pss_rsae_sha256:ed25519", false)]
    public void ClientsSignatureIsAsTheServerWants(string list, bool works)
    {
        foreach (int version in (int[])[TestContexts.Tls12, TestContexts.Tls13])
        {
            TlsContext client = TestContexts.Client(version);
            client.LoadCertChain(TestContexts.CertificateFile(), null, null);
            TlsContext server = TestContexts.Server();
            server.SetClientSignatureAlgorithms(list);
            server.VerifyMode = VerifyMode.Required;
            server.LoadVerifyPem(File.ReadAllText(TestContexts.CertificateFile()));
            server.VerifyFlags |= 0x80000;
            using MemoryPair pair = MemoryPair.Shake(client, server, "localhost");
            string? reason = pair.ServerFailure?.Reason;
            Assert.That(reason == "PEER_DID_NOT_RETURN_A_CERTIFICATE", Is.EqualTo(!works), $"{version:x} {reason}");
        }
    }

    [TestCase("")]
    [TestCase("nonsense")]
    [TestCase("ed25519:")]
    [TestCase("RSA+MD4")]
    [TestCase("?nonsense")]
    public void BadSignatureListsAreRefused(string list)
    {
        Assert.Throws<TlsError>(() => TestContexts.Client().SetServerSignatureAlgorithms(list));
        Assert.Throws<TlsError>(() => TestContexts.Client().SetClientSignatureAlgorithms(list));
    }

    [Test]
    public void SignatureListsAreReadAsOpenSslDoes()
    {
        TlsContext context = TestContexts.Client();
        context.SetServerSignatureAlgorithms("RSA+SHA256:PSS+SHA384:RSA-PSS+SHA512:?nonsense:Ed25519:ECDSA+SHA1");
        Assert.That(context.ServerSignatures, Is.EqualTo(new[] { 0x0401, 0x0805, 0x0806, 0x0807, 0x0203 }));
    }

    // -- stapled OCSP responses ----------------------------------------------------------------

    [Test]
    public void StapleArrives([Values(TestContexts.Tls12, TestContexts.Tls13)] int version, [Values] bool asked, [Values] bool supplied)
    {
        TlsContext client = TestContexts.Client(version);
        client.RequestOcspResponse = asked;
        TlsContext server = TestContexts.Server();
        server.OcspResponse = supplied ? Response : null;
        using MemoryPair pair = MemoryPair.Connect(client, server, "localhost");
        Assert.That(pair.Client.OcspResponse, Is.EqualTo(asked && supplied ? Response : null));
    }

    [Test]
    public void StapleReachesSClient([Values("-tls1_2", "-tls1_3")] string version)
    {
        TlsContext server = TestContexts.Server();
        server.OcspResponse = Response;
        (_, string printed) = OpenSslPeer.Serve(server, version, "-status");
        Assert.That(printed, Does.Contain("OCSP Response Status: trylater (0x3)"));
        (_, printed) = OpenSslPeer.Serve(TestContexts.Server(), version, "-status");
        Assert.That(printed, Does.Contain("OCSP response: no response sent"));
    }

    [Test]
    public void StapleOfSServerIsReadable([Values("-tls1_2", "-tls1_3")] string version)
    {
        string file = Path.Combine(Path.GetDirectoryName(TestContexts.CertificateFile())!, "response.der");
        File.WriteAllBytes(file, Response);
        using OpenSslPeer server = OpenSslPeer.Server("-cert", TestContexts.CertificateFile(), version, "-status", "-status_file", file);
        TlsContext client = TestContexts.Client();
        client.RequestOcspResponse = true;
        Assert.That(server.Talk(client, "localhost").OcspResponse, Is.EqualTo(Response));
    }

    [Test]
    public void BadResponsesAreRefused()
    {
        TlsContext server = TestContexts.Server();
        foreach (byte[] bytes in (byte[][])[[], [0x30], [0x30, 0], [4, 1, 1], [.. Response, 0], [0x30, 0x80, .. Response, 0, 0]])
        {
            Assert.Throws<TlsError>(() => server.OcspResponse = bytes, Convert.ToHexString(bytes));
        }

        Assert.That(server.OcspResponse, Is.Null);
    }

    // -- ALPN ----------------------------------------------------------------------------------

    [Test]
    public void AlpnWithoutOverlapGoesOnWithout([Values(TestContexts.Tls12, TestContexts.Tls13)] int version)
    {
        TlsContext client = TestContexts.Client(version);
        client.SetAlpnProtocols([2, .. "h2"u8]);
        TlsContext server = TestContexts.Server();
        server.SetAlpnProtocols([3, .. "foo"u8]);
        using MemoryPair pair = MemoryPair.Connect(client, server, "localhost");
        Assert.That((pair.Client.SelectedAlpn, pair.Server.SelectedAlpn), Is.EqualTo(((byte[]?)null, (byte[]?)null)));
    }

    private static TlsContext Without(TlsContext context, TlsOptions options)
    {
        context.Options |= (ulong)options;
        return context;
    }

    private static HandshakeState Limits(int version, (int Type, byte[] Data)[] offered, out byte[] answer)
    {
        TlsContext context = TestContexts.Server();
        var state = new HandshakeState(context, isServer: true, null) { Connection = new TlsConnection(context, serverSide: true, null), Version = version };
        var extensions = offered.ToDictionary(extension => (Engine.Wire.ExtensionType)extension.Type, extension => (ReadOnlyMemory<byte>)extension.Data);
        var written = new Engine.Wire.ByteBuffer();
        int code = RecordLimits.ApplyClientExtensions(state, extensions, RecordLimits.Requested(state, extensions));
        RecordLimits.Write(state, new Engine.Wire.WireWriter(written), extensions, code);
        answer = written.Span.ToArray();
        return state;
    }

    /// <summary>Looks at the records that a server writes, and at the ClientHello.</summary>
    private sealed class RecordLengths
    {
        /// <summary>The most that this file's suites add to the plaintext: explicit nonce and tag.</summary>
        public const int MostOverhead = 24;

        public RecordLengths(TlsContext server) => server.MessageCallback = (_, message) =>
        {
            if (message is { Written: true, ContentType: 256 })
            {
                Longest = Math.Max(Longest, BinaryPrimitives.ReadUInt16BigEndian(message.Bytes[3..]));
                LongestSealed = message.MessageType == 23 ? Math.Max(LongestSealed, BinaryPrimitives.ReadUInt16BigEndian(message.Bytes[3..])) : LongestSealed;
            }

            if (message is { Written: false, ContentType: 256 })
            {
                int length = BinaryPrimitives.ReadUInt16BigEndian(message.Bytes[3..]);
                LongestRead = Math.Max(LongestRead, length);
                LongestSealedRead = message.MessageType == 23 ? Math.Max(LongestSealedRead, length) : LongestSealedRead;
            }

            if (message is { Written: false, ContentType: 22, MessageType: 1 })
            {
                ClientHello = HelloEditor.Extensions([22, 3, 1, 0, 0, .. message.Bytes]);
            }
        };

        public int Longest { get; private set; }

        public int LongestSealed { get; private set; }

        public int LongestRead { get; private set; }

        public int LongestSealedRead { get; private set; }

        public IReadOnlyList<(int Type, byte[] Data)> ClientHello { get; private set; } = [];
    }
}
