using System.Formats.Asn1;

namespace SslModule.Engine.Certificates;

/// <summary>An AlgorithmIdentifier (RFC 5280 section 4.1.1.2).</summary>
/// <param name="Oid">The algorithm's object identifier.</param>
/// <param name="Parameters">The parameters in DER; null when absent.</param>
/// <param name="Encoded">The whole value in DER, for comparison.</param>
internal sealed record AlgorithmIdentifier(string Oid, ReadOnlyMemory<byte>? Parameters, ReadOnlyMemory<byte> Encoded)
{
    /// <summary>Parses an AlgorithmIdentifier.</summary>
    public static AlgorithmIdentifier Read(AsnReader reader)
    {
        ReadOnlyMemory<byte> encoded = reader.PeekEncodedValue();
        AsnReader fields = reader.ReadSequence();
        string oid = fields.ReadObjectIdentifier();
        if (fields.HasData && fields.PeekTag() == Asn1Tag.ObjectIdentifier)
        {
            // Check a curve's object identifier here rather than where it is used.
            Asn1.Reader(fields.PeekEncodedValue()).ReadObjectIdentifier();
        }

        ReadOnlyMemory<byte>? parameters = fields.HasData ? fields.ReadEncodedValue() : default(ReadOnlyMemory<byte>?);
        fields.ThrowIfNotEmpty();
        return new AlgorithmIdentifier(oid, parameters, encoded);
    }

    /// <summary>True when the parameters are absent or NULL.</summary>
    public bool HasNoParameters => Parameters is not { } parameters || parameters.Span.SequenceEqual((ReadOnlySpan<byte>)[0x05, 0x00]);
}
