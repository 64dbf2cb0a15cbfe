using System.Diagnostics;
using NUnit.Framework;
using SslModule.Engine.Certificates;
using SslModule.Engine.Errors;
using SslModule.Engine.Tests.Certificates.Chains;

namespace SslModule.Engine.Tests.Certificates.Stores;

/// <summary>Trust from files, folders, text and bytes.</summary>
[TestFixture]
public sealed class TrustStoreTests
{
    private readonly Issued _root = new CertificateSpec { Subject = "CN=one", IsCa = true }.SelfSign();
    private readonly Issued _other = new CertificateSpec { Subject = "CN=two", IsCa = true }.SelfSign();
    private ScratchFolder _folder = null!;

    [SetUp]
    public void Prepare() => _folder = new ScratchFolder();

    [TearDown]
    public void CleanUp() => _folder.Dispose();

    [Test]
    public void A_bundle_is_parsed_once_and_shared()
    {
        string bundle = string.Concat(Enumerable.Range(0, 140).Select(index => new CertificateSpec { Subject = $"CN=root {index}", IsCa = true }.SelfSign().Pem));
        string file = _folder.Write("bundle.pem", bundle);
        var first = new TrustStore();
        first.AddFile(file);
        TimeSpan best = TimeSpan.MaxValue;
        for (int round = 0; round < 10; round++)
        {
            var again = new TrustStore();
            long start = Stopwatch.GetTimestamp();
            again.AddFile(file);
            TimeSpan time = Stopwatch.GetElapsedTime(start);
            best = time < best ? time : best;
            Assert.That(again.Authorities()[139], Is.SameAs(first.Authorities()[139]));
        }

        Assert.That(first.Count(), Is.EqualTo(new CertStoreStats(140, 0, 140)));
        Assert.That(best, Is.LessThan(TimeSpan.FromMilliseconds(15)));
    }

    [Test]
    public void A_file_that_changed_is_read_anew()
    {
        string file = _folder.Write("trust.pem", _root.Pem);
        DateTime written = File.GetLastWriteTimeUtc(file);
        Assert.That(Subjects(file), Is.EqualTo((string[])["CN=one"]));
        _folder.Write("trust.pem", _other.Pem);
        File.SetLastWriteTimeUtc(file, written);
        Assert.That(Subjects(file), Is.EqualTo((string[])["CN=two"]));
    }

    [Test]
    public void Text_between_blocks_and_other_blocks_are_skipped()
        => Assert.That(Subjects(_folder.Write("trust.pem", $"one:\n{_root.Pem}\nKey:\n-----BEGIN DH PARAMETERS-----\nMAA=\n-----END DH PARAMETERS-----\r\ntwo\n{_other.Pem.Replace("\n", "\r\n", StringComparison.Ordinal)}the end")), Is.EqualTo((string[])["CN=one", "CN=two"]));

    [Test]
    public void Nothing_of_a_damaged_file_is_trusted()
    {
        var store = new TrustStore();
        string damaged = _root.Pem + _other.Pem.Replace("MII", "!!!", StringComparison.Ordinal).Insert(40, "#");
        Assert.That(Refusal(() => store.AddFile(_folder.Write("trust.pem", damaged))).Library, Is.EqualTo("X509"));
        Assert.That(store.Count().Certificates, Is.Zero);
        foreach (string nothing in (string[])["", "no blocks", "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n"])
        {
            Assert.That(Refusal(() => store.AddFile(_folder.Write("trust.pem", nothing))).Reason, Is.EqualTo("NO_CERTIFICATE_OR_CRL_FOUND"));
        }
    }

    [Test]
    public void A_certificate_in_DER_is_refused_as_a_file_and_taken_as_bytes()
    {
        var store = new TrustStore();
        Assert.That(Refusal(() => store.AddFile(_folder.Write("trust.der", _root.Encoded))).Reason, Is.EqualTo("NO_CERTIFICATE_OR_CRL_FOUND"));
        store.AddDer((byte[])[.. _root.Encoded, .. _other.Encoded]);
        Assert.That(store.Count().Certificates, Is.EqualTo(2));
        Assert.That(Refusal(() => store.AddDer("nonsense"u8.ToArray())).Message, Does.Contain("not enough data: cadata does not contain a certificate"));
        Assert.That(Refusal(() => store.AddPem("nonsense")).Message, Does.Contain("no start line: cadata does not contain a certificate"));
    }

    [Test]
    public void Twice_is_once()
    {
        var store = new TrustStore();
        var list = new CrlSpec { Issuer = _root };
        string file = _folder.Write("trust.pem", _root.Pem + list.Pem + _root.Pem);
        store.AddFile(file);
        store.AddFile(file);
        store.AddPem(_root.Pem);
        Assert.That(store.Count(), Is.EqualTo(new CertStoreStats(1, 1, 1)));
    }

    [Test]
    public void A_folder_is_read_by_name_when_the_name_is_looked_for()
    {
        DistinguishedName name = _root.Certificate.Subject;
        string hash = name.FileHash;
        CertificateSpec spec = _root.Spec;
        _folder.Write(hash + ".0", _root.Pem);
        _folder.Write(hash + ".1", "not a certificate");
        _folder.Write(hash + ".2", (spec with { Serial = 77 }).SelfSign().Pem + new CrlSpec { Issuer = _root }.Pem);
        _folder.Write(hash + ".4", (spec with { Serial = 78 }).SelfSign().Pem);
        _folder.Write(_other.Certificate.Subject.FileHash + ".1", _other.Pem);
        var store = new TrustStore();
        store.AddDirectory(Path.Combine(_folder.Path, "missing") + Path.PathSeparator + _folder.Path);
        Assert.That(store.Count().Certificates, Is.Zero);
        Assert.That(store.FindBySubject(name), Has.Count.EqualTo(2), "numbers without a gap; a bad file is passed over");
        Assert.That(store.FindBySubject(_other.Certificate.Subject), Is.Empty, "the first number is missing");
        Assert.That(store.Count(), Is.EqualTo(new CertStoreStats(2, 0, 2)), "a certificate's file gives no CRLs");
    }

