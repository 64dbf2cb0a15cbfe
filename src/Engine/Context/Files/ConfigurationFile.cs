using System.Text;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Context;

/// <summary>A file in the format of OpenSSL's config(5): sections of <c>name = value</c> lines, with variables and includes.</summary>
internal sealed class ConfigurationFile
{
    // Limits recursion of a file that includes itself.
    private const int MaxIncludeDepth = 10;
    private const string FirstSection = "default";
    private const string Environment = "ENV";

    private readonly Dictionary<string, List<KeyValuePair<string, string>>> _sections = new(StringComparer.Ordinal);
    private string _section = FirstSection;

    private ConfigurationFile()
    {
    }

    /// <summary>Reads a file and the files it includes.</summary>
    /// <exception cref="TlsError">A file cannot be read, or a line is malformed.</exception>
    public static ConfigurationFile Read(string path)
    {
        var file = new ConfigurationFile();
        file.Add(path, 0);
        return file;
    }

    /// <summary>Parses the text of a configuration file.</summary>
    /// <exception cref="TlsError">A line is malformed.</exception>
    public static ConfigurationFile Parse(string text)
    {
        var file = new ConfigurationFile();
        file.Add(text.Split('\n'), "", 0);
        return file;
    }

    /// <summary>The entries of a section, in order; null if there is no such section.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Section(string name) => _sections.GetValueOrDefault(name);

    /// <summary>A value from the part before the first section; null if absent.</summary>
    public string? Start(string name) => Find(FirstSection, name);

    /// <summary>The last value of a name in a section; null if absent.</summary>
    public string? Find(string section, string name)
        => _sections.TryGetValue(section, out List<KeyValuePair<string, string>>? values) && values.FindLast(value => value.Key == name) is { Key: not null } found
            ? found.Value
            : null;

    private void Add(string path, int depth)
    {
        if (depth > MaxIncludeDepth)
        {
            throw TlsError.Ssl("CONF", "RECURSIVE_DIRECTORY_INCLUDE");
        }

        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw FileErrors.From(error, path);
        }

        Add(lines, Path.GetDirectoryName(Path.GetFullPath(path))!, depth);
    }

    private void Add(string[] lines, string directory, int depth)
    {
        for (int number = 0; number < lines.Length; number++)
        {
            string line = lines[number].TrimEnd('\r');
            while (line.EndsWith('\\') && number + 1 < lines.Length)
            {
                line = line[..^1] + lines[++number].TrimEnd('\r');
            }

            AddLine(line.Trim(), directory, depth);
        }
    }

    private void AddLine(string line, string directory, int depth)
    {
        if (line.Length == 0 || line[0] == '#')
        {
            return;
        }

        if (line[0] == '[')
        {
            int end = line.IndexOf(']', StringComparison.Ordinal);
            _section = end > 0 ? line[1..end].Trim() : throw TlsError.Ssl("CONF", "MISSING_CLOSE_SQUARE_BRACKET");
            _sections.TryAdd(_section, []);
            return;
        }

        (string name, string value) = Split(line);
        switch (name)
        {
            case ".include":
                Include(Path.Combine(directory, Expand(value)), depth);
                break;
            case ".pragma":
                // OpenSSL's pragmas only concern dollar signs and include paths. They are ignored.
                break;
            default:
                _sections.TryAdd(_section, []);
                _sections[_section].Add(new(name, Expand(value)));
                break;
        }
    }

    // ".include path" needs no equals sign.
    private static (string Name, string Value) Split(string line)
    {
        int equals = line.IndexOf('=', StringComparison.Ordinal);
        int blank = line.IndexOfAny([' ', '\t']);
        if (line[0] == '.' && blank > 0 && (equals < 0 || line[blank..equals].Trim().Length > 0))
        {
            return (line[..blank], line[blank..].Trim());
        }

        return equals > 0 ? (line[..equals].Trim(), line[(equals + 1)..].Trim()) : throw TlsError.Ssl("CONF", "MISSING_EQUAL_SIGN");
    }

    // A directory includes its *.cnf and *.conf files, ordered by name.
    private void Include(string path, int depth)
    {
        if (!Directory.Exists(path))
        {
            Add(path, depth + 1);
            return;
        }

        foreach (string file in Directory.GetFiles(path).Order(StringComparer.Ordinal))
        {
            if (Path.GetExtension(file) is ".cnf" or ".conf")
            {
                Add(file, depth + 1);
            }
        }
    }

    // Processes comments, quotes, backslashes and $variables in a value.
    private string Expand(string value)
    {
        var text = new StringBuilder();
        for (int at = 0; at < value.Length; at++)
        {
            char here = value[at];
            if (here == '#')
            {
                break;
            }

            if (here is '"' or '\'')
            {
                int end = value.IndexOf(here, at + 1);
                end = end < 0 ? value.Length : end;
                text.Append(value, at + 1, end - at - 1);
                at = end;
            }
            else if (here == '\\' && at + 1 < value.Length)
            {
                text.Append(Escaped(value[++at]));
            }
            else if (here == '$')
            {
                text.Append(Variable(value, ref at));
            }
            else
            {
                text.Append(here);
            }
        }

        return text.ToString().Trim();
    }

    private static char Escaped(char letter) => letter switch
    {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'b' => '\b',
        _ => letter,
    };

    // $name, ${name}, $(name), and section::name in each.
    private string Variable(string value, ref int at)
    {
        int start = at + 1;
        char close = start < value.Length ? value[start] switch { '{' => '}', '(' => ')', _ => '\0' } : '\0';
        int end;
        if (close != '\0')
        {
            end = value.IndexOf(close, ++start);
            at = end >= 0 ? end : throw TlsError.Ssl("CONF", "NO_CLOSE_BRACE");
        }
        else
        {
            end = start;
            while (end < value.Length && (char.IsAsciiLetterOrDigit(value[end]) || value[end] is '_' or ':'))
            {
                end++;
            }

            at = end - 1;
        }

        string[] parts = value[start..end].Split("::", 2);
        string? found = parts.Length == 2 ? Lookup(parts[0], parts[1]) : Find(_section, parts[0]) ?? Find(FirstSection, parts[0]);
        return found ?? throw TlsError.Ssl("CONF", "VARIABLE_HAS_NO_VALUE");
    }

    private string? Lookup(string section, string name)
        => section == Environment ? ProcessEnvironment.Current.Get(name) : Find(section, name);
}
