using System.Globalization;
using NUnit.Framework;

namespace SslModule.Engine.Tests.Conformance;

/// <summary>Suites of others, which are given as folders and are not part of this repository: `make conformance` names them.</summary>
internal static class Suites
{
    /// <summary>The folder that an environment variable names; null without it.</summary>
    public static string? Folder(string variable)
        => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } folder ? folder : null;

    /// <summary>Leaves a table and the counts where tools/conformance.sh finds them, if it asked for them.</summary>
    public static void Report(string name, IEnumerable<string> lines, int passed, int failed, int skipped)
    {
        string counts = string.Create(CultureInfo.InvariantCulture, $"{passed} passed, {failed} failed, {skipped} skipped");
        string text = string.Join('\n', lines.Append(counts)) + "\n";
        TestContext.Out.WriteLine(text);
        if (Folder("CONFORMANCE_RESULTS") is { } folder)
        {
            File.WriteAllText(Path.Combine(folder, name + ".txt"), text);
        }
    }
}
