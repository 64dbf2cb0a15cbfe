using IronPython.Runtime;
using SslModule.Engine.Certificates;

namespace SslModule.IronPython;

/// <summary>A certificate as the dict that getpeercert() documents.</summary>
internal static class CertificateValues
{
    /// <summary>The dict.</summary>
    public static PythonDictionary Decoded(Certificate certificate) => Decoded(CertificateDecoder.Decode(certificate));

    /// <summary>The dict as Python 3.4's debugging function has it: with the end of line that OpenSSL prints after an IPv6 address.</summary>
    public static PythonDictionary Printed(Certificate certificate)
    {
        CertificateInfo info = CertificateDecoder.Decode(certificate);
        return Decoded(info with
        {
            SubjectAltName = info.SubjectAltName is { } names ? [.. names.Select(Print)] : null,
        });

        static GeneralNameInfo Print(GeneralNameInfo name)
            => name.Type == "IP Address" && name.Value?.Contains(':', StringComparison.Ordinal) == true ? name with { Value = name.Value + "\n" } : name;
    }

    private static PythonDictionary Decoded(CertificateInfo info)
    {
        var dict = new PythonDictionary
        {
            ["subject"] = Name(info.Subject),
            ["issuer"] = Name(info.Issuer),
            ["version"] = info.Version,
            ["serialNumber"] = info.SerialNumber,
            ["notBefore"] = info.NotBefore,
            ["notAfter"] = info.NotAfter,
        };
        if (info.SubjectAltName is { } names)
        {
            dict["subjectAltName"] = Values.Tuple(names, AlternativeName);
        }

        PutTexts(dict, "OCSP", info.OcspUrls);
        PutTexts(dict, "caIssuers", info.CaIssuers);
        PutTexts(dict, "crlDistributionPoints", info.CrlDistributionPoints);
        return dict;
    }

    private static void PutTexts(PythonDictionary dict, string key, IReadOnlyList<string>? texts)
    {
        if (texts is not null)
        {
            dict[key] = Values.Tuple(texts, text => text);
        }
    }

    private static PythonTuple AlternativeName(GeneralNameInfo name)
        => Values.Tuple(name.Type, name.DirectoryName is { } directory ? Name(directory) : name.Value);

    private static PythonTuple Name(IReadOnlyList<IReadOnlyList<NameAttribute>> name)
        => Values.Tuple(name, relative => Values.Tuple(relative, attribute => Values.Tuple(attribute.Type, attribute.Bits is { } bits ? Values.Bytes(bits) : attribute.Text)));
}
