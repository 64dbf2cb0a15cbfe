using SslModule.Engine.Errors;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Context;

/// <summary>
/// Parses a list of groups. Prefixes of a name, each at most once: <c>?</c> ignores an unknown group, <c>-</c> removes a group that
/// was named before, <c>*</c> makes a client send a key share. Without an asterisk it sends one for the first group. A group that was
/// named before is ignored, with its prefixes. Names in capitals stand for lists: <c>DEFAULT</c> and <c>DEFAULT_SUITE_B</c>. The first
/// tuple of such a list joins the tuple in which it stands, and what follows joins its last one.
/// </summary>
internal sealed class GroupListReader
{
    // OpenSSL's OPENSSL_MAX_KEY_SHARES.
    private const int MaxKeyShares = 4;
    private const string Prefixes = "?*-";

    private static readonly Dictionary<string, GroupList> Named = new(StringComparer.OrdinalIgnoreCase)
    {
        ["DEFAULT"] = GroupList.Default,
        ["DEFAULT_SUITE_B"] = new([[NamedGroup.secp256r1, NamedGroup.secp384r1]], []),
    };

    private readonly List<List<int>> _tuples = [];
    private readonly List<int> _keyShares = [];

    /// <summary>Parses a list. It may be empty, as OpenSSL's may: a handshake that needs a group then fails.</summary>
    /// <exception cref="TlsError">The list is malformed, or a name is unknown.</exception>
    public GroupList Read(string text)
    {
        foreach (string tuple in text.Length > 0 ? text.Split('/') : [])
        {
            _tuples.Add([]);
            foreach (string item in tuple.Split(':'))
            {
                Add(item.Trim());
            }
        }

        int[][] tuples = [.. _tuples.Where(tuple => tuple.Count > 0).Select(tuple => tuple.ToArray())];
        return _keyShares.Count > MaxKeyShares ? throw Unrecognized()
            : new GroupList(tuples, _keyShares.Count > 0 || tuples.Length == 0 ? [.. _keyShares] : [tuples[0][0]]);
    }

    private void Add(string item)
    {
        string name = item.TrimStart(Prefixes.ToCharArray());
        string prefixes = item[..^name.Length];
        if (prefixes.Distinct().Count() != prefixes.Length)
        {
            throw Unrecognized();
        }

        if (Named.TryGetValue(name, out GroupList? list))
        {
            Add(prefixes.Length == 0 ? list : throw Unrecognized());
        }
        else if (GroupNames.Find(name) is { } group)
        {
            Add(group, prefixes);
        }
        else if (!prefixes.Contains('?', StringComparison.Ordinal))
        {
            throw Unrecognized();
        }
    }

    private void Add(GroupList list)
    {
        for (int i = 0; i < list.Tuples.Length; i++)
        {
            if (i > 0)
            {
                _tuples.Add([]);
            }

            Array.ForEach(list.Tuples[i], group => Add(group, list.KeyShares.Contains(group) ? "*" : ""));
        }
    }

    private void Add(int group, string prefixes)
    {
        if (prefixes.Contains('-', StringComparison.Ordinal))
        {
            _tuples.ForEach(tuple => tuple.Remove(group));
            _keyShares.Remove(group);
        }
        else if (!_tuples.Exists(tuple => tuple.Contains(group)))
        {
            _tuples[^1].Add(group);
            if (prefixes.Contains('*', StringComparison.Ordinal))
            {
                _keyShares.Add(group);
            }
        }
    }

    private static TlsError Unrecognized() => TlsError.Numbered("unrecognized group");
}
