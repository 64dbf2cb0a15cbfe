using System.Runtime.CompilerServices;
using IronPython.Runtime;
using SslModule.Engine.Certificates;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using SslModule.Engine.Oids;
using SslModule.Engine.Randomness;

[assembly: PythonModule("_ssl", typeof(SslModule.IronPython.PythonSsl))]

namespace SslModule.IronPython;

/// <summary>The module <c>_ssl</c>: what is not a type. Each member carries its Python name.</summary>
public static partial class PythonSsl
{
    public const string __doc__ = "Implementation module for SSL socket operations, in C#.";

    // Python's page: OP_ALL "does not necessarily set the same flags as OpenSSL's"; in 3.4 it is what contexts begin with.
    private static readonly (string Name, long Value) AllOptions = ("OP_ALL", (long)TlsContext.InitialOptions);

    /// <summary>Fills the module's dict: the exceptions, the numbers, the tables.</summary>
    [SpecialName]
    public static void PerformModuleReload(PythonContext context, PythonDictionary dict)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(dict);
        SslErrors.Publish(context, dict);
        foreach ((string name, long value) in SslConstants.Integers)
        {
            dict[name] = Values.Int(value);
        }

        dict[AllOptions.Name] = Values.Int(AllOptions.Value);

        foreach ((string name, bool value) in SslConstants.Booleans)
        {
            dict[name] = value;
        }

