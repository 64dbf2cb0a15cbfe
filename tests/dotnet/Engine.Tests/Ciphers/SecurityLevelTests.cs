using NUnit.Framework;
using SslModule.Engine.Ciphers;

namespace SslModule.Engine.Tests.Ciphers;

[TestFixture]
public class SecurityLevelTests
{
    [Test]
    public void Level_allows_the_suites_that_OpenSSL_allows([Range(0, 5)] int level)
    {
        string[] recorded = TestData.Text("security-levels.txt").Split('\n')[level + 1].Split(':');
        IEnumerable<string> known = recorded.Where(name => CipherSuites.ByName(name) is not null);
        int ignored = 0;
        IEnumerable<string> allowed = CipherList.DefaultTls13.Concat(CipherList.Parse("ALL:COMPLEMENTOFALL", ref ignored))
            .Where(suite => SecurityLevels.Allows(level, suite)).Select(suite => suite.Name);
        Assert.That(allowed, Is.EqualTo(known));
    }

    [TestCase(1, 0x0300, true)]
    [TestCase(2, 0x0300, false)]
    [TestCase(2, 0x0301, true)]
    [TestCase(3, 0x0301, false)]
    [TestCase(3, 0x0302, true)]
    [TestCase(4, 0x0302, false)]
    [TestCase(4, 0x0303, true)]
    [TestCase(5, 0x0303, true)]
    [TestCase(5, 0x0304, true)]
    [TestCase(9, 0x0302, false)]
    public void Level_limits_versions(int level, int version, bool allowed)
        => Assert.That(SecurityLevels.AllowsVersion(level, version), Is.EqualTo(allowed));

    [TestCase(0, 512, true)]
    [TestCase(1, 919, false)]
    [TestCase(1, 920, true)]
    [TestCase(2, 1962, false)]
    [TestCase(2, 1963, true)]
    [TestCase(3, 2670, false)]
    [TestCase(3, 3072, true)]
    [TestCase(4, 6946, false)]
    [TestCase(5, 15360, true)]
    public void Level_limits_rsa_keys(int level, int bits, bool allowed)
        => Assert.That(SecurityLevels.AllowsBits(level, SecurityLevels.RsaSecurityBits(bits)), Is.EqualTo(allowed));

    [TestCase(0, 1023, false)]
    [TestCase(0, 1024, true)]
    [TestCase(1, 1024, true)]
    [TestCase(2, 2047, false)]
    [TestCase(2, 2048, true)]
    [TestCase(3, 3071, false)]
    public void Level_limits_dh_primes(int level, int bits, bool allowed)
        => Assert.That(SecurityLevels.AllowsDh(level, bits), Is.EqualTo(allowed));

    [TestCase(1, 192, true)]
    [TestCase(2, 192, false)]
    [TestCase(2, 224, true)]
    [TestCase(3, 224, false)]
    [TestCase(4, 384, true)]
    [TestCase(5, 384, false)]
    [TestCase(5, 521, true)]
    public void Level_limits_curves(int level, int bits, bool allowed)
        => Assert.That(SecurityLevels.AllowsBits(level, SecurityLevels.CurveSecurityBits(bits)), Is.EqualTo(allowed));

    [TestCase(0, "SHA1", true)]
    [TestCase(1, "SHA1", false)]
    [TestCase(1, "MD5-SHA1", false)]
    [TestCase(1, "MD5", false)]
    [TestCase(2, "SHA224", true)]
    [TestCase(3, "SHA256", true)]
    [TestCase(4, "SHA256", false)]
    public void Level_limits_signature_hashes(int level, string hash, bool allowed)
        => Assert.That(SecurityLevels.AllowsBits(level, SecurityLevels.SignatureHashSecurityBits(hash)), Is.EqualTo(allowed));

    [TestCase(2, true)]
    [TestCase(3, false)]
    public void Level_limits_tickets(int level, bool allowed) => Assert.That(SecurityLevels.AllowsTickets(level), Is.EqualTo(allowed));
}
