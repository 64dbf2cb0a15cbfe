namespace SslModule.Engine.Certificates;

/// <summary>One attribute of a name, such as (commonName, localhost).</summary>
/// <param name="Type">OpenSSL's name of the attribute type, or its dotted OID.</param>
/// <param name="Text">A character string; null for bits.</param>
/// <param name="Bits">The bytes of a BIT STRING; null for text and for empty values, as in CPython.</param>
internal sealed record NameAttribute(string Type, string? Text, byte[]? Bits);

/// <summary>One entry of subjectAltName, such as (DNS, localhost).</summary>
/// <param name="Type">OpenSSL's name of the kind.</param>
/// <param name="Value">The text; empty for a directory name.</param>
/// <param name="DirectoryName">The name of a DirName entry; null otherwise.</param>
internal sealed record GeneralNameInfo(string Type, string Value, IReadOnlyList<IReadOnlyList<NameAttribute>>? DirectoryName);

/// <summary>A certificate as getpeercert() returns it; null members have no key in the dict.</summary>
internal sealed record CertificateInfo
{
    /// <summary>The subject as a list of relative distinguished names.</summary>
    public required IReadOnlyList<IReadOnlyList<NameAttribute>> Subject { get; init; }

    /// <summary>The issuer as a list of relative distinguished names.</summary>
    public required IReadOnlyList<IReadOnlyList<NameAttribute>> Issuer { get; init; }

    /// <summary>The version: 1, 2 or 3.</summary>
    public required int Version { get; init; }

    /// <summary>The serial number in hexadecimal, two digits for each byte.</summary>
    public required string SerialNumber { get; init; }

    /// <summary>The start of validity, such as <c>Aug 29 14:23:16 2018 GMT</c>.</summary>
    public required string NotBefore { get; init; }

    /// <summary>The end of validity in the same format.</summary>
    public required string NotAfter { get; init; }

    /// <summary>The subject alternative names.</summary>
    public IReadOnlyList<GeneralNameInfo>? SubjectAltName { get; init; }

    /// <summary>The OCSP responder URIs.</summary>
    public IReadOnlyList<string>? OcspUrls { get; init; }

    /// <summary>The URIs of the issuer's certificate.</summary>
    public IReadOnlyList<string>? CaIssuers { get; init; }

    /// <summary>The CRL distribution point URIs.</summary>
    public IReadOnlyList<string>? CrlDistributionPoints { get; init; }
}
