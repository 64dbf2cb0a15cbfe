using System.Formats.Asn1;
using System.Numerics;
using SslModule.Engine.Oids;

namespace SslModule.Engine.Certificates;

/// <summary>One revoked certificate of a CRL (RFC 5280 section 5.3).</summary>
/// <param name="Issuers">The certificate issuer that an indirect CRL names in this or an earlier entry; null for the CRL's own issuer.</param>
/// <param name="Reason">The CRLReason; -1 when none is given.</param>
internal sealed record RevocationEntry(IReadOnlyList<GeneralName>? Issuers, int Reason)
{
    /// <summary>The reason in a delta CRL that removes a certificate from the base.</summary>
    public const int RemoveFromCrl = 8;

    /// <summary>True when the entry is about a certificate of <paramref name="issuer"/>; <paramref name="own"/> is the CRL's issuer.</summary>
    public bool AppliesTo(DistinguishedName issuer, DistinguishedName own)
        => Issuers is null ? issuer.Equals(own) : Issuers.Any(name => name.Directory?.Equals(issuer) == true);
}

/// <summary>issuingDistributionPoint (RFC 5280 section 5.2.5): the scope of a CRL.</summary>
internal sealed record IssuingDistributionPoint
{
    /// <summary>The distribution point names; null when absent.</summary>
    public DistributionPointName? Name { get; init; }

    /// <summary>Covers only end-entity certificates.</summary>
    public bool OnlyContainsUserCerts { get; init; }

    /// <summary>Covers only CA certificates.</summary>
    public bool OnlyContainsCaCerts { get; init; }

    /// <summary>Covers only attribute certificates.</summary>
    public bool OnlyContainsAttributeCerts { get; init; }

    /// <summary>The covered reasons; null for all.</summary>
    public int? Reasons { get; init; }

    /// <summary>Covers certificates of other issuers too.</summary>
    public bool IsIndirect { get; init; }

    /// <summary>True when it is limited to two certificate types at once, which is invalid.</summary>
    public bool IsContradictory => (OnlyContainsUserCerts ? 1 : 0) + (OnlyContainsCaCerts ? 1 : 0) + (OnlyContainsAttributeCerts ? 1 : 0) > 1;

    /// <summary>Parses the extension's value.</summary>
    public static IssuingDistributionPoint Read(ReadOnlyMemory<byte> encoded, DistinguishedName issuer)
    {
        AsnReader fields = Asn1.Reader(encoded).ReadSequence();
        var point = new IssuingDistributionPoint
        {
            Name = Asn1.NextIs(fields, 0) ? DistributionPointName.Read(fields).CompleteWith(issuer) : null,
            OnlyContainsUserCerts = Flag(fields, 1),
            OnlyContainsCaCerts = Flag(fields, 2),
            Reasons = Asn1.NextIs(fields, 3) ? CertificateExtensions.Bits(Asn1.ReadBits(fields, Asn1.Context(3)).Bytes) & RevocationReasons.All : null,
            IsIndirect = Flag(fields, 4),
            OnlyContainsAttributeCerts = Flag(fields, 5),
        };
        fields.ThrowIfNotEmpty();
        return point;
    }

    private static bool Flag(AsnReader fields, int number) => Asn1.NextIs(fields, number) && fields.ReadBoolean(Asn1.Context(number));
}

/// <summary>ReasonFlags (RFC 5280 section 4.2.1.13), the first bit lowest.</summary>
internal static class RevocationReasons
{
    /// <summary>keyCompromise to aACompromise; bit 0 is unused.</summary>
    public const int All = 0x1FE;
}

/// <summary>A certificate revocation list (RFC 5280 section 5), parsed from DER; immutable and safe to share between threads.</summary>
internal sealed class RevocationList : IEquatable<RevocationList>
{
    // The supported critical extensions. Any other could change the meaning of the list.
    private static readonly HashSet<string> SupportedExtensions = [KnownOids.IssuingDistributionPoint, KnownOids.AuthorityKeyIdentifier, KnownOids.DeltaCrlIndicator];

