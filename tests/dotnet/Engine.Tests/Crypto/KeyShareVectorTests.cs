using NUnit.Framework;
using Org.BouncyCastle.Crypto.Parameters;
using SslModule.Engine.Crypto.Curve25519;
using SslModule.Engine.Crypto.KeyAgreement;
using SslModule.Engine.Crypto.MlKem;
using SslModule.Engine.Platform;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Tests.Crypto;

/// <summary>
/// X25519 and ML-KEM as the handshake has them, in each class that serves on some processor or other: the engine's own needs AVX2, and
/// BouncyCastle's serves where that is not.
/// </summary>
public class KeyShareVectorTests
{
    private const int Q = 3329;
    private const int SeedLength = 32;

    [TestCaseSource(typeof(X25519Vectors), nameof(X25519Vectors.Agreements))]
    public void X25519AgreesAsTheRfcSays(string scalar, string point, string secret)
    {
        foreach (KeyShare share in X25519Shares())
        {
            using (share)
            {
                Convert.FromHexString(scalar).CopyTo(ShareKeys.Bytes(share), 0);
                Assert.That(Convert.ToHexStringLower(share.DeriveSecret(Convert.FromHexString(point))), Is.EqualTo(secret), share.GetType().Name);
            }
        }
    }

    [Test]
    public void X25519SharesAgreeWithEachOther()
    {
        foreach (KeyShare one in X25519Shares())
        {
            foreach (KeyShare other in X25519Shares())
            {
                AssertAgreement(one, other);
            }
        }
    }

    /// <summary>RFC 7748 section 6.1, RFC 8446 section 7.4.2: the secret would be zero.</summary>
    [TestCaseSource(typeof(X25519Vectors), nameof(X25519Vectors.SmallOrder))]
    public void X25519RefusesPointsOfSmallOrder(string point) => AssertRefusal(X25519Shares, Convert.FromHexString(point));

    [Test]
    public void X25519RefusesOtherLengths([Values(0, 31, 33)] int length) => AssertRefusal(X25519Shares, [.. Enumerable.Repeat((byte)9, length)]);

    /// <summary>Wycheproof's odd matrices and ciphertexts, rejected ones among them.</summary>
    [Test]
    public void MlKemOpensAsTheVectorsSay()
    {
        string[][] lines = [.. TestData.Text("ml-kem-768.txt").Split('\n').Select(line => line.Split(' ')).Where(fields => fields[0] == "opens")];
        Assert.That(lines, Has.Length.EqualTo(13));
        foreach (string[] fields in lines)
        {
            byte[] seed = Convert.FromHexString(fields[1]);
            using var fallback = new BouncyCastleMlKemShare(MLKemParameters.ml_kem_768);
            ShareKeys.Set(fallback, MLKemPrivateKeyParameters.FromSeed(MLKemParameters.ml_kem_768, seed));
            Assert.That(Convert.ToHexStringLower(fallback.DeriveSecret(Convert.FromBase64String(fields[2]))), Is.EqualTo(fields[3]));
            if (MlKem768.IsSupported)
            {
                using var own = new MlKemShare();
                ShareKeys.Set(own, MlKemKeys.Generate(seed).Key);
                Assert.That(Convert.ToHexStringLower(own.DeriveSecret(Convert.FromBase64String(fields[2]))), Is.EqualTo(fields[3]));
            }
        }
    }

    [Test]
    public void MlKemSharesAgreeWithEachOther([Values(512, 768, 1024)] int set)
    {
        foreach (KeyShare one in MlKemShares(set))
        {
            foreach (KeyShare other in MlKemShares(set))
            {
                AssertAgreement(one, other);
            }
        }
    }

