using SslModule.Engine.Context;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake.Tls13;

/// <summary>The suites of TLS 1.3 (RFC 8446 appendix B.4).</summary>
internal static class Tls13Suites
{
    /// <summary>Whether a suite is one of them.</summary>
    public static bool Contains(int suite) => suite >> 8 == 0x13;

    /// <summary>The hash algorithm of a suite and its PSKs.</summary>
    public static int HashOf(int suite) => suite == CipherSuite.TLS_AES_256_GCM_SHA384 ? HashAlgorithm.sha384 : HashAlgorithm.sha256;

    /// <summary>Selects the server's suite; null if there is no common suite. Without a certificate, a suite that works with a PSK is preferred.</summary>
    public static int? Choose(HandshakeState state, int[] offered)
    {
        int[] own = SuiteChoice.Prioritized(state.Settings, state.Derived.ServerSuites, offered);
        (int[] ordered, int[] other) = SupportedAlgorithms.PrefersOwn(state.Settings) ? (own, offered) : (offered, own);
        bool needsPsk = state.Settings.MayHaveServerPsk && state.Settings.Credentials.Keys.Length == 0;
        int? first = null;
        foreach (int suite in ordered)
        {
            if (Contains(suite) && other.Contains(suite))
            {
                if (!needsPsk || Psk.FitsSuite(suite))
                {
                    return suite;
                }

                first ??= suite;
            }
        }

        return first;
    }
}
