using System.Formats.Asn1;

namespace SslModule.Engine.Certificates;

/// <summary>An extension with its value in DER.</summary>
internal sealed record CertificateExtension(string Oid, bool Critical, ReadOnlyMemory<byte> Value)
{
    /// <summary>Parses the Extensions of a certificate, CRL or CRL entry.</summary>
    public static IReadOnlyList<CertificateExtension> ReadAll(AsnReader reader)
    {
        AsnReader sequence = reader.ReadSequence();
        var extensions = new List<CertificateExtension>();
        while (sequence.HasData)
        {
            AsnReader fields = sequence.ReadSequence();
            string oid = fields.ReadObjectIdentifier();
            bool critical = fields.PeekTag() == Asn1Tag.Boolean && fields.ReadBoolean();
            ReadOnlyMemory<byte> value = fields.ReadOctetString();
            fields.ThrowIfNotEmpty();
            extensions.Add(new CertificateExtension(oid, critical, value));
        }

        return extensions;
    }
}
