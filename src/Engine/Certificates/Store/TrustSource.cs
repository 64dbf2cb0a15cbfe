namespace SslModule.Engine.Certificates;

/// <summary>The kinds of places that trusted certificates come from.</summary>
internal enum TrustSourceKind
{
    /// <summary>A file, which was read when it was loaded.</summary>
    File,

    /// <summary>A directory of files named by hash, of which one is read when a certificate is looked for.</summary>
    Directory,

    /// <summary>Certificates that the application has handed over.</summary>
    Data,

    /// <summary>The keychains of macOS.</summary>
    Keychains,
}

/// <summary>A place that a trust store was filled from.</summary>
/// <param name="Kind">The kind of place.</param>
/// <param name="Path">The path of a file or directory; empty for other kinds.</param>
/// <param name="Certificates">The number of certificates found there; for a directory, of those read so far.</param>
/// <param name="RevocationLists">The number of CRLs found there.</param>
internal sealed record TrustSource(TrustSourceKind Kind, string Path, int Certificates, int RevocationLists);
