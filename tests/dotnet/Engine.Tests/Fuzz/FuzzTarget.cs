using SslModule.Engine.Errors;

namespace SslModule.Engine.Tests.Fuzz;

/// <summary>A part of the engine that a stranger can send bytes to.</summary>
/// <param name="Name">The name by which it is chosen.</param>
/// <param name="Seeds">Makes inputs to begin with.</param>
/// <param name="Use">Uses an input. What it may raise is a TlsError, and it says which are a mistake of the engine's.</param>
internal sealed record FuzzTarget(string Name, Func<IEnumerable<byte[]>> Seeds, Action<byte[]> Use)
{
    /// <summary>Every target.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } = [.. ParsingTargets.All, .. SettingTargets.All, .. HandshakeTargets.All, Differential.ChainTarget.Target];

    /// <summary>The target of a name.</summary>
    public static FuzzTarget Find(string name)
        => All.FirstOrDefault(target => target.Name == name) ?? throw new ArgumentException($"no target {name}; there are {string.Join(' ', All.Select(target => target.Name))}");

    /// <summary>Runs what a stranger's bytes may make fail.</summary>
    /// <returns>The failure; null without one.</returns>
    public static TlsError? Tolerate(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (TlsError error)
        {
            return error;
        }
    }

    /// <summary>Runs what a peer's bytes may make fail, but not by a mistake of the engine's.</summary>
    public static TlsError? PeersFault(Action action)
    {
        TlsError? error = Tolerate(action);
        if (error is not null && error.Kind != TlsErrorKind.CertificateVerification && error.Reason == "INTERNAL_ERROR")
        {
            throw new InvalidOperationException("an internal error: " + error.Describe(), error);
        }

        return error;
    }
}
