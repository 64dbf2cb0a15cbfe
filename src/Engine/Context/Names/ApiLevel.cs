using SslModule.Engine.Errors;

namespace SslModule.Engine.Context;

/// <summary>A level of OpenSSL's API: what the module tells programs that ask for the library's version before they use something.</summary>
/// <remarks>Only the report differs between levels. What a context allows is a matter of its settings, at every level.</remarks>
public sealed class ApiLevel
{
    /// <summary>The variable of the environment that chooses another level than the host's own.</summary>
    public const string Variable = "SSLMODULE_OPENSSL";

    /// <summary>OpenSSL 3.0, the oldest that CPython 3.13 is content with and has SSL 3.0's and TLS 1.0's tests skipped for.</summary>
    public static readonly ApiLevel OpenSsl30 = new("3.0", "3.0.19", [3, 0, 0, 19, 0], 0x30000130, 0x80000050);

    /// <summary>OpenSSL 1.1.1, the last before 3.0: all that Python 3.4's libraries know, and the last whose old versions CPython tests.</summary>
    public static readonly ApiLevel OpenSsl111 = new("1.1.1", "1.1.1w", [1, 1, 1, 23, 15], 0x1010117F, 0x80000054);

    private readonly string _name;

    private ApiLevel(string name, string version, IReadOnlyList<int> info, long number, long allOptions)
    {
        _name = name;
        Text = $"OpenSSL {version} API ({SslConstants.Implementation})";
        Info = info;
        Number = number;
        AllOptions = allOptions;
    }

    /// <summary>OPENSSL_VERSION: begins like OpenSSL's text, then names what it really is.</summary>
    public string Text { get; }

    /// <summary>OPENSSL_VERSION_INFO: major, minor, fix, patch, status.</summary>
    public IReadOnlyList<int> Info { get; }

    /// <summary>OPENSSL_VERSION_NUMBER.</summary>
    public long Number { get; }

    /// <summary>OP_ALL; before 3.0 it holds OP_LEGACY_SERVER_CONNECT.</summary>
    public long AllOptions { get; }

    /// <summary>The level that the environment names, or else the host's own.</summary>
    /// <exception cref="TlsError">The variable names none.</exception>
    public static ApiLevel Of(ApiLevel host) => Named(ProcessEnvironment.Current.Get(Variable), host);

    /// <summary>The level of that name; the host's own where there is no name.</summary>
    /// <exception cref="TlsError">The name is none of a level.</exception>
    public static ApiLevel Named(string? name, ApiLevel host)
        => string.IsNullOrEmpty(name) ? host
            : name == OpenSsl30._name ? OpenSsl30
            : name == OpenSsl111._name ? OpenSsl111
            : throw TlsError.Value($"{Variable} is {OpenSsl30._name} or {OpenSsl111._name}, not {name}");
}
