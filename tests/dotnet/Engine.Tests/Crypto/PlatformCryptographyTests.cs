using NUnit.Framework;
using SslModule.Engine.Context;
using SslModule.Engine.Crypto;
using SslModule.Engine.Crypto.Cbc;
using SslModule.Engine.Crypto.Curve25519;
using SslModule.Engine.Crypto.KeyAgreement;
using SslModule.Engine.Crypto.MlKem;
using SslModule.Engine.Records;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Tests.Crypto;

/// <summary>
/// Which primitives a process uses. `make test` runs these once more with SSLMODULE_CRYPTO=platform, where none may be the engine's own.
/// </summary>
[TestFixture]
[NonParallelizable]
internal sealed class PlatformCryptographyTests
{
    private static readonly bool IsOnly = PlatformCryptography.IsOnly;

    private readonly ProcessEnvironment _usual = ProcessEnvironment.Current;
    private string? _before;

    [SetUp]
    public void Remember() => _before = Environment.GetEnvironmentVariable(PlatformCryptography.Variable);

    [TearDown]
    public void Restore()
    {
        ProcessEnvironment.Current = _usual;
        Environment.SetEnvironmentVariable(PlatformCryptography.Variable, _before);
        AppContext.SetSwitch(PlatformCryptography.SwitchName, false);
    }

    [TestCase(null, false)]
    [TestCase("", false)]
    [TestCase("platform", true)]
    public void TheVariableDemandsIt(string? value, bool expected)
    {
        Environment.SetEnvironmentVariable(PlatformCryptography.Variable, value);
        Assert.That(PlatformCryptography.Read(), Is.EqualTo((expected, (string?)null)));
    }

    [TestCase("Platform")]
    [TestCase("1")]
    [TestCase("own")]
    public void AnotherValueIsAMistake(string value)
    {
        Environment.SetEnvironmentVariable(PlatformCryptography.Variable, value);
        Assert.That(PlatformCryptography.Read().Mistake, Is.EqualTo($"SSLMODULE_CRYPTO is platform or unset, not {value}"));
    }

    [Test]
    public void RaisedPrivilegesIgnoreTheVariable([Values("platform", "wrong")] string value)
    {
        Environment.SetEnvironmentVariable(PlatformCryptography.Variable, value);
        ProcessEnvironment.Current = new ProcessEnvironment(isRaised: true);
        Assert.That(PlatformCryptography.Read(), Is.EqualTo((false, (string?)null)));
    }

    [Test]
    public void TheSwitchDemandsIt([Values(null, "platform")] string? value, [Values] bool isOn)
    {
        Environment.SetEnvironmentVariable(PlatformCryptography.Variable, value);
        AppContext.SetSwitch(PlatformCryptography.SwitchName, isOn);
        Assert.That(PlatformCryptography.Read(), Is.EqualTo((isOn || value is not null, (string?)null)));
    }

    [Test]
    public void IsReadOnce()
    {
        AppContext.SetSwitch(PlatformCryptography.SwitchName, !IsOnly);
        Assert.That(PlatformCryptography.IsOnly, Is.EqualTo(IsOnly));
        Assert.That(IsOnly, Is.EqualTo(_before == "platform"), "the tests' own process has what its environment says");
        Assert.DoesNotThrow(() => _ = new TlsContext(TlsProtocolSelection.TlsClient));
    }

    [Test]
    public void ChoosesAeads([Values(16, 32)] int length)
    {
        using AeadAlgorithm gcm = AeadAlgorithm.AesGcm(new byte[length]);
        Assert.That(gcm, IsOnly || !HardwareGcm.IsSupported ? Is.TypeOf<PlatformAead.Gcm>() : Is.TypeOf<HardwareGcm>());
    }

    [Test]
    public void ChoosesBlockCiphers()
    {
        using CbcMode aes128 = CbcSuite.Aes128.Create(new byte[16], new byte[16]);
        using CbcMode aes256 = CbcSuite.Aes256.Create(new byte[32], new byte[32]);
        byte[] key = [.. Enumerable.Range(1, 24).Select(i => (byte)(i * 2))];
        using CbcMode tripleDes = CbcSuite.TripleDes.Create(key, key);
        Assert.That(aes128, IsOnly ? Is.TypeOf<PlatformCbc>() : AesKeySchedule.IsSupported ? Is.TypeOf<HardwareAesCbc>() : Is.TypeOf<ManagedCbc>());
        Assert.That(aes256, Is.TypeOf(aes128.GetType()));
        Assert.That(tripleDes, IsOnly ? Is.TypeOf<PlatformCbc>() : Is.TypeOf<ManagedCbc>());
    }