    private readonly Dictionary<BigInteger, List<RevocationEntry>> _entries = [];

    private RevocationList(ReadOnlyMemory<byte> encoded)
    {
        Encoded = encoded;
        AsnReader outer = Asn1.Reader(encoded);
        AsnReader list = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        ToBeSigned = list.PeekEncodedValue();
        AsnReader fields = list.ReadSequence();
        SignatureAlgorithm = AlgorithmIdentifier.Read(list);
        Signature = Asn1.ReadBits(list);
        list.ThrowIfNotEmpty();
        if (fields.PeekTag() == Asn1Tag.Integer)
        {
            fields.ReadInteger();
        }

        InnerSignatureAlgorithm = AlgorithmIdentifier.Read(fields);
        Issuer = DistinguishedName.Parse(fields.ReadEncodedValue());
        ThisUpdate = CertificateTime.Read(fields);
        NextUpdate = CertificateTime.IsNext(fields) ? CertificateTime.Read(fields) : null;
        if (fields.HasData && fields.PeekTag() == Asn1Tag.Sequence)
        {
            ReadEntries(fields.ReadSequence());
        }

        if (Asn1.NextIs(fields, 0))
        {
            AsnReader wrapper = fields.ReadSequence(Asn1.Context(0, constructed: true));
            ExtensionList = CertificateExtension.ReadAll(wrapper);
            wrapper.ThrowIfNotEmpty();
            ReadExtensions();
        }

        fields.ThrowIfNotEmpty();
    }

    /// <summary>The whole list in DER.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    /// <summary>The tbsCertList, over which the signature is computed.</summary>
    public ReadOnlyMemory<byte> ToBeSigned { get; }

    /// <summary>The signature algorithm.</summary>
    public AlgorithmIdentifier SignatureAlgorithm { get; }

    /// <summary>The signature algorithm inside tbsCertList; must equal the outer one.</summary>
    public AlgorithmIdentifier InnerSignatureAlgorithm { get; }

    /// <summary>The signature.</summary>
    public BitString Signature { get; }

    /// <summary>The issuer's name.</summary>
    public DistinguishedName Issuer { get; }

    /// <summary>thisUpdate: the issue date.</summary>
    public CertificateTime ThisUpdate { get; }

    /// <summary>nextUpdate: when the next list is due; null when absent.</summary>
    public CertificateTime? NextUpdate { get; }

    /// <summary>The list's extensions in order, not decoded.</summary>
    public IReadOnlyList<CertificateExtension> ExtensionList { get; } = [];

    /// <summary>authorityKeyIdentifier; null when absent.</summary>
    public AuthorityKeyIdentifier? AuthorityKeyIdentifier { get; private set; }

    /// <summary>The scope of the list; null for all certificates of its issuer.</summary>
    public IssuingDistributionPoint? DistributionPoint { get; private set; }

    /// <summary>cRLNumber; null when absent.</summary>
    public BigInteger? Number { get; private set; }

    /// <summary>The base CRL number of a delta CRL (RFC 5280 section 5.2.4); null for a complete list.</summary>
    public BigInteger? BaseNumber { get; private set; }

    /// <summary>True when the list names a location of delta CRLs.</summary>
    public bool HasFreshest { get; private set; }

    /// <summary>True when a critical extension, of the list or an entry, is not supported.</summary>
    public bool HasUnknownCritical { get; private set; }

    /// <summary>True when an extension that affects the result is malformed or repeated; such a list is not used.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Parses a list; a malformed one raises a TlsError.</summary>
    public static RevocationList Parse(ReadOnlyMemory<byte> der)
    {
        byte[] copy = der.ToArray();
        return Asn1.Guard(() => new RevocationList(copy));
    }

    /// <summary>Parses a list and ignores trailing data, as OpenSSL does for files.</summary>
    public static RevocationList ParseFirst(ReadOnlyMemory<byte> der)
        => Parse(der[..Asn1.Guard(() => Asn1.Reader(der).PeekEncodedValue().Length)]);

