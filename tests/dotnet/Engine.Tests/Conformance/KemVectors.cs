using Org.BouncyCastle.Crypto.Parameters;
using SslModule.Engine.Crypto.KeyAgreement;
using SslModule.Engine.Crypto.MlKem;
using SslModule.Engine.Tests.Crypto;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Tests.Conformance;

/// <summary>Vectors of ML-KEM: ML-KEM-768 by the engine's own where it serves, and each set by BouncyCastle's as the engine calls it.</summary>
internal static class KemVectors
{
    /// <summary>A key pair from a seed.</summary>
    public static bool Generate(Vector vector)
    {
        byte[] seed = vector.Bytes("seed");
        byte[] expected = vector.Bytes("ek");
        bool right = MLKemPrivateKeyParameters.FromSeed(Set(vector), seed).GetPublicKeyEncoded().AsSpan().SequenceEqual(expected);
        if (IsOwn(vector))
        {
            right &= MlKemKeys.Generate(seed).Encoding.AsSpan().SequenceEqual(expected);
        }

        return right;
    }

    /// <summary>The secret of a ciphertext.</summary>
    public static bool Decapsulate(Vector vector)
    {
        byte[] seed = vector.Bytes("seed");
        if (seed.Length != DecapsulationKey.SeedLength)
        {
            throw new NotHereException("MLKEMTest: a seed of a wrong length, which is never a peer's");
        }

        using var share = new BouncyCastleMlKemShare(Set(vector));
        ShareKeys.Set(share, MLKemPrivateKeyParameters.FromSeed(Set(vector), seed));
        bool accepted = Opens(share, vector);
        if (IsOwn(vector))
        {
            using var own = new MlKemShare();
            ShareKeys.Set(own, MlKemKeys.Generate(seed).Key);
            Agree(accepted, Opens(own, vector));
        }

        return accepted;
    }

    /// <summary>A ciphertext for a key, from known randomness by the engine's own; BouncyCastle's is asked whether it takes the key.</summary>
    public static bool Encapsulate(Vector vector)
    {
        byte[] key = vector.Bytes("ek");
        bool accepted;
        try
        {
            using var share = new BouncyCastleMlKemShare(Set(vector));
            share.Respond(key, new ByteBuffer());
            accepted = true;
        }
        catch (FatalAlertException)
        {
            accepted = false;
        }

        if (IsOwn(vector))
        {
            byte[] ciphertext = new byte[MlKem768.CiphertextLength];
            byte[] secret = new byte[MlKem768.SecretLength];
            bool own = MlKem768.TryEncapsulate(key, vector.Bytes("m"), ciphertext, secret);
            Agree(accepted, own);
            accepted &= !own || (ciphertext.AsSpan().SequenceEqual(vector.Bytes("c")) && secret.AsSpan().SequenceEqual(vector.Bytes("K")));
        }

        return accepted;
    }

    private static bool Opens(KeyShare share, Vector vector)
    {
        try
        {
            return share.DeriveSecret(vector.Bytes("c")).AsSpan().SequenceEqual(vector.Bytes("K"));
        }
        catch (FatalAlertException)
        {
            return false;
        }
    }

    private static bool IsOwn(Vector vector) => MlKem768.IsSupported && vector.GroupText("parameterSet") == "ML-KEM-768";

    private static void Agree(bool one, bool other)
    {
        if (one != other)
        {
            throw new InvalidOperationException("the two implementations of ML-KEM-768 differ");
        }
    }

    private static MLKemParameters Set(Vector vector) => vector.GroupText("parameterSet") switch
    {
        "ML-KEM-512" => MLKemParameters.ml_kem_512,
        "ML-KEM-768" => MLKemParameters.ml_kem_768,
        _ => MLKemParameters.ml_kem_1024,
    };
}
