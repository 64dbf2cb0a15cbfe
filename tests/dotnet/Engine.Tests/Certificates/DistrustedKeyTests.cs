using System.Security.Cryptography;
using NUnit.Framework;
using SslModule.Engine.Certificates;

namespace SslModule.Engine.Tests.Certificates;

/// <summary>Chains through keys that nobody may trust. The private halves of the listed keys are not at hand, so that these tests list their own.</summary>
[TestFixture]
public sealed class DistrustedKeyTests
{
    private readonly Authority _root = Authority.Root();
    private Authority _intermediate = null!;
    private Authority _leaf = null!;

    [OneTimeSetUp]
    public void Prepare()
    {
        _intermediate = _root.Issue("CN=intermediate", Shape.Ca());
        _leaf = _intermediate.Issue("CN=leaf", Shape.Server("a.example"));
    }

    [Test]
    public void A_chain_through_none_of_them_is_good()
        => Assert.That(Verify(_leaf, [Hash(Authority.Root("CN=another"))]).Code, Is.Zero);

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public void A_chain_through_one_is_28_wherever_it_is(int depth)
    {
        Authority[] chain = [_leaf, _intermediate, _root];
        VerificationResult result = Verify(_leaf, [Hash(Authority.Root("CN=another")), Hash(chain[depth])]);
        Assert.That((result.Code, result.Depth, result.Message, result.Alert), Is.EqualTo((28, depth, "certificate rejected", (byte)42)));
        Assert.That(result.Chain, Has.Count.EqualTo(3));
    }

    /// <summary>It is the key that is not trusted, whatever certificate it is in.</summary>
    [Test]
    public void A_new_certificate_of_the_key_is_refused_as_well()
    {
        byte[] key = Hash(_intermediate);
        Authority renewed = _root.Issue("CN=renewed", Shape.Ca() with { NewKey = () => _intermediate.Key });
        Authority leaf = renewed.Issue("CN=leaf", Shape.Server("a.example"));
        Assert.That(Verify(leaf, [key], renewed).Code, Is.EqualTo(28));
    }

    /// <summary>The list is asked last, as CPython asks it: a chain that fails otherwise fails for that.</summary>
    [Test]
    public void Another_failure_comes_first()
    {
        VerificationResult result = Verify(_leaf, [Hash(_intermediate)], adjust: settings => settings with { HostName = "b.example" });
        Assert.That(result.Code, Is.EqualTo(62));
    }

    [Test]
    public void The_list_is_of_whole_hashes_each_once()
    {
        IReadOnlyList<byte[]> keys = DistrustedKeyCheck.KeyHashes;
        Assert.That(keys.Select(key => key.Length), Is.All.EqualTo(SHA256.HashSizeInBytes));
        Assert.That(keys.Select(Convert.ToHexString), Is.Unique);
        Assert.That(keys, Has.Count.EqualTo(8));
    }

    private static byte[] Hash(Authority authority) => SHA256.HashData(authority.Certificate.SubjectPublicKeyInfo.Span);

    private VerificationResult Verify(Authority leaf, byte[][] distrusted, Authority? through = null, Func<VerificationSettings, VerificationSettings>? adjust = null)
    {
        var store = new TrustStore();
        store.Add(_root.Certificate);
        var settings = new VerificationSettings { Store = store, Now = Authority.Now, Purpose = Purpose.ServerAuth, HostName = "a.example", DistrustedKeys = distrusted };
        return ChainVerifier.Verify(leaf.Certificate, [(through ?? _intermediate).Certificate], adjust?.Invoke(settings) ?? settings);
    }
}
