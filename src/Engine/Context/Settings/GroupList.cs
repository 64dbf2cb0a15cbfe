using SslModule.Engine.Errors;

namespace SslModule.Engine.Context;

/// <summary>
/// A list of groups in OpenSSL's format (SSL_CTX_set1_groups_list(3)): names separated by colons or slashes, in order of preference.
/// Prefixes: <c>?</c> ignores an unknown group, <c>-</c> removes a group, <c>*</c> makes a client send a key share for it.
/// <c>DEFAULT</c> stands for the default groups.
/// </summary>
/// <param name="Groups">The code points, in order of preference.</param>
/// <param name="KeyShares">The groups for which a client sends key shares in its first ClientHello.</param>
internal sealed record GroupList(int[] Groups, int[] KeyShares)
{
    private const string Default = "DEFAULT";

    /// <summary>Parses a list.</summary>
    /// <exception cref="TlsError">A name is unknown, or the list is empty.</exception>
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

        // Like OpenSSL, only the first group gets a key share if none is marked.
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
