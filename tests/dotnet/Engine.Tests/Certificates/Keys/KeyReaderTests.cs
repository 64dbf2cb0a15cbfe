using System.Security.Cryptography;
using System.Text;
using NUnit.Framework;
using SslModule.Engine.Certificates;
using SslModule.Engine.Errors;
using SslModule.Engine.Tests.Certificates.Chains;
using PublicKey = SslModule.Engine.Certificates.PublicKey;

namespace SslModule.Engine.Tests.Certificates.Keys;

/// <summary>Private keys in every form that the openssl program writes.</summary>
[TestFixture]
public sealed class KeyReaderTests
{
    private const string Password = "some pässword";

    private ScratchFolder _folder = null!;

    [OneTimeSetUp]
    public void Prepare()
    {
        _folder = new ScratchFolder();
        if (InstalledProgram.Run("openssl", "version")?.StartsWith("OpenSSL 3.", StringComparison.Ordinal) != true)
        {
            Assert.Ignore("needs the openssl program");
        }
    }

    [OneTimeTearDown]
    public void CleanUp() => _folder.Dispose();

    [TestCase("RSA", "rsa_keygen_bits:2048")]
    [TestCase("RSA-PSS", "rsa_keygen_bits:2048")]
    [TestCase("EC", "ec_paramgen_curve:P-256")]
    [TestCase("EC", "ec_paramgen_curve:P-384")]
    [TestCase("EC", "ec_paramgen_curve:P-521")]
    [TestCase("EC", "ec_paramgen_curve:secp256k1")]
    [TestCase("ED25519")]
    [TestCase("ED448")]
    public void Every_kind_matches_its_public_half(string algorithm, string? option = null)
    {
        string key = Generate(algorithm, option);
        using PrivateKey read = PrivateKey.FromPem(File.ReadAllText(key));
        byte[] spki = Decode(OpenSsl("pkey", "-in", key, "-pubout"));
        Assert.That(read.Matches(PublicKey.Parse(spki)));
        byte[] other = Decode(OpenSsl("pkey", "-in", Generate(algorithm, option, fresh: true), "-pubout"));
        Assert.That(read.Matches(PublicKey.Parse(other)), Is.False);
    }

    // Some programs write PKCS #8 under the label of the older form.
    [TestCase("EC", "ec_paramgen_curve:P-256", "EC PRIVATE KEY", true)]
    [TestCase("EC", "ec_paramgen_curve:P-256", "RSA PRIVATE KEY", false)]
    [TestCase("EC", "ec_paramgen_curve:P-256", "ENCRYPTED PRIVATE KEY", true)]
    [TestCase("RSA", "rsa_keygen_bits:2048", "RSA PRIVATE KEY", true)]
    [TestCase("RSA", "rsa_keygen_bits:2048", "EC PRIVATE KEY", false)]
    [TestCase("ED25519", null, "EC PRIVATE KEY", false)]
    [TestCase("ED25519", null, "ENCRYPTED PRIVATE KEY", true)]
    public void Pkcs8_under_another_label(string algorithm, string? option, string label, bool isRead)
    {
        string key = Generate(algorithm, option);
        string relabelled = PemEncoding.WriteString(label, Decode(File.ReadAllText(key)));
        if (isRead)
        {
            IsSame(relabelled, key, null);
        }
        else
        {
            Assert.Throws<TlsError>(() => PrivateKey.FromPem(relabelled));
        }
    }

    [TestCase("\u00EF\u00BB\u00BF", "")]
    [TestCase("\u00EF\u00BB\u00BF\u00EF\u00BB\u00BF", "")]
    [TestCase("text\r\n\u00EF\u00BB\u00BF", "\r\n\u00EF\u00BB\u00BF")]
    [TestCase("-----BEGIN X-----\n*\n-----END X-----\n", "")]
    public void What_stands_around_a_key_does_not_hide_it(string before, string behind)
    {
        string key = Generate("EC", "ec_paramgen_curve:P-256");
        IsSame(before + File.ReadAllText(key) + behind, key, null);
    }

    [TestCase("RSA", "rsa_keygen_bits:2048")]
    [TestCase("EC", "ec_paramgen_curve:P-256")]
    [TestCase("EC", "ec_paramgen_curve:P-521")]
    public void Traditional_forms_are_the_same_key(string algorithm, string option)
    {
        string key = Generate(algorithm, option);
        string traditional = OpenSsl("pkey", "-in", key, "-traditional");
        Assert.That(traditional, Does.Contain($"BEGIN {algorithm} PRIVATE KEY"));
        IsSame(traditional, key, null);
    }

    [Test]
    public void Parameters_before_a_traditional_key_are_skipped()
    {
        string key = OpenSsl("ecparam", "-name", "prime256v1", "-genkey");
        Assert.That(key, Does.Contain("BEGIN EC PARAMETERS"));
        using PrivateKey read = PrivateKey.FromPem(key);
        Assert.That(read.CurveOid, Is.EqualTo("1.2.840.10045.3.1.7"));
    }

    [TestCase("aes-128-cbc")]
    [TestCase("aes-192-cbc")]
    [TestCase("aes-256-cbc")]
    [TestCase("des-ede3-cbc")]
    [TestCase("des-ede-cbc")]
    [TestCase("aria-128-cbc")]
    [TestCase("aria-256-cbc")]
    [TestCase("camellia-128-cbc")]
    [TestCase("camellia-256-cbc")]
    public void Old_encrypted_text(string cipher)
    {
        string key = Generate("EC", "ec_paramgen_curve:P-256");
        string encrypted = OpenSsl("pkey", "-in", key, "-traditional", "-" + cipher, "-passout", "pass:" + Password);
        Assert.That(encrypted, Does.Contain("DEK-Info: " + cipher.ToUpperInvariant()));
        IsSame(encrypted, key, Password);
        IsRefused(encrypted);
    }

