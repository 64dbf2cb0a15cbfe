namespace SslModule.Engine.Ciphers;

/// <summary>The keywords of OpenSSL's cipher strings (ciphers(1), "CIPHER STRINGS"). Each stands for a set of suites.</summary>
/// <remarks>
/// Differs in two ways from a build of OpenSSL with 3DES. Only <c>3DES</c> and the suites' own names add 3DES suites, so that
/// <c>ALL</c> and <c>kRSA</c> add what they add in the usual builds, which lack 3DES. <c>MEDIUM</c> and <c>LOW</c> are empty
/// for the same reason. Rules that remove or reorder suites treat 3DES like any other.
/// </remarks>
internal static class CipherAliases
{
    private static readonly Dictionary<string, Predicate<CipherSuiteInfo>> Words = new(StringComparer.Ordinal)
    {
        ["ALL"] = suite => suite.Enc != "None",
        ["COMPLEMENTOFALL"] = suite => suite.Enc == "None",
        ["COMPLEMENTOFDEFAULT"] = IsNotDefault,

        // Key exchange.
        ["kRSA"] = suite => suite.Kx == "RSA",
        ["kEDH"] = IsDhe,
        ["kDHE"] = IsDhe,
        ["DH"] = IsDhe,
        ["kEECDH"] = IsEcdhe,
        ["kECDHE"] = IsEcdhe,
        ["ECDH"] = IsEcdhe,
        ["kPSK"] = suite => suite.Kx == "PSK",
        ["kRSAPSK"] = suite => suite.Kx == "RSAPSK",
        ["kDHEPSK"] = suite => suite.Kx == "DHEPSK",
        ["kECDHEPSK"] = suite => suite.Kx == "ECDHEPSK",

        // Authentication.
        ["aRSA"] = suite => suite.Au == "RSA",
        ["aECDSA"] = suite => suite.Au == "ECDSA",
        ["ECDSA"] = suite => suite.Au == "ECDSA",
        ["aPSK"] = suite => suite.Au == "PSK",
        ["aNULL"] = suite => suite.IsAnonymous,

        // Key exchange and authentication.
        ["EDH"] = suite => IsDhe(suite) && !suite.IsAnonymous,
        ["DHE"] = suite => IsDhe(suite) && !suite.IsAnonymous,
        ["EECDH"] = suite => IsEcdhe(suite) && !suite.IsAnonymous,
        ["ECDHE"] = suite => IsEcdhe(suite) && !suite.IsAnonymous,
        ["ADH"] = suite => IsDhe(suite) && suite.IsAnonymous,
        ["AECDH"] = suite => IsEcdhe(suite) && suite.IsAnonymous,
        ["RSA"] = suite => suite.Kx == "RSA" && suite.Au == "RSA",
        ["PSK"] = suite => suite.IsPsk,

        // Encryption.
        ["NULL"] = suite => suite.Enc == "None",
        ["eNULL"] = suite => suite.Enc == "None",
        ["3DES"] = IsTripleDes,
        ["AES"] = IsAes,
        ["AES128"] = suite => IsAes(suite) && suite.AlgBits == 128,
        ["AES256"] = suite => IsAes(suite) && suite.AlgBits == 256,
        ["AESGCM"] = suite => IsEncryption(suite, "AESGCM("),
        ["AESCCM"] = IsCcm,
        ["AESCCM8"] = suite => IsEncryption(suite, "AESCCM8("),
        ["ARIA"] = IsAria,
        ["ARIAGCM"] = IsAria,
        ["ARIA128"] = suite => IsAria(suite) && suite.AlgBits == 128,
        ["ARIA256"] = suite => IsAria(suite) && suite.AlgBits == 256,
        ["CAMELLIA"] = IsCamellia,
        ["CAMELLIA128"] = suite => IsCamellia(suite) && suite.AlgBits == 128,
        ["CAMELLIA256"] = suite => IsCamellia(suite) && suite.AlgBits == 256,
        ["CHACHA20"] = suite => IsEncryption(suite, "CHACHA20"),
        ["CBC"] = suite => IsEncryption(suite, "AES(") || IsCamellia(suite) || IsTripleDes(suite),

        // Record MAC. AEAD suites have none; the hash in their name is that of the PRF.
        ["MD5"] = suite => suite.Mac == "MD5",
        ["SHA"] = suite => suite.Mac == "SHA1",
        ["SHA1"] = suite => suite.Mac == "SHA1",
        ["SHA256"] = suite => suite.Mac == "SHA256",
        ["SHA384"] = suite => suite.Mac == "SHA384",

        // Minimum version.
        ["SSLv3"] = suite => suite.Protocol == "SSLv3",
        ["TLSv1"] = suite => suite.Protocol == "TLSv1.0",
        ["TLSv1.0"] = suite => suite.Protocol == "TLSv1.0",
        ["TLSv1.2"] = suite => suite.Protocol == "TLSv1.2",

        // Strength.
        ["HIGH"] = suite => suite.StrengthBits >= 128,
        ["FIPS"] = suite => IsEncryption(suite, "AES(") || IsEncryption(suite, "AESGCM("),
    };

