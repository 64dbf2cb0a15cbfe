using System.Globalization;
using SslModule.Engine.Certificates;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Context;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>What one end offers or accepts, by names.</summary>
/// <param name="Versions">The versions; null where they are not known.</param>
/// <param name="Suites">The suites.</param>
/// <param name="Groups">The groups; null for none given.</param>
/// <param name="Schemes">The signature schemes; null for none given.</param>
internal sealed record OfferText(int[]? Versions, int[] Suites, int[]? Groups, int[]? Schemes)
{
    /// <summary>Which lists are of interest.</summary>
    [Flags]
    public enum Parts
    {
        /// <summary>The versions.</summary>
        Versions = 1,

        /// <summary>The suites.</summary>
        Suites = 2,

        /// <summary>The groups.</summary>
        Groups = 4,

        /// <summary>The signature schemes.</summary>
        Schemes = 8,

        /// <summary>All of them.</summary>
        All = 15,
    }

    /// <summary>What this end offers, a client, or accepts, a server.</summary>
    public static OfferText Own(HandshakeState state) => state.IsServer
        ? new(state.Derived.ServerVersions, state.Derived.ServerSuites, state.Derived.Groups, state.Derived.SignatureSchemes(ofClient: false, state.Derived.ServerVersions[0]))
        : new(state.Derived.ClientVersions, state.Derived.ClientSuites, state.Derived.ClientGroups, state.Derived.SignatureSchemes(ofClient: false, state.Derived.ClientVersions[0]));

    /// <summary>What a client has offered.</summary>
    public static OfferText Of(ReceivedHello hello) => new(hello.Versions, hello.Suites, hello.Groups, hello.Schemes) { Newest = hello.LegacyVersion };

    /// <summary>The newest version, where the versions are not listed.</summary>
    private int? Newest { get; init; }

    /// <summary>The lists.</summary>
    public string Describe(Parts parts)
    {
        var lists = new List<string>();
        if (parts.HasFlag(Parts.Versions))
        {
            lists.Add("versions " + (Versions is { } listed ? Names(listed, VersionName) : $"up to {VersionName(Newest ?? 0)}"));
        }

        if (parts.HasFlag(Parts.Suites))
        {
            lists.Add("ciphers " + Names(Suites.Where(suite => suite is not (CipherSuite.TLS_EMPTY_RENEGOTIATION_INFO_SCSV or CipherSuite.TLS_FALLBACK_SCSV)), SuiteName));
        }

        if (parts.HasFlag(Parts.Groups))
        {
            lists.Add("groups " + Names(Groups ?? [], GroupName));
        }

        if (parts.HasFlag(Parts.Schemes))
        {
            lists.Add("signature algorithms " + Names(Schemes ?? [], SchemeName));
        }

        return string.Join("; ", lists);
    }

    /// <summary>A version's name, or its number.</summary>
    public static string VersionName(int version) => version is >= ProtocolVersion.SSLv3 and <= ProtocolVersion.TLSv13 ? ProtocolVersions.Name(version) : Number(version);

    private static string SuiteName(int suite) => CipherSuites.ById(suite)?.Name ?? Number(suite);

    private static string GroupName(int group) => GroupNames.NameOf(group) is { } name && name != group.ToString("x4", CultureInfo.InvariantCulture) ? name : Number(group);

    private static string SchemeName(int scheme) => SignatureNames.NameOf(scheme, KeyKind.Rsa) ?? Number(scheme);

    private static string Number(int number) => string.Create(CultureInfo.InvariantCulture, $"0x{number:x4}");

    private static string Names(IEnumerable<int> numbers, Func<int, string> name) => ExplanationText.List(numbers.Where(number => !IsGrease(number)).Select(name));

    // Numbers that mean nothing, so that servers get used to unknown ones (RFC 8701).
    private static bool IsGrease(int number) => (number & 0x0F0F) == 0x0A0A && number >> 8 == (number & 0xFF);
}
