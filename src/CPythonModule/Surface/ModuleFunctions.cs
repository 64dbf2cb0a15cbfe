using System.Runtime.InteropServices;
using SslModule.CPython.Binding;
using SslModule.CPython.Native;
using SslModule.Engine.Certificates;
using SslModule.Engine.Context;
using SslModule.Engine.Oids;
using SslModule.Engine.Randomness;

namespace SslModule.CPython.Surface;

/// <summary>The functions of the module.</summary>
internal static unsafe class ModuleFunctions
{
    private static readonly Signature RandAddSignature = new("RAND_add", 2, 2, "string", "entropy");
    private static readonly Signature RandBytesSignature = new("RAND_bytes", 1, 1, "n");
    private static readonly Signature RandPseudoBytesSignature = new("RAND_pseudo_bytes", 1, 1, "n");
    private static readonly Signature DecodeSignature = new("_test_decode_cert", 1, 1, "path");
    private static readonly Signature ClockSignature = new("_set_clock", 1, 1, "seconds");
    private static readonly Signature TextSignature = new("txt2obj", 0, 1, "txt", "name");
    private static readonly Signature NidSignature = new("nid2obj", 1, 1, "nid");

    /// <summary>The table of functions.</summary>
    public static PyMethodDef* Table() => Tables.Terminated<PyMethodDef>(
        Tables.Method("RAND_add", &Trampoline.RandAdd, "Mix string into the generator's state; entropy is its lower bound in bytes."),
        Tables.Method("RAND_bytes", &Trampoline.RandBytes, "Return n cryptographically strong bytes."),
        Tables.Method("RAND_pseudo_bytes", &Trampoline.RandPseudoBytes, "Return (bytes, is_cryptographic); deprecated."),
        Tables.Method("RAND_status", &Trampoline.RandStatus, "Return True: the generator is seeded by the operating system."),
        Tables.Method("_test_decode_cert", &Trampoline.Decode, "Decode the certificate in a PEM file as getpeercert() does."),
        Tables.Method("_set_clock", &Trampoline.SetClock, "Let certificates and tickets be checked at this time, in seconds since 1970; None is the system's. For tests."),
        Tables.Method("get_default_verify_paths", &Trampoline.DefaultPaths, "Return the environment variables and places of the default certificates."),
        Tables.Method("nid2obj", &Trampoline.Nid, "Return (nid, shortname, longname, oid) for a number of OpenSSL's."),
        Tables.Method("txt2obj", &Trampoline.Text, "Return (nid, shortname, longname, oid) for an identifier or, with name=True, a name."));

    private static nint RandAdd(nint module, in Arguments arguments)
    {
        double entropy = PythonApi.PyFloat_AsDouble(arguments[1]);
        if (entropy == -1 && PythonApi.PyErr_Occurred() != 0)
        {
            throw PythonErrorSet.Instance;
        }

        if (Values.IsUnicode(arguments[0]))
        {
            RandomSource.Add(System.Text.Encoding.UTF8.GetBytes(Values.Text(arguments[0])), entropy);
            return Values.None();
        }

        using var bytes = new BufferView(arguments[0]);
        RandomSource.Add(bytes.Span, entropy);
        return Values.None();
    }

    private static nint RandBytes(nint module, in Arguments arguments)
    {
        int count = Values.Int32(arguments[0]);
        if (count < 0)
        {
            throw PythonRaise.ValueError("num must be positive");
        }

        using var bytes = new Owned(PythonApi.PyBytes_FromStringAndSize(null, count));
        RandomSource.Fill(new Span<byte>(PythonApi.PyBytes_AsString(bytes.Value), count));
        return bytes.Give();
    }

    private static nint RandPseudoBytes(nint module, in Arguments arguments)
    {
        PythonErrors.Deprecated("ssl.RAND_pseudo_bytes() is deprecated", 1);
        return Values.Tuple(RandBytes(module, in arguments), Values.Bool(true));
    }

    private static nint RandStatus(nint module) => Values.Bool(RandomSource.Status);

    private static nint Decode(nint module, in Arguments arguments)
    {
        string path = Values.Path(arguments[0], "path should be a valid filesystem path");
        return CertificateValues.Decoded(Certificate.FromPemFile(path));
    }

    private static nint SetClock(nint module, in Arguments arguments)
    {
        if (!arguments.Has(0))
        {
            ProcessClock.Instance.Set(null);
            return Values.None();
        }

        try
        {
            ProcessClock.Instance.SetUnixSeconds(Values.Long(arguments[0]));
        }
        catch (ArgumentOutOfRangeException)
        {
            throw PythonRaise.ValueError("seconds out of range");
        }

        return Values.None();
    }

    private static nint DefaultPaths(nint module) => Values.Tuple(
        Values.Str(DefaultVerifyPaths.FileVariable),
        Values.Str(DefaultVerifyPaths.File),
        Values.Str(DefaultVerifyPaths.DirectoryVariable),
        Values.Str(DefaultVerifyPaths.Directory));

    private static nint Nid(nint module, in Arguments arguments) => Describe(ObjectIdentifiers.FromNid(Values.Int32(arguments[0])));

    private static nint Text(nint module, in Arguments arguments)
        => Describe(ObjectIdentifiers.FromText(Values.Text(arguments[0]), arguments[1] != 0 && Values.Truth(arguments[1])));

    private static nint Describe(OidEntry entry)
        => Values.Tuple(Values.Int(entry.Nid), Values.Str(entry.ShortName), Values.Str(entry.LongName), Values.StrOrNone(entry.Oid));

    private static class Trampoline
    {
        [UnmanagedCallersOnly]
        public static nint RandAdd(nint self, nint* given, nint count, nint names) => Trampolines.Call(&ModuleFunctions.RandAdd, RandAddSignature, self, given, count, names);

        [UnmanagedCallersOnly]
        public static nint RandBytes(nint self, nint* given, nint count, nint names) => Trampolines.Call(&ModuleFunctions.RandBytes, RandBytesSignature, self, given, count, names);

        [UnmanagedCallersOnly]
        public static nint RandPseudoBytes(nint self, nint* given, nint count, nint names) => Trampolines.Call(&ModuleFunctions.RandPseudoBytes, RandPseudoBytesSignature, self, given, count, names);

        [UnmanagedCallersOnly]
        public static nint RandStatus(nint self, nint unused) => Trampolines.Call(&ModuleFunctions.RandStatus, self);

        [UnmanagedCallersOnly]
        public static nint Decode(nint self, nint* given, nint count, nint names) => Trampolines.Call(&ModuleFunctions.Decode, DecodeSignature, self, given, count, names);

        [UnmanagedCallersOnly]
        public static nint SetClock(nint self, nint* given, nint count, nint names) => Trampolines.Call(&ModuleFunctions.SetClock, ClockSignature, self, given, count, names);

        [UnmanagedCallersOnly]
        public static nint DefaultPaths(nint self, nint unused) => Trampolines.Call(&ModuleFunctions.DefaultPaths, self);

        [UnmanagedCallersOnly]
        public static nint Nid(nint self, nint* given, nint count, nint names) => Trampolines.Call(&ModuleFunctions.Nid, NidSignature, self, given, count, names);

        [UnmanagedCallersOnly]
        public static nint Text(nint self, nint* given, nint count, nint names) => Trampolines.Call(&ModuleFunctions.Text, TextSignature, self, given, count, names);
    }
}
