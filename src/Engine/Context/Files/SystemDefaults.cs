using SslModule.Engine.Errors;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Context;

/// <summary>
/// What the owner of a machine or of a process sets for every context: the section that <c>system_default</c> names in the
/// file of the variable OPENSSL_CONF, as openssl's config(5) and SSL_CONF_cmd(3) describe it.
/// </summary>
/// <remarks>
/// It takes the place of the built-in defaults of a new context; what the application then sets has the last word. Without
/// the variable nothing is read. As in OpenSSL a file that is not there counts as empty; a value or a command that the
/// engine cannot honour fails the context instead of being passed over.
/// </remarks>
internal sealed class SystemDefaults
{
    /// <summary>The variable that names the file.</summary>
    public const string Variable = "OPENSSL_CONF";

    private static readonly Lazy<SystemDefaults?> FromEnvironment = new(Load);

    private static readonly Dictionary<string, int> Versions = new(StringComparer.Ordinal)
    {
        ["SSLv3"] = ProtocolVersion.SSLv3,
        ["TLSv1"] = ProtocolVersion.TLSv10,
        ["TLSv1.0"] = ProtocolVersion.TLSv10,
        ["TLSv1.1"] = ProtocolVersion.TLSv11,
        ["TLSv1.2"] = ProtocolVersion.TLSv12,
        ["TLSv1.3"] = ProtocolVersion.TLSv13,
    };

    // SSL_CONF_cmd's names of options. Those marked so switch the bit off.
    private static readonly Dictionary<string, (TlsOptions Bit, bool Inverted)> OptionNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["SessionTicket"] = (TlsOptions.NoTicket, true),
        ["Compression"] = (TlsOptions.NoCompression, true),
        ["ServerPreference"] = (TlsOptions.CipherServerPreference, false),
        ["NoRenegotiation"] = (TlsOptions.NoRenegotiation, false),
        ["EncryptThenMac"] = (TlsOptions.NoEncryptThenMac, true),
        ["MiddleboxCompat"] = (TlsOptions.EnableMiddleboxCompat, false),
        ["IgnoreUnexpectedEOF"] = (TlsOptions.IgnoreUnexpectedEof, false),
        ["PrioritizeChaCha"] = (TlsOptions.PrioritizeChaCha, false),
        ["ExtendedMasterSecret"] = (TlsOptions.NoExtendedMasterSecret, true),
        ["UnsafeLegacyServerConnect"] = (TlsOptions.LegacyServerConnect, false),
        ["DHSingle"] = (TlsOptions.None, false),
        ["ECDHSingle"] = (TlsOptions.None, false),
    };

    private readonly IReadOnlyList<KeyValuePair<string, string>> _commands;

    private SystemDefaults(IReadOnlyList<KeyValuePair<string, string>> commands) => _commands = commands;

    /// <summary>The defaults of this process; null when it has none. The file is read once.</summary>
    /// <exception cref="TlsError">The file is malformed or refused by the system.</exception>
    public static SystemDefaults? Current => FromEnvironment.Value;

    /// <summary>Reads them now, for a host that leaves the environment to its program afterwards; what is wrong with them every context says.</summary>
    public static void Prefetch()
    {
        try
        {
            _ = Current;
        }
        catch (TlsError)
        {
            // Kept by the Lazy, and thrown again for each context.
        }
    }

    /// <summary>The defaults that a file holds; null when it names none.</summary>
    /// <exception cref="TlsError">A section is named and missing.</exception>
    public static SystemDefaults? From(ConfigurationFile file)
    {
        if (file.Start("openssl_conf") is not { } start)
        {
            return null;
        }

        Require(file, start);
        if (file.Find(start, "ssl_conf") is not { } names)
        {
            return null;
        }

        Require(file, names);
        return file.Find(names, "system_default") is { } section ? new SystemDefaults(Require(file, section)) : null;
    }

    /// <summary>Sets a new context up.</summary>
    /// <exception cref="TlsError">A command is unknown or its value is none.</exception>
    public void ApplyTo(TlsContext context)
    {
        foreach ((string name, string value) in _commands)
        {
            // Names may carry a prefix up to a dot, so that one command can stand in a section twice.
            Apply(context, name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..], value);
        }
    }

    private static void Apply(TlsContext context, string command, string value)
    {
        switch (command.ToUpperInvariant())
        {
            case "CIPHERSTRING":
                context.SetCiphers(value);
                break;
            case "CIPHERSUITES":
                context.SetCipherSuites(value);
                break;
            case "MINPROTOCOL":
                SetVersion(context, command, value, version => context.MinimumVersion = version, ProtocolVersions.MinimumSupported);
                break;
            case "MAXPROTOCOL":
                SetVersion(context, command, value, version => context.MaximumVersion = version, ProtocolVersions.MaximumSupported);
                break;
            case "GROUPS" or "CURVES":
                Set(command, value, context.SetGroups);
                break;
            case "SIGNATUREALGORITHMS":
                Set(command, value, context.SetServerSignatureAlgorithms);
                break;
            case "CLIENTSIGNATUREALGORITHMS":
                Set(command, value, context.SetClientSignatureAlgorithms);
                break;
            case "OPTIONS":
                foreach (string option in value.Split(',', StringSplitOptions.TrimEntries))
                {
                    SetOption(context, option);
                }

                break;
            default:
                throw TlsError.Plain($"{Variable}: the command {command} is not supported");
        }
    }

    private static void Set(string command, string value, Action<string> setter)
    {
        try
        {
            setter(value);
        }
        catch (TlsError)
        {
            throw BadValue(command, value);
        }
    }

    // As in OpenSSL the bounds mean nothing to a context of one fixed version, and DTLS' names nothing to any here.
    private static void SetVersion(TlsContext context, string command, string value, Action<int> set, int none)
    {
        int version = value == "None" ? none : Versions.TryGetValue(value, out int known) ? known : 0;
        if (version == 0)
        {
            if (value is not ("DTLSv1" or "DTLSv1.2"))
            {
                throw BadValue(command, value);
            }
        }
        else if (context.HasVersionRange)
        {
            set(version);
        }
    }

    private static void SetOption(TlsContext context, string option)
    {
        bool on = !option.StartsWith('-');
        if (!OptionNames.TryGetValue(option.TrimStart('+', '-'), out (TlsOptions Bit, bool Inverted) known))
        {
            throw BadValue("Options", option);
        }

        context.Options = on != known.Inverted ? context.Options | (ulong)known.Bit : context.Options & ~(ulong)known.Bit;
    }

    private static TlsError BadValue(string command, string value) => TlsError.Plain($"{Variable}: {command} cannot be {value}");

    private static IReadOnlyList<KeyValuePair<string, string>> Require(ConfigurationFile file, string section)
        => file.Section(section) ?? throw TlsError.Ssl("CONF", "OPENSSL_CONF_REFERENCES_MISSING_SECTION");

    /// <summary>Reads the file that the environment names; null for none.</summary>
    internal static SystemDefaults? Load()
    {
        string? path = ProcessEnvironment.Current.Get(Variable);
        return string.IsNullOrEmpty(path) || !File.Exists(path) ? null : From(ConfigurationFile.Read(path));
    }
}
