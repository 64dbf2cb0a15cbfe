using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using SslModule.Engine.Crypto.Curve25519;
using SslModule.Engine.Crypto.KeyAgreement;
using SslModule.Engine.Crypto.MlKem;
using SslModule.Engine.Tests.Crypto;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Tests.Timing;

/// <summary>X25519 with one private key or any, and ML-KEM's decapsulation of right ciphertexts or wrong ones (implicit rejection).</summary>
internal static class AgreementTargets
{
    public static IEnumerable<KeyValuePair<string, Func<string, TimingTarget>>> All { get; } =
    [
        .. X25519.IsSupported ? Own() : [],
        new("x25519-managed", name => Exchange(name, () => new MontgomeryShare(NamedGroup.x25519))),
        new("ml-kem-768-managed", ManagedDecapsulation),
    ];

    private static IEnumerable<KeyValuePair<string, Func<string, TimingTarget>>> Own()
    {
        yield return new("x25519", name => Exchange(name, () => new X25519Share()));
        yield return new("x25519-public-key", PublicKey);
        yield return new("ml-kem-768", OwnDecapsulation);
    }

    private static TimingTarget Exchange(string name, Func<KeyShare> create)
    {
        var output = new ByteBuffer();
        create().WritePublicValue(output);
        byte[] peer = output.Span.ToArray();
        KeyShare share = create();
        return Scalars(name, ShareKeys.Bytes(share), () => CryptographicOperations.ZeroMemory(share.DeriveSecret(peer)));
    }

    private static TimingTarget PublicKey(string name)
    {
        byte[] key = new byte[X25519.Length], value = new byte[X25519.Length];
        return Scalars(name, key, () => X25519.PublicKey(key, value));
    }

    // Zeros are clamped to a private key of one bit.
    private static TimingTarget Scalars(string name, byte[] key, Action run) => new(
        name,
        "the private key zero / random private keys",
        key.Length,
        (second, input) =>
        {
            RandomNumberGenerator.Fill(input);
            input.AsSpan(0, second ? 0 : input.Length).Clear();
        },
        input => input.CopyTo(key, 0),
        run);

    private static TimingTarget OwnDecapsulation(string name)
    {
        byte[] seed = RandomNumberGenerator.GetBytes(DecapsulationKey.SeedLength), publicKey = new byte[MlKem768.EncapsulationKeyLength];
        DecapsulationKey.Generate(seed, publicKey).Clear();
        var share = new MlKemShare();

        // It is used once and clears itself.
        return Decapsulation(name, publicKey, share, () => ShareKeys.Set(share, DecapsulationKey.Generate(seed, publicKey)));
    }

    private static TimingTarget ManagedDecapsulation(string name)
    {
        var share = new BouncyCastleMlKemShare(MLKemParameters.ml_kem_768);
        var output = new ByteBuffer();
        share.WritePublicValue(output);
        return Decapsulation(name, output.Span.ToArray(), share, () => { });
    }

    private static TimingTarget Decapsulation(string name, byte[] publicKey, KeyShare share, Action renew)
    {
        byte[] ciphertext = new byte[MlKem768.CiphertextLength];
        var peer = new BouncyCastleMlKemShare(MLKemParameters.ml_kem_768);
        var output = new ByteBuffer();
        return new TimingTarget(
            name,
            "right ciphertexts / one bit of them wrong",
            ciphertext.Length,
            (second, input) =>
            {
                peer.Respond(publicKey, output);
                output.Span.CopyTo(input);
                output.Consume(output.Length);
                input[RandomNumberGenerator.GetInt32(input.Length)] ^= (byte)(second ? 0x10 : 0);
            },
            input =>
            {
                renew();
                input.CopyTo(ciphertext, 0);
            },
            () => CryptographicOperations.ZeroMemory(share.DeriveSecret(ciphertext)));
    }
}
