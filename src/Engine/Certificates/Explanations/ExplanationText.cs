using System.Globalization;
using System.Net;
using System.Text;
using SslModule.Engine.Oids;

namespace SslModule.Engine.Certificates;

/// <summary>
/// The labelled lines of an explanation. What a peer sent is shortened and shown in printable ASCII, because explanations are printed on
/// terminals and written to logs.
/// </summary>
internal sealed class ExplanationText
{
    private const int LongestText = 300;
    private const int MostItems = 24;

    private readonly StringBuilder _text = new();

    /// <summary>Adds a line; nothing for a null value.</summary>
    public ExplanationText Line(string label, string? value)
    {
        if (value is not null)
        {
            _text.Append(_text.Length > 0 ? "\n" : "").Append(label).Append(": ").Append(value);
        }

        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    /// <summary>A name in quotes, as RFC 4514 writes it.</summary>
    public static string Name(DistinguishedName name) => name.IsEmpty ? "an empty name" : $"'{Short(NameText.Rfc4514(name))}'";

    /// <summary>A text of the peer's, in printable ASCII.</summary>
    public static string Printable(string text)
    {
        var shown = new StringBuilder();
        foreach (char letter in text)
        {
            shown.Append(letter is >= ' ' and < (char)0x7F ? letter.ToString() : string.Create(CultureInfo.InvariantCulture, $"\\x{(int)letter:x2}"));
        }

        return Short(shown.ToString());
    }

    /// <summary>A certificate's validity.</summary>
    public static string Validity(Certificate certificate) => $"valid from {Time(certificate.NotBefore)} to {Time(certificate.NotAfter)}";

    /// <summary>A certificate's or CRL's time.</summary>
    public static string Time(CertificateTime time)
        => time.Seconds is not { } seconds ? "an unreadable time"
            : seconds < DateTimeOffset.MinValue.ToUnixTimeSeconds() || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? time.Text
            : Time(DateTimeOffset.FromUnixTimeSeconds(seconds));

    /// <summary>A time of the clock.</summary>
    public static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>The items with commas between them; of a long list the first.</summary>
    public static string List(IEnumerable<string> items)
    {
        string[] all = [.. items];
        return all.Length == 0 ? "none"
            : string.Join(", ", all.Take(MostItems)) + (all.Length > MostItems ? string.Create(CultureInfo.InvariantCulture, $" and {all.Length - MostItems} more") : "");
    }

    /// <summary>A count with its noun.</summary>
    public static string Count(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    /// <summary>The number of a depth.</summary>
    public static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The host names and addresses that a certificate is valid for; the common name where it has none (RFC 6125 section 6.4.4).</summary>
    public static IReadOnlyList<string> HostNames(Certificate certificate)
    {
        string[] alternatives = [.. (certificate.Extensions.SubjectAltName ?? [])
            .Where(name => name.Kind is GeneralNameKind.Dns or GeneralNameKind.IpAddress)
            .Select(name => name.Kind == GeneralNameKind.Dns ? $"'{Printable(name.Text)}'" : Address(name.Bytes.Span))];
        return alternatives.Length > 0 ? alternatives
            : [.. certificate.Subject.Values(KnownOids.CommonName).Select(value => value.Text).OfType<string>().Select(text => $"'{Printable(text)}' (common name)")];
    }

    /// <summary>The addresses of an access method (RFC 5280 section 4.2.2.1).</summary>
    public static IReadOnlyList<string> Access(Certificate certificate, string method)
        => [.. (certificate.Extensions.AuthorityInfoAccess ?? [])
            .Where(access => access.Method == method && access.Location.Kind == GeneralNameKind.Uri)
            .Select(access => Printable(access.Location.Text))];

    /// <summary>The addresses of the CRLs that a certificate names.</summary>
    public static IReadOnlyList<string> RevocationAddresses(Certificate certificate)
        => [.. (certificate.Extensions.CrlDistributionPoints ?? []).SelectMany(point => point.Name?.FullNames ?? [])
            .Where(name => name.Kind == GeneralNameKind.Uri).Select(name => Printable(name.Text))];

    /// <summary>An object's long name, or its identifier.</summary>
    public static string ObjectName(string oid) => ObjectIdentifiers.TryByOid(oid, out OidEntry? known) ? known.LongName : oid;

    private static string Address(ReadOnlySpan<byte> bytes) => bytes.Length is 4 or 16 ? new IPAddress(bytes).ToString() : "an unreadable address";

    private static string Short(string text) => text.Length <= LongestText ? text : text[..LongestText] + "...";
}
