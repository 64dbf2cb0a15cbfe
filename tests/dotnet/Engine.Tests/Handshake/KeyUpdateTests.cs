using NUnit.Framework;
using Org.BouncyCastle.Tls;
using SslModule.Engine.Connection;
using SslModule.Engine.Errors;
using static SslModule.Engine.Tests.Handshake.Intruder;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>When keys change by themselves, and how requests to change them are answered (RFC 8446 sections 4.6.3 and 5.5).</summary>
[TestFixture]
internal sealed class KeyUpdateTests
{
    private const int V12 = 0x0303;
    private const int V13 = 0x0304;

    [Test]
    public void WritingKeyChangesAtItsLimit([Values] bool server)
    {
        var intruder = new Intruder(V13, server);
        intruder.Victim.RecordProtection!.WriteSequence = 0;
        intruder.Peer.RecordProtection!.ReadSequence = 0;
        intruder.Victim.RecordProtection.RecordLimit = 3;
        for (int record = 0; record < 10; record++)
        {
            intruder.Victim.Write(new[] { (byte)record }, out _);
        }

        Move(intruder.Victim, intruder.Peer);
        byte[] room = new byte[10];
        for (int record = 0; record < 10; record++)
        {
            Assert.That(intruder.Peer.Read(room.AsSpan(0, 1), out int count), Is.EqualTo(TlsStatus.Complete));
            Assert.That((count, room[0]), Is.EqualTo((1, (byte)record)));
        }

        // 3 records and the update under each key: 10 records need three updates.
        Assert.That(intruder.Peer.RecordProtection.ReadSequence, Is.EqualTo(1));
        Assert.That(intruder.Victim.RecordProtection.WriteSequence, Is.EqualTo(1));
    }

    [Test]
    public void PeerIsAskedOnceWhenItsKeyIsUsedUp()
    {
        var intruder = new Intruder(V13, victimIsServer: true);
        intruder.Victim.RecordProtection!.RecordLimit = intruder.Victim.RecordProtection.ReadSequence + 2;
        for (int record = 0; record < 5; record++)
        {
            intruder.Record(ContentType.application_data, 1);
        }

        Assert.That(intruder.Read(), Is.Null);
        Move(intruder.Victim, intruder.Peer);
        Assert.That(intruder.Peer.Read(new byte[10], out _), Is.EqualTo(TlsStatus.WantRead));
        intruder.Peer.Write("new key"u8, out _);
        Move(intruder.Peer, intruder.Victim);
        Assert.That(intruder.Read(), Is.Null);
        Assert.That(intruder.Data, Is.EqualTo(12));
        Assert.That(intruder.Victim.RecordProtection.ReadSequence, Is.EqualTo(1));
    }

    [Test]
    public void ManyRequestsAreAnsweredByOneUpdate([Values] bool server)
    {
        var intruder = new Intruder(V13, server);
        for (int request = 0; request < 20; request++)
        {
            intruder.Peer.UpdateKeys(requestPeer: true);
        }

        Move(intruder.Peer, intruder.Victim);
        Assert.That(intruder.Read(), Is.Null);
        Assert.That(intruder.Victim.OutputLength, Is.Zero, "nothing is owed before the next data");
        intruder.Victim.Write("data"u8, out _);
        Move(intruder.Victim, intruder.Peer);
        byte[] room = new byte[10];
        Assert.That(intruder.Peer.Read(room, out int count), Is.EqualTo(TlsStatus.Complete));
        Assert.That(count, Is.EqualTo(4));
        Assert.That(intruder.Peer.RecordProtection!.ReadSequence, Is.EqualTo(1));
    }

    [Test]
    public void OlderVersionsHaveNoKeyUpdate()
    {
        var intruder = new Intruder(V12, victimIsServer: true);
        Assert.That(Assert.Throws<TlsError>(() => intruder.Victim.UpdateKeys(true))!.Reason, Is.EqualTo("WRONG_SSL_VERSION"));
        intruder.Victim.RecordProtection!.RecordLimit = 0;
        intruder.Victim.Write("no limit"u8, out _);
        Assert.That(intruder.Sent().Select(record => record.Type), Is.EqualTo(new[] { (int)ContentType.application_data }));
    }

    [Test]
    public void LimitsAreThoseOfTheAlgorithms()
    {
        Assert.That(new Intruder(V13, true).Victim.RecordProtection!.RecordLimit, Is.EqualTo(1L << 24));
    }

    [Test]
    public void NothingIsWrittenUnderTheLastSequenceNumber([Values(V12, V13)] int version)
    {
        var intruder = new Intruder(version, victimIsServer: true);
        intruder.Victim.RecordProtection!.WriteSequence = long.MaxValue;
        intruder.Victim.RecordProtection.RecordLimit = long.MaxValue;
        Assert.That(() => intruder.Victim.Write("once more"u8, out _), Throws.TypeOf<TlsError>().With.Property(nameof(TlsError.Reason)).EqualTo("SEQUENCE_CTR_WRAPPED"));
    }
}