    /// <summary>FIPS 203 section 7.2, the modulus check, at the first place, in the middle and at the last.</summary>
    [Test]
    public void MlKemRefusesKeysWithNumbersTooLarge([Values(512, 768, 1024)] int set, [Values(Q, 4095)] int number)
    {
        foreach (int place in new[] { 0, (set / 2) + 1, set - 1 })
        {
            byte[] key = EncapsulationKey(set);
            SetNumber(key, place, number);
            AssertRefusal(() => MlKemShares(set), key);
            SetNumber(key, place, Q - 1);
            foreach (KeyShare share in MlKemShares(set))
            {
                using (share)
                {
                    Assert.DoesNotThrow(() => share.Respond(key, new ByteBuffer()), $"{share.GetType().Name} at {place}");
                }
            }
        }
    }

    [Test]
    public void MlKemRefusesKeysOfOtherLengths([Values(512, 768, 1024)] int set)
    {
        byte[] key = EncapsulationKey(set);
        AssertRefusal(() => MlKemShares(set), []);
        AssertRefusal(() => MlKemShares(set), key[..^1]);
        AssertRefusal(() => MlKemShares(set), [.. key, 0]);
    }

    [Test]
    public void MlKemRefusesCiphertextsOfOtherLengths([Values(512, 768, 1024)] int set)
    {
        int length = set == 1024 ? 1568 : (set / 256 * 320) + 128;
        foreach (int other in new[] { 0, length - 1, length + 1 })
        {
            foreach (KeyShare share in MlKemShares(set))
            {
                using (share)
                {
                    share.WritePublicValue(new ByteBuffer());
                    Assert.That(() => share.DeriveSecret(new byte[other]), Throws.TypeOf<FatalAlertException>(), $"{share.GetType().Name}, {other}");
                }
            }
        }
    }

    private static List<KeyShare> X25519Shares()
        => X25519.IsSupported ? [new MontgomeryShare(NamedGroup.x25519), new X25519Share()] : [new MontgomeryShare(NamedGroup.x25519)];

    private static List<KeyShare> MlKemShares(int set)
    {
        List<KeyShare> shares =
        [
            new BouncyCastleMlKemShare(set switch { 512 => MLKemParameters.ml_kem_512, 768 => MLKemParameters.ml_kem_768, _ => MLKemParameters.ml_kem_1024 }),
        ];
        if (set == 768 && MlKem768.IsSupported)
        {
            shares.Add(new MlKemShare());
        }

        if (PlatformMlKem.IsSupported)
        {
            shares.Add(new PlatformMlKemShare(set));
        }

        return shares;
    }

    private static void AssertAgreement(KeyShare one, KeyShare other)
    {
        var offer = new ByteBuffer();
        var answer = new ByteBuffer();
        one.WritePublicValue(offer);
        byte[] secret = other.Respond(offer.Span, answer);
        Assert.That(one.DeriveSecret(answer.Span), Is.EqualTo(secret), $"{one.GetType().Name} and {other.GetType().Name}");
        Assert.That(secret, Has.Length.EqualTo(32).And.Some.Not.Zero);
    }

    private static void AssertRefusal(Func<List<KeyShare>> shares, byte[] offer)
    {
        foreach (KeyShare share in shares())
        {
            using (share)
            {
                Assert.That(
                    () => share.Respond(offer, new ByteBuffer()),
                    Throws.TypeOf<FatalAlertException>().With.Property(nameof(FatalAlertException.Alert)).EqualTo(AlertDescription.illegal_parameter),
                    share.GetType().Name);
            }
        }
    }

    private static byte[] EncapsulationKey(int set)
    {
        using KeyShare share = MlKemShares(set)[0];
        var output = new ByteBuffer();
        share.WritePublicValue(output);
        Assert.That(output.Span.Length, Is.EqualTo((set / 256 * 384) + SeedLength));
        return output.Span.ToArray();
    }

    /// <summary>Numbers are twelve bits each, the lower ones first.</summary>
    private static void SetNumber(byte[] key, int place, int number)
    {
        int at = place / 2 * 3;
        if (place % 2 == 0)
        {
            key[at] = (byte)number;
            key[at + 1] = (byte)((key[at + 1] & 0xF0) | (number >> 8));
        }
        else
        {
            key[at + 1] = (byte)((key[at + 1] & 0x0F) | ((number & 0x0F) << 4));
            key[at + 2] = (byte)(number >> 4);
        }
    }
}