    [Test]
    public void ChoosesKeyExchanges()
    {
        Type mlKem = KeyShare.UsesPlatformMlKem ? typeof(PlatformMlKemShare) : typeof(BouncyCastleMlKemShare);
        foreach ((int group, Type expected) in new[]
        {
            (NamedGroup.x25519, IsOnly || !X25519.IsSupported ? typeof(MontgomeryShare) : typeof(X25519Share)),
            (NamedGroup.MLKEM512, mlKem),
            (NamedGroup.MLKEM768, IsOnly || !MlKem768.IsSupported ? mlKem : typeof(MlKemShare)),
            (NamedGroup.MLKEM1024, mlKem),
            (NamedGroup.secp256r1, typeof(NistShare)),
        })
        {
            using KeyShare share = KeyShare.ForTls13(group, isServer: false);
            Assert.That(share, Is.TypeOf(expected));
        }

        Assert.That(KeyShare.UsesPlatformMlKem, Is.False.Or.EqualTo(IsOnly));
    }

    [TestCase(512)]
    [TestCase(768)]
    [TestCase(1024)]
    public void ThePlatformsMlKemAgreesWithBouncyCastles(int set)
    {
        if (!Platform.PlatformMlKem.IsSupported)
        {
            Assert.Ignore("the platform's library has no ML-KEM");
        }

        var parameters = set switch
        {
            512 => Org.BouncyCastle.Crypto.Parameters.MLKemParameters.ml_kem_512,
            768 => Org.BouncyCastle.Crypto.Parameters.MLKemParameters.ml_kem_768,
            _ => Org.BouncyCastle.Crypto.Parameters.MLKemParameters.ml_kem_1024,
        };
        foreach ((KeyShare one, KeyShare other) in new (KeyShare, KeyShare)[]
        {
            (new PlatformMlKemShare(set), new BouncyCastleMlKemShare(parameters)),
            (new BouncyCastleMlKemShare(parameters), new PlatformMlKemShare(set)),
            (new PlatformMlKemShare(set), new PlatformMlKemShare(set)),
        })
        {
            using (one)
            using (other)
            {
                var offer = new ByteBuffer();
                var answer = new ByteBuffer();
                one.WritePublicValue(offer);
                byte[] secret = other.Respond(offer.Span, answer);
                Assert.That(one.DeriveSecret(answer.Span), Is.EqualTo(secret));
            }
        }

        using var peer = new PlatformMlKemShare(set);
        Assert.That(() => peer.Respond(new byte[10], new ByteBuffer()), Throws.TypeOf<FatalAlertException>());
        byte[] invalid = new byte[(set / 256 * 384) + 32];
        invalid.AsSpan().Fill(0xFF);
        Assert.That(() => peer.Respond(invalid, new ByteBuffer()), Throws.TypeOf<FatalAlertException>());
    }

    [Test]
    public void CopiesOfAHashGoTheirOwnWays([Values(HashAlgorithm.sha256, HashAlgorithm.sha384)] int algorithm)
    {
        Org.BouncyCastle.Crypto.IDigest hash = HashAlgorithms.Begin(algorithm);
        hash.BlockUpdate([1, 2, 3]);
        Org.BouncyCastle.Crypto.IDigest copy = HashAlgorithms.Copy(hash);
        copy.BlockUpdate([4]);
        Assert.That(Digest(hash), Is.EqualTo(HashAlgorithms.Hash(algorithm, [1, 2, 3])));
        Assert.That(Digest(copy), Is.EqualTo(HashAlgorithms.Hash(algorithm, [1, 2, 3, 4])));
        Assert.That(hash.GetType().Namespace, Is.EqualTo(IsOnly && Platform.PlatformDigest.IsSupported ? "SslModule.Engine.Platform" : "Org.BouncyCastle.Crypto.Digests"));

        static byte[] Digest(Org.BouncyCastle.Crypto.IDigest from)
        {
            byte[] digest = new byte[from.GetDigestSize()];
            from.DoFinal(digest);
            return digest;
        }
    }

    [Test]
    public void ReportsSayIt()
        => Assert.That(EngineFacts.All, Does.Contain(("cryptography", IsOnly ? "the platform's only, BouncyCastle's for what it has not" : "SslModule's own, the platform's and BouncyCastle's")));
}
