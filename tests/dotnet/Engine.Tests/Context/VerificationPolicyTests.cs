using NUnit.Framework;
using SslModule.Engine.Certificates;
using SslModule.Engine.Context;

namespace SslModule.Engine.Tests.Context;

/// <summary>Two contexts' demands at once: what passes must pass either.</summary>
public class VerificationPolicyTests
{
    private static readonly VerificationPolicy Nothing = Policy(VerifyMode.None);

    [Test]
    public void TheStricterModeCounts([Values] VerifyMode made, [Values] VerifyMode other)
        => Assert.That(Policy(made).And(Policy(other)).Mode, Is.EqualTo((VerifyMode)Math.Max((int)made, (int)other)));

    [Test]
    public void NothingIsLowered()
    {
        VerificationPolicy made = Policy(VerifyMode.Required, VerifyFlags.CrlCheck | VerifyFlags.Strict, checksName: true);
        Assert.That(made.And(Nothing), Is.EqualTo(made));
        Assert.That(made.And(Policy(VerifyMode.Optional)), Is.EqualTo(made));
    }

    [Test]
    public void ChecksAddUp()
    {
        VerificationPolicy both = Policy(VerifyMode.Required, VerifyFlags.CrlCheck).And(Policy(VerifyMode.Required, VerifyFlags.Strict | VerifyFlags.PolicyCheck));
        Assert.That(both.Flags, Is.EqualTo(VerifyFlags.TrustedFirst | VerifyFlags.CrlCheck | VerifyFlags.Strict | VerifyFlags.PolicyCheck));
    }

    [Test]
    public void APardonMustBeBoths()
    {
        VerificationPolicy lenient = Policy(VerifyMode.Required, VerifyFlags.PartialChain | VerifyFlags.NoCheckTime);
        VerificationPolicy partial = Policy(VerifyMode.Required, VerifyFlags.PartialChain);
        VerificationPolicy plain = Policy(VerifyMode.Required);
        Assert.That(lenient.And(plain).Flags, Is.EqualTo(VerifyFlags.TrustedFirst));
        Assert.That(plain.And(lenient).Flags, Is.EqualTo(VerifyFlags.TrustedFirst));
        Assert.That(lenient.And(partial).Flags, Is.EqualTo(partial.Flags));
    }

    [Test]
    public void WhoVerifiesNothingPardonsNothingAndForbidsNothing()
    {
        VerificationPolicy partial = Policy(VerifyMode.Required, VerifyFlags.PartialChain);
        Assert.That(Nothing.And(partial).Flags, Is.EqualTo(partial.Flags));
        Assert.That(Policy(VerifyMode.None, VerifyFlags.NoCheckTime).And(partial).Flags, Is.EqualTo(partial.Flags));
        Assert.That(Policy(VerifyMode.None, VerifyFlags.CrlCheck).And(partial).Flags, Is.EqualTo(partial.Flags | VerifyFlags.CrlCheck));
    }

    [TestCase(0, 0x10000, 0x10000)]
    [TestCase(0x20000, 0, 0x20000)]
    [TestCase(0x30000, 0x10000, 0x10000)]
    [TestCase(0x20000, 0x30000, 0x20000)]
    [TestCase(0x10000, 0x20000, 0x10000)]
    public void SuiteBIsTheCurvesThatBothAllow(int made, int other, int both)
        => Assert.That(
            (int)(Policy(VerifyMode.Required, (VerifyFlags)made).And(Policy(VerifyMode.Required, (VerifyFlags)other)).Flags & VerifyFlags.SuiteB128),
            Is.EqualTo(both));

    [Test]
    public void NamesAreCheckedWhereEitherWantsIt()
    {
        VerificationPolicy wild = Policy(VerifyMode.Required, checksName: true) with { NameFlags = HostNameFlags.AlwaysCheckSubject };
        VerificationPolicy tame = Policy(VerifyMode.Required, checksName: true) with { NameFlags = HostNameFlags.NoWildcards };
        VerificationPolicy nameless = Policy(VerifyMode.Required);
        Assert.That(nameless.And(tame), Is.EqualTo(tame));
        Assert.That(tame.And(nameless), Is.EqualTo(tame));
        Assert.That(wild.And(tame).NameFlags, Is.EqualTo(HostNameFlags.NoWildcards));
    }

    [Test]
    public void OnlyWhoeverVerifiesPutsOff()
    {
        VerificationPolicy later = Policy(VerifyMode.Required) with { AsksAfterHandshake = true };
        VerificationPolicy now = Policy(VerifyMode.Required);
        Assert.That(later.And(now).AsksAfterHandshake, Is.False);
        Assert.That(later.And(later).AsksAfterHandshake, Is.True);
        Assert.That(later.And(Nothing).AsksAfterHandshake, Is.True);
        Assert.That((Nothing with { AsksAfterHandshake = true }).And(now).AsksAfterHandshake, Is.False);
        Assert.That(Nothing.And(later).AsksAfterHandshake, Is.True);
    }

    private static VerificationPolicy Policy(VerifyMode mode, VerifyFlags flags = 0, bool checksName = false)
        => new(mode, VerifyFlags.TrustedFirst | flags, checksName, HostNameFlags.NoPartialWildcards, AsksAfterHandshake: false);
}
