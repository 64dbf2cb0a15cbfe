using NUnit.Framework;
using SslModule.Engine.Connection;
using SslModule.Engine.Errors;
using SslModule.Engine.Tests.Handshake;

namespace SslModule.Engine.Tests.Connection;

/// <summary>A driver looks ahead, and yet takes from the transport only what was read.</summary>
public class LookAheadTests
{
    private static readonly int[] Versions = [TestContexts.Tls12, TestContexts.Tls13];

    [TestCaseSource(nameof(Versions))]
    public void WhatWasNotReadStaysInTheTransport(int version)
    {
        var pair = new DrivenPair(version);
        pair.Write(new byte[100]);
        int record = pair.ToClient.Pending;
        pair.Write(new byte[100]);
        Assert.That(pair.Read(100), Has.Length.EqualTo(100));
        Assert.That(pair.ToClient.Pending, Is.GreaterThanOrEqualTo(record), "select() reports the second");
        Assert.That(pair.ClientConnection.Pending, Is.Zero);
        Assert.That(pair.Read(60), Has.Length.EqualTo(60));
        Assert.That((pair.ToClient.Pending, pair.ClientConnection.Pending), Is.EqualTo((0, 40)));
        Assert.That(pair.Read(100), Has.Length.EqualTo(40));
    }

    [TestCaseSource(nameof(Versions))]
    public void WhereNoRecordIsOpenNothingOfOneIsRead(int version)
    {
        var pair = new DrivenPair(version);
        Assert.That(pair.ClientConnection.ReadOpen(new byte[10], out _), Is.EqualTo(TlsStatus.WantRead));
        pair.Write(new byte[100]);
        Assert.That(pair.Read(60), Has.Length.EqualTo(60));
        Assert.That(pair.ClientConnection.ReadOpen(new byte[100], out int count), Is.EqualTo(TlsStatus.Complete));
        Assert.That(count, Is.EqualTo(40));
        Assert.That(pair.ClientConnection.ReadOpen(new byte[10], out count), Is.EqualTo(TlsStatus.WantRead));
        Assert.That(count, Is.Zero);
    }

    [TestCaseSource(nameof(Versions))]
    public void ARecordThatDoesNotFitIsLeftForTheNextRead(int version)
    {
        var pair = new DrivenPair(version);
        pair.Write(new byte[100]);
        pair.Write(new byte[100]);
        Assert.That(pair.Read(199), Has.Length.EqualTo(100));
        Assert.That(pair.ClientConnection.Pending, Is.Zero);
        Assert.That(pair.Read(100), Has.Length.EqualTo(100));
    }

    [TestCaseSource(nameof(Versions))]
    public void OneReadGivesTheRecordsThatFit(int version)
    {
        var pair = new DrivenPair(version);
        for (byte number = 0; number < 10; number++)
        {
            pair.Write([number, number, number, number]);
        }

        Assert.That(pair.Read(1000), Is.EqualTo(Enumerable.Range(0, 40).Select(index => (byte)(index / 4)).ToArray()));
        Assert.That(pair.ToClient.Pending, Is.Zero);
    }

    [TestCaseSource(nameof(Versions))]
    public void ARecordAsShortAsAnAlertWaitsForItsOwnRead(int version)
    {
        var pair = new DrivenPair(version);
        pair.Write([1, 2, 3, 4]);
        pair.Write([5]);
        Assert.That(pair.Read(1000), Is.EqualTo(new byte[] { 1, 2, 3, 4 }));
        Assert.That(pair.ToClient.Pending, Is.Positive, "select() still reports it");
        Assert.That(pair.Read(1000), Is.EqualTo(new byte[] { 5 }));
    }

