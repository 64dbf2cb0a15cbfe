using NUnit.Framework;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using SslModule.Engine.Handshake;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>What a client's second handshake is bound to (RFC 5746); handshakes with a server that renegotiates are in tests/python.</summary>
public sealed class RenegotiationTests
{
    private static readonly byte[] Client = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    private static readonly byte[] Server = [21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32];

    public static IEnumerable<TestCaseData> Answers()
    {
        yield return Row("the right one", [24, .. Client, .. Server], null);
        yield return Row("none", null, "UNSAFE_LEGACY_RENEGOTIATION_DISABLED");
        yield return Row("that of a first handshake", [0], "RENEGOTIATION_MISMATCH");
        yield return Row("the client's part alone", [12, .. Client], "RENEGOTIATION_MISMATCH");
        yield return Row("both in the wrong order", [24, .. Server, .. Client], "RENEGOTIATION_MISMATCH");
        yield return Row("another byte at the end", [24, .. Client, .. Server[..^1], 0], "RENEGOTIATION_MISMATCH");
        yield return Row("a wrong length", [23, .. Client, .. Server], "RENEGOTIATION_ENCODING_ERR");
        yield return Row("nothing at all", [], "RENEGOTIATION_ENCODING_ERR");
    }

    [TestCaseSource(nameof(Answers))]
    public void ServerHelloIsBoundToTheHandshakeBefore(byte[]? data, string? reason)
    {
        TlsContext context = TestContexts.Client(TestContexts.Tls12);
        using var connection = new TlsConnection(context, serverSide: false, "localhost");
        var state = new HandshakeState(context, isServer: false, "localhost") { Connection = connection, Version = TestContexts.Tls12, VerifyData = (Client, Server) };
        state.BeginRenegotiation();
        var extensions = new Dictionary<ExtensionType, ReadOnlyMemory<byte>>();
        if (data is not null)
        {
            extensions[ExtensionType.renegotiation_info] = data;
        }

        void Check() => RenegotiationInfo.CheckServer(state, extensions);
        if (reason is null)
        {
            Assert.DoesNotThrow(Check);
        }
        else
        {
            Assert.That(((TlsError)Assert.Throws<FatalAlertException>(Check)!.InnerException!).Reason, Is.EqualTo(reason));
        }
    }

    [TestCase(0x0303)]
    [TestCase(0x0302)]
    [TestCase(0x0301)]
    public void HelloNamesTheClientsFinished(int version)
    {
        void Old(TlsContext context) => context.SetCiphers("ALL:@SECLEVEL=0");
        TlsContext client = WireContexts.Client(version, Old);
        byte[]? hello = null;
        client.MessageCallback = (_, message) => hello = message is { Written: true, ContentType: 22, MessageType: 1 } ? message.Bytes.ToArray() : hello;
        using MemoryPair pair = MemoryPair.Connect(client, WireContexts.Server(version, Old), WireContexts.HostName);
        byte[] first = pair.Client.GetChannelBinding("tls-unique")!;
        Ask(pair);
        byte[] named = [.. new byte[] { 0xFF, 1, 0, 13, 12 }, .. first];
        Assert.That(hello.AsSpan().IndexOf(named), Is.Positive);
        Assert.That(hello.AsSpan(4 + 2 + 32)[0], Is.Zero, "no session is offered");
    }

    [Test]
    public void ProtocolIsNotNegotiatedAgain()
    {
        var offers = new List<bool>();
        TlsContext client = WireContexts.Client(0x0303, context => context.SetAlpnProtocols([2, .. "h2"u8]));
        client.MessageCallback = (_, message) =>
        {
            if (message is { Written: true, ContentType: 22, MessageType: 1 })
            {
                offers.Add(message.Bytes.IndexOf((ReadOnlySpan<byte>)[0, 16, 0, 5, 0, 3, 2, (byte)'h', (byte)'2']) > 0);
            }
        };
        using MemoryPair pair = MemoryPair.Connect(client, WireContexts.Server(0x0303), WireContexts.HostName);
        Ask(pair);
        Assert.That(offers, Is.EqualTo(new[] { true, false }));
    }

