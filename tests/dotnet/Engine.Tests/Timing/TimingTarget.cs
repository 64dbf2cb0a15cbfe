namespace SslModule.Engine.Tests.Timing;

/// <summary>A piece of the engine whose time must not tell two classes of inputs apart.</summary>
/// <param name="Name">The name by which it is chosen.</param>
/// <param name="Classes">What the two classes are.</param>
/// <param name="Length">The length of an input in bytes.</param>
/// <param name="Prepare">Makes an input of the first class (false) or the second (true), ahead of the measurements.</param>
/// <param name="Place">Puts an input where it is used: the same memory for both classes, warm in the caches. Not measured.</param>
/// <param name="Run">Uses it, and is measured.</param>
internal sealed record TimingTarget(string Name, string Classes, int Length, Action<bool, byte[]> Prepare, Action<byte[]> Place, Action Run)
{
    /// <summary>Each target's maker: some make keys.</summary>
    public static IReadOnlyDictionary<string, Func<string, TimingTarget>> All { get; } = new Dictionary<string, Func<string, TimingTarget>>(
        [.. ControlTargets.All, .. CbcTargets.All, .. TagTargets.All, .. ComparisonTargets.All, .. RsaTargets.All, .. AgreementTargets.All]);

    /// <summary>The control that must be seen to differ; all others must not.</summary>
    public bool MustDiffer => Name == ControlTargets.Leaking;

    /// <summary>The target of a name.</summary>
    public static TimingTarget Make(string name)
        => All.TryGetValue(name, out Func<string, TimingTarget>? make) ? make(name) : throw new ArgumentException($"no target {name}; there are {string.Join(' ', All.Keys)}");
}
