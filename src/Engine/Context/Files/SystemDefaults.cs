using SslModule.Engine.Errors;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Context;

/// <summary>
/// The system-wide defaults of new contexts: the section named by <c>system_default</c> in the file of the environment variable
/// OPENSSL_CONF, as described in openssl's config(5) and SSL_CONF_cmd(3).
/// </summary>
/// <remarks>
/// They replace the built-in defaults; settings made by the application override them. Without the variable no file is read. Like
/// OpenSSL, a missing file counts as empty. A command or value that the engine does not support raises an error when a context is
/// created.
/// </remarks>
internal sealed class SystemDefaults
{
    /// <summary>The environment variable with the file's path.</summary>
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

    // The option names of SSL_CONF_cmd. An inverted option clears the bit.
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

    /// <summary>The defaults of this process; null for none. The file is read once.</summary>
    /// <exception cref="TlsError">The file is malformed or cannot be read.</exception>
    public static SystemDefaults? Current => FromEnvironment.Value;

    /// <summary>Reads the file now, before the program can change the environment. An error is raised when a context is created.</summary>
    public static void Prefetch()
    {
        try
        {
            _ = Current;
        }
        catch (TlsError)
        {
            // The Lazy caches the exception and throws it again for each context.
        }
    }

    /// <summary>Reads the defaults from a file; null if it has none.</summary>
    /// <exception cref="TlsError">A named section is missing.</exception>
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

    /// <summary>Applies the defaults to a new context.</summary>
    /// <exception cref="TlsError">A command is unknown, or its value is invalid.</exception>
    public void ApplyTo(TlsContext context)
    {
        foreach ((string name, string value) in _commands)
        {
            // A name may have a prefix that ends with a dot, so that a section can repeat a command.
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

    // Like OpenSSL, ignored for a context of a single version. DTLS versions are always ignored.
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

    /// <summary>Reads the file named by the environment; null for none.</summary>
    internal static SystemDefaults? Load()
    {
        string? path = ProcessEnvironment.Current.Get(Variable);
        return string.IsNullOrEmpty(path) || !File.Exists(path) ? null : From(ConfigurationFile.Read(path));
    }
}
