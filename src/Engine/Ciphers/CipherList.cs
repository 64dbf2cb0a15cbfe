using SslModule.Engine.Errors;

namespace SslModule.Engine.Ciphers;

/// <summary>Parses OpenSSL 3.0's cipher strings (ciphers(1), "CIPHER LIST FORMAT").</summary>
internal static class CipherList
{
    /// <summary>The cipher string that <c>DEFAULT</c> at the front stands for.</summary>
    public const string OpenSslDefault = "ALL:!COMPLEMENTOFDEFAULT:!eNULL";

    /// <summary>The initial cipher string of a context, as CPython 3.10 and later set it; narrower than OpenSSL's default.</summary>
    public const string PythonDefault = "@SECLEVEL=2:ECDH+AESGCM:ECDH+CHACHA20:ECDH+AES:DHE+AES:!aNULL:!eNULL:!aDSS:!SHA1:!AESCCM";

    /// <summary>TLS 1.3's suites in default order. The two CCM suites are supported but not offered by default, as in OpenSSL.</summary>
    public static IReadOnlyList<CipherSuiteInfo> DefaultTls13 { get; } =
        [.. CipherSuites.All.Where(suite => suite.IsTls13 && !suite.Enc.StartsWith("AESCCM", StringComparison.Ordinal))];

    /// <inheritdoc cref="Parse(string, ref int, ref SuiteBProfile)"/>
    public static IReadOnlyList<CipherSuiteInfo> Parse(string list, ref int securityLevel)
    {
        SuiteBProfile profile = SuiteBProfile.None;
        return Parse(list, ref securityLevel, ref profile);
    }

    /// <summary>
    /// Returns the TLS 1.2 and earlier suites that <paramref name="list"/> selects, in order. The security level does not filter
    /// the list; a connection applies it (<see cref="SecurityLevels"/>).
    /// </summary>
    /// <param name="list">The cipher string. Names of TLS 1.3 suites are unknown words in it.</param>
    /// <param name="securityLevel">Set by <c>@SECLEVEL=n</c>, even when a later part of the string is invalid.</param>
    /// <param name="profile">Set by a leading Suite B keyword; once set it overrides later cipher strings.</param>
    /// <exception cref="TlsError">The cipher string is malformed or selects no suite.</exception>
    public static IReadOnlyList<CipherSuiteInfo> Parse(string list, ref int securityLevel, ref SuiteBProfile profile)
    {
        profile = SuiteB.ProfileOf(list) ?? profile;
        var selection = new CipherSelection();
        bool wellFormed = new CipherListReader(SuiteB.ListOf(profile) ?? list).Apply(selection, ref securityLevel);
        IReadOnlyList<CipherSuiteInfo> chosen = selection.Selected;
        if (!wellFormed || chosen.Count == 0)
        {
            throw TlsError.Plain("No cipher can be selected.");
        }

        return chosen;
    }
}
