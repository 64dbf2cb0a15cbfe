using Org.BouncyCastle.Tls;

namespace SslModule.Engine.Context;

/// <summary>OpenSSL's names of key-exchange groups.</summary>
internal static class NamedCurves
{
    private static readonly Dictionary<string, int> ByName = new(StringComparer.Ordinal)
    {
        ["prime256v1"] = NamedGroup.secp256r1,
        ["secp256r1"] = NamedGroup.secp256r1,
        ["P-256"] = NamedGroup.secp256r1,
        ["secp384r1"] = NamedGroup.secp384r1,
        ["P-384"] = NamedGroup.secp384r1,
        ["secp521r1"] = NamedGroup.secp521r1,
        ["P-521"] = NamedGroup.secp521r1,
        ["secp256k1"] = NamedGroup.secp256k1,
        ["secp224r1"] = NamedGroup.secp224r1,
        ["P-224"] = NamedGroup.secp224r1,
        ["prime192v1"] = NamedGroup.secp192r1,
        ["P-192"] = NamedGroup.secp192r1,
        ["brainpoolP256r1"] = NamedGroup.brainpoolP256r1,
        ["brainpoolP384r1"] = NamedGroup.brainpoolP384r1,
        ["brainpoolP512r1"] = NamedGroup.brainpoolP512r1,
        ["X25519"] = NamedGroup.x25519,
        ["x25519"] = NamedGroup.x25519,
        ["X448"] = NamedGroup.x448,
        ["x448"] = NamedGroup.x448,
        ["ffdhe2048"] = NamedGroup.ffdhe2048,
        ["ffdhe3072"] = NamedGroup.ffdhe3072,
        ["ffdhe4096"] = NamedGroup.ffdhe4096,
        ["ffdhe6144"] = NamedGroup.ffdhe6144,
        ["ffdhe8192"] = NamedGroup.ffdhe8192,
    };

    /// <summary>The code point of the curve that a key is on; -1 for one that has none here.</summary>
    public static int OfKey(Certificates.PrivateKey key) => key.Bits switch
    {
        192 => NamedGroup.secp192r1,
        224 => NamedGroup.secp224r1,
        256 => NamedGroup.secp256r1,
        384 => NamedGroup.secp384r1,
        521 => NamedGroup.secp521r1,
        _ => -1,
    };

    /// <summary>The group's code point, or null.</summary>
    public static int? Find(string name) => ByName.TryGetValue(name, out int group) ? group : null;
}
