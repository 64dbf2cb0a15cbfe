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
    // PY_SSL_DEFAULT_CIPHERS of pyconfig.h: 0 is a list of the builder's own, 1 Python's, 2 OpenSSL's.
    private const int OpenSslSuites = 2;

    public static string Ciphers { get; private set; } = TlsContext.DefaultCipherList;

    /// <summary>Reads the record; without one, as on Windows and in frozen programs, the choice is Python's.</summary>
    public static void Read()
    {
        // sysconfig itself would take eight times as long to import.
        using var system = new Owned(Import("sys"));
        string? platform = Text(system.Value, "platform"), flags = Text(system.Value, "abiflags");
        using var implementation = new Owned(Attribute(system.Value, "implementation"));
        string? architecture = Text(implementation.Value, "_multiarch");
        if (platform is null || flags is null || architecture is null)
        {
            return;
        }

        nint record = TryImport($"_sysconfigdata_{flags}_{platform}_{architecture}");
        if (record == 0)
        {
            return;
        }

        using var module = new Owned(record);
        using var variables = new Owned(Attribute(module.Value, "build_time_vars"));
        using var name = new Owned(Values.Str("PY_SSL_DEFAULT_CIPHERS"));
        nint suites = PythonApi.PyDict_GetItemWithError(variables.Value, name.Value);
        if (suites != 0 && Values.IsLong(suites) && Values.Long(suites) == OpenSslSuites)
        {
            Ciphers = TlsContext.OpenSslCipherList;
        }
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

    /// <summary>A text, or null where there is no such attribute.</summary>
    private static string? Text(nint value, string name)
    {
        nint attribute = Attribute(value, name);
        if (attribute == 0 && PythonApi.PyErr_ExceptionMatches(PythonData.AttributeError) != 0)
        {
            PythonApi.PyErr_Clear();
            return null;
        }

        using var text = new Owned(attribute);
        return Values.Text(text.Value);
    }
}
