namespace SslModule.Engine.Certificates;

/// <summary>An attribute of a name: the long name of its type, or its identifier where OpenSSL has no name, and its text.</summary>
internal sealed record NameAttribute(string Type, string Value);

/// <summary>A general name in getpeercert()'s form; a directory name has <paramref name="DirectoryName"/> in place of a text.</summary>
internal sealed record GeneralNameInfo(string Type, string Value, IReadOnlyList<IReadOnlyList<NameAttribute>>? DirectoryName);

/// <summary>A certificate as Python's <c>getpeercert()</c> documents it; null for what the certificate does not have.</summary>
internal sealed record CertificateInfo(
    IReadOnlyList<IReadOnlyList<NameAttribute>> Subject,
    IReadOnlyList<IReadOnlyList<NameAttribute>> Issuer,
    int Version,
    string SerialNumber,
    string NotBefore,
    string NotAfter,
    IReadOnlyList<GeneralNameInfo>? SubjectAltName,
    IReadOnlyList<string>? OcspUrls,
    IReadOnlyList<string>? CaIssuers,
    IReadOnlyList<string>? CrlDistributionPoints);
