namespace SslModule.Engine.Tests.Ciphers;

/// <summary>The recordings that stand beside the tests, embedded in their assembly.</summary>
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