    /// <summary>Finds the entry of a certificate; null when it is not listed.</summary>
    public RevocationEntry? Find(Certificate certificate)
        => _entries.TryGetValue(new BigInteger(certificate.SerialNumber.Span, isBigEndian: true), out List<RevocationEntry>? entries)
            ? entries.FirstOrDefault(entry => entry.AppliesTo(certificate.Issuer, Issuer))
            : null;

    /// <inheritdoc/>
    public bool Equals(RevocationList? other) => ReferenceEquals(this, other) || (other is not null && Encoded.Span.SequenceEqual(other.Encoded.Span));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RevocationList);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Signature.Bytes);
        return hash.ToHashCode();
    }

    private void ReadEntries(AsnReader entries)
    {
        IReadOnlyList<GeneralName>? issuers = null;
        while (entries.HasData)
        {
            AsnReader fields = entries.ReadSequence();
            BigInteger serial = fields.ReadInteger();
            CertificateTime.Read(fields);
            int reason = -1;
            if (fields.HasData)
            {
                foreach (CertificateExtension extension in CertificateExtension.ReadAll(fields))
                {
                    ReadEntryExtension(extension, ref issuers, ref reason);
                }
            }

            fields.ThrowIfNotEmpty();
            var entry = new RevocationEntry(issuers, reason);
            if (!_entries.TryAdd(serial, [entry]))
            {
                _entries[serial].Add(entry);
            }
        }
    }

    private void ReadEntryExtension(CertificateExtension extension, ref IReadOnlyList<GeneralName>? issuers, ref int reason)
    {
        HasUnknownCritical |= extension.Critical && extension.Oid != KnownOids.CertificateIssuer;
        try
        {
            if (extension.Oid == KnownOids.CertificateIssuer)
            {
                issuers = GeneralName.ReadSequence(extension.Value);
            }
            else if (extension.Oid == KnownOids.ReasonCode)
            {
                ReadOnlySpan<byte> value = Asn1.Reader(extension.Value).ReadEnumeratedBytes().Span;
                reason = value.Length == 1 ? value[0] : reason;
            }
        }
        catch (Exception error) when (Asn1.IsMalformed(error))
        {
            // An unreadable reason still counts as revoked; an unreadable certificate issuer makes the list unusable.
            IsMalformed |= extension.Oid == KnownOids.CertificateIssuer;
        }
    }

    private void ReadExtensions()
    {
        var seen = new HashSet<string>();
        foreach (CertificateExtension extension in ExtensionList)
        {
            HasUnknownCritical |= extension.Critical && !SupportedExtensions.Contains(extension.Oid);
            HasFreshest |= extension.Oid == KnownOids.FreshestCrl;
            try
            {
                IsMalformed |= !seen.Add(extension.Oid) && AffectsResult(extension.Oid);
                Read(extension);
            }
            catch (Exception error) when (Asn1.IsMalformed(error))
            {
                IsMalformed = true;
            }
        }

        // A delta without a CRL number cannot be ordered relative to its base.
        IsMalformed |= (BaseNumber is not null && Number is null) || DistributionPoint is { IsContradictory: true };
    }

    private void Read(CertificateExtension extension)
    {
        switch (extension.Oid)
        {
            case KnownOids.IssuingDistributionPoint:
                DistributionPoint = IssuingDistributionPoint.Read(extension.Value, Issuer);
                break;
            case KnownOids.AuthorityKeyIdentifier:
                AuthorityKeyIdentifier = AuthorityKeyIdentifier.Read(extension.Value);
                break;
            case KnownOids.CrlNumber:
                Number = Asn1.Reader(extension.Value).ReadInteger();
                break;
            case KnownOids.DeltaCrlIndicator:
                BaseNumber = Asn1.Reader(extension.Value).ReadInteger();
                break;
            default:
                break;
        }
    }

    private static bool AffectsResult(string oid)
        => SupportedExtensions.Contains(oid) || oid == KnownOids.CrlNumber;
}
