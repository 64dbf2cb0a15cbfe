using SslModule.Engine.Errors;

namespace SslModule.Engine.Context;

/// <summary>A level of OpenSSL's API: the OpenSSL version that the module reports to programs.</summary>
/// <remarks>Levels differ only in the reported values. What a context allows depends on its settings at every level.</remarks>
public sealed class ApiLevel
{
    /// <summary>The environment variable that overrides the host's level.</summary>
    public const string Variable = "SSLMODULE_OPENSSL";

    /// <summary>OpenSSL 3.0, the lowest version for which CPython's tests skip SSL 3.0 and TLS 1.0.</summary>
    public static readonly ApiLevel OpenSsl30 = new("3.0", "3.0.19", [3, 0, 0, 19, 0], 0x30000130, 0x80000050);

    /// <summary>OpenSSL 1.1.1, for Python 3.4's libraries. CPython's tests still cover old protocol versions with it.</summary>
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

    /// <summary>OPENSSL_VERSION: starts like OpenSSL's text, followed by the name of this module.</summary>
    public string Text { get; }

    /// <summary>OPENSSL_VERSION_INFO: major, minor, fix, patch, status.</summary>
    public IReadOnlyList<int> Info { get; }

    /// <summary>OPENSSL_VERSION_NUMBER.</summary>
    public long Number { get; }

    /// <summary>OP_ALL. Before OpenSSL 3.0 it includes OP_LEGACY_SERVER_CONNECT.</summary>
    public long AllOptions { get; }

    /// <summary>The level set by the environment, otherwise the host's.</summary>
    /// <exception cref="TlsError">The variable's value is not a known level.</exception>
    public static ApiLevel Of(ApiLevel host) => Named(ProcessEnvironment.Current.Get(Variable), host);

    /// <summary>The level with a name; the host's if the name is null.</summary>
    /// <exception cref="TlsError">The name is not a known level.</exception>
    public static ApiLevel Named(string? name, ApiLevel host)
        => string.IsNullOrEmpty(name) ? host
            : name == OpenSsl30._name ? OpenSsl30
            : name == OpenSsl111._name ? OpenSsl111
            : throw TlsError.Value($"{Variable} is {OpenSsl30._name} or {OpenSsl111._name}, not {name}");
}
