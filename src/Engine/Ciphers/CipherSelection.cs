namespace SslModule.Engine.Ciphers;

/// <summary>
/// The list that the rules of a cipher string work on: every suite is on it, some of them chosen. What is not chosen
/// keeps its place too, for a later rule may add it back.
/// </summary>
internal sealed class CipherSelection
{
    private readonly HashSet<CipherSuiteInfo> _chosen = new(ReferenceEqualityComparer.Instance);
    private List<CipherSuiteInfo> _order = [.. CipherSuites.All.Where(suite => !suite.IsTls13)];

    public IReadOnlyList<CipherSuiteInfo> Chosen => [.. _order.Where(_chosen.Contains)];

    /// <summary>Appends what is not chosen yet; what is chosen already stays where it is.</summary>
    public void Add(Predicate<CipherSuiteInfo> matches)
        => _chosen.UnionWith(MoveToEnd(suite => !_chosen.Contains(suite) && matches(suite)));

    /// <summary><c>+</c>: moves chosen suites to the end.</summary>
    public void Demote(Predicate<CipherSuiteInfo> matches) => MoveToEnd(suite => _chosen.Contains(suite) && matches(suite));

    /// <summary><c>-</c>: takes suites off the choice, to the front of those that a later rule may add back.</summary>
    public void Remove(Predicate<CipherSuiteInfo> matches)
    {
        (List<CipherSuiteInfo> removed, List<CipherSuiteInfo> kept) = Split(suite => _chosen.Contains(suite) && matches(suite));
        _chosen.ExceptWith(removed);
        removed.AddRange(kept);
        _order = removed;
    }

    /// <summary><c>!</c>: takes suites off the list for good.</summary>
    public void Ban(Predicate<CipherSuiteInfo> matches)
    {
        _order.RemoveAll(matches);
        _chosen.RemoveWhere(matches);
    }

    /// <summary><c>@STRENGTH</c>: strongest first; suites of one strength keep their order.</summary>
    public void SortByStrength()
    {
        foreach (int bits in _chosen.Select(suite => suite.StrengthBits).Distinct().OrderDescending().ToArray())
        {
            Demote(suite => suite.StrengthBits == bits);
        }
    }

    private List<CipherSuiteInfo> MoveToEnd(Predicate<CipherSuiteInfo> matches)
    {
        (List<CipherSuiteInfo> moved, List<CipherSuiteInfo> kept) = Split(matches);
        kept.AddRange(moved);
        _order = kept;
        return moved;
    }

    private (List<CipherSuiteInfo> Matching, List<CipherSuiteInfo> Others) Split(Predicate<CipherSuiteInfo> matches)
    {
        List<CipherSuiteInfo> matching = new(_order.Count), others = new(_order.Count);
        foreach (CipherSuiteInfo suite in _order)
        {
            (matches(suite) ? matching : others).Add(suite);
        }

        return (matching, others);
    }
}
