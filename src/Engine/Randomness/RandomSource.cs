using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Prng;
using Org.BouncyCastle.Security;

namespace SslModule.Engine.Randomness;

/// <summary>
/// The engine's random bytes: the operating system's generator XORed with a stream derived from the application's seed material.
/// The result is at least as strong as the stronger of the two.
/// </summary>
internal static class RandomSource
{
    private static readonly EntropyPool Pool = new();
    private static volatile bool _added;

    /// <summary>Whether the generator is seeded (<c>RAND_status</c>). Always true: the operating system blocks until it is seeded.</summary>
    public static bool Status => true;

    /// <summary>The same generator for BouncyCastle.</summary>
    public static SecureRandom BouncyCastle { get; } = new(new Generator());

    public static void Fill(Span<byte> destination)
    {
        RandomNumberGenerator.Fill(destination);
        if (_added)
        {
            Pool.XorInto(destination);
        }
    }

    /// <summary>Mixes <paramref name="data"/> into all later output of <see cref="Fill"/> (<c>RAND_add</c>).</summary>
    /// <param name="data">Seed material; it need not be secret.</param>
    /// <param name="entropy">The entropy in bytes that the caller credits to the data. It is mixed in as data only, because
    /// <see cref="Status"/> does not depend on an entropy count.</param>
    public static void Add(ReadOnlySpan<byte> data, double entropy)
    {
        Pool.Mix(BitConverter.GetBytes(entropy));
        Pool.Mix(data);
        _added = true;
    }

    private sealed class Generator : IRandomGenerator
    {
        public void AddSeedMaterial(byte[] seed) => Add(seed, 0);

        public void AddSeedMaterial(ReadOnlySpan<byte> seed) => Add(seed, 0);

        public void AddSeedMaterial(long seed) => Add(BitConverter.GetBytes(seed), 0);

        public void NextBytes(byte[] bytes) => Fill(bytes);

        public void NextBytes(byte[] bytes, int start, int len) => Fill(bytes.AsSpan(start, len));

        public void NextBytes(Span<byte> bytes) => Fill(bytes);
    }
}
