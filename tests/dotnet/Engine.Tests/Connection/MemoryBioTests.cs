using NUnit.Framework;
using SslModule.Engine.Connection;
using SslModule.Engine.Errors;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Tests.Connection;

/// <summary>A memory BIO gives what was put in, in order, whether it was copied or handed over.</summary>
public class MemoryBioTests
{
    private byte _next;

    [SetUp]
    public void Begin() => _next = 0;

    [TestCase(7)]
    [TestCase(4096)]
    [TestCase(100_000)]
    public void Keeps_the_order_of_what_was_copied_and_what_was_handed_over(int piece)
    {
        var bio = new MemoryBio();
        int total = Fill(bio);
        Assert.That(bio.Pending, Is.EqualTo(total));

        byte expected = 0;
        byte[] room = new byte[piece];
        int count;
        int read = 0;
        while ((count = bio.Read(room)) > 0)
        {
            read += count;
            Assert.That(room.AsSpan(0, count).ToArray(), Is.EqualTo(Pattern(count, ref expected)));
        }

        Assert.That((read, bio.Pending), Is.EqualTo((total, 0)));
    }

    [Test]
    public void Shows_and_drops_over_the_seams()
    {
        var bio = new MemoryBio();
        int total = Fill(bio);
        byte[] all = new byte[total + 100];
        Assert.That(bio.Peek(all), Is.EqualTo(total));

        byte first = 0;
        Assert.That(all.AsSpan(0, total).ToArray(), Is.EqualTo(Pattern(total, ref first)));
        Assert.That(bio.Drop(5010), Is.EqualTo(5010));

        byte[] rest = new byte[total];
        Assert.That(bio.Read(rest), Is.EqualTo(total - 5010));
        Assert.That(rest.AsSpan(0, total - 5010).ToArray(), Is.EqualTo(all.AsSpan(5010, total - 5010).ToArray()));
        Assert.That(bio.Drop(1), Is.Zero);
    }

    [Test]
    public void A_buffer_that_was_handed_over_is_empty_and_of_use_again()
    {
        var bio = new MemoryBio();
        ByteBuffer buffer = Buffer(5000);
        bio.Take(buffer);
        Assert.That(buffer.Length, Is.Zero);

        buffer.Append(Pattern(5000, ref _next));
        byte[] read = new byte[5000];
        bio.Read(read);
        byte first = 0;
        Assert.That(read, Is.EqualTo(Pattern(5000, ref first)));
        Assert.That(buffer.Span.ToArray(), Is.EqualTo(Pattern(5000, ref first)));
    }

    [Test]
    public void After_its_end_it_takes_records_and_nothing_written_by_hand()
    {
        var bio = new MemoryBio();
        bio.WriteEnd();
        Assert.Throws<TlsError>(() => bio.Write([1]));
        Assert.That((bio.Pending, bio.IsAtEnd), Is.EqualTo((0, true)));
        bio.Take(Buffer(5000));
        bio.Take(Buffer(5));
        Assert.That((bio.Pending, bio.IsAtEnd), Is.EqualTo((5005, false)));
    }

    private int Fill(MemoryBio bio)
    {
        bio.Write(Pattern(10, ref _next));
        bio.Take(Buffer(5000));
        bio.Take(Buffer(100));
        bio.Write(Pattern(20_000, ref _next));
        bio.Take(Buffer(70_000));
        bio.Take(Buffer(4096));
        bio.Write(Pattern(1, ref _next));
        return 10 + 5000 + 100 + 20_000 + 70_000 + 4096 + 1;
    }

    private ByteBuffer Buffer(int length)
    {
        var buffer = new ByteBuffer();
        buffer.Append(Pattern(length, ref _next));
        return buffer;
    }

    // 251 is prime: no piece looks like another at a wrong distance.
    private static byte[] Pattern(int length, ref byte next)
    {
        byte[] bytes = new byte[length];
        for (int index = 0; index < length; index++)
        {
            bytes[index] = next;
            next = (byte)((next + 1) % 251);
        }

        return bytes;
    }
}
