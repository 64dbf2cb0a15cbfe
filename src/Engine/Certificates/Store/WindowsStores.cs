using System.Runtime.Versioning;

namespace SslModule.Engine.Certificates;

/// <summary>The certificates and CRLs of the system stores of Windows: what enum_certificates() and enum_crls() list.</summary>
internal sealed class WindowsStores(IStoreReader reader)
{
    // X509_ASN_ENCODING and PKCS_7_ASN_ENCODING of wincrypt.h.
    private const int X509 = 0x1;
    private const int Pkcs7 = 0x10000;

    /// <summary>The system stores of this machine.</summary>
    [SupportedOSPlatform("windows")]
    public static WindowsStores System { get; } = new(new CryptoApiReader());

    /// <summary>Python's name of an encoding type; null when it has none and the number is returned instead.</summary>
    public static string? EncodingName(int type) => type switch
    {
        X509 => "x509_asn",
        Pkcs7 => "pkcs_7_asn",
        _ => null,
    };

    /// <summary>The certificates of a store without duplicates; the same certificate may be in several physical stores.</summary>
    /// <exception cref="Errors.TlsError">The store does not exist or cannot be opened.</exception>
    public IReadOnlyList<StoreCertificate> Certificates(string store)
    {
        var seen = new HashSet<(string, int, string?)>();
        var certificates = new List<StoreCertificate>();
        foreach (RawStoreCertificate raw in reader.ReadCertificates(store))
        {
            // A property set by an administrator overrides the certificate's extension.
            SortedSet<string>? usages = (raw.PropertyUsages ?? raw.ExtensionUsages) is { } list ? new SortedSet<string>(list, StringComparer.Ordinal) : null;
            if (seen.Add((Convert.ToHexString(raw.Encoded), raw.EncodingType, usages is null ? null : string.Join(' ', usages))))
            {
                certificates.Add(new StoreCertificate(raw.Encoded, raw.EncodingType, usages));
            }
        }

        return certificates;
    }

    /// <summary>The CRLs of a store without duplicates.</summary>
    /// <exception cref="Errors.TlsError">The store does not exist or cannot be opened.</exception>
    public IReadOnlyList<StoreRevocationList> RevocationLists(string store)
        => [.. reader.ReadRevocationLists(store).DistinctBy(list => (Convert.ToHexString(list.Encoded), list.EncodingType))];
}
