using System.Formats.Asn1;
using SslModule.Engine.Oids;

namespace SslModule.Engine.Certificates;

/// <summary>The store's trust decision for one of its certificates.</summary>
internal enum TrustDecision
{
    /// <summary>No explicit setting: the certificate ends a chain only when it is self-signed.</summary>
    Neutral,

    /// <summary>Trusted: the certificate ends the chain.</summary>
    Trusted,

    /// <summary>Rejected: a chain with this certificate is invalid.</summary>
    Rejected,
}

/// <summary>
/// The trust settings after the certificate in a BEGIN TRUSTED CERTIFICATE block (OpenSSL's X509_CERT_AUX): the uses, as
/// extended key usages, for which the administrator trusts or rejects it.
/// </summary>
/// <param name="Trusted">The uses it is trusted for; null when the list is absent.</param>
/// <param name="Rejected">The uses it is rejected for.</param>
internal sealed record TrustSettings(IReadOnlyList<string>? Trusted, IReadOnlyList<string> Rejected)
{
    /// <summary>Reads the settings.</summary>
    public static TrustSettings Parse(ReadOnlyMemory<byte> encoded) => Asn1.Guard(() =>
    {
        AsnReader fields = Asn1.Reader(encoded).ReadSequence();
        IReadOnlyList<string>? trusted = fields.HasData && fields.PeekTag() == Asn1Tag.Sequence ? ReadOids(fields.ReadSequence()) : null;
        IReadOnlyList<string> rejected = Asn1.NextIs(fields, 0) ? ReadOids(fields.ReadSequence(Asn1.Context(0, constructed: true))) : [];

        // An alias, a key identifier and other informational fields may follow.
        while (fields.HasData)
        {
            fields.ReadEncodedValue();
        }

        return new TrustSettings(trusted, rejected);
    });

    /// <summary>The trust decision for one use. A list of trusted uses that does not contain the use rejects it.</summary>
    public TrustDecision For(string use)
    {
        if (Names(Rejected, use))
        {
            return TrustDecision.Rejected;
        }

        return Trusted is null ? TrustDecision.Neutral
            : Names(Trusted, use) ? TrustDecision.Trusted
            : TrustDecision.Rejected;
    }

    private static bool Names(IReadOnlyList<string> uses, string use) => uses.Contains(use) || uses.Contains(KnownOids.AnyExtendedKeyUsage);

    private static List<string> ReadOids(AsnReader sequence)
    {
        var identifiers = new List<string>();
        while (sequence.HasData)
        {
            identifiers.Add(sequence.ReadObjectIdentifier());
        }

        return identifiers;
    }
}
