using System.Globalization;
using NUnit.Framework;
using SslModule.Engine.Errors;
using SslModule.Engine.Oids;

namespace SslModule.Engine.Tests.Oids;

[TestFixture]
public class ObjectIdentifierTests
{
    private static readonly OidEntry CommonName = new(13, "CN", "commonName", "2.5.4.3");

    [TestCase("2.5.4.3")]
    [TestCase("2.5.4.3.")]
    [TestCase("2.5.4.03")]
    [TestCase("2 5 4 3")]
    [TestCase("2.5.4.0003 ")]
    public void Dotted_text_is_found_with_and_without_names(string text)
    {
        Assert.Multiple(() =>
        {
            Assert.That(ObjectIdentifiers.FromText(text, name: false), Is.EqualTo(CommonName));
            Assert.That(ObjectIdentifiers.FromText(text, name: true), Is.EqualTo(CommonName));
        });
    }

    [TestCase("CN")]
    [TestCase("commonName")]
    public void Name_is_found_only_when_names_are_asked_for(string text)
    {
        Assert.That(ObjectIdentifiers.FromText(text, name: true), Is.EqualTo(CommonName));
        TlsError error = Assert.Throws<TlsError>(() => ObjectIdentifiers.FromText(text, name: false))!;
        Assert.That(error.Message, Is.EqualTo($"unknown object '{text}'"));
    }

    [TestCase("")]
    [TestCase("  ")]
    [TestCase("cn")]
    [TestCase("commonname")]
    [TestCase("0")]
    [TestCase("2")]
    [TestCase("2.")]
    [TestCase("3.1")]
    [TestCase("1.40")]
    [TestCase("0.40")]
    [TestCase("0.99999999999999999999")]
    [TestCase(".1")]
    [TestCase("02.5.4.3")]
    [TestCase("2.5.4.-3")]
    [TestCase("2.5.4.3\t")]
    [TestCase("2.5.4.\uff13")]
    [TestCase("1.2.840.113549.1.1.1x")]
    public void Text_that_is_neither_name_nor_identifier_is_refused(string text)
    {
        TlsError error = Assert.Throws<TlsError>(() => ObjectIdentifiers.FromText(text, name: true))!;
        Assert.Multiple(() =>
        {
            Assert.That(error.Kind, Is.EqualTo(TlsErrorKind.Value));
            Assert.That(error.Message, Is.EqualTo($"unknown object '{text}'"));
        });
    }

    [Test]
    public void Long_text_is_quoted_in_part()
    {
        TlsError error = Assert.Throws<TlsError>(() => ObjectIdentifiers.FromText(new string('x', 5000), name: true))!;
        Assert.That(error.Message, Is.EqualTo($"unknown object '{new string('x', 100)}'"));
    }

    [TestCase("1.2.3")]
    [TestCase("1..2")]
    [TestCase("1. 2")]
    [TestCase("1.2..")]
    [TestCase("2.40")]
    [TestCase("2.999.18446744073709551616")]
    [TestCase("1.3.6.1.4.1.99999999999999999999999999")]
    public void Identifier_without_a_name_is_unknown(string text)
        => Assert.That(Assert.Throws<TlsError>(() => ObjectIdentifiers.FromText(text, name: false))!.Message, Is.EqualTo("Unknown object"));

    [TestCase(-1, "NID must be positive.")]
    [TestCase(0, "Unknown object")]
    [TestCase(5000, "unknown NID 5000")]
    [TestCase(int.MaxValue, "unknown NID 2147483647")]
    public void Number_without_an_object_is_refused(int nid, string message)
        => Assert.That(Assert.Throws<TlsError>(() => ObjectIdentifiers.FromNid(nid))!.Message, Is.EqualTo(message));

    [Test]
    public void Number_is_found() => Assert.That(ObjectIdentifiers.FromNid(13), Is.EqualTo(CommonName));

    [Test]
    public void Every_object_is_found_by_what_it_says()
    {
        // OpenSSL has three objects called NULL, and an old and a new name for the arc 1.3.
        int[] otherNulls = [404, 1323];
        const int newOrganization = 676;

        Assert.That(ObjectIdentifiers.All.Count(), Is.EqualTo(1491));
        Assert.Multiple(() =>
        {
            foreach (OidEntry entry in ObjectIdentifiers.All)
            {
                Assert.That(ObjectIdentifiers.FromNid(entry.Nid), Is.EqualTo(entry));
                if (!otherNulls.Contains(entry.Nid))
                {
                    Assert.That(ObjectIdentifiers.FromText(entry.ShortName, name: true), Is.EqualTo(entry));
                    Assert.That(ObjectIdentifiers.FromText(entry.LongName, name: true), Is.EqualTo(entry));
                }

                if (entry.Oid is { } oid && entry.Nid != newOrganization)
                {
                    Assert.That(ObjectIdentifiers.FromText(oid, name: false), Is.EqualTo(entry));
                }
            }
        });
    }

    [Test]
    public void Table_begins_as_the_installed_CPythons()
    {
        const string script = """
            import _ssl
            for n in range(1, 2000):
                try: print(*_ssl.nid2obj(n), sep='\t')
                except ValueError: pass
            """;
        if (InstalledProgram.RunPython(script) is not { } output)
        {
            Assert.Ignore("no CPython 3.11 over OpenSSL 3.0 on this machine");
            return;
        }

        // What OpenSSL 3.1 to 3.6 added has higher numbers.
        string[] theirs = output.Trim().ReplaceLineEndings("\n").Split('\n');
        IEnumerable<string> ours = ObjectIdentifiers.All.Take(theirs.Length).Select(entry => string.Create(
            CultureInfo.InvariantCulture, $"{entry.Nid}\t{entry.ShortName}\t{entry.LongName}\t{entry.Oid ?? "None"}"));
        Assert.That(ours, Is.EqualTo(theirs));
    }
}
