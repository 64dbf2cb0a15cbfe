using NUnit.Framework;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Tests.Context;

[TestFixture]
public sealed class ApiLevelTests
{
    [Test]
    public void The_hosts_own_stands_where_none_is_named([Values(null, "")] string? name)
    {
        Assert.That(ApiLevel.Named(name, ApiLevel.OpenSsl30), Is.SameAs(ApiLevel.OpenSsl30));
        Assert.That(ApiLevel.Named(name, ApiLevel.OpenSsl111), Is.SameAs(ApiLevel.OpenSsl111));
    }

    [Test]
    public void A_name_wins()
    {
        Assert.That(ApiLevel.Named("1.1.1", ApiLevel.OpenSsl30), Is.SameAs(ApiLevel.OpenSsl111));
        Assert.That(ApiLevel.Named("3.0", ApiLevel.OpenSsl111), Is.SameAs(ApiLevel.OpenSsl30));
    }

    [TestCase("1.1")]
    [TestCase("3")]
    [TestCase("3.0.19")]
    [TestCase(" 1.1.1")]
    public void Any_other_name_is_refused(string name)
        => Assert.That(() => ApiLevel.Named(name, ApiLevel.OpenSsl30), Throws.InstanceOf<TlsError>().With.Message.Contains(ApiLevel.Variable));

    [Test]
    public void Text_and_numbers_agree()
    {
        foreach (ApiLevel level in (ApiLevel[])[ApiLevel.OpenSsl30, ApiLevel.OpenSsl111])
        {
            Assert.That(level.Text, Does.StartWith($"OpenSSL {level.Info[0]}.{level.Info[1]}.").And.Contain("SslModule").And.Contain("BouncyCastle"));
            Assert.That(level.Number >> 28, Is.EqualTo(level.Info[0]));
            Assert.That(level.Number >> 20 & 0xFF, Is.EqualTo(level.Info[1]));
        }
    }
}
