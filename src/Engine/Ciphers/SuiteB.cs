namespace SslModule.Engine.Ciphers;

/// <summary>The Suite B profiles of RFC 6460.</summary>
internal enum SuiteBProfile
{
    None,

    /// <summary>128-bit security and above: P-256 and P-384.</summary>
    Level128,

    /// <summary>128-bit security: P-256 only.</summary>
    Level128Only,

    /// <summary>192-bit security: P-384 only.</summary>
    Level192,
}

/// <summary>The Suite B keywords. They are recognized only at the front of a cipher string and then replace all of it.</summary>
internal static class SuiteB
{
    // Longer keywords first, because the shortest is a prefix of the others.
    private static readonly (string Word, SuiteBProfile Profile)[] Words =
    [
        ("SUITEB128ONLY", SuiteBProfile.Level128Only),
        ("SUITEB128C2", SuiteBProfile.Level192),
        ("SUITEB128", SuiteBProfile.Level128),
        ("SUITEB192", SuiteBProfile.Level192),
    ];

    public static SuiteBProfile? ProfileOf(string list)
    {
        foreach ((string word, SuiteBProfile profile) in Words)
        {
            if (list.StartsWith(word, StringComparison.Ordinal))
            {
                return profile;
            }
        }

        return null;
    }

    public static string? ListOf(SuiteBProfile profile) => profile switch
    {
        SuiteBProfile.Level128 => "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384",
        SuiteBProfile.Level128Only => "ECDHE-ECDSA-AES128-GCM-SHA256",
        SuiteBProfile.Level192 => "ECDHE-ECDSA-AES256-GCM-SHA384",
        _ => null,
    };
}
