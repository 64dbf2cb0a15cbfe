using NUnit.Framework;
using SslModule.Engine.Certificates;
using SslModule.Engine.Errors;
using SslModule.Engine.Tests.Certificates;

namespace SslModule.Engine.Tests.Fuzz.Differential;

/// <summary>OpenSSL is really asked: it accepts what is sound and names what is not.</summary>
[TestFixture]
internal sealed class LibCryptoTests
{
    private static readonly Demand Usual = new(OfServer: true, VerifyFlags.TrustedFirst, SecurityLevel: 2, "www.example.com", HostNameFlags.NoPartialWildcards, Authority.Now);

    [Test]
    public void AnswersWithItsCodes()
    {
        if (!LibCrypto.IsThere)
        {
            Assert.Ignore("no libcrypto 3");
        }

        Authority root = Authority.Root();
        Authority middle = root.Issue("CN=middle", Shape.Ca());
        byte[] leaf = middle.Issue("CN=leaf", Shape.Server("www.example.com")).Native.RawData;
        int? Verdict(Demand demand, params byte[][] sent) => LibCrypto.Verify(leaf, sent, [root.Native.RawData], demand);

        Assert.That(Verdict(Usual, middle.Native.RawData), Is.EqualTo(VerifyCode.Ok));
        Assert.That(Verdict(Usual), Is.EqualTo(VerifyCode.UnableToGetIssuerLocally));
        Assert.That(Verdict(Usual with { HostName = "www.example.org" }, middle.Native.RawData), Is.EqualTo(VerifyCode.HostnameMismatch));
        Assert.That(Verdict(Usual with { OfServer = false }, middle.Native.RawData), Is.EqualTo(VerifyCode.InvalidPurpose));
        Assert.That(Verdict(Usual with { Time = Authority.Now.AddYears(2) }, middle.Native.RawData), Is.EqualTo(VerifyCode.HasExpired));
        Assert.That(Verdict(Usual, [0x30, 0]), Is.Null);
    }
}
