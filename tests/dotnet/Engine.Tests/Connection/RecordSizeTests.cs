using System.Buffers.Binary;
using NUnit.Framework;

namespace SslModule.Engine.Tests.Connection;

/// <summary>The lengths of the records that a write makes.</summary>
public class RecordSizeTests
{
    [Test]
    public void ALongWriteGrowsFromOneSegmentToTheLargestRecord()
    {
        var pair = new DrivenPair();
        pair.Write(new byte[100_000]);
        int[] sizes = Sizes(pair);
        Assert.That(sizes[0], Is.LessThan(1460));
        Assert.That(sizes[..5], Is.Ordered.Ascending);
        Assert.That(sizes[5], Is.GreaterThan(16384));
    }

    [Test]
    public void AWriteOfOneRecordIsOneRecord()
    {
        var pair = new DrivenPair();
        pair.Write(new byte[16384]);
        Assert.That(Sizes(pair), Has.Length.EqualTo(1));
    }

    private static int[] Sizes(DrivenPair pair)
    {
        byte[] wire = new byte[pair.ToClient.Pending];
        pair.ToClient.Read(wire);
        var sizes = new List<int>();
        for (int at = 0; at < wire.Length; at += 5 + sizes[^1])
        {
            sizes.Add(BinaryPrimitives.ReadUInt16BigEndian(wire.AsSpan(at + 3)));
        }

        return [.. sizes];
    }
}
