using SslModule.Engine.Crypto.MlKem;

namespace SslModule.Engine.Tests.Crypto;

/// <summary>ML-KEM-768's keys as FIPS 203 writes them, and short ways to use them.</summary>
internal static class MlKemKeys
{
    private const int DecapsulationKeyLength = 2400;
    private const int SecretKeyLength = 1152;

    public static (DecapsulationKey Key, byte[] Encoding) Generate(byte[] seed)
    {
        byte[] encapsulationKey = new byte[MlKem768.EncapsulationKeyLength];
        return (DecapsulationKey.Generate(seed, encapsulationKey), encapsulationKey);
    }

    /// <summary>dk: s, ek, H(ek) and z.</summary>
    public static byte[] Write(DecapsulationKey key, byte[] encapsulationKey)
    {
        byte[] encoding = new byte[DecapsulationKeyLength];
        for (int row = 0; row < PolynomialVector.Rank; row++)
        {
            Polynomial copy = key.State.Secret[row];
            copy.Normalize();
            Encoding.Write12(ref copy, encoding.AsSpan(row * Encoding.Length12));
        }

        encapsulationKey.CopyTo(encoding, SecretKeyLength);
        key.KeyHash.CopyTo(encoding.AsSpan(SecretKeyLength + MlKem768.EncapsulationKeyLength));
        key.Rejection.CopyTo(encoding.AsSpan(DecapsulationKeyLength - Encryption.SeedLength));
        return encoding;
    }

    public static DecapsulationKey Read(byte[] encoding)
    {
        DecapsulationKey key = Generate(new byte[DecapsulationKey.SeedLength]).Key;
        Span<byte> encapsulationKey = encoding.AsSpan(SecretKeyLength, MlKem768.EncapsulationKeyLength);
        bool below = true;
        for (int row = 0; row < PolynomialVector.Rank; row++)
        {
            below &= Encoding.TryRead12(encoding.AsSpan(row * Encoding.Length12), ref key.State.Secret[row])
                && Encoding.TryRead12(encapsulationKey[(row * Encoding.Length12)..], ref key.State.Public[row]);
        }

        Sampling.Matrix(encapsulationKey[^Encryption.SeedLength..], ref key.State.Matrix);
        encoding.AsSpan(SecretKeyLength + MlKem768.EncapsulationKeyLength, Encryption.SeedLength).CopyTo(key.KeyHash);
        encoding.AsSpan(DecapsulationKeyLength - Encryption.SeedLength).CopyTo(key.Rejection);
        return below ? key : throw new InvalidDataException();
    }

    public static (byte[] Ciphertext, byte[] Secret) Encapsulate(byte[] encapsulationKey, byte[] random)
    {
        byte[] ciphertext = new byte[MlKem768.CiphertextLength];
        byte[] secret = new byte[MlKem768.SecretLength];
        return MlKem768.TryEncapsulate(encapsulationKey, random, ciphertext, secret) ? (ciphertext, secret) : throw new InvalidDataException();
    }

    public static byte[] Decapsulate(this DecapsulationKey key, byte[] ciphertext)
    {
        byte[] secret = new byte[MlKem768.SecretLength];
        return key.TryDecapsulate(ciphertext, secret) ? secret : throw new InvalidDataException();
    }
}
