using System.Reflection;
using NUnit.Framework;
using Org.BouncyCastle.Tls;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Wire;
using AlertDescription = SslModule.Engine.Wire.AlertDescription;
using BcNamedGroup = Org.BouncyCastle.Tls.NamedGroup;
using BcProtocolVersion = Org.BouncyCastle.Tls.ProtocolVersion;
using ExtensionType = SslModule.Engine.Wire.ExtensionType;
using NamedGroup = SslModule.Engine.Wire.NamedGroup;
using ProtocolVersion = SslModule.Engine.Wire.ProtocolVersion;

namespace SslModule.Engine.Tests.Wire;

/// <summary>The engine's numbers of the wire against those of BouncyCastle, which has them from the same registries.</summary>
public class NumberTests
{
    private static readonly int[] Versions =
        [ProtocolVersion.SSLv3, ProtocolVersion.TLSv10, ProtocolVersion.TLSv11, ProtocolVersion.TLSv12, ProtocolVersion.TLSv13];

    // Names that BouncyCastle does not have, or has otherwise.
    private static readonly string[] OnlyHere = ["CompressionMethod.none", "SignatureScheme.dsa_sha1"];

    private static IEnumerable<int> Groups => Numbers(typeof(NamedGroup)).Select(number => (int)number.Value);

    [Test]
    public void Every_name_has_its_number()
    {
        int compared = 0;
        foreach (Type type in typeof(AlertDescription).Assembly.GetTypes().Where(type => type.Namespace == typeof(AlertDescription).Namespace))
        {
            Type? other = typeof(TlsUtilities).Assembly.GetType("Org.BouncyCastle.Tls." + type.Name);
            foreach ((string name, long value) in other is null || other == typeof(BcProtocolVersion) ? [] : Numbers(type))
            {
                string whole = $"{type.Name}.{name}";
                FieldInfo? field = other!.GetField(name);
                Assert.That(field is null, Is.EqualTo(OnlyHere.Contains(whole)), whole);
                Assert.That(field is null ? value : Convert.ToInt64(field.GetRawConstantValue()), Is.EqualTo(value), whole);
                compared++;
            }
        }

        Assert.That(compared, Is.GreaterThan(150));
    }

    [Test]
    public void Versions_have_their_groups()
        => Assert.That(Pairs(Groups, NamedGroup.IsDefinedIn), Is.EqualTo(Pairs(Groups, (group, version) => BcNamedGroup.CanBeNegotiated(group, Version(version)))));

    [Test]
    public void Hybrids_have_their_parts()
    {
        foreach (int group in Groups)
        {
            Assert.That(NamedGroup.IsHybrid(group), Is.EqualTo(BcNamedGroup.RefersToASpecificHybrid(group)), $"{group}");
            if (NamedGroup.IsHybrid(group))
            {
                Assert.That(NamedGroup.ComponentsOf(group), Is.EqualTo((BcNamedGroup.GetHybridFirst(group), BcNamedGroup.GetHybridSecond(group))), $"{group}");
            }
        }
    }

    [Test]
    public void Groups_are_of_one_kind()
    {
        foreach (int group in Groups)
        {
            Assert.That(NamedGroup.IsFiniteField(group), Is.EqualTo(BcNamedGroup.RefersToASpecificFiniteField(group)), $"{group}");
            Assert.That(NamedGroup.IsCurve(group), Is.EqualTo(BcNamedGroup.RefersToAnECDHCurve(group)), $"{group}");
            Assert.That(NamedGroup.IsKem(group), Is.EqualTo(BcNamedGroup.RefersToASpecificKem(group)), $"{group}");
        }
    }

    [Test]
    public void Extensions_without_a_name_are_unknown()
    {
        for (int type = 0; type <= ushort.MaxValue; type++)
        {
            bool known = Org.BouncyCastle.Tls.ExtensionType.GetName(type) != "UNKNOWN";
            Assert.That(Enum.IsDefined((ExtensionType)type), Is.EqualTo(known), $"{type}");
        }
    }

    [Test]
    public void Versions_before_1_3_have_their_suites()
    {
        foreach (CipherSuiteInfo suite in CipherSuites.All)
        {
            foreach (int version in Versions[..^1])
            {
                Assert.That(suite.IsDefinedIn(version), Is.EqualTo(TlsUtilities.IsValidVersionForCipherSuite(suite.Id, Version(version))), $"{suite.Name} {version:x4}");
            }
        }
    }

    [Test]
    public void Alerts_say_their_name()
    {
        Assert.That(new FatalAlertException(AlertDescription.bad_record_mac).Message, Does.Contain("bad_record_mac"));
        Assert.That(new AlertReceivedException(AlertDescription.unknown_ca).Message, Does.Contain("unknown_ca"));
    }

    private static BcProtocolVersion Version(int number) => BcProtocolVersion.Get(number >> 8, number & 0xFF);

    private static IEnumerable<(int Group, int Version, bool Has)> Pairs(IEnumerable<int> groups, Func<int, int, bool> has)
        => groups.SelectMany(group => Versions.Select(version => (group, version, has(group, version))));

    private static IEnumerable<(string Name, long Value)> Numbers(Type type)
        => type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral)
            .Select(field => (field.Name, Convert.ToInt64(field.GetRawConstantValue())));
}
