using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SslModule.Engine.Certificates;
using Certificate = SslModule.Engine.Certificates.Certificate;

namespace SslModule.Bench;

/// <summary>
/// Verifies a chain of three certificates (leaf and intermediate as a peer sends them, root trusted) and prints how many a
/// second, and the ratio to what the openssl program does in the same minute. The leaf is read from its file and parsed anew each
/// time; the cost of the program's start is taken out by running it for one chain as well. Then the system's trusted roots are
/// loaded, once for the first time and once more.
/// </summary>
internal static class Program
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UtcNow;

    private static int _count = 3000;
    private static int _rounds = 5;

    // What is kept of the intermediate from one chain to the next.
    private enum Intermediate
    {
        ParsedAnew,
        ParsedOnce,
        MetBefore,
    }

    public static int Main(string[] arguments)
    {
        if (arguments is ["quick"])
        {
            (_count, _rounds) = (1000, 1);
        }

        string folder = Directory.CreateTempSubdirectory("verification").FullName;
        try
        {
            foreach (string kind in (string[])["P-256", "RSA-2048"])
            {
                Compare(kind, folder);
            }

            LoadRoots();
            SessionLookups.Compare();
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Compare(string kind, string folder)
    {
        using X509Certificate2 root = Make("CN=root", kind, null), middle = Make("CN=middle", kind, root), leaf = Make("CN=leaf", kind, middle);
        string rootFile = Write(folder, "root.pem", root), middleFile = Write(folder, "middle.pem", middle), leafFile = Write(folder, "leaf.pem", leaf);
        double cold = 0, same = 0, known = 0, theirs = 0;
        for (int round = 0; round < _rounds; round++)
        {
            cold = Math.Max(cold, _count / Ours(root.RawData, middle.RawData, leafFile, Intermediate.ParsedAnew));
            same = Math.Max(same, _count / Ours(root.RawData, middle.RawData, leafFile, Intermediate.ParsedOnce));
            known = Math.Max(known, _count / Ours(root.RawData, middle.RawData, leafFile, Intermediate.MetBefore));
            double few = Theirs(rootFile, middleFile, leafFile, 1), many = Theirs(rootFile, middleFile, leafFile, _count + 1);
            theirs = Math.Max(theirs, _count / (many - few));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"chains of three by {kind}: {OpenSslVersion()} {theirs:F0} verified a second, its intermediate parsed once; here {same:F0}, ratio {same / theirs:F2}, in the same way; {cold:F0}, ratio {cold / theirs:F2}, where everything is parsed anew; {known:F0}, ratio {known / theirs:F2}, where the intermediate was met before"));
    }

    private static double Ours(byte[] root, byte[] middle, string leafFile, Intermediate kind)
    {
        // A signature that was good is not checked again by the same key; OpenSSL's program checks it every time. Two copies of
        // the root take turns where the work shall be the same.
        VerificationSettings[] settings = [.. Enumerable.Range(0, kind == Intermediate.ParsedOnce ? 2 : 1).Select(_ => Trusting(Certificate.Parse(root)))];
        var parsed = Certificate.Parse(middle);
        long start = Stopwatch.GetTimestamp();
        for (int index = 0; index < _count; index++)
        {
            Certificate leaf = CertificateFiles.Parse(Pem.Blocks(CertificateFiles.ReadBytes(leafFile))[0]);
            Certificate sent = kind switch
            {
                Intermediate.ParsedAnew => Certificate.Parse(middle),
                Intermediate.ParsedOnce => parsed,
                _ => CertificateCache.Get(middle),
            };
            if (ChainVerifier.Verify(leaf, [sent], settings[index % settings.Length]).Code != 0)
            {
                throw new InvalidOperationException("the chain is not good");
            }
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static VerificationSettings Trusting(Certificate root)
    {
        var store = new TrustStore();
        store.Add(root);
        return new VerificationSettings { Store = store, Now = DateTimeOffset.UtcNow, Purpose = Purpose.ServerAuth };
    }

    // Milliseconds, in a process that has loaded other certificates before.
    private static void LoadRoots()
    {
        string file = DefaultVerifyPaths.EffectiveFile;
        if (!File.Exists(file))
        {
            Console.WriteLine("the system has no bundle of trusted roots");
            return;
        }

        double[] times = [.. Enumerable.Range(0, 2).Select(_ => Load(file, out int _))];
        Load(file, out int count);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the system's {count} roots: {times[0]:F1} ms the first time, {times[1]:F1} ms in another context"));
    }

    private static double Load(string file, out int count)
    {
        var store = new TrustStore();
        long start = Stopwatch.GetTimestamp();
        store.AddFile(file);
        count = store.Count().Certificates;
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Theirs(string rootFile, string middleFile, string leafFile, int count)
    {
        string[] verify = ["verify", "-purpose", "sslserver", "-CAfile", rootFile, "-no-CApath", "-no-CAstore", "-untrusted", middleFile];
        long start = Stopwatch.GetTimestamp();
        return OpenSsl([.. verify, .. Enumerable.Repeat(leafFile, count)]).Contains(": OK", StringComparison.Ordinal)
            ? Stopwatch.GetElapsedTime(start).TotalSeconds
            : throw new InvalidOperationException("openssl verify failed");
    }

    // "OpenSSL" and its number.
    private static string OpenSslVersion() => string.Join(' ', OpenSsl(["version"]).Split(' ').Take(2));

    // What the openssl program prints.
    private static string OpenSsl(IEnumerable<string> arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("openssl", arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException("openssl failed");
    }

    private static string Write(string folder, string name, X509Certificate2 certificate)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, certificate.ExportCertificatePem() + "\n");
        return path;
    }

    private static X509Certificate2 Make(string name, string kind, X509Certificate2? issuer)
    {
        DateTimeOffset from = Start.AddDays(-1), to = Start.AddDays(30);
        using AsymmetricAlgorithm key = kind == "P-256" ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : RSA.Create(2048);
        CertificateRequest request = key is ECDsa ec
            ? new CertificateRequest(name, ec, HashAlgorithmName.SHA256)
            : new CertificateRequest(name, (RSA)key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        bool authority = name != "CN=leaf";
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(authority, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(authority ? X509KeyUsageFlags.KeyCertSign : X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        X509Certificate2 made = issuer is null ? request.CreateSelfSigned(from, to) : request.Create(issuer, from, to, RandomNumberGenerator.GetBytes(8));
        if (made.HasPrivateKey)
        {
            return made;
        }

        using (made)
        {
            return key is ECDsa own ? made.CopyWithPrivateKey(own) : made.CopyWithPrivateKey((RSA)key);
        }
    }
}
