using System.Globalization;
using System.Text;
using SslModule.Engine.Oids;

namespace SslModule.Engine.Certificates;

/// <summary>Formats names as one line of text.</summary>
internal static class NameText
{
    /// <summary>
    /// Formats a name as OpenSSL does for RFC 4514: relative names in reverse order, special and non-ASCII characters escaped, and
    /// the DER in hexadecimal of values that are not text or have an unknown type.
    /// </summary>
    public static string Rfc4514(DistinguishedName name)
        => string.Join(',', name.RelativeNames.Reverse().Select(relative => string.Join('+', relative.Reverse().Select(Attribute))));

    private static string Attribute(NameValue value)
        => ObjectIdentifiers.TryByOid(value.Oid, out OidEntry? known) && value.Text is { } text
            ? $"{known.ShortName}={Escape(text)}"
            : $"{known?.ShortName ?? value.Oid}=#{Convert.ToHexString(value.EncodedValue)}";

    private static string Escape(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        var escaped = new StringBuilder(bytes.Length);
        for (int index = 0; index < bytes.Length; index++)
        {
            char letter = (char)bytes[index];
            bool edge = (index == 0 && letter is ' ' or '#') || (index == bytes.Length - 1 && letter == ' ');
            if (edge || letter is ',' or '+' or '"' or '\\' or '<' or '>' or ';')
            {
                escaped.Append('\\').Append(letter);
            }
            else if (letter is < ' ' or >= (char)0x7F)
            {
                escaped.Append('\\').Append(bytes[index].ToString("X2", CultureInfo.InvariantCulture));
            }
            else
            {
                escaped.Append(letter);
            }
        }

        return escaped.ToString();
    }
}
