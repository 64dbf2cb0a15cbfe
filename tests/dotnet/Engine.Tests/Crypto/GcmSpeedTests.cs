using NUnit.Framework;
using SslModule.Engine.Crypto;

namespace SslModule.Engine.Tests.Crypto;

/// <summary>The choice between the engine's AES-GCM and the platform's, by measured times.</summary>
[TestFixture]
internal sealed class GcmSpeedTests
{
    [TestCase(10, 40, 12, 42, int.MaxValue, TestName = "The platform's is slower at each length")]
    [TestCase(10, 40, 12, 39, int.MaxValue, TestName = "The platform's is faster by too little")]
    [TestCase(10, 40, 12, 30, 4096 + (12288 / 6), TestName = "The platform's is faster for long texts")]
    [TestCase(10, 40, 10, 30, 4096, TestName = "The platform's is as fast for short texts")]
    [TestCase(10, 40, 5, 20, 4096, TestName = "The platform's is faster for short texts, too")]
    public void FindsWhereThePlatformBecomesFaster(double ownShort, double ownLong, double platformShort, double platformLong, int expected)
        => Assert.That(GcmSpeed.Crossing(ownShort, ownLong, platformShort, platformLong), Is.EqualTo(expected));

    [Test]
    public void IsMeasuredOnce([Values(16, 32)] int keyLength)
    {
        if (!HardwareGcm.IsSupported)
        {
            Assert.Ignore("this processor has no AES and PCLMULQDQ instructions");
        }

        int longest = GcmSpeed.LongestText(keyLength);
        Assert.That(longest, Is.AtLeast(GcmSpeed.Short));
        Assert.That(GcmSpeed.LongestText(keyLength), Is.EqualTo(longest));
    }
}