    [Test]
    public void RefusalOfWhoHasAskedEndsTheConnection()
    {
        using MemoryPair pair = MemoryPair.Connect(WireContexts.Client(0x0303), WireContexts.Server(0x0303), WireContexts.HostName);
        Ask(pair);

        // A server of ours takes no ClientHello after the first.
        Assert.That(pair.Server.Read(new byte[16], out _), Is.EqualTo(TlsStatus.WantRead));
        Intruder.Move(pair.Server, pair.Client);
        TlsError error = Assert.Throws<TlsError>(() => pair.Client.Read(new byte[16], out _))!;
        Assert.That((error.Reason, error.Alert), Is.EqualTo(("NO_RENEGOTIATION", (byte?)AlertDescription.handshake_failure)));
    }

    [Test]
    public void NothingIsWrittenBeforeItIsDone()
    {
        using MemoryPair pair = MemoryPair.Connect(WireContexts.Client(0x0303), WireContexts.Server(0x0303), WireContexts.HostName);
        Ask(pair);
        Assert.That(pair.Client.Write("data"u8, out int count), Is.EqualTo(TlsStatus.WantRead));
        Assert.That((count, pair.Client.OutputLength), Is.EqualTo((0, 0)));
        Assert.That(Assert.Throws<TlsError>(() => pair.Client.Shutdown())!.Reason, Is.EqualTo("SHUTDOWN_WHILE_IN_INIT"));
    }

    /// <summary>A connection whose master secret is bound to its handshake must not get another that is not (RFC 7627 section 5.4).</summary>
    [TestCase(false, "INCONSISTENT_EXTMS")]
    [TestCase(true, null)]
    public void ExtendedMasterSecretIsKept(bool kept, string? reason)
    {
        byte[] verifyData = [];
        TlsContext client = WireContexts.Client(0x0303);
        client.MessageCallback = (_, message) => verifyData = message is { ContentType: 22, MessageType: 20 } ? [.. verifyData, .. message.Bytes[4..]] : verifyData;
        using MemoryPair pair = MemoryPair.Connect(client, WireContexts.Server(0x0303), WireContexts.HostName);
        Ask(pair);
        int suite = pair.Client.Cipher!.Id;
        byte[] extensions = [0xFF, 1, 0, 25, 24, .. verifyData, .. kept ? [0, 23, 0, 0] : (byte[])[]];
        byte[] hello = [3, 3, .. new byte[32], 0, (byte)(suite >> 8), (byte)suite, 0, 0, (byte)extensions.Length, .. extensions];
        pair.Server.WriteRecord(ContentType.handshake, [(byte)HandshakeType.server_hello, 0, 0, (byte)hello.Length, .. hello]);
        Intruder.Move(pair.Server, pair.Client);
        if (reason is null)
        {
            Assert.That(pair.Client.Read(new byte[16], out _), Is.EqualTo(TlsStatus.WantRead));
        }
        else
        {
            TlsError error = Assert.Throws<TlsError>(() => pair.Client.Read(new byte[16], out _))!;
            Assert.That((error.Reason, error.Alert), Is.EqualTo((reason, (byte?)AlertDescription.handshake_failure)));
        }
    }

    /// <summary>The server asks, and the client's ClientHello is at the server.</summary>
    private static void Ask(MemoryPair pair)
    {
        pair.Server.WriteRecord(ContentType.handshake, [(byte)HandshakeType.hello_request, 0, 0, 0]);
        Intruder.Move(pair.Server, pair.Client);
        Assert.That(pair.Client.Read(new byte[16], out _), Is.EqualTo(TlsStatus.WantRead));
        Intruder.Move(pair.Client, pair.Server);
    }

    private static TestCaseData Row(string name, byte[]? data, string? reason) => new TestCaseData(data, reason).SetName($"renegotiation_info with {name}");
}
