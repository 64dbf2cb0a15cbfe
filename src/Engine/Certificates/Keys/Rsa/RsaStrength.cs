namespace SslModule.Engine.Certificates;

/// <summary>The security bits of RSA, DSA and finite-field keys by size, with OpenSSL's rounding.</summary>
internal static class RsaStrength
{
    /// <summary>
    /// The security bits of a modulus of <paramref name="bits"/> bits: NIST's values at its sizes; between them the general
    /// number field sieve's estimate (NIST SP 800-56B revision 2, appendix D), rounded to a multiple of 8.
    /// </summary>
    public static int SecurityBits(int bits)
    {
        switch (bits)
        {
            case 2048: return 112;
            case 3072: return 128;
            case 4096: return 152;
            case 6144: return 176;
            case 7680: return 192;
            case 8192: return 200;
            case 15360: return 256;
            case > 687736: return 1200;
            case < 8: return 0;
        }

        int cap = bits switch { <= 7680 => 192, <= 15360 => 256, _ => 1200 };
        double x = bits * Math.Log(2);
        double log = Math.Log(x);
        double work = ((1.923 * Math.Cbrt(x * log * log)) - 4.69) / Math.Log(2);
        int rounded = ((int)Math.Floor(work) + 4) & ~7;
        return Math.Min(rounded, cap);
    }
}