    [TestCaseSource(nameof(Versions))]
    public void PlaintextBehindCloseNotifyIsLeftAlone(int version)
    {
        var pair = new DrivenPair(version);
        pair.Write([1, 2, 3]);
        Assert.That(pair.Server.Shutdown(0), Is.EqualTo(TlsStatus.WantRead));
        pair.ToClient.Write("plain"u8);
        Assert.That(pair.Read(1000), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(pair.Client.Read(new byte[1], out _, 0), Is.EqualTo(TlsStatus.Closed));
        Assert.That(pair.Client.Shutdown(0), Is.EqualTo(TlsStatus.Complete));
        byte[] rest = new byte[10];
        Assert.That(rest[..pair.ToClient.Read(rest)], Is.EqualTo("plain"u8.ToArray()));
    }

    [TestCaseSource(nameof(Versions))]
    public void WhatCameBeforeADamagedRecordIsDeliveredFirst(int version)
    {
        var pair = new DrivenPair(version);
        pair.Write([1, 2, 3]);
        int first = pair.ToClient.Pending;
        pair.Write([4, 5, 6]);
        byte[] wire = new byte[pair.ToClient.Pending];
        pair.ToClient.Read(wire);
        wire[first + 10] ^= 1;
        pair.ToClient.Write(wire);
        Assert.That(pair.Read(1000), Is.EqualTo(new byte[] { 1, 2, 3 }));
        TlsError failure = Assert.Throws<TlsError>(() => pair.Client.Read(new byte[10], out _, 0))!;
        Assert.That(failure.Reason, Is.EqualTo("DECRYPTION_FAILED_OR_BAD_RECORD_MAC"));
        Assert.That(pair.ToServer.Pending, Is.Positive, "the alert has left");
    }

    [TestCaseSource(nameof(Versions))]
    public void ARecordInPiecesIsPutTogether(int version)
    {
        var pair = new DrivenPair(version);
        pair.Write(new byte[5000]);
        byte[] wire = new byte[pair.ToClient.Pending];
        pair.ToClient.Read(wire);
        foreach (byte[] piece in wire.Chunk(1000).SkipLast(1))
        {
            pair.ToClient.Write(piece);
            Assert.That(pair.Client.Read(new byte[1], out _, 0), Is.EqualTo(TlsStatus.WantRead));
            Assert.That(pair.ToClient.Pending, Is.Zero, "a part of a record must not keep the descriptor readable");
        }

        pair.ToClient.Write(wire.Chunk(1000).Last());
        Assert.That(pair.Read(5000), Has.Length.EqualTo(5000));
    }

    [TestCaseSource(nameof(Versions))]
    public void BytesBehindTheCountKeepTheirValueUnlessThePeerPads(int version)
    {
        var pair = new DrivenPair(version);
        pair.Write(new byte[100]);
        byte[] room = new byte[200];
        Array.Fill(room, (byte)7);
        pair.Client.Read(room, out int count, 0);
        Assert.That(count, Is.EqualTo(100));
        Assert.That(room[100..], Is.All.EqualTo(7));
    }

    [TestCaseSource(nameof(Versions))]
    public void ManyShortRecordsAreTakenOutTogether(int version)
    {
        var pair = new DrivenPair(version);
        for (byte number = 0; number < 30; number++)
        {
            pair.Write([number, number, number, number]);
        }

        pair.ClientTransport.Reset();
        byte[] room = new byte[4];
        for (byte number = 0; number < 30; number++)
        {
            Assert.That(pair.ToClient.Pending, Is.Positive, "select() reports what is left");
            Assert.That(pair.Client.Read(room, out int count, 0), Is.EqualTo(TlsStatus.Complete));
            Assert.That((count, room[3]), Is.EqualTo((4, number)));
        }

        Assert.That(pair.ToClient.Pending, Is.Zero);
        Assert.That(pair.ClientTransport.Receives, Is.LessThanOrEqualTo(4));
    }

    [TestCaseSource(nameof(Versions))]
    public void PlaintextBehindManyRecordsAndCloseNotifyIsLeftAlone(int version)
    {
        var pair = new DrivenPair(version);
        for (int i = 0; i < 5; i++)
        {
            pair.Write([1, 2, 3]);
        }

        Assert.That(pair.Server.Shutdown(0), Is.EqualTo(TlsStatus.WantRead));
        pair.ToClient.Write("plain"u8);
        byte[] room = new byte[3];
        for (int i = 0; i < 5; i++)
        {
            Assert.That(pair.Client.Read(room, out _, 0), Is.EqualTo(TlsStatus.Complete));
        }

        Assert.That(pair.Client.Read(room, out _, 0), Is.EqualTo(TlsStatus.Closed));
        byte[] rest = new byte[10];
        Assert.That(rest[..pair.ToClient.Read(rest)], Is.EqualTo("plain"u8.ToArray()));
    }

    [Test]
    public void AMemoryBioShowsWhatWasNotUsed()
    {
        var pair = new DrivenPair();
        pair.Write(new byte[100]);
        int record = pair.ToClient.Pending;
        pair.Write(new byte[100]);
        var driver = new SocketDriver(pair.ClientConnection, new MemoryBioTransport(pair.ToClient, pair.ToServer));
        driver.Read(new byte[100], out int count, 0);
        Assert.That((count, pair.ToClient.Pending), Is.EqualTo((100, record)));
    }

    [Test]
    public void AStreamCostsFewCalls()
    {
        var pair = new DrivenPair();
        pair.Write(new byte[1 << 20]);
        Assert.That(pair.ServerTransport.Sends, Is.LessThanOrEqualTo(5));
        Assert.That(pair.ServerTransport.LargestSend, Is.GreaterThanOrEqualTo(1 << 18));
        byte[] room = new byte[1 << 16];
        for (int total = 0; total < 1 << 20;)
        {
            pair.Client.Read(room, out int count, 0);
            total += count;
        }

        Assert.That(pair.ClientTransport.Receives, Is.LessThanOrEqualTo(60), "64 records took two calls each, a header and a body, before");
    }
}
