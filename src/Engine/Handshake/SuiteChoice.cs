using Org.BouncyCastle.Tls;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Errors;
using TlsContext = SslModule.Engine.Context.TlsContext;

namespace SslModule.Engine.Handshake;

/// <summary>The cipher suites that a context offers for some versions.</summary>
internal static class SuiteChoice
{
    /// <summary>The code points, in the context's order.</summary>
    /// <param name="context">The settings.</param>
    /// <param name="versions">The versions in force.</param>
    /// <param name="withPsk">Whether to keep the suites of pre-shared keys in: a client without such keys offers none.</param>
    /// <exception cref="TlsError">No suite is left: OpenSSL's NO_CIPHERS_AVAILABLE.</exception>
    public static int[] Ids(TlsContext context, ProtocolVersion[] versions, bool withPsk)
    {
        bool tls13 = versions.Contains(ProtocolVersion.TLSv13);
        ProtocolVersion? newestOld = versions.FirstOrDefault(version => !version.Equals(ProtocolVersion.TLSv13));
        int[] ids = [.. context.Ciphers.Where(suite => (withPsk || !suite.IsPsk) && Fits(suite, tls13, newestOld)).Select(suite => suite.Id)];
        return ids.Length > 0 ? ids : throw TlsError.Ssl("SSL", "NO_CIPHERS_AVAILABLE");
    }

    private static bool Fits(CipherSuiteInfo suite, bool tls13, ProtocolVersion? newestOld)
        => suite.Protocol == "TLSv1.3"
            ? tls13
            : newestOld is not null && TlsUtilities.IsValidVersionForCipherSuite(suite.Id, newestOld);
}