        // Python 3.4 knows no OpenSSL from 3.0 on.
        var shared = new CodeContext(dict, new ModuleContext(dict, context));
        ApiLevel level = Guard.Library(shared, () => ApiLevel.Of(ApiLevel.OpenSsl111));
        PythonTuple version = Values.Tuple(level.Info, number => number);
        dict["OPENSSL_VERSION"] = level.Text;
        dict["OPENSSL_VERSION_NUMBER"] = Values.Int(level.Number);
        dict["OPENSSL_VERSION_INFO"] = version;
        dict["_OPENSSL_API_VERSION"] = version;
        dict["_DEFAULT_CIPHERS"] = TlsContext.DefaultCipherList;
        PublishErrorTables(dict);
    }

    [Documentation("_constants(prefix): the integers that begin with a prefix, as pairs of a name and a number, by number and name.")]
    public static PythonList _constants(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        var pairs = new PythonList();
        var numbers = new List<long>();
        foreach ((string name, long value) in SslConstants.Integers)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                Insert(name, value);
            }
        }

        if (AllOptions.Name.StartsWith(prefix, StringComparison.Ordinal))
        {
            Insert(AllOptions.Name, AllOptions.Value);
        }

        return pairs;

        // A few dozen, nearly in order: a general way of sorting them would have to be compiled first.
        void Insert(string name, long value)
        {
            int at = numbers.Count;
            while (at > 0 && (numbers[at - 1] > value || (numbers[at - 1] == value && string.CompareOrdinal(NameAt(at - 1), name) > 0)))
            {
                at--;
            }

            numbers.Insert(at, value);
            pairs.insert(at, Values.Tuple(name, Values.Int(value)));
        }

        string NameAt(int at) => (string)((PythonTuple)pairs[at]!)[0]!;
    }

    [Documentation("_about(): what the engine runs on, as pairs of a name and a value.")]
    public static PythonList _about() => Values.List(EngineFacts.All, fact => Values.Tuple(fact.Name, fact.Value));

    [Documentation("RAND_add(string, entropy): mix string into the generator's state; entropy is its lower bound in bytes.")]
    public static void RAND_add(object? @string, double entropy)
    {
        if (@string is string or Extensible<string>)
        {
            RandomSource.Add(System.Text.Encoding.UTF8.GetBytes(Values.Text(@string)), entropy);
            return;
        }

        using IPythonBuffer bytes = Values.Buffer(@string);
        RandomSource.Add(bytes.AsReadOnlySpan(), entropy);
    }

    [Documentation("RAND_bytes(n): return n cryptographically strong bytes.")]
    public static Bytes RAND_bytes(object? n)
    {
        int count = Values.Int32(n);
        if (count < 0)
        {
            throw Values.ValueError("num must be positive");
        }

        byte[] bytes = new byte[count];
        RandomSource.Fill(bytes);
        return new Bytes(bytes);
    }

    [Documentation("RAND_pseudo_bytes(n): return (bytes, is_cryptographic).")]
    public static PythonTuple RAND_pseudo_bytes(object? n) => Values.Tuple(RAND_bytes(n), true);

    [Documentation("RAND_status(): True, the generator is seeded by the operating system.")]
    public static bool RAND_status() => RandomSource.Status;

    [Documentation("RAND_egd(path): ask an entropy daemon for bytes; return how many came.")]
    public static int RAND_egd(CodeContext context, object? path)
    {
        int count = EgdClient.Seed(Values.Path(path, "path should be a valid filesystem path"));
        return count != EgdClient.Failure
            ? count
            : throw SslErrors.Make(context, TlsError.Plain("EGD connection failed or EGD did not return enough data to seed the PRNG"), SslErrors.Origin.Library);
    }

    [Documentation("_test_decode_cert(path): decode the certificate in a PEM file as getpeercert() does.")]
    public static PythonDictionary _test_decode_cert(CodeContext context, object? path)
        => Guard.Library(context, () => CertificateValues.Printed(Engine.Certificates.Certificate.FromPemFile(Values.Path(path, "path should be a valid filesystem path"))));

    [Documentation("_set_clock(seconds): let certificates and tickets be checked at this time, in seconds since 1970; None is the system's. For tests.")]
    public static void _set_clock(object? seconds)
    {
        if (seconds is null)
        {
            ProcessClock.Instance.Set(null);
            return;
        }

        try
        {
            ProcessClock.Instance.SetUnixSeconds(Converter.ConvertToInt64(seconds));
        }
        catch (ArgumentOutOfRangeException)
        {
            throw Values.ValueError("seconds out of range");
        }
    }

    [Documentation("get_sigalgs(): the names of the TLS signature algorithms there are.")]
    public static PythonList get_sigalgs() => Values.List(TlsContext.SignatureAlgorithmNames, name => name);

    [Documentation("get_default_verify_paths(): the environment variables and places of the default certificates.")]
    public static PythonTuple get_default_verify_paths() => Values.Tuple(
        DefaultVerifyPaths.FileVariable,
        DefaultVerifyPaths.File,
        DefaultVerifyPaths.DirectoryVariable,
        DefaultVerifyPaths.Directory);

    [Documentation("nid2obj(nid): (nid, shortname, longname, oid) for a number of OpenSSL's.")]
    public static PythonTuple nid2obj(CodeContext context, object? nid)
    {
        int number = Values.Int32(nid);
        return Guard.Library(context, () => Describe(ObjectIdentifiers.FromNid(number)));
    }

    [Documentation("txt2obj(txt, name=False): (nid, shortname, longname, oid) for an identifier or, with name=True, a name.")]
    public static PythonTuple txt2obj(CodeContext context, object? txt, bool name = false)
    {
        string text = Values.TextArgument(txt, "txt2obj() argument 'txt'");
        return Guard.Library(context, () => Describe(ObjectIdentifiers.FromText(text, name)));
    }

    private static PythonTuple Describe(OidEntry entry)
        => Values.Tuple(entry.Nid, entry.ShortName, entry.LongName, entry.Oid);

    private static void PublishErrorTables(PythonDictionary dict)
    {
        var codes = new PythonDictionary();
        var names = new PythonDictionary();
        var libraries = new PythonDictionary();
        foreach (ErrorReason reason in OpenSslErrors.Reasons)
        {
            string name = reason.Name;
            PythonTuple pair = Values.Tuple(reason.Library, reason.Code);
            codes[pair] = name;
            names[name] = pair;
        }

        foreach ((int code, string name) in OpenSslErrors.Libraries)
        {
            libraries[code] = name;
        }

        dict["err_codes_to_names"] = codes;
        dict["err_names_to_codes"] = names;
        dict["lib_codes_to_names"] = libraries;
    }
}
