using System.Diagnostics;
using System.Security.Cryptography;

namespace SslModule.Engine.Crypto;

/// <summary>
/// Which texts the platform's AES-GCM encrypts faster than <see cref="HardwareGcm"/>. A call of the platform's costs half a microsecond
/// whatever the length; per byte it may be faster, for example with AVX-512. Measured once for each length of the key, when the first
/// text comes that is long enough to matter.
/// </summary>
internal static class GcmSpeed
{
    /// <summary>The longest text for which the platform's is never asked: the cost of its call is more than it can save.</summary>
    public const int Short = 4096;

    private const int Long = 16384;
    private const int Warming = 2;
    private const int Samples = 5;

    // Less than this is not worth the second key schedule of a connection.
    private const double WorthIt = 0.95;

    private static readonly Lazy<int> Aes128 = new(() => Measure(16));
    private static readonly Lazy<int> Aes256 = new(() => Measure(32));

    /// <summary>The longest text, in bytes, that <see cref="HardwareGcm"/> encrypts at least as fast under a key of 16 or 32 bytes.</summary>
    public static int LongestText(int keyLength) => (keyLength == 16 ? Aes128 : Aes256).Value;

    /// <summary>Where two straight lines cross, each given by what a short and a long text take.</summary>
    /// <param name="ownShort">What <see cref="HardwareGcm"/> takes for <see cref="Short"/> bytes.</param>
    /// <param name="ownLong">The same for 16 KiB.</param>
    /// <param name="platformShort">What the platform's takes for <see cref="Short"/> bytes, in the same unit.</param>
    /// <param name="platformLong">The same for 16 KiB.</param>
    internal static int Crossing(double ownShort, double ownLong, double platformShort, double platformLong)
    {
        if (platformLong >= ownLong * WorthIt)
        {
            return int.MaxValue;
        }

        double behind = platformShort - ownShort;
        double ahead = ownLong - platformLong;
        return behind <= 0 ? Short : Short + (int)((Long - Short) * behind / (behind + ahead));
    }

    private static int Measure(int keyLength)
    {
        if (!AesGcm.IsSupported)
        {
            return int.MaxValue;
        }

        byte[] key = new byte[keyLength];
        using var own = new HardwareGcm(key) { Longest = int.MaxValue };
        using var platform = new PlatformAead.Gcm(key);
        return Crossing(Fastest(own, Short), Fastest(own, Long), Fastest(platform, Short), Fastest(platform, Long));
    }

    /// <summary>The least of some samples: an interruption only makes one longer.</summary>
    private static long Fastest(AeadAlgorithm algorithm, int length)
    {
        byte[] text = new byte[length];
        Span<byte> tag = stackalloc byte[algorithm.TagLength];
        Span<byte> nonce = stackalloc byte[AeadAlgorithm.NonceLength];
        nonce.Clear();
        long fastest = long.MaxValue;
        for (int i = 0; i < Warming + Samples; i++)
        {
            long start = Stopwatch.GetTimestamp();
            algorithm.Encrypt(nonce, text, text, tag, []);
            long taken = Stopwatch.GetTimestamp() - start;
            fastest = i < Warming ? fastest : Math.Min(fastest, taken);
        }

        return fastest;
    }
}
