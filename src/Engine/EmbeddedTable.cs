namespace SslModule.Engine;

/// <summary>A table of facts that is embedded in the assembly as text: a row per line, columns between tabs, <c>#</c> before a comment.</summary>
internal static class EmbeddedTable
{
    public static IEnumerable<string[]> Rows(string resource)
    {
        using Stream stream = typeof(EmbeddedTable).Assembly.GetManifestResourceStream(resource)
            ?? throw new FileNotFoundException("the assembly lacks a resource", resource);
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                yield return line.Split('\t');
            }
        }
    }
}
