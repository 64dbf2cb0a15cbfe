using SslModule.Engine.Wire;

namespace SslModule.Engine.Context;

/// <summary>OpenSSL's names of key-exchange groups (RFC 8446 section 4.2.7).</summary>
internal static class GroupNames
{
    // In the order of OpenSSL's list, which get_groups() shows.
    private static readonly (int Id, string Name, string? Alias)[] All =
    [
        (NamedGroup.secp192r1, "secp192r1", "P-192"),
        (NamedGroup.secp224r1, "secp224r1", "P-224"),
        (NamedGroup.secp256k1, "secp256k1", null),
        (NamedGroup.secp256r1, "secp256r1", "P-256"),
        (NamedGroup.secp384r1, "secp384r1", "P-384"),
        (NamedGroup.secp521r1, "secp521r1", "P-521"),
        (NamedGroup.brainpoolP256r1, "brainpoolP256r1", null),
        (NamedGroup.brainpoolP384r1, "brainpoolP384r1", null),
        (NamedGroup.brainpoolP512r1, "brainpoolP512r1", null),
        (NamedGroup.x25519, "x25519", null),
        (NamedGroup.x448, "x448", null),
        (NamedGroup.brainpoolP256r1tls13, "brainpoolP256r1tls13", null),
        (NamedGroup.brainpoolP384r1tls13, "brainpoolP384r1tls13", null),
        (NamedGroup.brainpoolP512r1tls13, "brainpoolP512r1tls13", null),
        (NamedGroup.ffdhe2048, "ffdhe2048", null),
        (NamedGroup.ffdhe3072, "ffdhe3072", null),
        (NamedGroup.ffdhe4096, "ffdhe4096", null),
        (NamedGroup.ffdhe6144, "ffdhe6144", null),
        (NamedGroup.ffdhe8192, "ffdhe8192", null),
        (NamedGroup.MLKEM512, "MLKEM512", null),
        (NamedGroup.MLKEM768, "MLKEM768", null),
        (NamedGroup.MLKEM1024, "MLKEM1024", null),
        (NamedGroup.SecP256r1MLKEM768, "SecP256r1MLKEM768", null),
        (NamedGroup.X25519MLKEM768, "X25519MLKEM768", null),
        (NamedGroup.SecP384r1MLKEM1024, "SecP384r1MLKEM1024", null),
    ];

    // ANSI X9.62's names of two curves are accepted, too, but not listed.
    private static readonly Dictionary<string, int> ByName = All
        .SelectMany(group => NamesOf(group.Name, group.Alias), (group, Name) => (Name, group.Id))
        .Append((Name: "prime192v1", Id: NamedGroup.secp192r1))
        .Append((Name: "prime256v1", Id: NamedGroup.secp256r1))
        .ToDictionary(pair => pair.Name, pair => pair.Id, StringComparer.OrdinalIgnoreCase);

    /// <summary>The group's code point, or null. Names are case-insensitive.</summary>
    public static int? Find(string name) => ByName.TryGetValue(name, out int group) ? group : null;

    /// <summary>The code point of a key's curve, given by its OID; -1 if unknown.</summary>
    public static int OfCurve(string? oid) => oid switch
    {
        Oids.KnownOids.P192 => NamedGroup.secp192r1,
        Oids.KnownOids.P224 => NamedGroup.secp224r1,
        Oids.KnownOids.P256 => NamedGroup.secp256r1,
        Oids.KnownOids.P384 => NamedGroup.secp384r1,
        Oids.KnownOids.P521 => NamedGroup.secp521r1,
        Oids.KnownOids.Secp256k1 => NamedGroup.secp256k1,
        Oids.KnownOids.BrainpoolP256 => NamedGroup.brainpoolP256r1,
        Oids.KnownOids.BrainpoolP384 => NamedGroup.brainpoolP384r1,
        Oids.KnownOids.BrainpoolP512 => NamedGroup.brainpoolP512r1,
        _ => -1,
    };

    /// <summary>The group's name, or its number if it has none.</summary>
    public static string NameOf(int id)
        => All.FirstOrDefault(group => group.Id == id).Name ?? id.ToString("x4", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The names of all groups that at least one of the versions can use.</summary>
    public static IReadOnlyList<string> Implemented(IReadOnlyCollection<int> versions, bool withAliases)
        => [.. All.Where(group => versions.Any(version => NamedGroup.IsDefinedIn(group.Id, version)))
            .SelectMany(group => NamesOf(group.Name, withAliases ? group.Alias : null))];

    private static string[] NamesOf(string name, string? alias) => alias is null ? [name] : [name, alias];
}
