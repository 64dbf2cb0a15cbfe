using NUnit.Framework;
using SslModule.Engine.Certificates;
using SslModule.Engine.Context;

namespace SslModule.Engine.Tests.Context;

/// <summary>Two contexts' demands at once: what passes must pass either.</summary>
public class VerificationDemandTests
{
    private static readonly VerificationDemand Nothing = Demand(VerifyMode.None);

    [Test]
    public void TheStricterModeCounts([Values] VerifyMode made, [Values] VerifyMode other)
        => Assert.That(Demand(made).And(Demand(other)).Mode, Is.EqualTo((VerifyMode)Math.Max((int)made, (int)other)));

    [Test]
    public void NothingIsLowered()
    {
        VerificationDemand made = Demand(VerifyMode.Required, VerifyFlags.CrlCheck | VerifyFlags.Strict, checksName: true);
        Assert.That(made.And(Nothing), Is.EqualTo(made));
        Assert.That(made.And(Demand(VerifyMode.Optional)), Is.EqualTo(made));
    }

    [Test]
    public void ChecksAddUp()
    {
        VerificationDemand both = Demand(VerifyMode.Required, VerifyFlags.CrlCheck).And(Demand(VerifyMode.Required, VerifyFlags.Strict | VerifyFlags.PolicyCheck));
        Assert.That(both.Flags, Is.EqualTo(VerifyFlags.TrustedFirst | VerifyFlags.CrlCheck | VerifyFlags.Strict | VerifyFlags.PolicyCheck));
    }

    [Test]
    public void APardonMustBeBoths()
    {
        VerificationDemand lenient = Demand(VerifyMode.Required, VerifyFlags.PartialChain | VerifyFlags.NoCheckTime);
        VerificationDemand partial = Demand(VerifyMode.Required, VerifyFlags.PartialChain);
        VerificationDemand plain = Demand(VerifyMode.Required);
        Assert.That(lenient.And(plain).Flags, Is.EqualTo(VerifyFlags.TrustedFirst));
        Assert.That(plain.And(lenient).Flags, Is.EqualTo(VerifyFlags.TrustedFirst));
        Assert.That(lenient.And(partial).Flags, Is.EqualTo(partial.Flags));
    }

    [Test]
    public void WhoVerifiesNothingPardonsNothingAndForbidsNothing()
    {
        VerificationDemand partial = Demand(VerifyMode.Required, VerifyFlags.PartialChain);
        Assert.That(Nothing.And(partial).Flags, Is.EqualTo(partial.Flags));
        Assert.That(Demand(VerifyMode.None, VerifyFlags.NoCheckTime).And(partial).Flags, Is.EqualTo(partial.Flags));
        Assert.That(Demand(VerifyMode.None, VerifyFlags.CrlCheck).And(partial).Flags, Is.EqualTo(partial.Flags | VerifyFlags.CrlCheck));
    }

    [TestCase(0, 0x10000, 0x10000)]
    [TestCase(0x20000, 0, 0x20000)]
    [TestCase(0x30000, 0x10000, 0x10000)]
    [TestCase(0x20000, 0x30000, 0x20000)]
    [TestCase(0x10000, 0x20000, 0x10000)]
    public void SuiteBIsTheCurvesThatBothAllow(int made, int other, int both)
        => Assert.That(
            (int)(Demand(VerifyMode.Required, (VerifyFlags)made).And(Demand(VerifyMode.Required, (VerifyFlags)other)).Flags & VerifyFlags.SuiteB128),
            Is.EqualTo(both));

    [Test]
    public void NamesAreCheckedWhereEitherWantsIt()
    {
        VerificationDemand wild = Demand(VerifyMode.Required, checksName: true) with { NameFlags = HostNameFlags.AlwaysCheckSubject };
        VerificationDemand tame = Demand(VerifyMode.Required, checksName: true) with { NameFlags = HostNameFlags.NoWildcards };
        VerificationDemand nameless = Demand(VerifyMode.Required);
        Assert.That(nameless.And(tame), Is.EqualTo(tame));
        Assert.That(tame.And(nameless), Is.EqualTo(tame));
        Assert.That(wild.And(tame).NameFlags, Is.EqualTo(HostNameFlags.NoWildcards));
    }

    [Test]
    public void OnlyWhoeverVerifiesPutsOff()
    {
        VerificationDemand later = Demand(VerifyMode.Required) with { AsksAfterHandshake = true };
        VerificationDemand now = Demand(VerifyMode.Required);
        Assert.That(later.And(now).AsksAfterHandshake, Is.False);
        Assert.That(later.And(later).AsksAfterHandshake, Is.True);
        Assert.That(later.And(Nothing).AsksAfterHandshake, Is.True);
        Assert.That((Nothing with { AsksAfterHandshake = true }).And(now).AsksAfterHandshake, Is.False);
        Assert.That(Nothing.And(later).AsksAfterHandshake, Is.True);
    }

    private static VerificationDemand Demand(VerifyMode mode, VerifyFlags flags = 0, bool checksName = false)
        => new(mode, VerifyFlags.TrustedFirst | flags, checksName, HostNameFlags.NoPartialWildcards, AsksAfterHandshake: false);
}
