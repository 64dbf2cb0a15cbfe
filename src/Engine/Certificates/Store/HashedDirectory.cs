using System.Globalization;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Certificates;

/// <summary>
/// A directory whose files are named by the hash of a subject (certificates: <c>9d66eef0.0</c>, <c>9d66eef0.1</c> and so on) or
/// of an issuer (CRLs: <c>9d66eef0.r0</c>), numbered without gaps. A file is read when its name is first looked up.
/// </summary>
internal sealed class HashedDirectory(string path)
{
    private readonly HashSet<string> _visited = [];
    private int _certificates;
    private int _revocationLists;

    /// <summary>The directory.</summary>
    public string Path { get; } = path;

    /// <summary>The directory with the counts of what was read so far.</summary>
    public TrustSource Source => new(TrustSourceKind.Directory, Path, _certificates, _revocationLists);

    /// <summary>The items in files for <paramref name="name"/> that were added since the last lookup.</summary>
    /// <param name="name">The subject or issuer.</param>
    /// <param name="kind">"" for certificates, "r" for CRLs.</param>
    public IEnumerable<TrustItem> Discover(DistinguishedName name, string kind)
    {
        string hash = name.FileHash;
        for (int number = 0; ; number++)
        {
            string file = System.IO.Path.Combine(Path, string.Create(CultureInfo.InvariantCulture, $"{hash}.{kind}{number}"));
            if (!FileExists(file))
            {
                yield break;
            }

            if (_visited.Add(file))
            {
                foreach (TrustItem item in Read(file))
                {
                    _ = item.Certificate is null ? _revocationLists++ : _certificates++;
                    yield return item;
                }
            }
        }
    }

    // A dangling symbolic link still counts in the numbering.
    private static bool FileExists(string file) => File.Exists(file) || new FileInfo(file).LinkTarget is not null;

    private static IReadOnlyList<TrustItem> Read(string file)
    {
        try
        {
            return TrustFiles.ReadHashedFile(file);
        }
        catch (TlsError)
        {
            // An unreadable file adds no items.
            return [];
        }
    }
}
