using System.Globalization;
using System.Text;

namespace SslModule.Engine.Certificates;

/// <summary>Names as one line of text.</summary>
internal static class NameText
{
    private static readonly Dictionary<string, string> ShortNames = new()
    {
        ["2.5.4.3"] = "CN",
        ["2.5.4.4"] = "SN",
        ["2.5.4.5"] = "serialNumber",
        ["2.5.4.6"] = "C",
        ["2.5.4.7"] = "L",
        ["2.5.4.8"] = "ST",
        ["2.5.4.9"] = "street",
        ["2.5.4.10"] = "O",
        ["2.5.4.11"] = "OU",
        ["2.5.4.12"] = "title",
        ["2.5.4.42"] = "GN",
        ["0.9.2342.19200300.100.1.1"] = "UID",
        ["0.9.2342.19200300.100.1.25"] = "DC",
        [KnownOids.EmailAddress] = "emailAddress",
    };

    /// <summary>The name as RFC 4514 writes it: the last relative name first, special characters escaped.</summary>
    public static string Rfc4514(DistinguishedName name)
        => string.Join(',', name.RelativeNames.Reverse().Select(relative => string.Join('+', relative.Reverse().Select(Attribute))));

    private static string Attribute(NameValue value)
        => ShortNames.GetValueOrDefault(value.Oid, value.Oid) + "=" + (value.Text is { } text ? Escape(text) : "#" + Convert.ToHexString(value.Bytes.Span));

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        for (int index = 0; index < text.Length; index++)
        {
            char letter = text[index];
            bool edge = (index == 0 && letter is ' ' or '#') || (index == text.Length - 1 && letter == ' ');
            if (edge || letter is ',' or '+' or '"' or '\\' or '<' or '>' or ';')
            {
                escaped.Append('\\').Append(letter);
            }
            else if (letter is < ' ' or (char)0x7F)
            {
                escaped.Append('\\').Append(((int)letter).ToString("X2", CultureInfo.InvariantCulture));
            }
            else
            {
                escaped.Append(letter);
            }
        }

        return escaped.ToString();
    }
}
