using System.Formats.Asn1;
using System.Numerics;
using SslModule.Engine.Oids;

namespace SslModule.Engine.Certificates;

/// <summary>One revoked certificate of a CRL (RFC 5280 section 5.3).</summary>
/// <param name="Issuers">Who issued it, when an indirect CRL says so here or in an entry before; null for the CRL's own issuer.</param>
/// <param name="Reason">The CRLReason; -1 when none is given.</param>
internal sealed record RevocationEntry(IReadOnlyList<GeneralName>? Issuers, int Reason)
{
    /// <summary>The reason of a delta CRL that takes a certificate off the list again.</summary>
    public const int RemoveFromCrl = 8;

    /// <summary>True when the entry speaks of certificates by <paramref name="issuer"/>; <paramref name="own"/> signed the CRL.</summary>
    public bool IsAbout(DistinguishedName issuer, DistinguishedName own)
        => Issuers is null ? issuer.Equals(own) : Issuers.Any(name => name.Directory?.Equals(issuer) == true);
}

/// <summary>issuingDistributionPoint (RFC 5280 section 5.2.5): what a CRL covers.</summary>
internal sealed record IssuingDistributionPoint
{
    /// <summary>The names the CRL is published under; null when it has none.</summary>
    public DistributionPointName? Name { get; init; }

    /// <summary>Only end-entity certificates.</summary>
    public bool OnlyUsers { get; init; }

    /// <summary>Only authorities.</summary>
    public bool OnlyAuthorities { get; init; }

    /// <summary>Only attribute certificates.</summary>
    public bool OnlyAttributes { get; init; }

    /// <summary>Only these reasons; null for all.</summary>
    public int? Reasons { get; init; }

    /// <summary>Certificates of other issuers too.</summary>
    public bool IsIndirect { get; init; }

    /// <summary>True when it limits itself to two kinds at once, which means nothing.</summary>
    public bool IsContradictory => (OnlyUsers ? 1 : 0) + (OnlyAuthorities ? 1 : 0) + (OnlyAttributes ? 1 : 0) > 1;

    /// <summary>Reads the extension's value.</summary>
    public static IssuingDistributionPoint Read(ReadOnlyMemory<byte> encoded, DistinguishedName issuer)
    {
        AsnReader fields = Asn1.Reader(encoded).ReadSequence();
        var point = new IssuingDistributionPoint
        {
            Name = Asn1.NextIs(fields, 0) ? DistributionPointName.Read(fields).Under(issuer) : null,
            OnlyUsers = Flag(fields, 1),
            OnlyAuthorities = Flag(fields, 2),
            Reasons = Asn1.NextIs(fields, 3) ? CertificateExtensions.Bits(Asn1.ReadBits(fields, Asn1.Context(3)).Bytes) & RevocationReasons.All : null,
            IsIndirect = Flag(fields, 4),
            OnlyAttributes = Flag(fields, 5),
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

/// <summary>A certificate revocation list (RFC 5280 section 5): parsed once from DER, immutable, safe to share between threads.</summary>
internal sealed class RevocationList : IEquatable<RevocationList>
{
    // Everything else critical changes the meaning of the list in a way unknown here.
    private static readonly HashSet<string> Understood = [KnownOids.IssuingDistributionPoint, KnownOids.AuthorityKeyIdentifier, KnownOids.DeltaCrlIndicator];

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
        NextUpdate = CertificateTime.Follows(fields) ? CertificateTime.Read(fields) : null;
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

    /// <summary>What the signature covers.</summary>
    public ReadOnlyMemory<byte> ToBeSigned { get; }

    /// <summary>How it is signed.</summary>
    public AlgorithmIdentifier SignatureAlgorithm { get; }

    /// <summary>The same inside the signed part; it must not differ.</summary>
    public AlgorithmIdentifier InnerSignatureAlgorithm { get; }

    /// <summary>The signature.</summary>
    public BitString Signature { get; }

    /// <summary>Who signed.</summary>
    public DistinguishedName Issuer { get; }

    /// <summary>When it was issued.</summary>
    public CertificateTime ThisUpdate { get; }

    /// <summary>When the next one is due; null when the list does not say.</summary>
    public CertificateTime? NextUpdate { get; }

    /// <summary>The list's extensions in order, undecoded.</summary>
    public IReadOnlyList<CertificateExtension> ExtensionList { get; } = [];

    /// <summary>authorityKeyIdentifier; null when absent.</summary>
    public AuthorityKeyIdentifier? AuthorityKeyIdentifier { get; private set; }

    /// <summary>What the list covers; null for everything its issuer issued.</summary>
    public IssuingDistributionPoint? DistributionPoint { get; private set; }

    /// <summary>cRLNumber; null when absent.</summary>
    public BigInteger? Number { get; private set; }

    /// <summary>The base of a delta CRL (RFC 5280 section 5.2.4); null for a complete list.</summary>
    public BigInteger? BaseNumber { get; private set; }

    /// <summary>True when the list says where deltas lie.</summary>
    public bool HasFreshest { get; private set; }

    /// <summary>True when a critical extension, of the list or of an entry, is not understood.</summary>
    public bool HasUnknownCritical { get; private set; }

    /// <summary>True when an extension that decides is malformed or repeated: such a list answers nothing.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Parses a list; garbage is a TlsError.</summary>
    public static RevocationList Parse(ReadOnlyMemory<byte> der)
    {
        byte[] copy = der.ToArray();
        return Asn1.Guard(() => new RevocationList(copy));
    }

    /// <summary>Parses a list; bytes behind it are left, as OpenSSL leaves them in files.</summary>
    public static RevocationList ParseFirst(ReadOnlyMemory<byte> der)
        => Parse(der[..Asn1.Guard(() => Asn1.Reader(der).PeekEncodedValue().Length)]);

    /// <summary>The entry of a certificate; null when it is not listed.</summary>
    public RevocationEntry? Find(Certificate certificate)
        => _entries.TryGetValue(new BigInteger(certificate.SerialNumber.Span, isBigEndian: true), out List<RevocationEntry>? entries)
            ? entries.FirstOrDefault(entry => entry.IsAbout(certificate.Issuer, Issuer))
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
            // A reason that cannot be read is no reason less to refuse; an issuer that cannot be read could be anybody.
            IsMalformed |= extension.Oid == KnownOids.CertificateIssuer;
        }
    }

    private void ReadExtensions()
    {
        var seen = new HashSet<string>();
        foreach (CertificateExtension extension in ExtensionList)
        {
            HasUnknownCritical |= extension.Critical && !Understood.Contains(extension.Oid);
            HasFreshest |= extension.Oid == KnownOids.FreshestCrl;
            try
            {
                IsMalformed |= !seen.Add(extension.Oid) && IsDecisive(extension.Oid);
                Read(extension);
            }
            catch (Exception error) when (Asn1.IsMalformed(error))
            {
                IsMalformed = true;
            }
        }

        // A delta without a number cannot be ordered after its base.
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

    private static bool IsDecisive(string oid)
        => Understood.Contains(oid) || oid == KnownOids.CrlNumber;
}
