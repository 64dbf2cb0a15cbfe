using System.Net;
using System.Numerics;
using SslModule.Engine.Errors;
using SslModule.Engine.Oids;

namespace SslModule.Engine.Certificates;

/// <summary>Writes a certificate in the form of Python's <c>getpeercert()</c>.</summary>
internal static class CertificateDecoder
{
    private const string Ocsp = "1.3.6.1.5.5.7.48.1";
    private const string CaIssuers = "1.3.6.1.5.5.7.48.2";

    /// <summary>The decoded certificate.</summary>
    /// <exception cref="TlsError">A text in it is not of its declared type.</exception>
    public static CertificateInfo Decode(Certificate certificate) => new(
        Name(certificate.Subject),
        Name(certificate.Issuer),
        certificate.Version,
        SerialNumber(certificate.SerialNumber),
        certificate.NotBefore.Text,
        certificate.NotAfter.Text,
        certificate.Extensions.SubjectAltName?.Select(AlternativeName).ToArray(),
        Access(certificate, Ocsp),
        Access(certificate, CaIssuers),
        DistributionPoints(certificate));

    // OpenSSL's BN_bn2hex of the number: whole bytes, a minus sign for the negative numbers that no authority should issue.
    private static string SerialNumber(ReadOnlyMemory<byte> bytes)
    {
        var number = new BigInteger(bytes.Span, isUnsigned: false, isBigEndian: true);
        string hex = Convert.ToHexString(BigInteger.Abs(number).ToByteArray(isUnsigned: true, isBigEndian: true));
        return number.Sign < 0 ? "-" + hex : hex;
    }

    private static IReadOnlyList<NameAttribute>[] Name(DistinguishedName name)
        => [.. name.RelativeNames.Select(relative => relative.Select(Attribute).ToArray())];

    private static NameAttribute Attribute(NameValue value)
    {
        string type = ObjectIdentifiers.TryByOid(value.Oid, out OidEntry? entry) ? entry.LongName : value.Oid;
        return new NameAttribute(type, value.Text ?? throw TlsError.Ssl("ASN1", "ILLEGAL_CHARACTERS"));
    }

    private static GeneralNameInfo AlternativeName(GeneralName name) => name.Kind switch
    {
        GeneralNameKind.Directory => new GeneralNameInfo("DirName", "", Name(name.Directory!)),
        GeneralNameKind.Email => new GeneralNameInfo("email", name.Text, null),
        GeneralNameKind.Dns => new GeneralNameInfo("DNS", name.Text, null),
        GeneralNameKind.Uri => new GeneralNameInfo("URI", name.Text, null),
        GeneralNameKind.RegisteredId => new GeneralNameInfo("Registered ID", RegisteredId(name.Oid!), null),
        GeneralNameKind.IpAddress => new GeneralNameInfo("IP Address", Address(name.Bytes), null),
        GeneralNameKind.OtherName => new GeneralNameInfo("othername", "<unsupported>", null),
        GeneralNameKind.X400 => new GeneralNameInfo("X400Name", "<unsupported>", null),
        _ => new GeneralNameInfo("EdiPartyName", "<unsupported>", null),
    };

    private static string RegisteredId(string oid) => ObjectIdentifiers.TryByOid(oid, out OidEntry? entry) ? entry.LongName : oid;

    // IPv6 as OpenSSL prints it: eight groups in upper case, nothing left out.
    private static string Address(ReadOnlyMemory<byte> bytes) => bytes.Length switch
    {
        4 => new IPAddress(bytes.Span).ToString(),
        16 => string.Join(':', Enumerable.Range(0, 8).Select(group => $"{(bytes.Span[2 * group] << 8) | bytes.Span[(2 * group) + 1]:X}")),
        _ => "<invalid>",
    };

    private static string[]? Access(Certificate certificate, string method)
    {
        string[] locations =
        [
            .. (certificate.Extensions.AuthorityInfoAccess ?? [])
                .Where(access => access.Method == method && access.Location.Kind == GeneralNameKind.Uri)
                .Select(access => access.Location.Text),
        ];
        return locations.Length > 0 ? locations : null;
    }

    private static string[]? DistributionPoints(Certificate certificate)
    {
        string[] locations =
        [
            .. (certificate.Extensions.CrlDistributionPoints ?? [])
                .SelectMany(point => point.FullName ?? [])
                .Where(name => name.Kind == GeneralNameKind.Uri)
                .Select(name => name.Text),
        ];
        return locations.Length > 0 ? locations : null;
    }
}
