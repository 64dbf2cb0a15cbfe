using System.Formats.Asn1;
using SslModule.Engine.Oids;

namespace SslModule.Engine.Certificates;

/// <summary>What a store says about a certificate of its own.</summary>
internal enum TrustVerdict
{
    /// <summary>Nothing: it takes a self-signed certificate to end a chain.</summary>
    Neutral,

    /// <summary>It ends the chain.</summary>
    Trusted,

    /// <summary>No chain may hold it.</summary>
    Rejected,
}

/// <summary>
/// The settings behind the certificate in a BEGIN TRUSTED CERTIFICATE block (OpenSSL's X509_CERT_AUX): the uses, as extended
/// key usages, that the administrator trusts or rejects it for.
/// </summary>
/// <param name="Trusted">The uses it is trusted for; null when the list is absent.</param>
/// <param name="Rejected">The uses it is rejected for.</param>
internal sealed record TrustSettings(IReadOnlyList<string>? Trusted, IReadOnlyList<string> Rejected)
{
    /// <summary>Reads the settings.</summary>
    public static TrustSettings Parse(ReadOnlyMemory<byte> encoded) => Asn1.Guard(() =>
    {
        AsnReader fields = Asn1.Reader(encoded).ReadSequence();
        IReadOnlyList<string>? trusted = fields.HasData && fields.PeekTag() == Asn1Tag.Sequence ? Identifiers(fields.ReadSequence()) : null;
        IReadOnlyList<string> rejected = Asn1.NextIs(fields, 0) ? Identifiers(fields.ReadSequence(Asn1.Context(0, constructed: true))) : [];

        // An alias, a key identifier and other things for people may follow.
        while (fields.HasData)
        {
            fields.ReadEncodedValue();
        }

        return new TrustSettings(trusted, rejected);
    });

    /// <summary>What the settings say about one use; a list of trusted uses without it rejects.</summary>
    public TrustVerdict For(string use)
    {
        if (Names(Rejected, use))
        {
            return TrustVerdict.Rejected;
        }

        return Trusted is null ? TrustVerdict.Neutral
            : Names(Trusted, use) ? TrustVerdict.Trusted
            : TrustVerdict.Rejected;
    }

    private static bool Names(IReadOnlyList<string> uses, string use) => uses.Contains(use) || uses.Contains(KnownOids.AnyExtendedKeyUsage);

    private static List<string> Identifiers(AsnReader sequence)
    {
        var identifiers = new List<string>();
        while (sequence.HasData)
        {
            identifiers.Add(sequence.ReadObjectIdentifier());
        }

        return identifiers;
    }
}
