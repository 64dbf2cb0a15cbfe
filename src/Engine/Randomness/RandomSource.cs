using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Prng;
using Org.BouncyCastle.Security;

namespace SslModule.Engine.Randomness;

/// <summary>
/// The engine's random bytes: the operating system's, combined with a stream made from what applications added. The
/// result is as good as the better of the two, whatever was added.
/// </summary>
internal static class RandomSource
{
    private static readonly EntropyPool Pool = new();
    private static volatile bool _added;

    /// <summary>Whether there is enough randomness (<c>RAND_status</c>): always, the operating system answers only once it is seeded.</summary>
    public static bool Status => true;

    /// <summary>The same bytes for BouncyCastle.</summary>
    public static SecureRandom BouncyCastle { get; } = new(new Generator());

    public static void Fill(Span<byte> destination)
    {
        RandomNumberGenerator.Fill(destination);
        if (_added)
        {
            Pool.XorInto(destination);
        }
    }

    /// <summary>Mixes <paramref name="data"/> into what <see cref="Fill"/> gives from now on (<c>RAND_add</c>).</summary>
    /// <param name="data">Anything, secret or not.</param>
    /// <param name="entropy">How many bytes of entropy the caller credits it with. It is mixed in with it, for there is no
    /// threshold that it could count towards: <see cref="Status"/> does not wait for it.</param>
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
