namespace SslModule.Engine.Tests;

/// <summary>The recordings that stand beside their tests, embedded in the assembly.</summary>
internal static class TestData
{
    public static string Text(string file)
    {
        using Stream stream = typeof(TestData).Assembly.GetManifestResourceStream(file)
            ?? throw new FileNotFoundException(file);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
