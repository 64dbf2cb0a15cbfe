namespace SslModule.Engine.Oids;

/// <summary>Dotted identifiers as a user may type them.</summary>
internal static class DottedText
{
    /// <summary>
    /// The canonical form of <paramref name="text"/>, or null if it is none. As OpenSSL: a space separates like a dot, a
    /// separator may end the text, leading zeros are dropped and a number left out is 0.
    /// </summary>
    public static string? Normalize(string text)
    {
        string[] parts = text.Replace(' ', '.').Split('.');
        if (parts.Length > 2 && parts[^1].Length == 0)
        {
            parts = parts[..^1];
        }

        // The root has one digit; a second number is needed, but may be left out when another one follows.
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

        // X.660: the roots 0 and 1 have 40 arcs at most.
        bool tooLarge = parts[0] != "2" && (parts[1].Length > 2 || int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) >= 40);
        return tooLarge ? null : string.Join('.', parts);
    }
}
