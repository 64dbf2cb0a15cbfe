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
    private static readonly Signature TextSignature = new("txt2obj", 1, "txt", "name");
    private static readonly Signature EnumCertificatesSignature = new("enum_certificates", 1, "store_name");
    private static readonly Signature EnumCrlsSignature = new("enum_crls", 1, "store_name");

    /// <summary>The table of functions that this version of Python has.</summary>
    public static PyMethodDef* Table()
    {
        List<PyMethodDef> functions =
        [
            Tables.Method("RAND_add", &Trampoline.RandAdd, "string, entropy", "Mix string into the generator's state; entropy is its lower bound in bytes."),
            Tables.Method("RAND_bytes", &Trampoline.RandBytes, "n", "Return n cryptographically strong bytes."),
            Tables.Method("RAND_status", &Trampoline.RandStatus, "Return True: the generator is seeded by the operating system."),
            Tables.Method("_test_decode_cert", &Trampoline.Decode, "path", "Decode the certificate in a PEM file as getpeercert() does."),
            Tables.Method("_set_clock", &Trampoline.SetClock, "seconds", "Let certificates and tickets be checked at this time, in seconds since 1970; None is the system's. For tests."),
            Tables.Method("_about", &Trampoline.About, "What the engine runs on, as pairs of a name and a value."),
            Tables.Method("get_sigalgs", &Trampoline.Sigalgs, "The names of the TLS signature algorithms there are."),
            Tables.Method("get_default_verify_paths", &Trampoline.DefaultPaths, "Return the environment variables and places of the default certificates."),
            Tables.Method("nid2obj", &Trampoline.Nid, "nid", "Return (nid, shortname, longname, oid) for a number of OpenSSL's."),
            Tables.Method("txt2obj", &Trampoline.Text, "txt, name=False", "Return (nid, shortname, longname, oid) for an identifier or, with name=True, a name."),
        ];
        if (!PythonData.Since(12))
        {
            functions.Add(Tables.Method("RAND_pseudo_bytes", &Trampoline.RandPseudoBytes, "n", "Return (bytes, is_cryptographic); deprecated."));
        }

        if (OperatingSystem.IsWindows())
        {
            functions.Add(Tables.Method("enum_certificates", &Trampoline.EnumCertificates, "store_name", "Return the certificates of a Windows store, as (bytes, encoding, set of usages or True)."));
            functions.Add(Tables.Method("enum_crls", &Trampoline.EnumCrls, "store_name", "Return the CRLs of a Windows store, as (bytes, encoding)."));
        }

        return Tables.Terminated<PyMethodDef>([.. functions]);
    }

    private static nint RandAdd(nint module, nint* given, nint count)
    {
        Arguments.CheckPositional("RAND_add", count, 2, 2);
        double entropy = PythonApi.PyFloat_AsDouble(given[1]);
        if (entropy == -1 && PythonApi.PyErr_Occurred() != 0)
        {
            throw PythonErrorSet.Instance;
        }

        if (Values.IsUnicode(given[0]))
        {
            RandomSource.Add(System.Text.Encoding.UTF8.GetBytes(Values.Text(given[0])), entropy);
            return Values.None();
        }

        using var bytes = new BufferView(given[0]);
        RandomSource.Add(bytes.Span, entropy);
        return Values.None();
    }

    private static nint About(nint module) => Values.List(EngineFacts.All, fact => Values.Tuple(Values.Str(fact.Name), Values.Str(fact.Value)));

    private static nint Sigalgs(nint module) => Values.List(TlsContext.SignatureAlgorithmNames, Values.Str);

    private static nint RandBytes(nint module, nint length)
    {
        int count = Values.Int32(length);
        if (count < 0)
        {
            throw PythonRaise.ValueError("num must be positive");
        }

        using var bytes = new Owned(PythonApi.PyBytes_FromStringAndSize(null, count));
        RandomSource.Fill(new Span<byte>(PythonApi.PyBytes_AsString(bytes.Value), count));
        return bytes.Give();
    }

    private static nint RandPseudoBytes(nint module, nint length)
    {
        PythonErrors.Deprecated("ssl.RAND_pseudo_bytes() is deprecated", 1);
        return Values.Tuple(RandBytes(module, length), Values.Bool(true));
    }

    private static nint RandStatus(nint module) => Values.Bool(RandomSource.Status);

    private static nint Decode(nint module, nint path) => CertificateValues.Decoded(Certificate.FromPemFile(Values.Path(path, null)));

    private static nint SetClock(nint module, nint seconds)
    {
        if (seconds == PythonData.None)
        {
            ProcessClock.Instance.Set(null);
            return Values.None();
        }

        try
        {
            ProcessClock.Instance.SetUnixSeconds(Values.Long(seconds));
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

    private static nint Nid(nint module, nint nid) => Describe(ObjectIdentifiers.FromNid(Values.Int32(nid)));

    private static nint Text(nint module, in Arguments arguments)
        => Describe(ObjectIdentifiers.FromText(Values.TextArgument(arguments[0], "txt2obj() argument 'txt'"), arguments[1] != 0 && Values.Truth(arguments[1])));

    private static nint EnumCertificates(nint module, in Arguments arguments)
        => Values.List(Stores().Certificates(Values.TextArgument(arguments[0], "enum_certificates() argument 'store_name'")), certificate => Values.Tuple(
            Values.Bytes(certificate.Encoded),
            EncodingOf(certificate.EncodingType),
            certificate.Usages is null ? Values.Bool(true) : Values.FrozenSet(certificate.Usages, Values.Str)));

    private static nint EnumCrls(nint module, in Arguments arguments)
        => Values.List(Stores().RevocationLists(Values.TextArgument(arguments[0], "enum_crls() argument 'store_name'")), list => Values.Tuple(
            Values.Bytes(list.Encoded),
            EncodingOf(list.EncodingType)));

    private static WindowsStores Stores() => OperatingSystem.IsWindows() ? WindowsStores.System : throw new PlatformNotSupportedException();

    private static nint EncodingOf(int type) => WindowsStores.EncodingName(type) is { } name ? Values.Str(name) : Values.Int(type);

    private static nint Describe(OidEntry entry)
        => Values.Tuple(Values.Int(entry.Nid), Values.Str(entry.ShortName), Values.Str(entry.LongName), Values.StrOrNone(entry.Oid));

    private static class Trampoline
    {
        [UnmanagedCallersOnly]
        public static nint RandAdd(nint self, nint* given, nint count) => Trampolines.Call(&ModuleFunctions.RandAdd, self, given, count);

        [UnmanagedCallersOnly]
        public static nint RandBytes(nint self, nint argument) => Trampolines.Call(&ModuleFunctions.RandBytes, self, argument);

        [UnmanagedCallersOnly]
        public static nint RandPseudoBytes(nint self, nint argument) => Trampolines.Call(&ModuleFunctions.RandPseudoBytes, self, argument);

        [UnmanagedCallersOnly]
        public static nint RandStatus(nint self, nint unused) => Trampolines.Call(&ModuleFunctions.RandStatus, self);

        [UnmanagedCallersOnly]
        public static nint Decode(nint self, nint argument) => Trampolines.Call(&ModuleFunctions.Decode, self, argument);

        [UnmanagedCallersOnly]
        public static nint SetClock(nint self, nint argument) => Trampolines.Call(&ModuleFunctions.SetClock, self, argument);

        [UnmanagedCallersOnly]
        public static nint About(nint self, nint unused) => Trampolines.Call(&ModuleFunctions.About, self);

        [UnmanagedCallersOnly]
        public static nint Sigalgs(nint self, nint unused) => Trampolines.Call(&ModuleFunctions.Sigalgs, self);

        [UnmanagedCallersOnly]
        public static nint DefaultPaths(nint self, nint unused) => Trampolines.Call(&ModuleFunctions.DefaultPaths, self);

        [UnmanagedCallersOnly]
        public static nint Nid(nint self, nint argument) => Trampolines.Call(&ModuleFunctions.Nid, self, argument);

        [UnmanagedCallersOnly]
        public static nint Text(nint self, nint* given, nint count, nint names) => Trampolines.Call(&ModuleFunctions.Text, TextSignature, self, given, count, names);

        [UnmanagedCallersOnly]
        public static nint EnumCertificates(nint self, nint* given, nint count, nint names) => Trampolines.Call(&ModuleFunctions.EnumCertificates, EnumCertificatesSignature, self, given, count, names);

        [UnmanagedCallersOnly]
        public static nint EnumCrls(nint self, nint* given, nint count, nint names) => Trampolines.Call(&ModuleFunctions.EnumCrls, EnumCrlsSignature, self, given, count, names);
    }
}
