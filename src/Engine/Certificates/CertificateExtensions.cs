using System.Formats.Asn1;
using System.Numerics;
using SslModule.Engine.Oids;

namespace SslModule.Engine.Certificates;

/// <summary>The bits of keyUsage (RFC 5280 section 4.2.1.3); the first bit of the encoding is the lowest.</summary>
[Flags]
internal enum KeyUsages
{
    None = 0,
    DigitalSignature = 1 << 0,
    NonRepudiation = 1 << 1,
    KeyEncipherment = 1 << 2,
    DataEncipherment = 1 << 3,
    KeyAgreement = 1 << 4,
    CertSign = 1 << 5,
    CrlSign = 1 << 6,
    EncipherOnly = 1 << 7,
    DecipherOnly = 1 << 8,
}

/// <summary>basicConstraints (RFC 5280 section 4.2.1.9).</summary>
/// <param name="IsCa">The cA flag.</param>
/// <param name="PathLength">pathLenConstraint; null when absent.</param>
internal sealed record BasicConstraints(bool IsCa, int? PathLength);

/// <summary>authorityKeyIdentifier (RFC 5280 section 4.2.1.1).</summary>
internal sealed record AuthorityKeyIdentifier(ReadOnlyMemory<byte>? KeyIdentifier, IReadOnlyList<GeneralName>? Issuer, ReadOnlyMemory<byte>? SerialNumber)
{
    /// <summary>Parses the extension's value.</summary>
    public static AuthorityKeyIdentifier Read(ReadOnlyMemory<byte> encoded)
    {
        AsnReader fields = Asn1.Reader(encoded).ReadSequence();
        ReadOnlyMemory<byte>? key = Asn1.NextIs(fields, 0) ? fields.ReadOctetString(Asn1.Context(0)) : default(ReadOnlyMemory<byte>?);
        IReadOnlyList<GeneralName>? issuer = Asn1.NextIs(fields, 1) ? GeneralName.ReadAll(fields.ReadSequence(Asn1.Context(1, constructed: true))) : null;
        ReadOnlyMemory<byte>? serial = Asn1.NextIs(fields, 2) ? fields.ReadIntegerBytes(Asn1.Context(2)) : default(ReadOnlyMemory<byte>?);
        fields.ThrowIfNotEmpty();
        return new AuthorityKeyIdentifier(key, issuer, serial);
    }
}

/// <summary>A base name of a name constraint with its optional bounds (RFC 5280 section 4.2.1.10).</summary>
internal sealed record GeneralSubtree(GeneralName Base, bool HasBounds);

/// <summary>nameConstraints.</summary>
internal sealed record NameConstraints(IReadOnlyList<GeneralSubtree> Permitted, IReadOnlyList<GeneralSubtree> Excluded);

/// <summary>One entry of authorityInfoAccess (RFC 5280 section 4.2.2.1).</summary>
internal sealed record AccessDescription(string Method, GeneralName Location);

/// <summary>One entry of certificatePolicies; qualifiers are checked and discarded.</summary>
internal sealed record PolicyInformation(string Oid, bool HasQualifiers);

/// <summary>policyConstraints (RFC 5280 section 4.2.1.11).</summary>
internal sealed record PolicyConstraints(int? RequireExplicitPolicy, int? InhibitPolicyMapping);

/// <summary>One CRL distribution point (RFC 5280 section 4.2.1.13).</summary>
/// <param name="Name">The location of the CRL; null when absent.</param>
/// <param name="Reasons">The reason flags; null for all reasons.</param>
/// <param name="CrlIssuer">The CRL's issuer when it differs from the certificate's; null otherwise.</param>
internal sealed record DistributionPoint(DistributionPointName? Name, int? Reasons, IReadOnlyList<GeneralName>? CrlIssuer)
{
    /// <summary>The first directory name of the CRL's issuer.</summary>
    public DistinguishedName? CrlIssuerName => CrlIssuer?.FirstOrDefault(name => name.Directory is not null)?.Directory;
}

