using NUnit.Framework;
using Org.BouncyCastle.Tls;
using SslModule.Engine.Context;
using TlsContext = SslModule.Engine.Context.TlsContext;
using TlsSession = SslModule.Engine.Sessions.TlsSession;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>The ClientHello that follows a HelloRetryRequest: the first again, but for what was asked (RFC 8446 section 4.1.2).</summary>
public sealed class RetriedHelloTests
{
    private const int RandomAt = 5 + 4 + 2;
    private const int SessionAt = RandomAt + 32 + 1;
    private const int SuiteAt = SessionAt + 32 + 2;

    public static IEnumerable<TestCaseData> Forbidden()
    {
        yield return Row("another random", hello => Flip(hello, RandomAt));
        yield return Row("another session ID", hello => Flip(hello, SessionAt));
        yield return Row("no session ID", HelloEditor.WithoutSession);
        yield return Row("another suite", hello => Flip(hello, SuiteAt + 4));
        yield return Row("another name", hello => HelloEditor.Changed(hello, ExtensionType.server_name, data => [.. data[..^1], (byte)'x']));
        yield return Row("no name", hello => HelloEditor.Changed(hello, ExtensionType.server_name, _ => null));
        yield return Row("other protocols", hello => HelloEditor.Changed(hello, ExtensionType.application_layer_protocol_negotiation, data => [.. data[..^1], (byte)'x']));
        yield return Row("no protocols", hello => HelloEditor.Changed(hello, ExtensionType.application_layer_protocol_negotiation, _ => null));
        yield return Row("other versions", hello => HelloEditor.Changed(hello, ExtensionType.supported_versions, data => [4, .. data[1..], 3, 3]));
        yield return Row("other signature algorithms", hello => HelloEditor.Changed(hello, ExtensionType.signature_algorithms, data => [(byte)(data[0]), (byte)(data[1] - 2), .. data[2..^2]]));
        yield return Row("other groups", hello => HelloEditor.Changed(hello, ExtensionType.supported_groups, data => [(byte)(data[0]), (byte)(data[1] - 2), .. data[2..^2]]));
        yield return Row("one more extension", hello => HelloEditor.With(hello, 0x1234, []));
        yield return Row("early_data", hello => HelloEditor.With(hello, ExtensionType.early_data, []));
        yield return Row("post_handshake_auth", hello => HelloEditor.With(hello, ExtensionType.post_handshake_auth, []));
    }

    [TestCaseSource(nameof(Forbidden))]
    public void IsRefused(Func<byte[], byte[]> change)
    {
        using MemoryPair pair = Retry(change);
        Assert.That((pair.ServerFailure?.Reason, pair.ServerFailure?.Alert), Is.EqualTo(("BAD_EXTENSION", (byte?)47)));
        Assert.That(pair.ClientFailure?.Reason, Is.EqualTo("SSLV3_ALERT_ILLEGAL_PARAMETER"));
    }

    [Test]
    public void PaddingMayChange()
    {
        // The other end does not know of it: what fails is the Finished.
        using MemoryPair pair = Retry(hello => HelloEditor.With(hello, ExtensionType.padding, new byte[9]));
        Assert.That(pair.ServerFailure?.Reason, Is.Not.EqualTo("BAD_EXTENSION"));
        Assert.That(pair.ClientFailure?.Reason, Is.EqualTo("DECRYPTION_FAILED_OR_BAD_RECORD_MAC"));
    }

    [Test]
    public void SameIsTaken()
    {
        using MemoryPair pair = Retry(hello => hello);
        Assert.That((pair.ServerFailure, pair.ClientFailure), Is.EqualTo(((object?)null, (object?)null)));
        Assert.That(pair.Server.Group, Is.EqualTo("secp384r1"));
    }

    [TestCase("another", true)]
    [TestCase("one more", true)]
    [TestCase("none", false)]
    public void TicketsAreTheFirstHellos(string change, bool refused)
    {
        TlsContext client = TestContexts.Client(TestContexts.Tls13);
        TlsContext server = TestContexts.Server(TestContexts.Tls13);
        server.SetGroups("secp384r1");
        TlsSession session;
        using (MemoryPair pair = MemoryPair.Connect(client, server, "localhost"))
        {
            pair.Send([1], fromClient: false);
            session = pair.Client.Session!;
        }

        using MemoryPair retried = Second(client, server, session, hello => HelloEditor.Changed(hello, ExtensionType.pre_shared_key, data => change switch
        {
            "another" => Flip(data, 8),
            "one more" => Twice(data),
            _ => null,
        }));
        Assert.That(retried.ServerFailure?.Reason == "BAD_EXTENSION", Is.EqualTo(refused), retried.ServerFailure?.Reason);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void AKeyThatIsOfferedNoMoreIsNotUsed(bool again)
    {
        TlsContext client = TestContexts.Client(TestContexts.Tls13);
        client.PskClientCallback = (_, _) => new PskCredentials("bob"u8.ToArray(), new byte[16]);
        TlsContext server = TestContexts.Server(TestContexts.Tls13, "AES128-GCM-SHA256");
        server.SetCipherSuites("TLS_AES_128_GCM_SHA256");
        server.SetGroups("secp384r1");
        server.PskServerCallback = (_, _) => new byte[16];
        using MemoryPair retried = Second(client, server, null, hello => HelloEditor.Changed(hello, ExtensionType.pre_shared_key, data => again ? data : null));
        Assert.That((retried.ServerFailure is null, retried.Server.SessionReused), Is.EqualTo((again, again)));
    }

    private static TestCaseData Row(string name, Func<byte[], byte[]> change) => new TestCaseData(change).SetName("a second ClientHello with " + name);

    private static MemoryPair Retry(Func<byte[], byte[]> change)
    {
        TlsContext client = TestContexts.Client(TestContexts.Tls13);
        client.SetAlpnProtocols([2, .. "h2"u8]);
        TlsContext server = TestContexts.Server();
        server.SetGroups("secp384r1");
        return Second(client, server, null, change);
    }

    /// <summary>Shakes hands and changes the client's second hello.</summary>
    private static MemoryPair Second(TlsContext client, TlsContext server, TlsSession? session, Func<byte[], byte[]> change)
    {
        int hellos = 0;
        return MemoryPair.Shake(client, server, "localhost", session: session, wire: (fromClient, bytes) =>
        {
            int at = bytes.Length > 6 && bytes[0] == 20 ? 6 : 0;
            bool isHello = fromClient && bytes.Length > at + 5 && bytes[at] == 22 && bytes[at + 5] == 1;
            return isHello && hellos++ == 1 ? [.. bytes[..at], .. change(bytes[at..])] : bytes;
        });
    }

    private static byte[] Flip(byte[] bytes, int at)
    {
        byte[] copy = [.. bytes];
        copy[at] ^= 0x40;
        return copy;
    }

    /// <summary>A pre_shared_key with its one identity and binder twice.</summary>
    private static byte[] Twice(byte[] data)
    {
        int length = (data[0] << 8) | data[1];
        byte[] identity = data[2..(2 + length)];
        byte[] binder = data[(4 + length)..];
        return [(byte)(2 * length >> 8), (byte)(2 * length), .. identity, .. identity, 0, (byte)(2 * binder.Length), .. binder, .. binder];
    }
}
