using SslModule.Engine.Certificates;
using SslModule.Engine.Errors;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Context;

/// <summary>OpenSSL's names of TLS signature algorithms, and the parser of their lists (SSL_CTX_set1_sigalgs_list(3)).</summary>
internal static class SignatureNames
{
    private static readonly (int Scheme, string Name, string? Pair)[] All =
    [
        (SignatureScheme.mldsa65, "mldsa65", "ML-DSA-65"),
        (SignatureScheme.mldsa87, "mldsa87", "ML-DSA-87"),
        (SignatureScheme.mldsa44, "mldsa44", "ML-DSA-44"),
        (SignatureScheme.ecdsa_secp256r1_sha256, "ecdsa_secp256r1_sha256", "ECDSA+SHA256"),
        (SignatureScheme.ecdsa_secp384r1_sha384, "ecdsa_secp384r1_sha384", "ECDSA+SHA384"),
        (SignatureScheme.ecdsa_secp521r1_sha512, "ecdsa_secp521r1_sha512", "ECDSA+SHA512"),
        (SignatureScheme.ed25519, "ed25519", null),
        (SignatureScheme.ed448, "ed448", null),
        (SignatureScheme.ecdsa_brainpoolP256r1tls13_sha256, "ecdsa_brainpoolP256r1tls13_sha256", "ecdsa_brainpoolP256r1_sha256"),
        (SignatureScheme.ecdsa_brainpoolP384r1tls13_sha384, "ecdsa_brainpoolP384r1tls13_sha384", "ecdsa_brainpoolP384r1_sha384"),
        (SignatureScheme.ecdsa_brainpoolP512r1tls13_sha512, "ecdsa_brainpoolP512r1tls13_sha512", "ecdsa_brainpoolP512r1_sha512"),
        (SignatureScheme.rsa_pss_rsae_sha256, "rsa_pss_rsae_sha256", "RSA-PSS+SHA256"),
        (SignatureScheme.rsa_pss_rsae_sha384, "rsa_pss_rsae_sha384", "RSA-PSS+SHA384"),
        (SignatureScheme.rsa_pss_rsae_sha512, "rsa_pss_rsae_sha512", "RSA-PSS+SHA512"),
        (SignatureScheme.rsa_pss_pss_sha256, "rsa_pss_pss_sha256", null),
        (SignatureScheme.rsa_pss_pss_sha384, "rsa_pss_pss_sha384", null),
        (SignatureScheme.rsa_pss_pss_sha512, "rsa_pss_pss_sha512", null),
        (SignatureScheme.rsa_pkcs1_sha256, "rsa_pkcs1_sha256", "RSA+SHA256"),
        (SignatureScheme.rsa_pkcs1_sha384, "rsa_pkcs1_sha384", "RSA+SHA384"),
        (SignatureScheme.rsa_pkcs1_sha512, "rsa_pkcs1_sha512", "RSA+SHA512"),
        (SignatureScheme.ecdsa_sha1, "ecdsa_sha1", "ECDSA+SHA1"),
        (SignatureScheme.rsa_pkcs1_sha1, "rsa_pkcs1_sha1", "RSA+SHA1"),
        (SignatureScheme.dsa_sha1, "dsa_sha1", "DSA+SHA1"),
    ];

    /// <summary>The names of all of them.</summary>
    public static IReadOnlyList<string> Implemented { get; } = [.. All.Select(known => known.Name)];

    /// <summary>The name of the scheme of a signature.</summary>
    /// <param name="scheme">The code point; null before TLS 1.2, where the key type determines the algorithm.</param>
    /// <param name="kind">The key's kind.</param>
    public static string? NameOf(int? scheme, KeyKind kind) => scheme is { } code
        ? Array.Find(All, known => known.Scheme == code).Name
        : kind switch
        {
            KeyKind.Rsa => "rsa_pkcs1_md5_sha1",
            KeyKind.Ec => "ecdsa_sha1",
            KeyKind.Dsa => "dsa_sha1",
            _ => null,
        };

    /// <summary>Parses a list of names separated by colons, in order of preference. <c>?</c> before a name ignores it if it is unknown; a repeated name is ignored.</summary>
    /// <exception cref="TlsError">A name is unknown, or the list is empty.</exception>
    public static int[] Parse(string text)
    {
        var schemes = new List<int>();
        foreach (string item in text.Split(':', StringSplitOptions.TrimEntries))
        {
            bool optional = item.StartsWith('?');
            if (Find(optional ? item[1..] : item) is { } scheme)
            {
                schemes.Add(scheme);
            }
            else if (!optional)
            {
                throw Unrecognized();
            }
        }

        return schemes.Count > 0 ? [.. schemes.Distinct()] : throw Unrecognized();
    }

    private static int? Find(string name)
    {
        string full = name.StartsWith("PSS+", StringComparison.OrdinalIgnoreCase) ? "RSA-" + name : name;
        foreach ((int scheme, string own, string? pair) in All)
        {
            if (own.Equals(full, StringComparison.OrdinalIgnoreCase) || full.Equals(pair, StringComparison.OrdinalIgnoreCase))
            {
                return scheme;
            }
        }

        return null;
    }

    private static TlsError Unrecognized() => TlsError.Numbered("unrecognized signature algorithm");
}
