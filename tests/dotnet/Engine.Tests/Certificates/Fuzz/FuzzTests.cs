using System.Globalization;
using System.Security.Cryptography;
using NUnit.Framework;
using SslModule.Engine.Certificates;
using SslModule.Engine.Errors;
using SslModule.Engine.Tests.Certificates.Chains;

namespace SslModule.Engine.Tests.Certificates.Fuzz;

/// <summary>
/// Damaged certificates, CRLs and keys yield a TlsError or a verdict, nothing else, and none costs more than 50 ms or 64 MiB.
/// The rounds are few in a usual run; <c>make fuzz</c> sets FUZZ_ROUNDS.
/// </summary>
[TestFixture]
public class FuzzTests
{
    private const int UsualRounds = 3000;
    private const long MostBytes = 64 << 20;
    private static readonly TimeSpan MostTime = TimeSpan.FromMilliseconds(50);

    private static int Rounds => int.TryParse(Environment.GetEnvironmentVariable("FUZZ_ROUNDS"), NumberStyles.None, CultureInfo.InvariantCulture, out int rounds) ? rounds : UsualRounds;

    private static int Seed => int.TryParse(Environment.GetEnvironmentVariable("FUZZ_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out int seed) ? seed : 1;

    [Test]
    public void Certificates_are_parsed_decoded_and_verified()
    {
        List<ChainCase> cases = Cases();
        byte[][] seeds = [.. cases.SelectMany(chain => (byte[][])[chain.Leaf.Encoded, .. chain.Sent.Select(sent => sent.Encoded)]).DistinctBy(Convert.ToHexString)];
        var context = new Bystanders(cases[0]);
        Run(seeds, input => UseCertificate(input, context));
    }

    [Test]
    public void Lists_are_parsed_and_consulted()
    {
        List<ChainCase> cases = Cases();
        byte[][] seeds = [.. cases.SelectMany(chain => Pem.Blocks(chain.Trusted)).Where(block => block.Label == "X509 CRL").Select(block => block.Data!).DistinctBy(Convert.ToHexString)];
        Assert.That(seeds, Has.Length.AtLeast(20));
        ChainCase listed = ChainTable.All()["crls: revoked"]();
        Run(seeds, input => UseList(input, listed));
    }

    [Test]
    public void Keys_are_read()
    {
        (string Label, byte[] Data)[] seeds = Keys();
        var mutator = new Mutator(Seed);
        Run(
            [.. seeds.Select(seed => seed.Data)],
            input =>
            {
                foreach (string label in (string[])["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY"])
                {
                    Tolerate(() => PrivateKey.FromPem(PemEncoding.WriteString(label, input)).Dispose());
                }

                // The work of a password is what the file asks for; here it may ask for little.
                Pkcs8Encryption.Decrypt(input, "password"u8.ToArray(), 2048);
                Tolerate(() => PublicKey.Parse(input));
                Tolerate(() => TrustSettings.Parse(input));
            });
    }

    [Test]
    public void Pem_text_is_read()
    {
        ChainCase chain = ChainTable.All()["trusted: text between the blocks"]();
        byte[] text = System.Text.Encoding.Latin1.GetBytes(chain.Trusted);
        Run([text], input =>
        {
            string pem = System.Text.Encoding.Latin1.GetString(input);
            Tolerate(() => new TrustStore().AddPem(pem));
            Tolerate(() => PrivateKey.FromPem(pem).Dispose());
        });
    }

    private static void Run(byte[][] seeds, Action<byte[]> use)
    {
        var mutator = new Mutator(Seed);
        foreach (byte[] seed in seeds)
        {
            // Compiled code, tables of curves and the like are not the input's cost.
            use(seed);
        }

        for (int round = 0; round < Rounds; round++)
        {
            byte[] input = mutator.Damage(seeds);
            (TimeSpan time, long bytes) = Measure(input, use, round);

            // Collections and compilation are nobody's fault: what is slow must be slow every time.
            for (int again = 0; again < 5 && (time > MostTime || bytes > MostBytes); again++)
            {
                (TimeSpan otherTime, long otherBytes) = Measure(input, use, round);
                time = otherTime < time ? otherTime : time;
                bytes = Math.Min(bytes, otherBytes);
            }

            Assert.That(time, Is.LessThanOrEqualTo(MostTime), () => Describe(round, input));
            Assert.That(bytes, Is.LessThanOrEqualTo(MostBytes), () => Describe(round, input));
        }
    }

    private static (TimeSpan Time, long Bytes) Measure(byte[] input, Action<byte[]> use, int round)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        TimeSpan start = ThreadClock.Now;
        try
        {
            use(input);
        }
        catch (Exception error)
        {
            Assert.Fail($"{Describe(round, input)}: {error}");
        }

        return (ThreadClock.Now - start, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static string Describe(int round, byte[] input) => $"seed {Seed}, round {round}, {Convert.ToHexString(input)}";

    private static void Tolerate(Action action)
    {
        try
        {
            action();
        }
        catch (TlsError)
        {
            // The only way to refuse.
        }
    }

    private static void UseCertificate(byte[] input, Bystanders others)
    {
        Certificate certificate;
        try
        {
            certificate = Certificate.ParseFirst(input, out _);
        }
        catch (TlsError)
        {
            return;
        }

        Tolerate(() => CertificateDecoder.Decode(certificate));
        _ = certificate.SubjectText;
        _ = certificate.Subject.FileHash;
        HostNameMatcher.MatchesName(certificate, "www.example.com", 0);
        ChainVerifier.Verify(certificate, [others.Middle], others.Settings);
        ChainVerifier.Verify(others.Leaf, [certificate, others.Middle], others.Settings with { Flags = others.Settings.Flags | VerifyFlags.Strict });
        var store = new TrustStore();
        store.Add(certificate);
        store.Add(others.List);
        ChainVerifier.Verify(certificate, [], others.Settings with { Store = store, SecurityLevel = 2, Flags = others.Settings.Flags | VerifyFlags.PartialChain | VerifyFlags.CrlCheck | VerifyFlags.CrlCheckAll });
        ChainVerifier.Verify(others.Leaf, [certificate], others.Settings with { Store = store, Flags = others.Settings.Flags | VerifyFlags.PartialChain });
    }

    private static void UseList(byte[] input, ChainCase listed)
    {
        var store = new TrustStore();
        store.Add(Certificate.Parse(Pem.Blocks(listed.Trusted)[0].Data));
        try
        {
            store.Add(RevocationList.Parse(input));
        }
        catch (TlsError)
        {
            return;
        }

        var settings = new VerificationSettings
        {
            Store = store,
            Now = Authority.Now,
            Flags = VerifyFlags.TrustedFirst | VerifyFlags.CrlCheck | VerifyFlags.ExtendedCrlSupport | VerifyFlags.UseDeltas,
        };
        ChainVerifier.Verify(listed.Leaf.Certificate, [], settings);
    }

    private static List<ChainCase> Cases()
    {
        // Chains with something to damage; those of many names differ too little from each other.
        string[] kinds = ["building: intermediate sent", "roles: ", "strict: ", "constraints: only", "policies: ", "proxies: ", "crls: ", "strengths: explicit", "strengths: leaf of", "resources: ", "attacks: a mailbox"];
        return [.. ChainTable.All()
            .Where(pair => kinds.Any(kind => pair.Key.StartsWith(kind, StringComparison.Ordinal)) && !pair.Key.Contains("RSA-3072", StringComparison.Ordinal))
            .Select(pair => pair.Value())];
    }

    private static (string Label, byte[] Data)[] Keys()
    {
        using RSA rsa = RSA.Create(2048);
        using ECDsa ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa other = ECDsa.Create(ECCurve.CreateFromValue("1.3.132.0.10"));
        using DSA dsa = DSA.Create(1024);
        var cheap = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 16);
        var old = new PbeParameters(PbeEncryptionAlgorithm.TripleDes3KeyPkcs12, HashAlgorithmName.SHA1, 16);
        return
        [
            ("PRIVATE KEY", rsa.ExportPkcs8PrivateKey()), ("RSA PRIVATE KEY", rsa.ExportRSAPrivateKey()), ("PRIVATE KEY", ec.ExportPkcs8PrivateKey()),
            ("EC PRIVATE KEY", ec.ExportECPrivateKey()), ("PRIVATE KEY", other.ExportPkcs8PrivateKey()), ("PRIVATE KEY", dsa.ExportPkcs8PrivateKey()),
            ("ENCRYPTED PRIVATE KEY", ec.ExportEncryptedPkcs8PrivateKey("password", cheap)), ("ENCRYPTED PRIVATE KEY", ec.ExportEncryptedPkcs8PrivateKey("password", old)),
            ("PUBLIC KEY", rsa.ExportSubjectPublicKeyInfo()), ("PUBLIC KEY", ec.ExportSubjectPublicKeyInfo()), ("PUBLIC KEY", dsa.ExportSubjectPublicKeyInfo()),
            ("PRIVATE KEY", Der.Sequence(Der.Integer(0), Der.Sequence(Der.Oid("1.3.101.112")), Der.Octets(Der.Octets(new byte[32])))),
        ];
    }

    /// <summary>The sound certificates that stand beside a damaged one.</summary>
    private sealed class Bystanders
    {
        public Bystanders(ChainCase chain)
        {
            Leaf = chain.Leaf.Certificate;
            Middle = chain.Sent[0].Certificate;
            List = RevocationList.Parse(new CrlSpec { Issuer = chain.Sent[0] }.Encoded);
            var store = new TrustStore();
            store.Add(Certificate.Parse(Pem.Blocks(chain.Trusted)[0].Data));
            Settings = new VerificationSettings { Store = store, Now = Authority.Now, HostName = "www.example.com" };
        }

        public Certificate Leaf { get; }

        public Certificate Middle { get; }

        public RevocationList List { get; }

        public VerificationSettings Settings { get; }
    }
}