/// <summary>The decoded extensions that verification uses. A malformed or repeated one makes the certificate invalid.</summary>
internal sealed class CertificateExtensions
{
    // The critical extensions that OpenSSL's verifier supports.
    private static readonly HashSet<string> Supported =
    [
        KnownOids.NetscapeCertType, KnownOids.KeyUsage, KnownOids.SubjectAltName, KnownOids.BasicConstraints, KnownOids.CertificatePolicies,
        KnownOids.CrlDistributionPoints, KnownOids.ExtendedKeyUsage, KnownOids.IpAddressBlocks, KnownOids.AutonomousSystemIds,
        KnownOids.PolicyConstraints, KnownOids.ProxyCertInfo, KnownOids.NameConstraints, KnownOids.PolicyMappings, KnownOids.InhibitAnyPolicy,
    ];

    // A malformed one of these makes the whole certificate invalid; the others are informational.
    private static readonly HashSet<string> MustBeWellFormed =
    [
        KnownOids.BasicConstraints, KnownOids.ProxyCertInfo, KnownOids.KeyUsage, KnownOids.ExtendedKeyUsage, KnownOids.NetscapeCertType,
        KnownOids.SubjectKeyIdentifier, KnownOids.AuthorityKeyIdentifier, KnownOids.SubjectAltName, KnownOids.NameConstraints,
        KnownOids.CrlDistributionPoints, KnownOids.IpAddressBlocks, KnownOids.AutonomousSystemIds,
    ];

    private readonly HashSet<string> _present = [];
    private readonly HashSet<string> _repeated = [];
    private readonly HashSet<string> _malformedPolicies = [];

    /// <summary>Decodes <paramref name="extensions"/>.</summary>
    public CertificateExtensions(IReadOnlyList<CertificateExtension> extensions)
    {
        foreach (CertificateExtension extension in extensions)
        {
            HasUnknownCritical |= extension.Critical && !Supported.Contains(extension.Oid);
            if (!_present.Add(extension.Oid))
            {
                _repeated.Add(extension.Oid);
            }
        }

        foreach (CertificateExtension extension in extensions)
        {
            if (_repeated.Contains(extension.Oid) || !TryRead(extension))
            {
                AddMalformed(extension.Oid);
            }
        }

        CheckCombination();
    }

    /// <summary>The first malformed or repeated extension that verification needs; null when there is none.</summary>
    public string? MalformedOid { get; private set; }

    /// <summary>
    /// True when a policy extension is malformed, repeated or contradictory. policyMappings and inhibitAnyPolicy are ignored when
    /// there are no policies.
    /// </summary>
    public bool HasMalformedPolicy
        => _malformedPolicies.Contains(KnownOids.PolicyConstraints) || _malformedPolicies.Contains(KnownOids.CertificatePolicies)
            || (Policies is { Count: > 0 } && _malformedPolicies.Count > 0);

    /// <summary>True when a critical extension is not supported.</summary>
    public bool HasUnknownCritical { get; }

    /// <summary>basicConstraints; null when absent.</summary>
    public BasicConstraints? BasicConstraints { get; private set; }

    /// <summary>True when basicConstraints is critical.</summary>
    public bool BasicConstraintsCritical { get; private set; }

    /// <summary>keyUsage; null when absent.</summary>
    public KeyUsages? KeyUsage { get; private set; }

    /// <summary>extendedKeyUsage; null when absent.</summary>
    public IReadOnlyList<string>? ExtendedKeyUsage { get; private set; }

    /// <summary>True when extendedKeyUsage is critical.</summary>
    public bool ExtendedKeyUsageCritical { get; private set; }

    /// <summary>The bits of the Netscape certificate type, the first bit highest; null when absent.</summary>
    public byte? NetscapeCertType { get; private set; }

    /// <summary>subjectAltName; null when absent.</summary>
    public IReadOnlyList<GeneralName>? SubjectAltName { get; private set; }

