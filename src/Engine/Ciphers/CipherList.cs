using SslModule.Engine.Errors;

namespace SslModule.Engine.Ciphers;

/// <summary>OpenSSL 3.0's language for lists of cipher suites (ciphers(1), "CIPHER LIST FORMAT").</summary>
internal static class CipherList
{
    /// <summary>What the word <c>DEFAULT</c> at the front of a list stands for.</summary>
    public const string OpenSslDefault = "ALL:!COMPLEMENTOFDEFAULT:!eNULL";

    /// <summary>What a context begins with, as CPython 3.10 and later set it; OpenSSL's own default is wider.</summary>
    public const string PythonDefault = "@SECLEVEL=2:ECDH+AESGCM:ECDH+CHACHA20:ECDH+AES:DHE+AES:!aNULL:!eNULL:!aDSS:!SHA1:!AESCCM";

    /// <summary>TLS 1.3's suites in the order offered by default; the two with CCM are known and not offered, as in OpenSSL.</summary>
    public static IReadOnlyList<CipherSuiteInfo> DefaultTls13 { get; } =
        [.. CipherSuites.All.Where(suite => suite.IsTls13 && !suite.Enc.StartsWith("AESCCM", StringComparison.Ordinal))];

    /// <inheritdoc cref="Parse(string, ref int, ref SuiteBProfile)"/>
    public static IReadOnlyList<CipherSuiteInfo> Parse(string list, ref int securityLevel)
    {
        SuiteBProfile profile = SuiteBProfile.None;
        return Parse(list, ref securityLevel, ref profile);
    }

    /// <summary>
    /// The suites of TLS 1.2 and earlier that <paramref name="list"/> names, in its order. The security level does not
    /// shorten the list, it is asked when a connection uses it (<see cref="SecurityLevels"/>).
    /// </summary>
    /// <param name="list">The cipher string; TLS 1.3's suites are no part of the language, their names are unknown words.</param>
    /// <param name="securityLevel">Changed by <c>@SECLEVEL=n</c>, also when the list fails later.</param>
    /// <param name="profile">Changed by a list that begins with a Suite B word; once set it overrides every later list.</param>
    /// <exception cref="TlsError">The list is malformed or names no suite.</exception>
    public static IReadOnlyList<CipherSuiteInfo> Parse(string list, ref int securityLevel, ref SuiteBProfile profile)
    {
        profile = SuiteB.ProfileOf(list) ?? profile;
        var selection = new CipherSelection();
        bool wellFormed = new CipherListReader(SuiteB.ListOf(profile) ?? list).Apply(selection, ref securityLevel);
        IReadOnlyList<CipherSuiteInfo> chosen = selection.Chosen;
        if (!wellFormed || chosen.Count == 0)
        {
            throw TlsError.Plain("No cipher can be selected.");
        }

        return chosen;
    }
}