    [Test]
    public void Lists_in_a_folder_are_found_when_they_arrive()
    {
        string hash = _root.Certificate.Subject.FileHash;
        var store = new TrustStore();
        store.AddDirectory(_folder.Path);
        Assert.That(store.FindByIssuer(_root.Certificate.Subject), Is.Empty);
        _folder.Write(hash + ".r0", new CrlSpec { Issuer = _root }.Pem + _root.Pem);
        Assert.That(store.FindByIssuer(_root.Certificate.Subject), Has.Count.EqualTo(1));
        _folder.Write(hash + ".r1", new CrlSpec { Issuer = _root, ThisUpdate = Authority.Now }.Encoded);
        Assert.That(store.FindByIssuer(_root.Certificate.Subject), Has.Count.EqualTo(2));
        Assert.That(store.Count().Certificates, Is.Zero, "a list's file gives no certificates");
    }

    [Test]
    public void A_link_that_leads_nowhere_counts_as_a_number()
    {
        string hash = _root.Certificate.Subject.FileHash;
        try
        {
            File.CreateSymbolicLink(Path.Combine(_folder.Path, hash + ".0"), "nowhere");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Assert.Ignore("no symbolic links here");
        }

        _folder.Write(hash + ".1", _root.Pem);
        var store = new TrustStore();
        store.AddDirectory(_folder.Path);
        Assert.That(store.FindBySubject(_root.Certificate.Subject), Has.Count.EqualTo(1));
    }

    [Test]
    public void The_hash_is_that_of_the_openssl_program()
    {
        string file = _folder.Write("one.pem", new CertificateSpec { Subject = "CN=Héllo  World , O=\"A, B\", C=XY" }.SelfSign().Pem);
        string? theirs = InstalledProgram.Run("openssl", "x509", "-in", file, "-noout", "-subject_hash");
        Assume.That(theirs, Is.Not.Null);
        Assert.That(Certificate.FromPemFile(file).Subject.FileHash, Is.EqualTo(theirs!.Trim()));
    }

    [Test]
    public void The_environment_names_file_and_folder()
    {
        string file = _folder.Write("bundle.pem", _root.Pem);
        _folder.Write(_other.Certificate.Subject.FileHash + ".0", _other.Pem);
        string? fileBefore = Environment.GetEnvironmentVariable(DefaultVerifyPaths.FileVariable);
        string? folderBefore = Environment.GetEnvironmentVariable(DefaultVerifyPaths.DirectoryVariable);
        try
        {
            Environment.SetEnvironmentVariable(DefaultVerifyPaths.FileVariable, file);
            Environment.SetEnvironmentVariable(DefaultVerifyPaths.DirectoryVariable, _folder.Path);
            var store = new TrustStore();
            store.AddSystemDefaults();
            Assert.That(store.Contains(_root.Certificate));
            Assert.That(store.Contains(_other.Certificate));
            Environment.SetEnvironmentVariable(DefaultVerifyPaths.FileVariable, Path.Combine(_folder.Path, "missing"));
            Assert.That(() => new TrustStore().AddSystemDefaults(), Throws.Nothing);
        }
        finally
        {
            Environment.SetEnvironmentVariable(DefaultVerifyPaths.FileVariable, fileBefore);
            Environment.SetEnvironmentVariable(DefaultVerifyPaths.DirectoryVariable, folderBefore);
        }
    }

    [TestCase(@"C:\Program Files\Common Files", @"C:\Program Files\Common Files\SSL")]
    [TestCase(@"D:\Programme\Common Files", @"D:\Programme\Common Files\SSL")]
    [TestCase("", @"C:\Program Files\Common Files\SSL")]
    public void The_default_place_on_windows_is_one_that_only_administrators_write_to(string commonFiles, string root)
        => Assert.That(DefaultVerifyPaths.WindowsRoot(commonFiles), Is.EqualTo(root));

    [Test]
    public void A_variable_overrides_the_place_even_if_nothing_is_there()
    {
        string? before = Environment.GetEnvironmentVariable(DefaultVerifyPaths.FileVariable);
        try
        {
            Environment.SetEnvironmentVariable(DefaultVerifyPaths.FileVariable, Path.Combine(_folder.Path, "missing"));
            Assert.That(DefaultVerifyPaths.AreOverridden);
        }
        finally
        {
            Environment.SetEnvironmentVariable(DefaultVerifyPaths.FileVariable, before);
        }
    }

    [Test]
    public void One_root_that_cannot_be_read_does_not_keep_the_others_out()
    {
        var store = new TrustStore();
        PlatformRoots.Add(store, [[0x30, 0x00], _root.Certificate.Encoded.ToArray(), [], _other.Certificate.Encoded.ToArray()]);
        Assert.That(store.Authorities(), Is.EqualTo(new[] { _root.Certificate, _other.Certificate }));
    }

    private static string[] Subjects(string file)
    {
        var store = new TrustStore();
        store.AddFile(file);
        return [.. store.Authorities().Select(certificate => certificate.SubjectText)];
    }

    private static TlsError Refusal(Action action) => Assert.Throws<TlsError>(action)!;
}