    /// <summary>True when subjectAltName is critical.</summary>
    public bool SubjectAltNameCritical { get; private set; }

    /// <summary>subjectKeyIdentifier; null when absent.</summary>
    public ReadOnlyMemory<byte>? SubjectKeyIdentifier { get; private set; }

    /// <summary>authorityKeyIdentifier; null when absent.</summary>
    public AuthorityKeyIdentifier? AuthorityKeyIdentifier { get; private set; }

    /// <summary>nameConstraints; null when absent.</summary>
    public NameConstraints? NameConstraints { get; private set; }

    /// <summary>authorityInfoAccess; null when absent.</summary>
    public IReadOnlyList<AccessDescription>? AuthorityInfoAccess { get; private set; }

    /// <summary>cRLDistributionPoints; null when absent.</summary>
    public IReadOnlyList<DistributionPoint>? CrlDistributionPoints { get; private set; }

    /// <summary>certificatePolicies; null when absent.</summary>
    public IReadOnlyList<PolicyInformation>? Policies { get; private set; }

    /// <summary>policyMappings as pairs (issuer's policy, subject's policy); null when absent.</summary>
    public IReadOnlyList<(string Issuer, string Subject)>? PolicyMappings { get; private set; }

    /// <summary>policyConstraints; null when absent.</summary>
    public PolicyConstraints? PolicyConstraints { get; private set; }

    /// <summary>inhibitAnyPolicy; null when absent.</summary>
    public int? InhibitAnyPolicy { get; private set; }

    /// <summary>The path length of a proxy certificate (RFC 3820): null when it is not a proxy certificate, -1 when unlimited.</summary>
    public int? ProxyPathLength { get; private set; }

    /// <summary>The IP address blocks (RFC 3779); null when absent.</summary>
    public ResourceSet? AddressBlocks { get; private set; }

    /// <summary>The AS numbers (RFC 3779); null when absent.</summary>
    public ResourceSet? AutonomousSystemIds { get; private set; }

    /// <summary>True when an extension of this type is present.</summary>
    public bool Has(string oid) => _present.Contains(oid);

    /// <summary>The bits of a reasons or keyUsage BIT STRING, the first bit lowest.</summary>
    public static int Bits(ReadOnlySpan<byte> bytes)
    {
        int bits = 0;
        for (int index = 0; index < Math.Min(bytes.Length, 2) * 8; index++)
        {
            if ((bytes[index / 8] & (0x80 >> (index % 8))) != 0)
            {
                bits |= 1 << index;
            }
        }

        return bits;
    }

    private bool TryRead(CertificateExtension extension)
    {
        try
        {
            Read(extension);
            return true;
        }
        catch (Exception error) when (Asn1.IsMalformed(error))
        {
            return false;
        }
    }

    private void AddMalformed(string oid)
    {
        if (oid is KnownOids.CertificatePolicies or KnownOids.PolicyMappings or KnownOids.PolicyConstraints or KnownOids.InhibitAnyPolicy)
        {
            _malformedPolicies.Add(oid);
        }
        else if (MustBeWellFormed.Contains(oid))
        {
            MalformedOid ??= oid;
        }
    }

    // OpenSSL's checks across extensions: a proxy certificate must not be a CA or have alternative names, and keyUsage must have at
    // least one bit.
    private void CheckCombination()
    {
        if (ProxyPathLength is not null && (BasicConstraints is { IsCa: true } || Has(KnownOids.SubjectAltName) || Has(KnownOids.IssuerAltName)))
        {
            MalformedOid ??= KnownOids.ProxyCertInfo;
        }

        if (KeyUsage == KeyUsages.None)
        {
            MalformedOid ??= KnownOids.KeyUsage;
        }
    }

