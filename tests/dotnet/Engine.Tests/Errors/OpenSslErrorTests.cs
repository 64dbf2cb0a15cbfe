using System.Globalization;
using NUnit.Framework;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Tests.Errors;

[TestFixture]
public class OpenSslErrorTests
{
    [Test]
    public void Tables_have_the_sizes_of_CPythons()
    {
        Assert.Multiple(() =>
        {
            Assert.That(OpenSslErrors.Reasons.Count(), Is.EqualTo(1682));
            Assert.That(OpenSslErrors.Reasons.Select(reason => reason.Name).Distinct().Count(), Is.EqualTo(1474));
            Assert.That(OpenSslErrors.Libraries.Count(), Is.EqualTo(48));
        });
    }

    [Test]
    public void Tables_equal_the_installed_CPythons()
    {
        const string script = """
            import _ssl
            for (l, r), n in sorted(_ssl.err_codes_to_names.items()): print(l, r, n)
            for n, (l, r) in sorted(_ssl.err_names_to_codes.items()): print(n, l, r)
            for l, n in sorted(_ssl.lib_codes_to_names.items()): print(l, n)
            """;
        if (InstalledProgram.RunPython(script) is not { } output || output.Count(character => character == '\n') != 1682 + 1474 + 48)
        {
            Assert.Ignore("no CPython 3.11 with tables of this size on this machine");
            return;
        }

        static string Line(params object[] columns) => string.Join(' ', columns.Select(column => Convert.ToString(column, CultureInfo.InvariantCulture)));
        IEnumerable<string> ours =
        [
            .. OpenSslErrors.Reasons.OrderBy(reason => (reason.Library, reason.Code)).Select(reason => Line(reason.Library, reason.Code, reason.Name)),
            .. OpenSslErrors.Reasons.GroupBy(reason => reason.Name, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => Line(group.Key, group.Last().Library, group.Last().Code)),
            .. OpenSslErrors.Libraries.OrderBy(library => library.Code).Select(library => Line(library.Code, library.Name)),
        ];
        Assert.That(ours, Is.EqualTo(output.Trim().ReplaceLineEndings("\n").Split('\n')));
    }

    [TestCase("SSL", "CERTIFICATE_VERIFY_FAILED", 0x0A000086)]
    [TestCase("X509", "KEY_VALUES_MISMATCH", 0x05800074)]
    [TestCase("PEM", "NO_START_LINE", 0x0480006C)]
    public void Number_packs_library_and_reason(string library, string reason, int number)
        => Assert.That(OpenSslErrors.ErrorNumber(library, reason), Is.EqualTo(number));

    [TestCase("SSL", "NO_SUCH_REASON")]
    [TestCase("NO_SUCH_LIBRARY", "CERTIFICATE_VERIFY_FAILED")]
    [TestCase("PEM", "CERTIFICATE_VERIFY_FAILED")]
    [TestCase("SSL", "NO_SHARED")]
    [TestCase("134", "CERTIFICATE_VERIFY_FAILED")]
    [TestCase("SS", "CERTIFICATE_VERIFY_FAILED")]
    [TestCase("SSL", "134")]
    public void Unknown_name_has_no_number(string library, string reason)
        => Assert.That(OpenSslErrors.ErrorNumber(library, reason), Is.Null);

    [TestCase("SSL", "NO_SHARED_CIPHER", "no shared cipher")]
    [TestCase("RAND", "PRNG_NOT_SEEDED", "PRNG not seeded")]
    [TestCase("X509", "INVALID_FIELD_NAME", "invalid field name")]
    [TestCase("SSL", "NO_SUCH_REASON", "no such reason")]
    public void Text_is_OpenSSLs(string library, string reason, string text)
    {
        Assert.Multiple(() =>
        {
            Assert.That(OpenSslErrors.Text(library, reason), Is.EqualTo(text));
            Assert.That(TlsError.Ssl(library, reason).Message, Is.EqualTo(text));
        });
    }
}