    [TestCase("-v2", "aes-128-cbc")]
    [TestCase("-v2", "aes-192-cbc")]
    [TestCase("-v2", "aes-256-cbc")]
    [TestCase("-v2", "des3")]
    [TestCase("-v2", "aria-256-cbc")]
    [TestCase("-v2", "camellia-256-cbc")]
    [TestCase("-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA1")]
    [TestCase("-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA224")]
    [TestCase("-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA384")]
    [TestCase("-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA512")]
    [TestCase("-scrypt")]
    [TestCase("-scrypt", "-scrypt_N", "1024", "-scrypt_r", "4", "-scrypt_p", "2")]
    [TestCase("-v1", "PBE-SHA1-3DES")]
    [TestCase("-v1", "PBE-SHA1-2DES")]
    [TestCase("-v1", "PBE-MD5-DES", "-provider", "legacy", "-provider", "default")]
    [TestCase("-v1", "PBE-SHA1-RC2-40", "-provider", "legacy", "-provider", "default")]
    [TestCase("-v1", "PBE-SHA1-RC4-128", "-provider", "legacy", "-provider", "default")]
    public void Encrypted_pkcs8(params string[] scheme)
    {
        string key = Generate("EC", "ec_paramgen_curve:P-256");
        string encrypted = OpenSsl(["pkcs8", "-topk8", "-in", key, "-passout", "pass:" + Password, .. scheme]);
        Assert.That(encrypted, Does.Contain("BEGIN ENCRYPTED PRIVATE KEY"));
        IsSame(encrypted, key, Password);
        IsRefused(encrypted);
    }

    [Test]
    public void A_file_may_not_ask_for_any_amount_of_work()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] encrypted = key.ExportEncryptedPkcs8PrivateKey("x", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 2000));
        Assert.That(Pkcs8Encryption.Decrypt(encrypted, "x"u8.ToArray(), 2000), Is.Not.Null);
        Assert.That(Pkcs8Encryption.Decrypt(encrypted, "x"u8.ToArray(), 1999), Is.Null);
    }

    [Test]
    public void A_certificate_without_its_key_is_refused()
    {
        Authority one = Authority.Root(), other = Authority.Root();
        Assert.That(Load(one.Pem, other.KeyPem)?.Reason, Is.EqualTo("KEY_VALUES_MISMATCH"));
        Authority rsa = Authority.Root("CN=rsa", Shape.Ca() with { NewKey = () => RSA.Create(2048) });
        Assert.That(Load(one.Pem, rsa.KeyPem)?.Reason, Is.EqualTo("NO_CERTIFICATE_ASSIGNED"));
        Assert.That(Load(one.Pem, one.KeyPem), Is.Null);
    }

    [Test]
    public void Weak_certificates_are_refused_as_the_level_says()
    {
        Authority weak = Authority.Root("CN=weak", Shape.Ca() with { NewKey = () => RSA.Create(1024) });
        Assert.That(Load(weak.Pem, weak.KeyPem, level: 2)?.Reason, Is.EqualTo("EE_KEY_TOO_SMALL"));
        Assert.That(Load(weak.Pem, weak.KeyPem, level: 1), Is.Null);
        Authority leaf = weak.Issue("CN=leaf", Shape.Server());
        Assert.That(Load(leaf.Pem + weak.Pem, leaf.KeyPem, level: 2)?.Reason, Is.EqualTo("CA_KEY_TOO_SMALL"));
        Authority signer = Authority.Root("CN=signer", Shape.Ca() with { NewKey = () => RSA.Create(2048) });
        Authority old = signer.Issue("CN=leaf", Shape.Server() with { Hash = HashAlgorithmName.SHA1 });
        Assert.That(Load(old.Pem, old.KeyPem, level: 1)?.Reason, Is.EqualTo("CA_MD_TOO_WEAK"));
    }

    private TlsError? Load(string certificates, string key, int level = 0)
    {
        try
        {
            CertifiedKey.Load(_folder.Write("cert.pem", certificates), _folder.Write("pair.pem", key), null, level).Key.Dispose();
            return null;
        }
        catch (TlsError error)
        {
            return error;
        }
    }

    private static void IsSame(string pem, string key, string? password)
    {
        using PrivateKey read = PrivateKey.FromPem(pem, password is null ? null : () => Encoding.UTF8.GetBytes(password));
        Assert.That(read.Matches(PublicKey.Parse(Decode(OpenSsl("pkey", "-in", key, "-pubout")))));
    }

    // Without a password, with a wrong one, with an empty one.
    private static void IsRefused(string pem)
    {
        foreach (Func<byte[]?>? password in (Func<byte[]?>?[])[null, () => null, () => "wrong"u8.ToArray(), () => []])
        {
            TlsError? error = Assert.Throws<TlsError>(() => PrivateKey.FromPem(pem, password).Dispose());
            Assert.That(error!.Library, Is.EqualTo("SSL"));
        }
    }

    private string Generate(string algorithm, string? option, bool fresh = false)
    {
        string path = Path.Combine(_folder.Path, $"{algorithm}-{option?.Replace(':', '-')}{(fresh ? "-other" : "")}.pem");
        if (!File.Exists(path))
        {
            OpenSsl(["genpkey", "-algorithm", algorithm, "-out", path, .. option is null ? (string[])[] : ["-pkeyopt", option]]);
        }

        return path;
    }

    private static string OpenSsl(params string[] arguments) => InstalledProgram.Run("openssl", arguments) ?? throw new InconclusiveException("openssl " + string.Join(' ', arguments));

    private static byte[] Decode(string pem) => Pem.Blocks(pem)[0].Data!;
}