    private void Read(CertificateExtension extension)
    {
        AsnReader reader = Asn1.Reader(extension.Value);
        switch (extension.Oid)
        {
            case KnownOids.BasicConstraints:
                BasicConstraintsCritical = extension.Critical;
                BasicConstraints = ReadBasicConstraints(reader.ReadSequence());
                break;
            case KnownOids.KeyUsage:
                KeyUsage = (KeyUsages)Bits(Asn1.ReadBits(reader).Bytes);
                break;
            case KnownOids.ExtendedKeyUsage:
                ExtendedKeyUsageCritical = extension.Critical;
                ExtendedKeyUsage = ReadList(reader.ReadSequence(), item => item.ReadObjectIdentifier());
                break;
            case KnownOids.NetscapeCertType:
                byte[] bits = Asn1.ReadBits(reader).Bytes;
                NetscapeCertType = bits.Length > 0 ? bits[0] : (byte)0;
                break;
            case KnownOids.SubjectAltName:
                SubjectAltNameCritical = extension.Critical;
                SubjectAltName = GeneralName.ReadAll(reader.ReadSequence());
                break;
            case KnownOids.IssuerAltName:
                GeneralName.ReadAll(reader.ReadSequence());
                break;
            case KnownOids.SubjectKeyIdentifier:
                SubjectKeyIdentifier = reader.ReadOctetString();
                break;
            case KnownOids.AuthorityKeyIdentifier:
                AuthorityKeyIdentifier = AuthorityKeyIdentifier.Read(extension.Value);
                break;
            case KnownOids.NameConstraints:
                NameConstraints = ReadNameConstraints(reader.ReadSequence());
                break;
            case KnownOids.AuthorityInfoAccess:
                AuthorityInfoAccess = ReadList(reader.ReadSequence(), ReadAccessDescription);
                break;
            case KnownOids.CrlDistributionPoints:
                CrlDistributionPoints = ReadList(reader.ReadSequence(), ReadDistributionPoint);

                // A distribution point without a name and an issuer is ignored; the others stay usable.
                Require(CrlDistributionPoints.All(point => point.Name is not null || point.CrlIssuer is { Count: > 0 }));
                break;
            case KnownOids.CertificatePolicies:
                Policies = ReadList(reader.ReadSequence(), ReadPolicy);
                Require(Policies.DistinctBy(policy => policy.Oid).Count() == Policies.Count);
                break;
            case KnownOids.PolicyMappings:
                PolicyMappings = ReadList(reader.ReadSequence(), ReadMapping);
                Require(PolicyMappings.Count > 0 && PolicyMappings.All(mapping => mapping.Issuer != KnownOids.AnyPolicy && mapping.Subject != KnownOids.AnyPolicy));
                break;
            case KnownOids.PolicyConstraints:
                PolicyConstraints = ReadPolicyConstraints(reader.ReadSequence());
                Require(PolicyConstraints.RequireExplicitPolicy is not null || PolicyConstraints.InhibitPolicyMapping is not null);
                break;
            case KnownOids.InhibitAnyPolicy:
                InhibitAnyPolicy = SkipCount(reader.ReadInteger());
                break;
            case KnownOids.IpAddressBlocks:
                AddressBlocks = ResourceSet.ReadAddresses(reader.ReadSequence());
                break;
            case KnownOids.AutonomousSystemIds:
                AutonomousSystemIds = ResourceSet.ReadNumbers(reader.ReadSequence());
                break;
            case KnownOids.ProxyCertInfo:
                ProxyPathLength = ReadProxy(reader.ReadSequence());
                break;
            default:
                break;
        }

        // Bytes after the value are ignored, as in OpenSSL.
    }

    private static void Require(bool condition)
    {
        if (!condition)
        {
            throw new AsnContentException();
        }
    }

    private static BasicConstraints ReadBasicConstraints(AsnReader fields)
    {
        bool authority = fields.HasData && fields.PeekTag() == Asn1Tag.Boolean && fields.ReadBoolean();
        int? length = null;
        if (fields.HasData)
        {
            BigInteger value = fields.ReadInteger();

            // A negative path length is invalid; one without the cA flag violates only the strict rules.
            length = SkipCount(value);
        }

        fields.ThrowIfNotEmpty();
        return new BasicConstraints(authority, length);
    }

