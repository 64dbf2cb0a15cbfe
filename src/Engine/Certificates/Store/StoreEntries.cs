namespace SslModule.Engine.Certificates;

/// <summary>A certificate of a Windows store, with the two places that may restrict its use.</summary>
/// <param name="Encoded">The encoded certificate.</param>
/// <param name="EncodingType">The encoding type, a wincrypt.h constant.</param>
/// <param name="PropertyUsages">The extended key usages set as a store property by an administrator; null when not set.</param>
/// <param name="ExtensionUsages">The extended key usages of the certificate's extension; null when absent.</param>
internal sealed record RawStoreCertificate(
    byte[] Encoded,
    int EncodingType,
    IReadOnlyList<string>? PropertyUsages,
    IReadOnlyList<string>? ExtensionUsages);

/// <summary>A certificate of a Windows store and the uses it is trusted for.</summary>
/// <param name="Encoded">The encoded certificate.</param>
/// <param name="EncodingType">The encoding type, a wincrypt.h constant.</param>
/// <param name="Usages">The OIDs of the uses it is trusted for; null for all uses.</param>
internal sealed record StoreCertificate(byte[] Encoded, int EncodingType, IReadOnlySet<string>? Usages);

/// <summary>A CRL of a Windows store.</summary>
/// <param name="Encoded">The encoded CRL.</param>
/// <param name="EncodingType">The encoding type, a wincrypt.h constant.</param>
internal sealed record StoreRevocationList(byte[] Encoded, int EncodingType);

/// <summary>Reads system certificate stores.</summary>
internal interface IStoreReader
{
    /// <summary>The certificates of a store, from all its physical locations.</summary>
    IEnumerable<RawStoreCertificate> ReadCertificates(string store);

    /// <summary>The CRLs of a store.</summary>
    IEnumerable<StoreRevocationList> ReadRevocationLists(string store);
}
