using SslModule.Engine.Errors;

namespace SslModule.Engine.Crypto;

/// <summary>
/// Whether the primitives of this engine are left out, for those who must use a validated library: .NET's take their place where it
/// has them, else BouncyCastle's. The runtime configuration or the environment says so, once for the process.
/// </summary>
internal static class PlatformCryptography
{
    /// <summary>The switch of the runtime configuration (<see cref="AppContext"/>).</summary>
    public const string SwitchName = "SslModule.PlatformCryptography";

    /// <summary>The environment variable.</summary>
    public const string Variable = "SSLMODULE_CRYPTO";

    private const string Platform = "platform";

    private static readonly (bool IsOnly, string? Mistake) Demand = Read();

    /// <summary>True when no primitive of this engine is used. Also true when the demand is not understood; no context is created then.</summary>
    public static bool IsOnly { get; } = Demand.IsOnly || Demand.Mistake is not null;

    /// <summary>Raises an error when the environment or the configuration has a value that is not understood.</summary>
    /// <exception cref="TlsError">It has.</exception>
    public static void Check()
    {
        if (Demand.Mistake is { } mistake)
        {
            throw TlsError.Plain(mistake);
        }
    }

    /// <summary>Reads the switch and the variable; either is enough.</summary>
    /// <returns>Whether they demand it, and what is wrong with them; null for nothing.</returns>
    internal static (bool IsOnly, string? Mistake) Read()
    {
        string? value = ProcessEnvironment.Current.Get(Variable);
        if (!string.IsNullOrEmpty(value) && value != Platform)
        {
            return (false, $"{Variable} is {Platform} or unset, not {value}");
        }

        bool isKnown = AppContext.TryGetSwitch(SwitchName, out bool isOn);
        if (!isKnown && AppContext.GetData(SwitchName) is { } other)
        {
            return (false, $"{SwitchName} is true or false, not {other}");
        }

        return (isOn || value == Platform, null);
    }
}
