using NUnit.Framework;
using SslModule.Engine.Records;

namespace SslModule.Engine.Tests.Crypto;

/// <summary>The padding of CBC records (RFC 5246 section 6.2.3.2), and the MAC before it.</summary>
[TestFixture]
internal sealed class PaddingTests
{
    private const int Yes = -1;

    [Test]
    public void TakesEveryLengthThereIs([Values(0, 20, 48)] int macLength)
    {
        for (int claimed = 0; claimed < 256; claimed++)
        {
            foreach (int before in new[] { 0, 1, 300 })
            {
                byte[] text = Text(before + macLength, claimed);
                Assert.That((CbcPadding.Read(text, macLength, out int length), length), Is.EqualTo((Yes, claimed + 1)), $"{before} {claimed}");
            }
        }
    }

    [Test]
    public void RefusesEveryWrongByte()
    {
        for (int claimed = 1; claimed < 256; claimed++)
        {
            byte[] text = Text(40, claimed);
            for (int at = 40; at < text.Length - 1; at++)
            {
                for (int bit = 1; bit < 256; bit <<= 3)
                {
                    text[at] ^= (byte)bit;
                    Assert.That((CbcPadding.Read(text, 20, out int length), length), Is.EqualTo((0, 0)), $"{claimed} {at}");
                    text[at] ^= (byte)bit;
                }
            }
        }
    }

    [Test]
    public void RefusesPaddingThatLeavesNoRoomForTheMac()
    {
        for (int claimed = 0; claimed < 256; claimed++)
        {
            byte[] text = Text(47, claimed);
            Assert.That((CbcPadding.Read(text, 48, out int length), length), Is.EqualTo((0, 0)), $"{claimed}");
            Assert.That((CbcPadding.Read(text, 47, out length), length), Is.EqualTo((Yes, claimed + 1)), $"{claimed}");
        }
    }

    [Test]
    public void FindsTheMacBeforeThePadding([Values(20, 32, 48)] int macLength)
    {
        var random = new Random(macLength);
        byte[] mac = new byte[macLength];
        random.NextBytes(mac);
        for (int padding = 0; padding <= 256; padding++)
        {
            byte[] text = [.. new byte[7], .. mac, .. new byte[padding]];
            Assert.That(CbcPadding.HasMac(text, padding, mac), Is.EqualTo(Yes), $"{padding}");
            for (int at = 7; at < 7 + macLength; at++)
            {
                text[at] ^= 0x40;
                Assert.That(CbcPadding.HasMac(text, padding, mac), Is.Zero, $"{padding} {at}");
                text[at] ^= 0x40;
            }
        }
    }

    // Where the padding says that the MAC is not, there may be one.
    [Test]
    public void TakesTheMacNowhereElse()
    {
        byte[] mac = [.. Enumerable.Range(1, 20).Select(i => (byte)i)];
        byte[] text = [.. new byte[100], .. mac, .. new byte[60]];
        for (int padding = 0; padding <= 160; padding++)
        {
            Assert.That(CbcPadding.HasMac(text, padding, mac), Is.EqualTo(padding == 60 ? Yes : 0), $"{padding}");
        }
    }

    private static byte[] Text(int before, int claimed) => [.. new byte[before], .. Enumerable.Repeat((byte)claimed, claimed + 1)];
}
