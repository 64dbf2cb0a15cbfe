using NUnit.Framework;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Tests.Context;

/// <summary>The part of openssl's configuration file that sets every context up.</summary>
[TestFixture]
internal sealed class SystemDefaultsTests
{
    private const string Frame = "openssl_conf = start\n[start]\nssl_conf = ssl\n[ssl]\nsystem_default = everyone\n[everyone]\n";

    [TestCase("CipherString = DEFAULT:@SECLEVEL=0", 0)]
    [TestCase("CipherString = DEFAULT@SECLEVEL=1", 1)]
    [TestCase("cipherstring = DEFAULT:@SECLEVEL=3", 3)]
    [TestCase("system.CipherString = DEFAULT:@SECLEVEL=4", 4)]
    [TestCase("", 2)]
    public void CipherStringSetsTheSecurityLevel(string command, int level)
        => Assert.That(Configured(command).SecurityLevel, Is.EqualTo(level));

    [Test]
    public void CipherStringChoosesTheSuites()
    {
        string[] names = [.. Configured("CipherString = AES128-SHA:AES256-SHA").Ciphers.Where(suite => !suite.IsTls13).Select(suite => suite.Name)];
        Assert.That(names, Is.EqualTo(["AES128-SHA", "AES256-SHA"]));
    }

    [Test]
    public void TheMakerOfAContextNamesItsFirstCiphers()
    {
        var context = new TlsContext(TlsProtocolSelection.TlsClient, ciphers: TlsContext.OpenSslCipherList);
        string[] names = [.. context.Ciphers.Select(suite => suite.Name)];
        Assert.That(names, Has.Length.EqualTo(56));
        Assert.That(names, Does.Contain("ECDHE-RSA-AES256-SHA"));
        Assert.That(names, Has.None.Contains("NULL"));
        Assert.That(context.SecurityLevel, Is.EqualTo(2));
    }

    [Test]
    public void CiphersuitesChooseThoseOfTls13AndKeepTheOthers()
    {
        TlsContext context = Configured("Ciphersuites = TLS_AES_128_CCM_SHA256:TLS_AES_128_GCM_SHA256\nCipherString = AES128-SHA");
        Assert.That(context.Ciphers.Select(suite => suite.Name), Is.EqualTo(["TLS_AES_128_CCM_SHA256", "TLS_AES_128_GCM_SHA256", "AES128-SHA"]));
    }

    [TestCase("MinProtocol = TLSv1", 0x0301, -1)]
    [TestCase("MinProtocol = SSLv3", 0x0300, -1)]
    [TestCase("MinProtocol = None", -2, -1)]
    [TestCase("MinProtocol = TLSv1.1\nMaxProtocol = TLSv1.2", 0x0302, 0x0303)]
    [TestCase("MaxProtocol = TLSv1.3", 0x0303, 0x0304)]
    [TestCase("MinProtocol = TLSv1\nMinProtocol = DTLSv1.2", 0x0301, -1)]
    public void ProtocolsBoundTheVersions(string commands, int minimum, int maximum)
    {
        TlsContext context = Configured(commands);
        Assert.That((context.MinimumVersion, context.MaximumVersion), Is.EqualTo((minimum, maximum)));
    }

    [Test]
    public void ContextsOfOneVersionKeepIt()
    {
        TlsContext context = Configured("MinProtocol = TLSv1.3", TlsProtocolSelection.TlsV1_1);
        Assert.That(context.VersionRange, Is.EqualTo((0x0302, 0x0302)));
        Assert.That((context.MinimumVersion, context.MaximumVersion), Is.EqualTo((-2, -1)), "which is what OpenSSL says of them");
    }

    [TestCase("Options = -SessionTicket", TlsOptions.NoTicket, true)]
    [TestCase("Options = SessionTicket", TlsOptions.NoTicket, false)]
    [TestCase("Options = +MiddleboxCompat", TlsOptions.EnableMiddleboxCompat, true)]
    [TestCase("Options = ServerPreference, -MiddleboxCompat", TlsOptions.EnableMiddleboxCompat, false)]
    [TestCase("Options = -EncryptThenMac,IgnoreUnexpectedEOF", TlsOptions.IgnoreUnexpectedEof, true)]
    public void OptionsSwitchBits(string command, TlsOptions bit, bool on)
        => Assert.That(((TlsOptions)Configured(command).Options & bit) != 0, Is.EqualTo(on));

    [Test]
    public void GroupsAreThoseOffered()
        => Assert.That(Configured("Groups = X448:P-384").Groups?.Tuples.SelectMany(tuple => tuple), Is.EqualTo([30, 24]));

    [TestCase("MinProtocol = TLSv2")]
    [TestCase("MaxProtocol =")]
    [TestCase("Options = Telepathy")]
    [TestCase("Options =")]
    [TestCase("Groups = nonsense")]
    [TestCase("CipherString = nonsense")]
    [TestCase("Ciphersuites = AES128-SHA")]
    [TestCase("VerifyMode = Peer")]
    [TestCase("Nonsense = 1")]
    public void WhatCannotBeHonouredFails(string command)
        => Assert.That(Assert.Throws<TlsError>(() => Configured(command))!.Kind, Is.EqualTo(TlsErrorKind.Ssl));

