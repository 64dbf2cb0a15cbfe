using System.Formats.Asn1;
using System.Text;
using SslModule.Engine.Oids;

namespace SslModule.Engine.Certificates;

/// <summary>The choices of GeneralName, numbered by their tags (RFC 5280 section 4.2.1.6).</summary>
internal enum GeneralNameKind
{
    OtherName = 0,
    Email = 1,
    Dns = 2,
    X400 = 3,
    Directory = 4,
    EdiParty = 5,
    Uri = 6,
    IpAddress = 7,
    RegisteredId = 8,
}

/// <summary>One GeneralName.</summary>
/// <param name="Kind">The choice.</param>
/// <param name="Bytes">The value: characters, address, OID content, or DER for the structured choices.</param>
internal sealed record GeneralName(GeneralNameKind Kind, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The characters of an e-mail address, DNS name or URI, one per byte.</summary>
    public string Text => Encoding.Latin1.GetString(Bytes.Span);

    /// <summary>The name of a <see cref="GeneralNameKind.Directory"/>; null otherwise.</summary>
    public DistinguishedName? Directory { get; private init; }

    /// <summary>The type of an <see cref="GeneralNameKind.OtherName"/>, or the <see cref="GeneralNameKind.RegisteredId"/> itself.</summary>
    public string? Oid { get; private init; }

    /// <summary>The text of an <see cref="GeneralNameKind.OtherName"/>, one character per byte of UTF-8; null when it has none.</summary>
    public string? OtherText { get; private init; }

    /// <summary>A directory name.</summary>
    public static GeneralName Of(DistinguishedName name) => new(GeneralNameKind.Directory, name.Encoded) { Directory = name };

    /// <summary>Compares two names: directory names by their canonical form, all others byte for byte.</summary>
    public bool IsSame(GeneralName other)
        => Kind == other.Kind && (Directory is not null ? Directory.Equals(other.Directory) : Bytes.Span.SequenceEqual(other.Bytes.Span));

    /// <summary>Parses a GeneralNames sequence.</summary>
    public static IReadOnlyList<GeneralName> ReadSequence(ReadOnlyMemory<byte> encoded)
    {
        AsnReader outer = Asn1.Reader(encoded);
        IReadOnlyList<GeneralName> names = ReadAll(outer.ReadSequence());
        outer.ThrowIfNotEmpty();
        return names;
    }

    /// <summary>Parses names until the reader is empty.</summary>
    public static IReadOnlyList<GeneralName> ReadAll(AsnReader reader)
    {
        var names = new List<GeneralName>();
        while (reader.HasData)
        {
            names.Add(Read(reader));
        }

        return names;
    }

    /// <summary>Parses one name.</summary>
    public static GeneralName Read(AsnReader reader)
    {
        Asn1Tag tag = reader.PeekTag();
        if (tag.TagClass != TagClass.ContextSpecific || tag.TagValue > (int)GeneralNameKind.RegisteredId)
        {
            throw new AsnContentException();
        }

        var kind = (GeneralNameKind)tag.TagValue;
        Asn1Tag expected = Asn1.Context(tag.TagValue);
        switch (kind)
        {
            case GeneralNameKind.Email or GeneralNameKind.Dns or GeneralNameKind.Uri or GeneralNameKind.IpAddress:
                return new GeneralName(kind, reader.ReadOctetString(expected));
            case GeneralNameKind.RegisteredId:
                ReadOnlyMemory<byte> encodedOid = reader.PeekContentBytes();
                return new GeneralName(kind, encodedOid) { Oid = reader.ReadObjectIdentifier(expected) };
            case GeneralNameKind.Directory:
                AsnReader choice = reader.ReadSequence(Asn1.Context(tag.TagValue, constructed: true));
                ReadOnlyMemory<byte> name = choice.ReadEncodedValue();
                choice.ThrowIfNotEmpty();
                return new GeneralName(kind, name) { Directory = DistinguishedName.Parse(name) };
            case GeneralNameKind.OtherName:
                ReadOnlyMemory<byte> content = reader.PeekContentBytes();
                AsnReader fields = reader.ReadSequence(Asn1.Context(tag.TagValue, constructed: true));
                string oid = fields.ReadObjectIdentifier();
                AsnReader value = fields.ReadSequence(Asn1.Context(0, constructed: true));
                // SRVName (RFC 4985) is the only known other name with an IA5String.
                UniversalTagNumber type = oid == KnownOids.SrvName ? UniversalTagNumber.IA5String : UniversalTagNumber.UTF8String;
                string? text = value.PeekTag() == new Asn1Tag(type) ? Encoding.Latin1.GetString(value.PeekContentBytes().Span) : null;
                value.ReadEncodedValue();
                value.ThrowIfNotEmpty();
                fields.ThrowIfNotEmpty();
                return new GeneralName(kind, content) { Oid = oid, OtherText = text };
            case GeneralNameKind.EdiParty:
                ReadOnlyMemory<byte> party = reader.PeekContentBytes();
                CheckEdiParty(reader.ReadSequence(Asn1.Context(tag.TagValue, constructed: true)));
                return new GeneralName(kind, party);
            default:
                ReadOnlyMemory<byte> raw = reader.PeekContentBytes();
                reader.ReadSequence(Asn1.Context(tag.TagValue, constructed: true));
                return new GeneralName(kind, raw);
        }
    }

    // EDIPartyName: an optional nameAssigner and a partyName, both strings (RFC 5280 section 4.2.1.6).
    private static void CheckEdiParty(AsnReader fields)
    {
        if (Asn1.NextIs(fields, 0))
        {
            CheckText(fields.ReadSequence(Asn1.Context(0, constructed: true)));
        }

        CheckText(fields.ReadSequence(Asn1.Context(1, constructed: true)));
        fields.ThrowIfNotEmpty();
    }

    private static void CheckText(AsnReader wrapper)
    {
        Asn1Tag tag = wrapper.PeekTag();
        wrapper.ReadEncodedValue();
        wrapper.ThrowIfNotEmpty();
        if (tag.TagClass != TagClass.Universal || tag.IsConstructed || !Asn1Text.IsCanonicalized(tag.TagValue))
        {
            throw new AsnContentException();
        }
    }
}
