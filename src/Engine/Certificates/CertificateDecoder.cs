using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using SslModule.Engine.Errors;
using SslModule.Engine.Oids;

namespace SslModule.Engine.Certificates;

/// <summary>Decodes a certificate to the structure of CPython's getpeercert().</summary>
internal static class CertificateDecoder
{
    private const int SerialBytesPerLine = 35;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // The other name types whose values OpenSSL prints.
    private static readonly Dictionary<string, string> PrintedOtherNames = new()
    {
        [KnownOids.SmtpUtf8Mailbox] = "SmtpUTF8Mailbox",
        ["1.3.6.1.5.5.7.8.5"] = "XmppAddr",
        [KnownOids.SrvName] = "SRVName",
        ["1.3.6.1.4.1.311.20.2.3"] = "UPN",
        ["1.3.6.1.5.5.7.8.8"] = "NAIRealm",
    };

    /// <summary>Decodes a certificate. Text that is not valid UTF-8 raises a TlsError, as it raises a UnicodeDecodeError in CPython.</summary>
    public static CertificateInfo Decode(Certificate certificate)
    {
        CertificateExtensions extensions = certificate.Extensions;
        return new CertificateInfo
        {
            Subject = Name(certificate.Subject),
            Issuer = Name(certificate.Issuer),
            Version = certificate.Version,
            SerialNumber = Serial(certificate.SerialNumber.Span),
            NotBefore = certificate.NotBefore.Text,
            NotAfter = certificate.NotAfter.Text,
            SubjectAltName = extensions.SubjectAltName is { } names ? [.. names.Select(Alternative)] : null,
            OcspUrls = Access(extensions, KnownOids.Ocsp),
            CaIssuers = Access(extensions, KnownOids.CaIssuers),
            CrlDistributionPoints = DistributionPoints(extensions),
        };
    }

    private static List<IReadOnlyList<NameAttribute>> Name(DistinguishedName name)
        => [.. name.RelativeNames.Select(relative => (IReadOnlyList<NameAttribute>)[.. relative.Select(Attribute)])];

    private static NameAttribute Attribute(NameValue value)
        => value.Text is null && value.Tag != Asn1Text.BitString
            ? throw TlsError.LibraryOnly("PEM", "ASN1 lib")
            : new NameAttribute(ObjectName(value.Oid), value.Text, value.Text is null && !value.Bytes.IsEmpty ? value.Bytes.ToArray() : null);

    private static string ObjectName(string oid) => ObjectIdentifiers.TryByOid(oid, out OidEntry? known) ? known.LongName : oid;

    private static GeneralNameInfo Alternative(GeneralName name) => name.Kind switch
    {
        GeneralNameKind.Directory => new GeneralNameInfo("DirName", "", Name(name.Directory!)),
        GeneralNameKind.Email => Text("email", name.Bytes.Span),
        GeneralNameKind.Dns => Text("DNS", name.Bytes.Span),
        GeneralNameKind.Uri => Text("URI", name.Bytes.Span),
        GeneralNameKind.RegisteredId => new GeneralNameInfo("Registered ID", ObjectName(name.Oid!), null),
        GeneralNameKind.IpAddress => new GeneralNameInfo("IP Address", Address(name.Bytes.Span), null),
        GeneralNameKind.X400 => new GeneralNameInfo("X400Name", "<unsupported>", null),
        GeneralNameKind.EdiParty => new GeneralNameInfo("EdiPartyName", "<unsupported>", null),
        _ => OtherName(name),
    };

    private static GeneralNameInfo OtherName(GeneralName name)
        => name.OtherText is { } text && PrintedOtherNames.TryGetValue(name.Oid!, out string? label)
            ? Text("othername", Encoding.Latin1.GetBytes($"{label}:{text}"))
            : new GeneralNameInfo("othername", "<unsupported>", null);

    private static GeneralNameInfo Text(string type, ReadOnlySpan<byte> bytes) => new(type, Utf8(bytes), null);

    private static string Utf8(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException error)
        {
            byte first = error.BytesUnknown is [byte unknown, ..] ? unknown : (byte)0;
            throw TlsError.Value(string.Create(CultureInfo.InvariantCulture, $"'utf-8' codec can't decode byte 0x{first:x2} in position {error.Index}: invalid start byte"));
        }
    }

    // IPv6 addresses have eight upper-case groups without zero compression.
    private static string Address(ReadOnlySpan<byte> bytes)
    {
        switch (bytes.Length)
        {
            case 4:
                return string.Create(CultureInfo.InvariantCulture, $"{bytes[0]}.{bytes[1]}.{bytes[2]}.{bytes[3]}");
            case 16:
                var groups = new string[8];
                for (int index = 0; index < groups.Length; index++)
                {
                    groups[index] = BinaryPrimitives.ReadUInt16BigEndian(bytes[(2 * index)..]).ToString("X", CultureInfo.InvariantCulture);
                }

                return string.Join(':', groups);
            default:
                return "<invalid>";
        }
    }

    private static string Serial(ReadOnlySpan<byte> bytes)
    {
        var value = new System.Numerics.BigInteger(bytes, isBigEndian: true);
        string sign = value.Sign < 0 ? "-" : "";
        byte[] magnitude = System.Numerics.BigInteger.Abs(value).ToByteArray(isUnsigned: true, isBigEndian: true);

        // OpenSSL folds long numbers with a backslash, and CPython uses the first line.
        return magnitude.Length > SerialBytesPerLine
            ? sign + Convert.ToHexString(magnitude, 0, SerialBytesPerLine) + "\\\n"
            : sign + Convert.ToHexString(magnitude);
    }

    private static List<string>? Access(CertificateExtensions extensions, string method)
    {
        List<string>? found = extensions.AuthorityInfoAccess?
            .Where(access => access.Method == method && access.Location.Kind == GeneralNameKind.Uri)
            .Select(access => Utf8(access.Location.Bytes.Span))
            .ToList();
        return found is { Count: > 0 } ? found : null;
    }

    private static List<string>? DistributionPoints(CertificateExtensions extensions)
    {
        List<string>? found = extensions.CrlDistributionPoints?
            .SelectMany(point => point.Name?.FullNames ?? [])
            .Where(name => name.Kind == GeneralNameKind.Uri)
            .Select(name => Utf8(name.Bytes.Span))
            .ToList();
        return found is { Count: > 0 } ? found : null;
    }
}