    [TestCase("")]
    [TestCase("something = else")]
    [TestCase("openssl_conf = start\n[start]\n")]
    [TestCase("openssl_conf = start\n[start]\nssl_conf = ssl\n[ssl]\nserver = everyone\n")]
    public void FilesWithoutTheSectionSetNothing(string text)
        => Assert.That(SystemDefaults.From(ConfigurationFile.Parse(text)), Is.Null);

    [TestCase("openssl_conf = start\n")]
    [TestCase("openssl_conf = start\n[start]\nssl_conf = ssl\n")]
    [TestCase("openssl_conf = start\n[start]\nssl_conf = ssl\n[ssl]\nsystem_default = everyone\n")]
    public void SectionsThatAreNamedMustBeThere(string text)
    {
        TlsError error = Assert.Throws<TlsError>(() => SystemDefaults.From(ConfigurationFile.Parse(text)))!;
        Assert.That(error.Reason, Is.EqualTo("OPENSSL_CONF_REFERENCES_MISSING_SECTION"));
    }

    [TestCase("[open\n", "MISSING_CLOSE_SQUARE_BRACKET")]
    [TestCase("no sign\n", "MISSING_EQUAL_SIGN")]
    [TestCase("= value\n", "MISSING_EQUAL_SIGN")]
    [TestCase("a = ${b\n", "NO_CLOSE_BRACE")]
    [TestCase("a = $b\n", "VARIABLE_HAS_NO_VALUE")]
    public void MalformedLinesFail(string text, string reason)
        => Assert.That(Assert.Throws<TlsError>(() => ConfigurationFile.Parse(text))!.Reason, Is.EqualTo(reason));

    [TestCase("a = plain # comment", "plain")]
    [TestCase("a = 'in # quotes'", "in # quotes")]
    [TestCase("a = \"one\"'two'", "onetwo")]
    [TestCase("a = back\\#slash", "back#slash")]
    [TestCase("a = tab\\tend", "tab\tend")]
    [TestCase("a = over\\\nline", "overline")]
    [TestCase("b = 1\na = $b${b}$(b)", "111")]
    [TestCase("b = 1\na = $default::b.", "1.")]
    [TestCase("a = 1\r\na = 2\r\n", "2")]
    [TestCase("a = unended 'quote", "unended quote")]
    public void ValuesAreReadAsOpenSslReadsThem(string text, string value)
        => Assert.That(ConfigurationFile.Parse(text).Start("a"), Is.EqualTo(value));

    [Test]
    public void VariablesMayComeFromTheEnvironment()
    {
        Environment.SetEnvironmentVariable("SSLMODULE_TEST_VALUE", "found");
        Assert.That(ConfigurationFile.Parse("a = $ENV::SSLMODULE_TEST_VALUE").Start("a"), Is.EqualTo("found"));
    }

    [Test]
    public void FilesAndFoldersAreIncluded()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "more"));
            File.WriteAllText(Path.Combine(folder, "first.cnf"), ".include second.inc\n.include = more\n.pragma = dollarid:on\nc = $b\n");
            File.WriteAllText(Path.Combine(folder, "second.inc"), "a = 1\n");
            File.WriteAllText(Path.Combine(folder, "more", "2.conf"), "b = 3\n");
            File.WriteAllText(Path.Combine(folder, "more", "1.cnf"), "b = 2\n");
            File.WriteAllText(Path.Combine(folder, "more", "3.txt"), "b = 4\n");
            ConfigurationFile file = ConfigurationFile.Read(Path.Combine(folder, "first.cnf"));
            Assert.That((file.Start("a"), file.Start("b"), file.Start("c")), Is.EqualTo(("1", "3", "3")));

            File.WriteAllText(Path.Combine(folder, "first.cnf"), ".include first.cnf\n");
            Assert.That(Assert.Throws<TlsError>(() => ConfigurationFile.Read(Path.Combine(folder, "first.cnf")))!.Reason, Is.EqualTo("RECURSIVE_DIRECTORY_INCLUDE"));

            File.WriteAllText(Path.Combine(folder, "first.cnf"), ".include missing.cnf\n");
            TlsError missing = Assert.Throws<TlsError>(() => ConfigurationFile.Read(Path.Combine(folder, "first.cnf")))!;
            Assert.That((missing.Kind, missing.Errno, missing.FileName), Is.EqualTo((TlsErrorKind.System, 2, Path.Combine(folder, "missing.cnf"))));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static TlsContext Configured(string commands, TlsProtocolSelection protocol = TlsProtocolSelection.Tls)
    {
        var context = new TlsContext(protocol);
        SystemDefaults.From(ConfigurationFile.Parse(Frame + commands + "\n"))!.ApplyTo(context);
        return context;
    }
}
