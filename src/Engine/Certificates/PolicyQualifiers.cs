using System.Formats.Asn1;

namespace SslModule.Engine.Certificates;

/// <summary>
/// The qualifiers of a certificate policy (RFC 5280 section 4.2.1.4). They do not affect verification, but malformed ones make
/// the extension invalid.
/// </summary>
internal static class PolicyQualifiers
{
    private const string PracticeStatement = "1.3.6.1.5.5.7.2.1";
    private const string UserNotice = "1.3.6.1.5.5.7.2.2";

    /// <summary>Checks all qualifiers; malformed ones throw the exceptions of malformed encodings.</summary>
    public static void Check(AsnReader qualifiers)
    {
        while (qualifiers.HasData)
        {
            AsnReader fields = qualifiers.ReadSequence();
            string oid = fields.ReadObjectIdentifier();
            switch (oid)
            {
                case PracticeStatement:
                    Require(fields.PeekTag() == new Asn1Tag(UniversalTagNumber.IA5String));
                    fields.ReadEncodedValue();
                    break;
                case UserNotice:
                    CheckNotice(fields.ReadSequence());
                    break;
                default:
                    CheckAny(fields);
                    break;
            }

            fields.ThrowIfNotEmpty();
        }
    }

    private static void CheckNotice(AsnReader fields)
    {
        if (fields.HasData && fields.PeekTag() == Asn1Tag.Sequence)
        {
            AsnReader reference = fields.ReadSequence();
            CheckDisplayText(reference);
            AsnReader numbers = reference.ReadSequence();
            while (numbers.HasData)
            {
                numbers.ReadIntegerBytes();
            }

            reference.ThrowIfNotEmpty();
        }

        if (fields.HasData)
        {
            CheckDisplayText(fields);
        }

        fields.ThrowIfNotEmpty();
    }

    // Any length and characters are accepted, as in OpenSSL, because the text is not used.
    private static void CheckDisplayText(AsnReader fields)
    {
        Asn1Tag tag = fields.PeekTag();
        Require(tag is { TagClass: TagClass.Universal, IsConstructed: false });
        Require((UniversalTagNumber)tag.TagValue is UniversalTagNumber.UTF8String or UniversalTagNumber.IA5String or UniversalTagNumber.VisibleString
            || (tag.TagValue == Asn1Text.BmpString && fields.PeekContentBytes().Length % 2 == 0));
        fields.ReadEncodedValue();
    }

    // A value of any type. Its content is checked as far as the type is known.
    private static void CheckAny(AsnReader fields)
    {
        Asn1Tag tag = fields.PeekTag();
        ReadOnlyMemory<byte> encoded = fields.ReadEncodedValue();
        if (tag.TagClass != TagClass.Universal)
        {
            return;
        }

        AsnReader value = Asn1.Reader(encoded);
        int length = Asn1.Content(encoded).Length;
        switch ((UniversalTagNumber)tag.TagValue)
        {
            case UniversalTagNumber.Sequence or UniversalTagNumber.Set:
                Require(tag.IsConstructed);
                break;
            case UniversalTagNumber.Boolean:
                Require(!tag.IsConstructed && length == 1);
                break;
            case UniversalTagNumber.Integer:
                value.ReadIntegerBytes();
                break;
            case UniversalTagNumber.Enumerated:
                value.ReadEnumeratedBytes();
                break;
            case UniversalTagNumber.Null:
                value.ReadNull();
                break;
            case UniversalTagNumber.ObjectIdentifier:
                value.ReadObjectIdentifier();
                break;
            case UniversalTagNumber.BitString:
                Asn1.ReadBits(value);
                break;
            case UniversalTagNumber.BMPString:
                Require(!tag.IsConstructed && length % 2 == 0);
                break;
            case UniversalTagNumber.UniversalString:
                Require(!tag.IsConstructed && length % 4 == 0);
                break;
            default:
                // Primitive strings and unknown types.
                Require(!tag.IsConstructed);
                break;
        }
    }

    private static void Require(bool condition)
    {
        if (!condition)
        {
            throw new AsnContentException();
        }
    }
}
