using System.Buffers.Text;
using System.Text;
using SslModule.CPython.Binding;
using SslModule.CPython.Native;
using SslModule.Engine.Context;

namespace SslModule.CPython.Surface;

/// <summary>
/// The ciphers that new contexts begin with, which are a choice of whoever built the interpreter: its own <c>_ssl</c> was compiled
/// with Python's list or with OpenSSL's, and the record of the build, which <c>sysconfig</c> reads, says with which.
/// </summary>
internal static unsafe class BuildDefaults
{
    // What pyconfig.h has for the entry: 0 is a list of the builder's own, 1 Python's, 2 OpenSSL's.
    private const int OpenSslSuites = 2;

    private const string Entry = "PY_SSL_DEFAULT_CIPHERS";

    public static string Ciphers { get; private set; } = TlsContext.DefaultCipherList;

    /// <summary>Reads the record; without one, as on Windows and in frozen programs, the choice is Python's.</summary>
    public static void Read()
    {
        using var system = new Owned(Import("sys"));
        string? platform = Text(system.Value, "platform"), flags = Text(system.Value, "abiflags");
        using var implementation = new Owned(Attribute(system.Value, "implementation"));
        string? architecture = Text(implementation.Value, "_multiarch");
        if (platform is null || flags is null || architecture is null)
        {
            return;
        }

        string record = $"_sysconfigdata_{flags}_{platform}_{architecture}";
        if ((TextSays(Text(system.Value, "_stdlib_dir"), record) ?? ModuleSays(record)) == OpenSslSuites)
        {
            Ciphers = TlsContext.OpenSslCipherList;
        }
    }

    /// <summary>
    /// The number in the text of the record, or null where it is not found so. To import the record takes a millisecond, a twelfth of
    /// `import ssl`, and sysconfig itself eight times as long.
    /// </summary>
    private static int? TextSays(string? folder, string record)
    {
        try
        {
            ReadOnlySpan<byte> text = folder is null ? [] : File.ReadAllBytes(Path.Combine(folder, record + ".py"));
            ReadOnlySpan<byte> entry = Encoding.UTF8.GetBytes($"'{Entry}': ");
            int at = text.IndexOf(entry);
            return at >= 0 && Utf8Parser.TryParse(text[(at + entry.Length)..], out int number, out _) ? number : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The number in the imported record, or null without one.</summary>
    private static int? ModuleSays(string record)
    {
        nint found = TryImport(record);
        if (found == 0)
        {
            return null;
        }

        using var module = new Owned(found);
        using var variables = new Owned(Attribute(module.Value, "build_time_vars"));
        using var name = new Owned(Values.Str(Entry));
        nint suites = PythonApi.PyDict_GetItemWithError(variables.Value, name.Value);
        return suites != 0 && Values.IsLong(suites) ? (int)Values.Long(suites) : null;
    }

    private static nint Import(string name)
    {
        using var text = new Owned(Values.Str(name));
        return PythonApi.PyImport_Import(text.Value);
    }

    private static nint TryImport(string name)
    {
        nint module = Import(name);
        if (module == 0 && PythonApi.PyErr_ExceptionMatches(PythonData.ImportError) != 0)
        {
            PythonApi.PyErr_Clear();
            return 0;
        }

        return Values.Check(module);
    }

    private static nint Attribute(nint value, string name)
    {
        using var text = new Owned(Values.Str(name));
        return PythonApi.PyObject_GetAttr(value, text.Value);
    }

    /// <summary>A text, or null where there is no such attribute or it is None.</summary>
    private static string? Text(nint value, string name)
    {
        nint attribute = Attribute(value, name);
        if (attribute == 0 && PythonApi.PyErr_ExceptionMatches(PythonData.AttributeError) != 0)
        {
            PythonApi.PyErr_Clear();
            return null;
        }

        using var text = new Owned(attribute);
        return text.Value == PythonData.None ? null : Values.Text(text.Value);
    }
}
