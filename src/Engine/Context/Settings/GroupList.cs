using SslModule.Engine.Errors;

namespace SslModule.Engine.Context;

/// <summary>
/// A list of groups in OpenSSL's form (SSL_CTX_set1_groups_list(3)): names between colons or slashes, best first. Before a name,
/// <c>?</c> passes over a group that is unknown, <c>-</c> takes one out again, and <c>*</c> has a client send a key share for it;
/// <c>DEFAULT</c> stands for the groups in force when nothing is set.
/// </summary>
/// <param name="Groups">The code points, best first.</param>
/// <param name="KeyShares">Those that a client sends key shares for at once.</param>
internal sealed record GroupList(int[] Groups, int[] KeyShares)
{
    private const string Default = "DEFAULT";

    /// <summary>Reads a list.</summary>
    /// <exception cref="TlsError">A name is unknown, or no group is left.</exception>
    public static GroupList Parse(string text)
    {
        var groups = new List<int>();
        var shares = new List<int>();
        foreach (string item in text.Split([':', '/'], StringSplitOptions.TrimEntries))
        {
            string name = item.TrimStart('?', '*', '-');
            string marks = item[..^name.Length];
            if (name.Equals(Default, StringComparison.OrdinalIgnoreCase) && marks.Length == 0)
            {
                groups.AddRange(SupportedAlgorithms.DefaultGroups.Except(groups));
                shares.AddRange(SupportedAlgorithms.DefaultKeyShares.Except(shares));
                continue;
            }

            if (GroupNames.Find(name) is not { } group)
            {
                _ = marks.Contains('?', StringComparison.Ordinal) ? 0 : throw Unrecognized();
                continue;
            }

            if (marks.Contains('-', StringComparison.Ordinal))
            {
                groups.Remove(group);
                shares.Remove(group);
                continue;
            }

            Add(groups, group);
            if (marks.Contains('*', StringComparison.Ordinal))
            {
                Add(shares, group);
            }
        }

        // Without a mark the first group alone gets a key share, as in OpenSSL.
        return groups.Count > 0 ? new GroupList([.. groups], shares.Count > 0 ? [.. shares] : [groups[0]]) : throw Unrecognized();
    }

    private static void Add(List<int> list, int group)
    {
        if (!list.Contains(group))
        {
            list.Add(group);
        }
    }

    private static TlsError Unrecognized() => TlsError.Plain("unrecognized group");
}
