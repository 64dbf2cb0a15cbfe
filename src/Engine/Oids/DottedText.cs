namespace SslModule.Engine.Oids;

/// <summary>Parses dotted object identifiers as entered by users.</summary>
internal static class DottedText
{
    /// <summary>
    /// The canonical form of <paramref name="text"/>, or null when it is malformed. As in OpenSSL, a space separates arcs like a
    /// dot, a trailing separator is allowed, leading zeros are dropped and an empty arc is 0.
    /// </summary>
    public static string? Normalize(string text)
    {
        string[] parts = text.Replace(' ', '.').Split('.');
        if (parts.Length > 2 && parts[^1].Length == 0)
        {
            parts = parts[..^1];
        }

        // The root arc is one digit. A second arc is required, but may be empty when another one follows.
        if (parts.Length < 2 || parts[0] is not ("0" or "1" or "2") || (parts.Length == 2 && parts[1].Length == 0)
            || !parts.All(part => part.All(char.IsAsciiDigit)))
        {
            return null;
        }

        for (int i = 1; i < parts.Length; i++)
        {
            string digits = parts[i].TrimStart('0');
            parts[i] = digits.Length == 0 ? "0" : digits;
        }

        // X.660: the root arcs 0 and 1 have at most 40 child arcs.
        bool tooLarge = parts[0] != "2" && (parts[1].Length > 2 || int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) >= 40);
        return tooLarge ? null : string.Join('.', parts);
    }
}
