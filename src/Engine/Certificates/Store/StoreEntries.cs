namespace SslModule.Engine.Certificates;

/// <summary>A certificate as a Windows store holds it, with the two places that may say what it is good for.</summary>
/// <param name="Encoded">Its encoding.</param>
/// <param name="EncodingType">The kind of encoding, as wincrypt.h numbers them.</param>
/// <param name="PropertyUsages">The extended key usages that an administrator set for it; null when none did.</param>
/// <param name="ExtensionUsages">Those of its own extension; null without one.</param>
internal sealed record RawStoreCertificate(
    byte[] Encoded,
    int EncodingType,
    IReadOnlyList<string>? PropertyUsages,
    IReadOnlyList<string>? ExtensionUsages);

/// <summary>A certificate of a Windows store and what it is trusted for.</summary>
/// <param name="Encoded">Its encoding.</param>
/// <param name="EncodingType">The kind of encoding, as wincrypt.h numbers them.</param>
/// <param name="Usages">The identifiers of the uses it is trusted for; null when for all.</param>
internal sealed record StoreCertificate(byte[] Encoded, int EncodingType, IReadOnlySet<string>? Usages);

/// <summary>A CRL of a Windows store.</summary>
/// <param name="Encoded">Its encoding.</param>
/// <param name="EncodingType">The kind of encoding, as wincrypt.h numbers them.</param>
internal sealed record StoreRevocationList(byte[] Encoded, int EncodingType);

/// <summary>Where the contents of a system store come from.</summary>
internal interface IStoreReader
{
    /// <summary>The certificates of a store, from all the places where the system keeps one of that name.</summary>
    IEnumerable<RawStoreCertificate> ReadCertificates(string store);

    /// <summary>The CRLs of a store.</summary>
    IEnumerable<StoreRevocationList> ReadRevocationLists(string store);
}
