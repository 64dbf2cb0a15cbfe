using System.Security.Cryptography;
using System.Text;
using SslModule.Engine.Certificates;
using SslModule.Engine.Errors;
using SslModule.Engine.Tests.Certificates.Chains;
using SslModule.Engine.Tests.Fuzz;

namespace SslModule.Engine.Tests.Certificates.Fuzz;

/// <summary>What is done with certificates, revocation lists and keys that may be damaged, and sound ones to begin with.</summary>
internal static class CertificateUses
{
    private static readonly Lazy<List<ChainCase>> Chains = new(Cases);
    private static readonly Lazy<Bystanders> Others = new(() => new Bystanders(Chains.Value[0]));
    private static readonly Lazy<ChainCase> Listed = new(() => ChainTable.All()["crls: revoked"]());

    public static byte[][] CertificateSeeds()
        => [.. Chains.Value.SelectMany(chain => (byte[][])[chain.Leaf.Encoded, .. chain.Sent.Select(sent => sent.Encoded)]).DistinctBy(Convert.ToHexString)];

    public static byte[][] ListSeeds()
        => [.. Chains.Value.SelectMany(chain => Pem.Blocks(chain.Trusted)).Where(block => block.Label == "X509 CRL").Select(block => block.Data!).DistinctBy(Convert.ToHexString)];

    public static byte[][] KeySeeds() => [.. Keys().Select(seed => seed.Data)];

    public static void UseKey(byte[] input)
    {
        foreach (string label in (string[])["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY"])
        {
            FuzzTarget.Tolerate(() => PrivateKey.FromPem(PemEncoding.WriteString(label, input)).Dispose());
        }

        // The work of a password is what the file asks for; here it may ask for little.
        Pkcs8Encryption.Decrypt(input, "password"u8.ToArray(), 2048);
        FuzzTarget.Tolerate(() => PublicKey.Parse(input));
        FuzzTarget.Tolerate(() => TrustSettings.Parse(input));
    }

    public static void UsePem(byte[] input)
    {
        string pem = Encoding.Latin1.GetString(input);
        FuzzTarget.Tolerate(() => new TrustStore().AddPem(pem));
        FuzzTarget.Tolerate(() => PrivateKey.FromPem(pem).Dispose());
    }

    public static void UseCertificate(byte[] input)
    {
        Bystanders others = Others.Value;
        Certificate certificate;
        try
        {
            certificate = Certificate.ParseFirst(input, out _);
        }
        catch (TlsError)
        {
            return;
        }

        FuzzTarget.Tolerate(() => CertificateDecoder.Decode(certificate));
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

    public static void UseList(byte[] input)
    {
        ChainCase listed = Listed.Value;
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
