using SslModule.Engine.Context;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake.Tls13;

/// <summary>The suites of TLS 1.3 (RFC 8446 appendix B.4).</summary>
internal static class Tls13Suites
{
    /// <summary>Whether a suite is one of them.</summary>
    public static bool Contains(int suite) => suite >> 8 == 0x13;

    /// <summary>The number of the hash that a suite and all its PSKs use.</summary>
    public static int HashOf(int suite) => suite == CipherSuite.TLS_AES_256_GCM_SHA384 ? HashAlgorithm.sha384 : HashAlgorithm.sha256;

    /// <summary>The suite of a server's handshake; null when it has none of the client's. Without a certificate, one that a PSK can be used with goes first.</summary>
    public static int? Choose(HandshakeState state, int[] offered)
    {
        int[] own = SuiteChoice.Prioritized(state.Bound, state.Derived.ServerSuites, offered);
        (int[] ordered, int[] other) = SupportedAlgorithms.PrefersOwn(state.Bound) ? (own, offered) : (offered, own);
        bool needsPsk = state.Bound.MayHaveServerPsk && state.Bound.Credentials.Keys.Length == 0;
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
