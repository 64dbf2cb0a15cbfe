namespace SslModule.Engine.Ciphers;

/// <summary>
/// The working list of a cipher string. It holds every suite, some of them selected. Suites that are not selected keep their
/// position too, because a later rule may add them.
/// </summary>
internal sealed class CipherSelection
{
    private readonly HashSet<CipherSuiteInfo> _selected = new(ReferenceEqualityComparer.Instance);
    private List<CipherSuiteInfo> _order = [.. CipherSuites.All.Where(suite => !suite.IsTls13)];

    public IReadOnlyList<CipherSuiteInfo> Selected => [.. _order.Where(_selected.Contains)];

    /// <summary>Appends the suites that are not selected yet; selected suites keep their position.</summary>
    public void Add(Predicate<CipherSuiteInfo> matches)
        => _selected.UnionWith(MoveToEnd(suite => !_selected.Contains(suite) && matches(suite)));

    /// <c>+</c>: moves the selected suites to the end.
    public void Demote(Predicate<CipherSuiteInfo> matches) => MoveToEnd(suite => _selected.Contains(suite) && matches(suite));

    /// <c>-</c>: deselects suites and moves them to the front of those that a later rule may add.
    public void Remove(Predicate<CipherSuiteInfo> matches)
    {
        (List<CipherSuiteInfo> removed, List<CipherSuiteInfo> kept) = Split(suite => _selected.Contains(suite) && matches(suite));
        _selected.ExceptWith(removed);
        removed.AddRange(kept);
        _order = removed;
    }

    /// <c>!</c>: removes suites permanently.
    public void Ban(Predicate<CipherSuiteInfo> matches)
    {
        _order.RemoveAll(matches);
        _selected.RemoveWhere(matches);
    }

    /// <c>@STRENGTH</c>: sorts by descending strength; suites of equal strength keep their order.
    public void SortByStrength()
    {
        foreach (int bits in _selected.Select(suite => suite.StrengthBits).Distinct().OrderDescending().ToArray())
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
