using System.Net;
using System.Net.Sockets;
using System.Text;
using SslModule.Engine.Oids;

namespace SslModule.Engine.Certificates;

/// <summary>Matches certificates against host names and addresses (RFC 6125 with OpenSSL's rules).</summary>
internal static class HostNameMatcher
{
    private const string AcePrefix = "xn--";
    private const int MinimumDotsAfterWildcard = 2;

    /// <summary>Parses an IP address; null when the text is not one.</summary>
    public static byte[]? Address(string name)
    {
        if (name.Contains(':'))
        {
            return !name.Contains('%') && !name.Contains('[') && IPAddress.TryParse(name, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetworkV6
                ? address.GetAddressBytes()
                : null;
        }

        // IPAddress.Parse also accepts "127.1" and octal digits, which OpenSSL reads as something else.
        string[] parts = name.Split('.');
        if (parts.Length != 4)
        {
            return null;
        }

        var bytes = new byte[4];
        for (int index = 0; index < parts.Length; index++)
        {
            if (parts[index].Length is 0 or > 3 || !parts[index].All(char.IsAsciiDigit) || !byte.TryParse(parts[index], out bytes[index]))
            {
                return null;
            }
        }

        return bytes;
    }

    /// <summary>True when subjectAltName has the address; DNS names and the common name are not compared.</summary>
    public static bool MatchesAddress(Certificate certificate, ReadOnlySpan<byte> address)
    {
        foreach (GeneralName name in certificate.Extensions.SubjectAltName ?? [])
        {
            if (name.Kind == GeneralNameKind.IpAddress && name.Bytes.Span.SequenceEqual(address))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True when the certificate matches <paramref name="host"/>, an ASCII name.</summary>
    public static bool MatchesName(Certificate certificate, string host, uint flags)
    {
        if (host.Contains('\0'))
        {
            return false;
        }

        bool hasDnsName = false;
        foreach (GeneralName name in certificate.Extensions.SubjectAltName ?? [])
        {
            if (name.Kind == GeneralNameKind.Dns)
            {
                hasDnsName = true;
                if (Matches(name.Text, host, flags))
                {
                    return true;
                }
            }
        }

        if ((hasDnsName && (flags & HostNameFlags.AlwaysCheckSubject) == 0) || (flags & HostNameFlags.NeverCheckSubject) != 0)
        {
            return false;
        }

        return certificate.Subject.Values(KnownOids.CommonName).Any(value => value.Text is { } text && Matches(Utf8Characters(text), host, flags));
    }

    /// <summary>True when a name of the certificate, which may have a wildcard, matches <paramref name="host"/>.</summary>
    public static bool Matches(string pattern, string host, uint flags)
    {
        if (pattern.Length == 0)
        {
            return false;
        }

        bool subdomains = host.Length > 1 && host[0] == '.';
        int star = subdomains || (flags & HostNameFlags.NoWildcards) != 0 ? -1 : FindWildcard(pattern, flags);
        return star < 0
            ? EqualsIgnoringCase(subdomains ? SkipPrefix(pattern, host.Length, flags) : pattern, host)
            : WildcardMatches(pattern.AsSpan(0, star), pattern.AsSpan(star + 1), host, flags);
    }

    // The common name is compared as UTF-8 bytes, one character per byte.
    private static string Utf8Characters(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    private static ReadOnlySpan<char> SkipPrefix(ReadOnlySpan<char> pattern, int length, uint flags)
    {
        ReadOnlySpan<char> rest = pattern;
        while (rest.Length > length && rest[0] != '\0')
        {
            if ((flags & HostNameFlags.SingleLabelSubdomains) != 0 && rest[0] == '.')
            {
                break;
            }

            rest = rest[1..];
        }

        return rest.Length == length ? rest : pattern;
    }

    private static bool EqualsIgnoringCase(ReadOnlySpan<char> pattern, ReadOnlySpan<char> host)
    {
        if (pattern.Length != host.Length)
        {
            return false;
        }

        for (int index = 0; index < pattern.Length; index++)
        {
            if (pattern[index] == '\0' || Lower(pattern[index]) != Lower(host[index]))
            {
                return false;
            }
        }

        return true;
    }

    private static char Lower(char letter) => char.IsAsciiLetterUpper(letter) ? (char)(letter | 0x20) : letter;

    // A wildcard may be only in the first label, alone or at one of its ends, with at least two labels after it.
    private static int FindWildcard(string pattern, uint flags)
    {
        int star = -1;
        int dots = 0;
        bool labelStart = true, hyphen = false, ace = false;
        for (int index = 0; index < pattern.Length; index++)
        {
            char letter = pattern[index];
            switch (letter)
            {
                case '*':
                    bool atEnd = index == pattern.Length - 1 || pattern[index + 1] == '.';
                    bool whole = labelStart && atEnd;
                    if (star >= 0 || ace || dots > 0 || (!whole && (flags & HostNameFlags.NoPartialWildcards) != 0) || !(labelStart || atEnd))
                    {
                        return -1;
                    }

                    star = index;
                    labelStart = false;
                    break;
                case '.':
                    if (hyphen || labelStart)
                    {
                        return -1;
                    }

                    labelStart = true;
                    hyphen = ace = false;
                    dots++;
                    break;
                case '-':
                    if (labelStart)
                    {
                        return -1;
                    }

                    hyphen = true;
                    break;
                default:
                    if (!char.IsAsciiLetterOrDigit(letter))
                    {
                        return -1;
                    }

                    ace |= labelStart && pattern.AsSpan(index).StartsWith(AcePrefix, StringComparison.OrdinalIgnoreCase);
                    labelStart = hyphen = false;
                    break;
            }
        }

        return labelStart || hyphen || dots < MinimumDotsAfterWildcard ? -1 : star;
    }

    private static bool WildcardMatches(ReadOnlySpan<char> prefix, ReadOnlySpan<char> suffix, ReadOnlySpan<char> host, uint flags)
    {
        if (host.Length < prefix.Length + suffix.Length || !EqualsIgnoringCase(prefix, host[..prefix.Length]) || !EqualsIgnoringCase(suffix, host[^suffix.Length..]))
        {
            return false;
        }

        ReadOnlySpan<char> covered = host[prefix.Length..^suffix.Length];
        bool wholeLabel = prefix.IsEmpty && suffix[0] == '.';
        if (wholeLabel && covered.IsEmpty)
        {
            return false;
        }

        if (!wholeLabel && host.StartsWith(AcePrefix, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        bool severalLabels = wholeLabel && (flags & HostNameFlags.MultiLabelWildcards) != 0;
        if (covered is "*")
        {
            return true;
        }

        foreach (char letter in covered)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter != '-' && !(severalLabels && letter == '.'))
            {
                return false;
            }
        }

        return true;
    }
}
