using SslModule.CPython.Binding;
using SslModule.CPython.Native;
using SslModule.Engine.Certificates;

namespace SslModule.CPython.Surface;

/// <summary>A certificate as the dict that getpeercert() documents.</summary>
internal static class CertificateValues
{
    /// <summary>The dict.</summary>
    public static nint Decoded(Certificate certificate)
    {
        CertificateInfo info = CertificateDecoder.Decode(certificate);
        using var dict = new Owned(PythonApi.PyDict_New());
        Values.Put(dict.Value, "subject", Name(info.Subject));
        Values.Put(dict.Value, "issuer", Name(info.Issuer));
        Values.Put(dict.Value, "version", Values.Int(info.Version));
        Values.Put(dict.Value, "serialNumber", Values.Str(info.SerialNumber));
        Values.Put(dict.Value, "notBefore", Values.Str(info.NotBefore));
        Values.Put(dict.Value, "notAfter", Values.Str(info.NotAfter));
        if (info.SubjectAltName is { } names)
        {
            Values.Put(dict.Value, "subjectAltName", Values.TupleOf(names, AlternativeName));
        }

        PutTexts(dict.Value, "OCSP", info.OcspUrls);
        PutTexts(dict.Value, "caIssuers", info.CaIssuers);
        PutTexts(dict.Value, "crlDistributionPoints", info.CrlDistributionPoints);
        return dict.Give();
    }

    private static void PutTexts(nint dict, string key, IReadOnlyList<string>? texts)
    {
        if (texts is not null)
        {
            Values.Put(dict, key, Values.TupleOf(texts, Values.Str));
        }
    }

    private static nint AlternativeName(GeneralNameInfo name) => Values.Tuple(
        Values.Str(name.Type),
        name.DirectoryName is { } directory ? Name(directory) : Values.Str(name.Value));

    private static nint Name(IReadOnlyList<IReadOnlyList<NameAttribute>> name)
        => Values.TupleOf(name, relative => Values.TupleOf(relative, attribute => Values.Tuple(Values.Str(attribute.Type), Value(attribute))));

    private static nint Value(NameAttribute attribute)
        => attribute.Bits is { } bits ? Values.Bytes(bits) : Values.StrOrNone(attribute.Text);
}
