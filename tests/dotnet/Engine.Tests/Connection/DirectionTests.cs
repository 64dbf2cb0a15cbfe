using NUnit.Framework;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using SslModule.Engine.Tests.Handshake;
using SslModule.Engine.Wire;
using TlsContext = SslModule.Engine.Context.TlsContext;

namespace SslModule.Engine.Tests.Connection;

/// <summary>Neither direction of a connection depends on the other.</summary>
public class DirectionTests
{
    private const int BrokenPipe = -32;
    private static readonly int[] Versions = [TestContexts.Tls12, TestContexts.Tls13];

    [TestCaseSource(nameof(Versions))]
    public void AReadSendsNoApplicationData(int version)
    {
        var pair = new DrivenPair(version);
        Block(pair);
        pair.Write([1, 2, 3]);
        Assert.That(pair.Read(10), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(pair.Client.Read(new byte[1], out _, 0), Is.EqualTo(TlsStatus.WantRead));
        Assert.That(pair.ClientTransport.Sends, Is.Zero);
    }

    [TestCaseSource(nameof(Versions))]
    public void ARefusedWriteLeavesTheAnswerToBeRead(int version)
    {
        var pair = new DrivenPair(version);
        pair.Write([1, 2, 3]);
        pair.ToClient.WriteEnd();
        pair.ClientTransport.Refusal = BrokenPipe;
        Assert.That(Assert.Throws<TlsError>(() => pair.Client.Write(new byte[10], out _, 0))!.Errno, Is.EqualTo(-BrokenPipe));
        Assert.That(pair.Read(10), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(Assert.Throws<TlsError>(() => pair.Client.Read(new byte[1], out _, 0))!.Kind, Is.EqualTo(TlsErrorKind.Eof));
    }

    [Test]
    public void AKeyUpdateInTheMiddleIsAnsweredByTheNextWrite()
    {
        var pair = new DrivenPair(TestContexts.Tls13);
        Block(pair);
        pair.ServerConnection.UpdateKeys(requestPeer: true);
        pair.Write([1, 2, 3]);
        Assert.That(pair.Read(10), Is.EqualTo(new byte[] { 1, 2, 3 }));
        pair.ServerConnection.UpdateKeys(requestPeer: false);
        pair.Write([4]);
        Assert.That(pair.Read(10), Is.EqualTo(new byte[] { 4 }));
        pair.ClientTransport.Room = int.MaxValue;
        Assert.That(pair.Client.Write(s_blocked, out int count, 0), Is.EqualTo(TlsStatus.Complete));
        Assert.That(count, Is.EqualTo(s_blocked.Length));
        Assert.That(pair.Client.Write([5], out _, 0), Is.EqualTo(TlsStatus.Complete));
        byte[] room = new byte[s_blocked.Length + 1];
        int total = 0;
        while (total < room.Length && pair.Server.Read(room.AsSpan(total), out count, 0) == TlsStatus.Complete)
        {
            total += count;
        }

        Assert.That((total, room[^1]), Is.EqualTo((room.Length, 5)));
    }

    [Test]
    public void WhatIsOwedLeavesWithAReadAsSoonAsThereIsRoom()
    {
        DrivenPair pair = WithPostHandshakeAuthentication();
        Block(pair);
        pair.ServerConnection.RequestClientCertificate();
        pair.Write([1, 2, 3]);
        Assert.That(pair.Read(10), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(pair.Client.Read(new byte[1], out _, 0), Is.EqualTo(TlsStatus.WantWrite), "nothing is left to read, an answer to be sent");
        pair.Write([4]);
        Assert.That(pair.Read(10), Is.EqualTo(new byte[] { 4 }), "which keeps no data back");
        pair.ClientTransport.Room = int.MaxValue;
        Assert.That(pair.Client.Read(new byte[1], out _, 0), Is.EqualTo(TlsStatus.WantRead));
        Assert.That(pair.ClientConnection.ProtocolOutputLength, Is.Zero);
        Assert.That(pair.Server.Read(new byte[s_blocked.Length], out _, 0), Is.EqualTo(TlsStatus.Complete));
    }

    [Test]
    public void TheRefusalOfWhatIsOwedIsRaisedWhenAllIsRead()
    {
        DrivenPair pair = WithPostHandshakeAuthentication();
        pair.ServerConnection.RequestClientCertificate();
        pair.Write([1, 2, 3]);
        pair.Write([4]);
        pair.ClientTransport.Refusal = BrokenPipe;
        Assert.That(pair.Read(3), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(pair.Read(10), Is.EqualTo(new byte[] { 4 }));
        Assert.That(Assert.Throws<TlsError>(() => pair.Client.Read(new byte[1], out _, 0))!.Errno, Is.EqualTo(-BrokenPipe));
    }

    [Test]
    public void APeerThatReadsNothingGetsNoEndlessAnswers()
    {
        TlsContext client = TestContexts.Client(TestContexts.Tls12);
        client.Options |= (ulong)SslModule.Engine.Context.TlsOptions.NoRenegotiation;
        var pair = new DrivenPair(client, TestContexts.Server(TestContexts.Tls12));
        pair.ClientTransport.Room = 0;
        for (int requests = 0; requests < 10000; requests++)
        {
            // A HelloRequest, which is answered by a warning (RFC 5246 section 7.4.1.1).
            pair.ServerConnection.WriteRecord(ContentType.handshake, [(byte)HandshakeType.hello_request, 0, 0, 0]);
            pair.Server.Read([], out _, 0);
            pair.Client.Read(new byte[1], out _, 0);
        }

        Assert.That(pair.ClientConnection.ProtocolOutputBytes, Is.LessThan(1 << 18));
        Assert.That(pair.ToClient.Pending, Is.Positive, "the rest stays in the transport");
    }

    /// <summary>What stayed in the socket would make its close a reset, which can overtake the alert.</summary>
    [Test]
    public void NothingIsLeftBehindAnAnswerThatEndsTheConnection()
    {
        TlsContext client = TestContexts.Client(TestContexts.Tls13), server = TestContexts.Server(TestContexts.Tls13);
        client.PostHandshakeAuth = server.PostHandshakeAuth = true;
        server.LoadVerifyPem(TestContexts.RootPem);
        server.VerifyMode = SslModule.Engine.Context.VerifyMode.Required;
        var pair = new DrivenPair(client, server);
        pair.ServerConnection.RequestClientCertificate();
        pair.Write([1]);
        Assert.That(pair.Read(10), Is.EqualTo(new byte[] { 1 }));
        Assert.That(pair.Client.Write(new byte[5000], out _, 0), Is.EqualTo(TlsStatus.Complete));
        Assert.That(() => pair.Server.Read(new byte[1], out _, 0), Throws.TypeOf<TlsError>().With.Property("Reason").EqualTo("PEER_DID_NOT_RETURN_A_CERTIFICATE"));
        Assert.That(pair.ToServer.Pending, Is.Zero);
        Assert.That(() => pair.Client.Read(new byte[1], out _, 0), Throws.TypeOf<TlsError>().With.Property("Reason").EqualTo("TLSV13_ALERT_CERTIFICATE_REQUIRED"));
    }

    [TestCaseSource(nameof(Versions))]
    public void AShorterRepetitionIsTakenDownToWhatWasSealed(int version)
    {
        var pair = new DrivenPair(version);
        pair.ClientTransport.Room = 100;
        byte[] bytes = new byte[1 << 20];
        Assert.That(pair.Client.Write(bytes, out _, 0), Is.EqualTo(TlsStatus.WantWrite));
        Assert.That(Assert.Throws<TlsError>(() => pair.Client.Write(bytes.AsSpan(0, 1000), out _, 0))!.Reason, Is.EqualTo("BAD_WRITE_RETRY"));
        pair.ClientTransport.Room = int.MaxValue;
        Assert.That(pair.Client.Write(bytes.AsSpan(0, 1 << 19), out int count, 0), Is.EqualTo(TlsStatus.Complete));
        Assert.That(count, Is.EqualTo(1 << 19));
        byte[] room = new byte[1 << 20];
        int total = 0;
        while (pair.Server.Read(room, out count, 0) == TlsStatus.Complete)
        {
            total += count;
        }

        Assert.That(total, Is.EqualTo(1 << 19));
    }

    /// <summary>Who waits for the peer's Finished must not wait any longer when another thread's read has taken it.</summary>
    [TestCaseSource(nameof(Versions))]
    public void AnotherThreadsReadEndsTheHandshake(int version)
    {
        // The clock is asked for the deadline, before the step and before the wait for bytes.
        var pair = new HalfDonePair(version, interruptedCall: 3);
        Assert.That(pair.Server.Handshake(1000), Is.EqualTo(TlsStatus.Complete));
    }

    [TestCaseSource(nameof(Versions))]
    public void AnotherThreadsReadEndsTheHandshakeOfAWrite(int version)
    {
        var pair = new HalfDonePair(version, interruptedCall: 4);
        Assert.That(pair.Server.Write([1, 2, 3], out _, 1000), Is.EqualTo(TlsStatus.Complete));
        byte[] room = new byte[3];
        Assert.That((pair.Client.Read(room, out _, 0), room), Is.EqualTo((TlsStatus.Complete, new byte[] { 1, 2, 3 })));
    }

    private static readonly byte[] s_blocked = new byte[20000];

    /// <summary>The client has sealed bytes that its transport does not take.</summary>
    private static void Block(DrivenPair pair)
    {
        pair.ClientTransport.Room = 0;
        Assert.That(pair.Client.Write(s_blocked, out _, 0), Is.EqualTo(TlsStatus.WantWrite));
        pair.ClientTransport.Reset();
    }

    private static DrivenPair WithPostHandshakeAuthentication()
    {
        TlsContext client = TestContexts.Client(TestContexts.Tls13);
        TlsContext server = TestContexts.Server(TestContexts.Tls13);
        client.PostHandshakeAuth = server.PostHandshakeAuth = true;
        server.VerifyMode = VerifyMode.Optional;
        return new DrivenPair(client, server);
    }
}
