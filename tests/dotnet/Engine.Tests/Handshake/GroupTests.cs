using System.Buffers.Binary;
using NUnit.Framework;
using SslModule.Engine.Certificates;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using SslModule.Engine.Handshake;
using SslModule.Engine.Handshake.Tls12;
using SslModule.Engine.Oids;
using SslModule.Engine.Tests.Certificates;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>Key-exchange groups: what is offered, what is chosen, and lists of them.</summary>
public sealed class GroupTests
{
    private const int SupportedGroups = 10;
    private const int KeyShare = 51;
    private const byte HandshakeRecord = 22;

    [Test]
    public void DefaultsAreThoseOfOpenSsl36()
    {
        (int[] groups, int[] shares) = Offered(TestContexts.Client());
        Assert.That(groups, Is.EqualTo(new[] { 0x11EC, 0x001D, 0x0017, 0x001E, 0x0018, 0x0019, 0x0100, 0x0101 }));
        Assert.That(shares, Is.EqualTo(new[] { 0x11EC, 0x001D }));
    }

    [Test]
    public void SecurityLevelAndVersionDecideWhatIsOffered()
    {
        TlsContext strict = TestContexts.Client(ciphers: "ECDHE+AESGCM:@SECLEVEL=5");
        (int[] groups, int[] shares) = Offered(strict);
        Assert.That(groups, Is.EqualTo(new[] { 0x0019 }));
        Assert.That(shares, Is.EqualTo(new[] { 0x0019 }));
        (groups, shares) = Offered(TestContexts.Client(TestContexts.Tls12));
        Assert.That(groups[0], Is.EqualTo(0x001D), "a hybrid is of no use before TLS 1.3");
        Assert.That(shares, Is.Empty);
    }

