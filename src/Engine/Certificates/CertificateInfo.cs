namespace SslModule.Engine.Certificates;

/// <summary>One attribute of a name, such as (commonName, localhost).</summary>
/// <param name="Type">OpenSSL's word for the type, or its identifier.</param>
/// <param name="Text">A character string; null for bits.</param>
/// <param name="Bits">The bytes of a BIT STRING; null for text, and where there are none, as in CPython.</param>
internal sealed record NameAttribute(string Type, string? Text, byte[]? Bits);

/// <summary>One entry of subjectAltName, such as (DNS, localhost).</summary>
/// <param name="Type">OpenSSL's word for the kind.</param>
/// <param name="Value">The text; empty for a directory name.</param>
/// <param name="DirectoryName">The name of a DirName; null otherwise.</param>
internal sealed record GeneralNameInfo(string Type, string Value, IReadOnlyList<IReadOnlyList<NameAttribute>>? DirectoryName);

/// <summary>A certificate as getpeercert() tells it; what is null has no key in the dict.</summary>
internal sealed record CertificateInfo
{
    /// <summary>The subject, a list of relative names.</summary>
    public required IReadOnlyList<IReadOnlyList<NameAttribute>> Subject { get; init; }

    /// <summary>The issuer, likewise.</summary>
    public required IReadOnlyList<IReadOnlyList<NameAttribute>> Issuer { get; init; }

    /// <summary>1, 2 or 3.</summary>
    public required int Version { get; init; }

    /// <summary>Hexadecimal digits, two for each byte.</summary>
    public required string SerialNumber { get; init; }

    /// <summary>Such as <c>Aug 29 14:23:16 2018 GMT</c>.</summary>
    public required string NotBefore { get; init; }

    /// <summary>Likewise.</summary>
    public required string NotAfter { get; init; }

    /// <summary>The alternative names.</summary>
    public IReadOnlyList<GeneralNameInfo>? SubjectAltName { get; init; }

    /// <summary>Where OCSP answers.</summary>
    public IReadOnlyList<string>? OcspUrls { get; init; }

    /// <summary>Where the issuer's certificate lies.</summary>
    public IReadOnlyList<string>? CaIssuers { get; init; }

    /// <summary>Where CRLs lie.</summary>
    public IReadOnlyList<string>? CrlDistributionPoints { get; init; }
}