    /// <summary>The set that <paramref name="word"/> stands for: an alias or a suite's name, case-sensitive; null for an unknown word.</summary>
    public static Predicate<CipherSuiteInfo>? Find(string word)
    {
        if (Words.TryGetValue(word, out Predicate<CipherSuiteInfo>? alias))
        {
            return alias;
        }

        CipherSuiteInfo? named = CipherSuites.ByName(word);
        return named is null || named.IsTls13 ? null : suite => suite.Id == named.Id;
    }

    /// <summary>The intersection of known words joined by <c>+</c>.</summary>
    /// <remarks>
    /// OpenSSL keeps one strength value for the whole expression, and two effects of that are reproduced here. A word that
    /// sets a strength, as each suite's name does, cancels COMPLEMENTOFDEFAULT to its left. HIGH and FIPS are two different
    /// strengths, so their intersection is empty.
    /// </remarks>
    public static Predicate<CipherSuiteInfo> Intersection(IReadOnlyList<string> words)
    {
        if (words.Contains("HIGH") && words.Contains("FIPS"))
        {
            return _ => false;
        }

        var parts = new List<Predicate<CipherSuiteInfo>>();
        bool strengthKnown = false;
        foreach (string word in words)
        {
            if (!strengthKnown && SetsStrength(word))
            {
                strengthKnown = true;
                parts.RemoveAll(part => part == Words["COMPLEMENTOFDEFAULT"]);
            }

            parts.Add(Find(word)!);
        }

        return suite => parts.TrueForAll(part => part(suite));
    }

    /// <summary>Whether any suite is in the intersection of the words.</summary>
    public static bool Intersects(IReadOnlyList<string> words)
    {
        Predicate<CipherSuiteInfo> all = Intersection(words);
        return CipherSuites.All.Any(suite => !suite.IsTls13 && all(suite));
    }

    private static bool SetsStrength(string word) => word is "HIGH" or "FIPS" || CipherSuites.ByName(word) is not null;

    /// <summary>Whether <paramref name="word"/> may add 3DES suites; no other word does.</summary>
    public static bool AddsTripleDes(string word)
        => word == "3DES" || (CipherSuites.ByName(word) is { } named && IsTripleDes(named));

    public static bool IsTripleDes(CipherSuiteInfo suite) => IsEncryption(suite, "3DES(");

    private static bool IsDhe(CipherSuiteInfo suite) => suite.Kx == "DH";

    private static bool IsEcdhe(CipherSuiteInfo suite) => suite.Kx == "ECDH";

    private static bool IsAes(CipherSuiteInfo suite) => IsEncryption(suite, "AES");

    private static bool IsCcm(CipherSuiteInfo suite) => IsEncryption(suite, "AESCCM");

    private static bool IsAria(CipherSuiteInfo suite) => IsEncryption(suite, "ARIA");

    private static bool IsCamellia(CipherSuiteInfo suite) => IsEncryption(suite, "Camellia");

    private static bool IsNotDefault(CipherSuiteInfo suite)
        => suite.Enc != "None" && (suite.IsAnonymous || IsCcm(suite) || IsAria(suite) || IsCamellia(suite) || IsTripleDes(suite));

    private static bool IsEncryption(CipherSuiteInfo suite, string prefix) => suite.Enc.StartsWith(prefix, StringComparison.Ordinal);
}
