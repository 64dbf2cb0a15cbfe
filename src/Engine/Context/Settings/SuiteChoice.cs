using SslModule.Engine.Ciphers;
using SslModule.Engine.Errors;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Context;

/// <summary>The cipher suites that a connection enables for a set of versions.</summary>
internal static class SuiteChoice
{
    /// <summary>The code points, in the context's order.</summary>
    /// <param name="settings">The security level, and whether PSK suites are enabled.</param>
    /// <param name="context">The context with the list of suites.</param>
    /// <param name="versions">The enabled versions, highest first.</param>
    /// <param name="isServer">True on a server. The alert for an empty list differs.</param>
    /// <exception cref="TlsError">No suite is enabled: OpenSSL's NO_CIPHERS_AVAILABLE.</exception>
    public static int[] Ids(ConnectionSettings settings, TlsContext context, int[] versions, bool isServer)
    {
        bool tls13 = versions.Contains(ProtocolVersion.TLSv13);
        int newestOld = versions.FirstOrDefault(version => version != ProtocolVersion.TLSv13);
        bool psk = isServer || settings.MayHaveClientPsk;
        CipherSuiteInfo[] fit = [.. context.Ciphers.Where(suite => (psk || !suite.IsPsk) && Fits(suite, tls13, newestOld))];

        // Like OpenSSL, a server applies the security level only to a client's list, and then reports NO_SHARED_CIPHER.
        int[] ids = [.. fit.Where(suite => SecurityLevels.Allows(settings.Credentials.SecurityLevel, suite)).Select(suite => suite.Id)];
        byte alert = (byte)(isServer ? AlertDescription.handshake_failure : AlertDescription.internal_error);
        return (isServer ? fit.Length : ids.Length) > 0 ? ids : throw TlsError.Ssl("SSL", "NO_CIPHERS_AVAILABLE", alert);
    }

    /// <summary>Moves the ChaCha20 suites (RFC 7905) to the front if the client's list starts with one, which means that the client has no AES hardware (OpenSSL's SSL_OP_PRIORITIZE_CHACHA).</summary>
    public static int[] Prioritized(ConnectionSettings settings, int[] own, int[] offered)
    {
        const TlsOptions both = TlsOptions.PrioritizeChaCha | TlsOptions.CipherServerPreference;
        bool first = offered.Length > 0 && IsChaCha(offered[0]);
        return first && (settings.Options & both) == both
            ? [.. own.Where(IsChaCha), .. own.Where(suite => !IsChaCha(suite))]
            : own;
    }

    private static bool IsChaCha(int suite) => CipherSuites.ById(suite)?.Enc.StartsWith("CHACHA20", StringComparison.Ordinal) ?? false;

    private static bool Fits(CipherSuiteInfo suite, bool tls13, int newestOld)
        => suite.IsTls13 ? tls13 : newestOld != 0 && suite.IsDefinedIn(newestOld);
}
