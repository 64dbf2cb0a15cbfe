using System.Runtime.InteropServices;
using SslModule.CPython.Binding;
using SslModule.CPython.Native;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;

namespace SslModule.CPython.Surface;

/// <summary>The module <c>_ssl</c>.</summary>
internal static unsafe class Module
{
    // What the first import published, for any later one.
    private static nint _published;

    /// <summary>What the interpreter calls when it loads the library.</summary>
    [UnmanagedCallersOnly(EntryPoint = "PyInit__ssl")]
    public static nint Initialize()
    {
        try
        {
            Interpreters.RefuseWithoutGil();
            return Tables.Module("_ssl", "Implementation module for SSL socket operations, in C#.", ModuleFunctions.Table(), &Execute);
        }
        catch (Exception exception)
        {
            return PythonErrors.Raise(exception);
        }
    }

    [UnmanagedCallersOnly]
    private static int Execute(nint module)
    {
        try
        {
            Interpreters.RefuseOther();
            nint names = PythonApi.PyModule_GetDict(module);
            if (_published != 0)
            {
                // The name was deleted from sys.modules: the types stay those that objects of before have.
                return PythonApi.PyDict_Merge(names, _published, 0);
            }

            Publish(module);
            _published = Values.Check(PythonApi.PyDict_Copy(names));
            StartWarmUp();
            return 0;
        }
        catch (Exception exception)
        {
            PythonErrors.Raise(exception);
            return -1;
        }
    }

    /// <summary>Starts the warm-up: OpenSSL's own module loads its library at this point and the program waits for it.</summary>
    private static void StartWarmUp()
    {
        if (ForkHandlers.Register() && PythonApi.Py_AtExit(&End) == 0)
        {
            WarmUp.Begin();
        }
    }

    [UnmanagedCallersOnly]
    private static void End()
    {
        Interpreters.End();
        WarmUp.Wait();
    }

    private static void Publish(nint module)
    {
        SslErrors.Publish(module);
        MemoryBioType.Publish(module);
        CertificateType.Publish(module);
        SessionType.Publish(module);
        ContextType.Publish(module);
        SocketType.Publish(module);
        foreach ((string name, long value) in SslConstants.Integers)
        {
            Tables.Add(module, name, Values.Int(value));
        }

        foreach ((string name, bool value) in SslConstants.Booleans)
        {
            Tables.Add(module, name, Values.Bool(value));
        }

        ApiLevel level = ApiLevel.Of(ApiLevel.OpenSsl30);
        Tables.Add(module, "OPENSSL_VERSION", Values.Str(level.Text));
        Tables.Add(module, "OPENSSL_VERSION_NUMBER", Values.Int(level.Number));
        Tables.Add(module, "OP_ALL", Values.Int(level.AllOptions));
        Tables.Add(module, "OPENSSL_VERSION_INFO", Values.TupleOf(level.Info, number => Values.Int(number)));
        Tables.Add(module, "_OPENSSL_API_VERSION", Values.TupleOf(level.Info, number => Values.Int(number)));
        BuildDefaults.Read();
        Tables.Add(module, "_DEFAULT_CIPHERS", Values.Str(BuildDefaults.Ciphers));
        if (!PythonData.Since(12))
        {
            PublishErrorTables(module);
        }
    }

    private static void PublishErrorTables(nint module)
    {
        using var codes = new Owned(PythonApi.PyDict_New());
        using var names = new Owned(PythonApi.PyDict_New());
        using var libraries = new Owned(PythonApi.PyDict_New());
        foreach (ErrorReason reason in OpenSslErrors.Reasons)
        {
            using var pair = new Owned(Values.Tuple(Values.Int(reason.Library), Values.Int(reason.Code)));
            using var text = new Owned(Values.Str(reason.Utf8Name));
            Values.Check(PythonApi.PyDict_SetItem(codes.Value, pair.Value, text.Value));
            Values.Check(PythonApi.PyDict_SetItem(names.Value, text.Value, pair.Value));
        }

        foreach ((int code, string name) in OpenSslErrors.Libraries)
        {
            using var number = new Owned(Values.Int(code));
            using var text = new Owned(Values.Str(name));
            Values.Check(PythonApi.PyDict_SetItem(libraries.Value, number.Value, text.Value));
        }

        Tables.Add(module, "err_codes_to_names", codes.Give());
        Tables.Add(module, "err_names_to_codes", names.Give());
        Tables.Add(module, "lib_codes_to_names", libraries.Give());
    }
}
