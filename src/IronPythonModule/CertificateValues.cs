using IronPython.Runtime;
using SslModule.Engine.Certificates;

namespace SslModule.IronPython;

/// <summary>A certificate as the dict that getpeercert() documents.</summary>
internal static class CertificateValues
{
    /// <summary>The dict.</summary>
    public static PythonDictionary Decoded(Certificate certificate)
    {
        CertificateInfo info = CertificateDecoder.Decode(certificate);
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
        => Values.Tuple(name, relative => Values.Tuple(relative, attribute => Values.Tuple(attribute.Type, attribute.Value)));
}
