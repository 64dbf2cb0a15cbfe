using System.Text;
using SslModule.Engine.Errors;
using SslModule.Engine.Oids;

namespace SslModule.Engine.Certificates;

/// <summary>Checks the names of one certificate against name constraints (RFC 5280 section 4.2.1.10).</summary>
internal static class NameConstraintChecker
{
    // Limits the work for certificates with thousands of names under thousands of constraints.
    private const long MaximumComparisons = 1 << 20;

    /// <summary>The code of the first violation, or X509_V_OK.</summary>
    public static int Check(Certificate certificate, NameConstraints constraints, bool withCommonName)
    {
        IReadOnlyList<GeneralName> names = certificate.Extensions.SubjectAltName ?? [];
        long nameCount = names.Count + certificate.Subject.RelativeNames.Sum(relative => relative.Count);
        if (nameCount * (constraints.Permitted.Count + constraints.Excluded.Count) > MaximumComparisons)
        {
            return VerifyCode.Unspecified;
        }

        int code = CheckSubject(certificate.Subject, constraints);
        for (int index = 0; index < names.Count && code == VerifyCode.Ok; index++)
        {
            code = Match(names[index], constraints);
        }

        return code == VerifyCode.Ok && withCommonName ? CheckCommonNames(certificate.Subject, constraints) : code;
    }

    private static int CheckSubject(DistinguishedName subject, NameConstraints constraints)
    {
        if (subject.IsEmpty)
        {
            return VerifyCode.Ok;
        }

        int code = Match(GeneralName.Of(subject), constraints);
        foreach (NameValue email in subject.Values(KnownOids.EmailAddress))
        {
            if (code != VerifyCode.Ok)
            {
                break;
            }

            code = email.Tag == Asn1Text.Ia5String
                ? Match(new GeneralName(GeneralNameKind.Email, email.Bytes), constraints)
                : VerifyCode.UnsupportedNameSyntax;
        }

        return code;
    }

    // A common name that looks like a DNS name is checked as one, unless subjectAltName has DNS names.
    private static int CheckCommonNames(DistinguishedName subject, NameConstraints constraints)
    {
        foreach (NameValue value in subject.Values(KnownOids.CommonName))
        {
            if (value.Text is not { } text)
            {
                // OpenSSL reports the same error as for memory exhaustion.
                return VerifyCode.Unspecified;
            }

            byte[] name = Encoding.UTF8.GetBytes(text.TrimEnd('\0'));
            if (name.Contains((byte)0))
            {
                return VerifyCode.UnsupportedNameSyntax;
            }

            int code = LooksLikeDnsName(name) ? Match(new GeneralName(GeneralNameKind.Dns, name), constraints) : VerifyCode.Ok;
            if (code != VerifyCode.Ok)
            {
                return code;
            }
        }

        return VerifyCode.Ok;
    }

    private static bool LooksLikeDnsName(ReadOnlySpan<byte> name)
    {
        bool hasDot = false;
        for (int index = 0; index < name.Length; index++)
        {
            byte letter = name[index];
            if (char.IsAsciiLetterOrDigit((char)letter) || letter == '_')
            {
                continue;
            }

            bool inner = index > 0 && index < name.Length - 1;
            switch (letter)
            {
                case (byte)'-' when inner:
                    break;
                case (byte)'.' when inner && name[index + 1] != '.' && name[index - 1] != '-' && name[index + 1] != '-':
                    hasDot = true;
                    break;
                default:
                    return false;
            }
        }

        return hasDot;
    }

    private static int Match(GeneralName name, NameConstraints constraints)
    {
        GeneralNameKind kind = name.Kind == GeneralNameKind.OtherName && name.Oid == KnownOids.SmtpUtf8Mailbox ? GeneralNameKind.Email : name.Kind;
        bool constrained = false, permitted = false;
        foreach (GeneralSubtree subtree in constraints.Permitted)
        {
            if (subtree.Base.Kind != kind)
            {
                continue;
            }

            if (subtree.HasBounds)
            {
                return VerifyCode.SubtreeMinMax;
            }

            if (permitted)
            {
                continue;
            }

            constrained = true;
            int code = MatchOne(name, subtree.Base);
            permitted = code == VerifyCode.Ok;
            if (code is not (VerifyCode.Ok or VerifyCode.PermittedViolation))
            {
                return code;
            }
        }

        return constrained && !permitted ? VerifyCode.PermittedViolation : MatchExcluded(name, kind, constraints.Excluded);
    }

    private static int MatchExcluded(GeneralName name, GeneralNameKind kind, IReadOnlyList<GeneralSubtree> excluded)
    {
        foreach (GeneralSubtree subtree in excluded)
        {
            if (subtree.Base.Kind != kind)
            {
                continue;
            }

            if (subtree.HasBounds)
            {
                return VerifyCode.SubtreeMinMax;
            }

            int code = MatchOne(name, subtree.Base);
            if (code != VerifyCode.PermittedViolation)
            {
                return code == VerifyCode.Ok ? VerifyCode.ExcludedViolation : code;
            }
        }

        return VerifyCode.Ok;
    }

