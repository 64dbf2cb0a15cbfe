using System.Formats.Asn1;

namespace SslModule.Engine.Tests.Fuzz.Differential;

/// <summary>Whether a certificate is DER all through, with the values that its extensions hold as octet strings.</summary>
internal static class StrictDer
{
    /// <summary>Whether each value has the one encoding that X.690 section 10 and 11 allow.</summary>
    public static bool Holds(ReadOnlyMemory<byte> encoded)
    {
        try
        {
            Walk(new AsnReader(encoded, AsnEncodingRules.DER));
            return true;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    private static void Walk(AsnReader reader)
    {
        while (reader.HasData)
        {
            Asn1Tag tag = reader.PeekTag();
            if (tag.IsConstructed)
            {
                Walk(new AsnReader(reader.PeekContentBytes(), AsnEncodingRules.DER));
                reader.ReadEncodedValue();
                continue;
            }

            switch (tag.TagClass == TagClass.Universal ? (UniversalTagNumber)tag.TagValue : default)
            {
                case UniversalTagNumber.Boolean:
                    reader.ReadBoolean();
                    break;
                case UniversalTagNumber.Integer:
                    reader.ReadIntegerBytes();
                    break;
                case UniversalTagNumber.BitString:
                    reader.ReadBitString(out _);
                    break;
                case UniversalTagNumber.ObjectIdentifier:
                    reader.ReadObjectIdentifier();
                    break;
                case UniversalTagNumber.OctetString when reader.PeekContentBytes() is { IsEmpty: false } inner && inner.Span[0] is 0x03 or 0x30:
                    Walk(new AsnReader(inner, AsnEncodingRules.DER));
                    reader.ReadEncodedValue();
                    break;
                default:
                    reader.ReadEncodedValue();
                    break;
            }
        }
    }
}