    private static NameConstraints ReadNameConstraints(AsnReader fields)
    {
        IReadOnlyList<GeneralSubtree> permitted = Asn1.NextIs(fields, 0) ? ReadList(fields.ReadSequence(Asn1.Context(0, constructed: true)), ReadSubtree) : [];
        IReadOnlyList<GeneralSubtree> excluded = Asn1.NextIs(fields, 1) ? ReadList(fields.ReadSequence(Asn1.Context(1, constructed: true)), ReadSubtree) : [];
        fields.ThrowIfNotEmpty();
        return new NameConstraints(permitted, excluded);
    }

    private static GeneralSubtree ReadSubtree(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        GeneralName name = GeneralName.Read(fields);
        bool bounds = false;
        if (Asn1.NextIs(fields, 0))
        {
            bounds |= !fields.ReadInteger(Asn1.Context(0)).IsZero;
        }

        if (Asn1.NextIs(fields, 1))
        {
            fields.ReadInteger(Asn1.Context(1));
            bounds = true;
        }

        fields.ThrowIfNotEmpty();
        return new GeneralSubtree(name, bounds);
    }

    private static AccessDescription ReadAccessDescription(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        string method = fields.ReadObjectIdentifier();
        GeneralName location = GeneralName.Read(fields);
        fields.ThrowIfNotEmpty();
        return new AccessDescription(method, location);
    }

    private static DistributionPoint ReadDistributionPoint(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        DistributionPointName? name = Asn1.NextIs(fields, 0) ? DistributionPointName.Read(fields) : null;
        int? reasons = Asn1.NextIs(fields, 1) ? Bits(Asn1.ReadBits(fields, Asn1.Context(1)).Bytes) & RevocationReasons.All : null;
        IReadOnlyList<GeneralName>? issuer = Asn1.NextIs(fields, 2) ? GeneralName.ReadAll(fields.ReadSequence(Asn1.Context(2, constructed: true))) : null;
        fields.ThrowIfNotEmpty();
        return new DistributionPoint(name, reasons, issuer);
    }

    private static PolicyInformation ReadPolicy(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        string oid = fields.ReadObjectIdentifier();
        bool qualifiers = fields.HasData;
        if (qualifiers)
        {
            PolicyQualifiers.Check(fields.ReadSequence());
        }

        fields.ThrowIfNotEmpty();
        return new PolicyInformation(oid, qualifiers);
    }

    private static (string Issuer, string Subject) ReadMapping(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        (string, string) mapping = (fields.ReadObjectIdentifier(), fields.ReadObjectIdentifier());
        fields.ThrowIfNotEmpty();
        return mapping;
    }

    private static PolicyConstraints ReadPolicyConstraints(AsnReader fields)
    {
        int? require = Asn1.NextIs(fields, 0) ? SkipCount(fields.ReadInteger(Asn1.Context(0))) : null;
        int? inhibit = Asn1.NextIs(fields, 1) ? SkipCount(fields.ReadInteger(Asn1.Context(1))) : null;
        fields.ThrowIfNotEmpty();
        return new PolicyConstraints(require, inhibit);
    }

    private static int ReadProxy(AsnReader fields)
    {
        int length = fields.PeekTag() == Asn1Tag.Integer ? SkipCount(fields.ReadInteger()) : -1;
        fields.ReadSequence();
        fields.ThrowIfNotEmpty();
        return length;
    }

    // Values above the maximum chain length mean "no limit".
    private static int SkipCount(BigInteger value)
        => value.Sign < 0 ? throw new AsnContentException() : (int)BigInteger.Min(value, int.MaxValue);

    private static List<T> ReadList<T>(AsnReader sequence, Func<AsnReader, T> read)
    {
        var items = new List<T>();
        while (sequence.HasData)
        {
            items.Add(read(sequence));
        }

        return items;
    }
}