    private static int MatchOne(GeneralName name, GeneralName constraint) => name.Kind switch
    {
        GeneralNameKind.Directory => PermittedResult(name.Directory!.Canonical.StartsWith(constraint.Directory!.Canonical)),
        GeneralNameKind.Dns => PermittedResult(Dns(name.Text, constraint.Text)),
        GeneralNameKind.Email => Email(name.Text, constraint.Text),
        GeneralNameKind.OtherName when name.Oid == KnownOids.SmtpUtf8Mailbox => Mailbox(name, constraint.Text),
        GeneralNameKind.Uri => Uri(name.Text, constraint.Text),
        GeneralNameKind.IpAddress => Address(name.Bytes.Span, constraint.Bytes.Span),
        _ => VerifyCode.UnsupportedConstraintType,
    };

    private static int PermittedResult(bool matches) => matches ? VerifyCode.Ok : VerifyCode.PermittedViolation;

    private static bool Dns(string name, string constraint)
    {
        if (constraint.Length == 0)
        {
            return true;
        }

        // Labels may be added on the left, so the match must start after a dot.
        return name.EndsWith(constraint, StringComparison.OrdinalIgnoreCase)
            && (name.Length == constraint.Length || constraint[0] == '.' || name[^(constraint.Length + 1)] == '.');
    }

    private static int Email(string name, string constraint)
    {
        int at = name.LastIndexOf('@');
        if (at < 0)
        {
            return VerifyCode.UnsupportedNameSyntax;
        }

        int constraintAt = constraint.LastIndexOf('@');
        if (constraintAt < 0 && constraint.StartsWith('.'))
        {
            return PermittedResult(name.Length > constraint.Length && name.EndsWith(constraint, StringComparison.OrdinalIgnoreCase));
        }

        // The local part is case-sensitive, the host is not.
        if (constraintAt > 0 && !constraint.AsSpan(0, constraintAt).SequenceEqual(name.AsSpan(0, at)))
        {
            return VerifyCode.PermittedViolation;
        }

        return PermittedResult(name.AsSpan(at + 1).Equals(constraint.AsSpan(constraintAt + 1), StringComparison.OrdinalIgnoreCase));
    }

    // SmtpUTF8Mailbox (RFC 8398 section 6): only the host is constrained.
    private static int Mailbox(GeneralName name, string constraint)
    {
        if (name.OtherText is not { } mailbox || mailbox.LastIndexOf('@') is var at && at < 0)
        {
            return VerifyCode.UnsupportedNameSyntax;
        }

        // The mailbox is in UTF-8 with U-labels, the constraint in A-labels.
        if (Punycode.ToUnicode(constraint) is not { } unicode)
        {
            return VerifyCode.Unspecified;
        }

        string host = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(unicode));
        return constraint.StartsWith('.')
            ? PermittedResult(mailbox.Length > host.Length && EndsWith(mailbox, host))
            : PermittedResult(mailbox.Length - at - 1 == host.Length && EndsWith(mailbox, host));
    }

    // Compare only ASCII letters without case; other characters are bytes of UTF-8.
    private static bool EndsWith(string text, string end)
    {
        ReadOnlySpan<char> tail = text.AsSpan(text.Length - end.Length);
        for (int index = 0; index < end.Length; index++)
        {
            if (tail[index] != end[index] && !(char.IsAsciiLetter(end[index]) && (tail[index] ^ end[index]) == 0x20))
            {
                return false;
            }
        }

        return true;
    }

    private static int Uri(string name, string constraint)
    {
        int colon = name.IndexOf(':');
        if (colon < 0 || string.CompareOrdinal(name, colon, "://", 0, 3) != 0)
        {
            return VerifyCode.UnsupportedNameSyntax;
        }

        string rest = name[(colon + 3)..];
        int end = rest.IndexOf(':');
        end = end < 0 ? rest.IndexOf('/') : end;
        string host = end < 0 ? rest : rest[..end];
        if (host.Length == 0)
        {
            return VerifyCode.UnsupportedNameSyntax;
        }

        return constraint.StartsWith('.')
            ? PermittedResult(host.Length > constraint.Length && host.EndsWith(constraint, StringComparison.OrdinalIgnoreCase))
            : PermittedResult(host.Equals(constraint, StringComparison.OrdinalIgnoreCase));
    }

    private static int Address(ReadOnlySpan<byte> address, ReadOnlySpan<byte> constraint)
    {
        if (address.Length is not (4 or 16))
        {
            return VerifyCode.UnsupportedNameSyntax;
        }

        if (constraint.Length is not (8 or 32))
        {
            return VerifyCode.UnsupportedNameSyntax;
        }

        if (constraint.Length != address.Length * 2)
        {
            return VerifyCode.PermittedViolation;
        }

        for (int index = 0; index < address.Length; index++)
        {
            if (((address[index] ^ constraint[index]) & constraint[address.Length + index]) != 0)
            {
                return VerifyCode.PermittedViolation;
            }
        }

        return VerifyCode.Ok;
    }
}
