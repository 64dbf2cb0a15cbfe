using SslModule.Engine.Ciphers;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Context;

/// <summary>
/// Versions, suites, groups and signature schemes, derived from a connection's settings and its current context. Each value is
/// computed when it is first used. The arrays must not be modified.
/// </summary>
internal sealed class DerivedSettings(ConnectionSettings settings, TlsContext context)
{
    private static readonly int[] Tls13Only = [ProtocolVersion.TLSv13];

    private readonly Inputs _inputs = Inputs.Of(settings, context);
    private int[]? _clientVersions;
    private int[]? _serverVersions;
    private int[]? _clientSuites;
    private int[]? _serverSuites;
    private int[]? _serverSuites13;
    private int[][]? _groupTuples;
    private int[]? _groups;
    private int[]? _clientGroups;
    private int[]? _keyShares;
    private int[]? _schemesOfClient12;
    private int[]? _schemesOfServer12;
    private int[]? _schemesOfClient13;
    private int[]? _schemesOfServer13;

    /// <summary>See <see cref="ProtocolVersions.ForClient"/>.</summary>
    public int[] ClientVersions => _clientVersions ??= ProtocolVersions.ForClient(settings);

    /// <summary>See <see cref="ProtocolVersions.ForServer"/>.</summary>
    public int[] ServerVersions => _serverVersions ??= ProtocolVersions.ForServer(settings, context);

    /// <summary>The suites that a client offers.</summary>
    public int[] ClientSuites => _clientSuites ??= SuiteChoice.Ids(settings, context, ClientVersions, isServer: false);

    /// <summary>The suites that a server accepts.</summary>
    public int[] ServerSuites => _serverSuites ??= SuiteChoice.Ids(settings, context, ServerVersions, isServer: true);

    /// <summary>The TLS 1.3 suites that a server accepts.</summary>
    public int[] ServerSuites13 => _serverSuites13 ??= SuiteChoice.Ids(settings, context, Tls13Only, isServer: true);

    /// <summary>The groups that the security level allows.</summary>
    public int[] Groups => _groups ??= [.. GroupTuples.SelectMany(tuple => tuple)];

    /// <summary>The same, by the tuples of the list: a server prefers any group of an earlier tuple.</summary>
    public int[][] GroupTuples => _groupTuples ??= SupportedAlgorithms.GroupTuples(settings);

    /// <summary>The groups that a client offers: those that an offered version can use.</summary>
    public int[] ClientGroups => _clientGroups ??= Array.FindAll(Groups, group => Array.Exists(ClientVersions, version => NamedGroup.IsDefinedIn(group, version)));

    /// <summary>The groups for which a TLS 1.3 client sends key shares.</summary>
    public int[] KeyShares => _keyShares ??= SupportedAlgorithms.KeyShares(settings, ClientGroups);

    /// <summary>The schemes of the client's or the server's signature in a version; a ClientHello has those of its newest version.</summary>
    public int[] SignatureSchemes(bool ofClient, int version)
    {
        bool tls13 = version == ProtocolVersion.TLSv13;
        return (ofClient, tls13) switch
        {
            (true, true) => _schemesOfClient13 ??= Find(),
            (true, false) => _schemesOfClient12 ??= Find(),
            (false, true) => _schemesOfServer13 ??= Find(),
            (false, false) => _schemesOfServer12 ??= Find(),
        };

        int[] Find() => SupportedAlgorithms.SignatureSchemes(settings.Credentials, ofClient, tls13);
    }

    /// <summary>The extensions that are the same in every ClientHello with these settings; set by the first.</summary>
    public Dictionary<ExtensionType, byte[]>? ClientExtensions { get; set; }

    /// <summary>False if a setting has changed.</summary>
    public bool IsCurrent(ConnectionSettings current, TlsContext currentContext) => _inputs == Inputs.Of(current, currentContext);

    /// <summary>The inputs of the derived values. Lists are compared by reference, because they are replaced when they change.</summary>
    private readonly record struct Inputs(
        ConnectionSettings Settings,
        IReadOnlyList<CipherSuiteInfo> Ciphers,
        bool AsksServerName)
    {
        public static Inputs Of(ConnectionSettings settings, TlsContext context) => new(
            settings,
            context.Ciphers,
            context.ServerNameCallback is not null);
    }
}