    [Test]
    public void HybridIsChosen()
    {
        using MemoryPair pair = MemoryPair.Connect(TestContexts.Client(), TestContexts.Server(), "localhost");
        Assert.That((pair.Client.Group, pair.Server.Group), Is.EqualTo(("X25519MLKEM768", "X25519MLKEM768")));
        Assert.That(pair.Send([1, 2, 3], fromClient: true), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    /// <summary>RFC 8734 section 3: its code points are for TLS 1.3 alone.</summary>
    [Test]
    public void GroupOfTls13IsNotChosenInTls12()
    {
        TlsContext client = TestContexts.Client(), server = TestContexts.Server(TestContexts.Tls12, rsa: true);
        client.SetGroups("brainpoolP256r1tls13:P-384");
        server.SetGroups("brainpoolP256r1tls13:P-384");
        using MemoryPair pair = MemoryPair.Connect(client, server, "localhost");
        Assert.That((pair.Client.Group, pair.Server.Group), Is.EqualTo(("secp384r1", "secp384r1")));
    }

    [TestCase("SecP256r1MLKEM768", "SecP256r1MLKEM768", false)]
    [TestCase("X25519MLKEM768", "X25519MLKEM768", false)]
    [TestCase("SecP384r1MLKEM1024", "SecP384r1MLKEM1024", false)]
    [TestCase("MLKEM512", "MLKEM512", false)]
    [TestCase("MLKEM768", "mlkem768", false)]
    [TestCase("MLKEM1024", "MLKEM1024", false)]
    [TestCase("MLKEM1024", "*ffdhe8192:MLKEM1024", true)]
    [TestCase("x25519", "X25519:P-256", false)]
    [TestCase("secp384r1", "P-384", false)]
    [TestCase("x448", "x448", false)]
    [TestCase("ffdhe2048", "ffdhe2048", false)]
    [TestCase("brainpoolP256r1tls13", "brainpoolP256r1tls13", false)]
    [TestCase("x25519", "*X25519:SecP256r1MLKEM768", false)]
    [TestCase("X25519MLKEM768", "X25519/X25519MLKEM768", true)]
    [TestCase("secp256r1", "*P-256:x25519", false)]
    [TestCase("x25519", "*P-384:x25519", true)]
    [TestCase("secp384r1", "*P-384:x448", false)]
    public void ClientsListDecides(string group, string list, bool retried)
    {
        TlsContext client = TestContexts.Client(TestContexts.Tls13);
        client.SetGroups(list);
        TlsContext server = TestContexts.Server();
        server.SetGroups("DEFAULT/SecP256r1MLKEM768:SecP384r1MLKEM1024:brainpoolP256r1tls13:MLKEM512:MLKEM768:MLKEM1024");
        int flights = 0;
        using MemoryPair pair = MemoryPair.Connect(client, server, "localhost", (fromClient, bytes) =>
        {
            flights += !fromClient && bytes[0] == HandshakeRecord ? 1 : 0;
            return bytes;
        });
        Assert.That((pair.Client.Group, pair.Server.Group), Is.EqualTo((group, group)));
        Assert.That(flights, Is.EqualTo(retried ? 2 : 1));
    }

    [Test]
    public void KeyShareAtHandSavesTheRetry()
    {
        // P-384 is the client's favourite, but only X25519 comes with a share.
        TlsContext client = TestContexts.Client(TestContexts.Tls13);
        client.SetGroups("P-384:*X25519");
        int flights = 0;
        using MemoryPair pair = MemoryPair.Connect(client, TestContexts.Server(), "localhost", (fromClient, bytes) =>
        {
            flights += !fromClient && bytes[0] == HandshakeRecord ? 1 : 0;
            return bytes;
        });
        Assert.That((pair.Client.Group, flights), Is.EqualTo(("x25519", 1)));
    }

    [Test]
    public void NoCommonGroupIsRefused([Values(TestContexts.Tls12, TestContexts.Tls13)] int version)
    {
        TlsContext client = TestContexts.Client(version, "ECDHE+AESGCM");
        client.SetGroups("x448");
        TlsContext server = TestContexts.Server();
        server.SetGroups("P-256");
        using MemoryPair pair = MemoryPair.Shake(client, server, "localhost");
        Assert.That(pair.ServerFailure?.Alert, Is.EqualTo((byte)40));
        Assert.That(pair.ClientFailure?.Reason, Is.EqualTo("SSLV3_ALERT_HANDSHAKE_FAILURE"));
    }

    [Test]
    public void ServersCurveIsKeptToInTls12([Values("P-384", "P-256", "x25519")] string curve)
    {
        TlsContext server = TestContexts.Server(TestContexts.Tls12, "ECDHE+AESGCM");
        server.SetGroups(curve);
        int seen = 0;
        using MemoryPair pair = MemoryPair.Connect(TestContexts.Client(), server, "localhost", (fromClient, bytes) =>
        {
            seen = fromClient || seen != 0 ? seen : NamedCurve(bytes);
            return bytes;
        });
        Assert.That(seen, Is.EqualTo(curve switch { "P-384" => 0x18, "P-256" => 0x17, _ => 0x1D }));
    }

    [TestCase("P-256:nonsense")]
    [TestCase("P-256:-nonsense")]
    [TestCase("P-256:")]
    [TestCase("/P-256")]
    [TestCase("P-256::P-384")]
    [TestCase("P-256//P-384")]
    [TestCase("**P-256")]
    [TestCase("??nonsense")]
    [TestCase("?DEFAULT")]
    [TestCase("-DEFAULT")]
    [TestCase("*P-256:*P-384:*P-521:*x25519:*x448")]
    public void BadListsAreRefused(string list)
    {
        TlsContext context = TestContexts.Client();
        context.SetGroups("P-521");
        var error = Assert.Throws<TlsError>(() => context.SetGroups(list))!;
        Assert.That(error.Message, Is.EqualTo("unrecognized group"));
        Assert.That(Offered(context).Groups, Is.EqualTo(new[] { 0x0019 }), "the list before stays");
    }

    [Test]
    public void ListsCanPassOverAndTakeOut()
    {
        TlsContext context = TestContexts.Client();
        context.SetGroups("?nonsense:P-384:*p-521:P-384/-P-384:?X25519");
        Assert.That(Offered(context), Is.EqualTo((new[] { 0x0019, 0x001D }, new[] { 0x0019 })));
    }

    [TestCase("?P-384:P-384:*p-384/x448", new[] { 0x0018, 0x001E }, new[] { 0x0018 })]
    [TestCase("P-521:DEFAULT_SUITE_B", new[] { 0x0019, 0x0017, 0x0018 }, new[] { 0x0019 })]
    [TestCase("DEFAULT:-X25519MLKEM768:-ffdhe2048:-FFDHE3072", new[] { 0x001D, 0x0017, 0x001E, 0x0018, 0x0019 }, new[] { 0x001D })]
    [TestCase("brainpoolP256r1:x448:x25519", new[] { 0x001A, 0x001E, 0x001D }, new[] { 0x001E })]
    [TestCase("*brainpoolP256r1:*x25519:x448", new[] { 0x001A, 0x001D, 0x001E }, new[] { 0x001D })]
    public void ListsAreReadAsOpenSslReadsThem(string list, int[] groups, int[] shares)
    {
        TlsContext context = TestContexts.Client();
        context.SetGroups(list);
        Assert.That(Offered(context), Is.EqualTo((groups, shares)));
    }

    [Test]
    public void HandshakeWithoutAnyGroupFailsUnlessItsSuiteNeedsNone([Values("", "?nonsense", "-x25519", "X25519:-x25519")] string list)
    {
        TlsContext client = TestContexts.Client(), server = TestContexts.Server(ciphers: "kRSA+AESGCM:@SECLEVEL=1", rsa: true);
        client.SetGroups(list);
        using (MemoryPair pair = MemoryPair.Shake(client, server, "localhost"))
        {
            Assert.That(pair.ClientFailure?.Reason, Is.EqualTo("NO_SUITABLE_GROUPS"));
        }

        client = TestContexts.Client(TestContexts.Tls12, "kRSA+AESGCM:@SECLEVEL=1");
        client.SetGroups(list);
        using MemoryPair second = MemoryPair.Connect(client, server, "localhost");
        Assert.That(second.Client.Group, Is.Null);
    }

    /// <summary>The server's tuples decide before key shares do, and key shares before the order within a tuple.</summary>
    [TestCase("*secp384r1:x25519", "P-256 / P-384 / X25519", "secp384r1", 1)]
    [TestCase("*secp384r1:x25519:P-256", "X25519:P-256/P-384", "x25519", 2)]
    [TestCase("*secp384r1:P-256:x25519", "X25519:P-256/P-384", "x25519", 2)]
    [TestCase("*x448:x25519", "x25519 / -x25519:x448", "x448", 1)]
    [TestCase("*ffdhe4096:ffdhe2048", "DEFAULT:ffdhe4096", "ffdhe4096", 1)]
    [TestCase("*ffdhe4096:ffdhe2048", "DEFAULT/ffdhe4096", "ffdhe2048", 2)]
    [TestCase("ffdhe4096:*X25519MLKEM768", "ffdhe4096:DEFAULT", "X25519MLKEM768", 1)]
    [TestCase("ffdhe4096:*X25519MLKEM768", "ffdhe4096/DEFAULT", "ffdhe4096", 2)]
    [TestCase("*x25519:X25519MLKEM768", "DEFAULT:-X25519MLKEM768:X25519MLKEM768", "x25519", 1)]
    public void EarlierTupleIsWorthARetry(string offered, string list, string group, int hellos)
    {
        TlsContext client = TestContexts.Client(TestContexts.Tls13), server = TestContexts.Server();
        client.SetGroups(offered);
        server.SetGroups(list);
        using MemoryPair pair = MemoryPair.Connect(client, server, "localhost", Keep(out List<byte[]> sent));
        Assert.That((pair.Client.Group, sent.Sum(ClientHellos)), Is.EqualTo((group, hellos)));
    }

    [Test]
    public void NamesInForceFollowTheVersions()
    {
        Assert.That(TestContexts.Client().GroupNamesInForce(withAliases: false), Does.Contain("X25519MLKEM768").And.Contain("brainpoolP256r1").And.Not.Contain("P-256"));
        Assert.That(TestContexts.Client(TestContexts.Tls12).GroupNamesInForce(withAliases: true), Does.Contain("P-256").And.Not.Contain("X25519MLKEM768"));
        Assert.That(TestContexts.Client(TestContexts.Tls13).GroupNamesInForce(withAliases: false), Does.Not.Contain("brainpoolP256r1").And.Contain("brainpoolP256r1tls13"));
    }

    private static (int[] Groups, int[] Shares) Offered(TlsContext client)
    {
        using MemoryPair pair = MemoryPair.Shake(client, TestContexts.Server(), "localhost", Keep(out List<byte[]> hellos));
        IReadOnlyList<(int Type, byte[] Data)> extensions = HelloEditor.Extensions(hellos[0]);
        byte[] groups = extensions.Single(extension => extension.Type == SupportedGroups).Data;
        byte[] shares = extensions.SingleOrDefault(extension => extension.Type == KeyShare).Data ?? [0, 0];
        var named = new List<int>();
        for (int at = 2; at < shares.Length; at += 4 + BinaryPrimitives.ReadUInt16BigEndian(shares.AsSpan(at + 2)))
        {
            named.Add(BinaryPrimitives.ReadUInt16BigEndian(shares.AsSpan(at)));
        }

        return ([.. groups.Skip(2).Chunk(2).Select(pair => (pair[0] << 8) | pair[1])], [.. named]);
    }

    /// <summary>How many ClientHellos are among the records; encrypted ones are of another type.</summary>
    private static int ClientHellos(byte[] records)
    {
        int count = 0;
        for (int at = 0; at < records.Length; at += 5 + BinaryPrimitives.ReadUInt16BigEndian(records.AsSpan(at + 3)))
        {
            count += records[at] == HandshakeRecord && records[at + 5] == 1 ? 1 : 0;
        }

        return count;
    }

    private static Func<bool, byte[], byte[]> Keep(out List<byte[]> hellos)
    {
        var kept = new List<byte[]>();
        hellos = kept;
        return (fromClient, bytes) =>
        {
            if (fromClient)
            {
                kept.Add(bytes);
            }

            return bytes;
        };
    }

    /// <summary>The curve of the ServerKeyExchange in a server's first flight.</summary>
    private static int NamedCurve(byte[] flight)
    {
        for (int at = 0; at < flight.Length; at += 5 + BinaryPrimitives.ReadUInt16BigEndian(flight.AsSpan(at + 3)))
        {
            if (flight[at + 5] == 12)
            {
                Assert.That(flight[at + 9], Is.EqualTo(3), "named_curve");
                return BinaryPrimitives.ReadUInt16BigEndian(flight.AsSpan(at + 10));
            }
        }

        return 0;
    }

    /// <summary>In TLS 1.2 the groups of an end hold for the key of the other end's certificate too (RFC 8422 section 5.3).</summary>
    [TestCase("P-384", "WRONG_CURVE", AlertDescription.illegal_parameter)]
    [TestCase("P-384:P-256", "BAD_SIGNATURE", AlertDescription.decrypt_error)]
    public void KeyOfACurveThatIsNoGroupIsRefused(string groups, string reason, object alert)
    {
        TlsContext client = WireContexts.Client(TestContexts.Tls12);
        client.SetGroups(groups);
        using var connection = new TlsConnection(client, serverSide: false, WireContexts.HostName);
        var state = new HandshakeState(client, isServer: false, WireContexts.HostName) { Connection = connection, Version = TestContexts.Tls12 };
        PublicKey p256 = Authority.Root("CN=P-256").Certificate.PublicKey;
        Assert.That(p256.CurveOid, Is.EqualTo(KnownOids.P256));
        byte[] signature = [4, 3, 0, 1, 0];
        Assert.Throws<FatalAlertException>(() =>
        {
            var reader = new WireReader(signature);
            HandshakeSignature.Check(state, ref reader, p256, [], () => []);
        });
        Assert.That((state.Failure!.Reason, state.Failure.Alert), Is.EqualTo((reason, (byte?)(AlertDescription)alert)));
    }
}
