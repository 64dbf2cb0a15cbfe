using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;

namespace SslModule.Engine.Certificates;

/// <summary>An attribute of a name: its type, the tag and bytes of its value (the bits of a BIT STRING), and its DER.</summary>
internal sealed record NameValue(string Oid, int Tag, ReadOnlyMemory<byte> Bytes, ReadOnlyMemory<byte> Encoded)
{
    /// <summary>The text of a character string; null when the value is another type or malformed.</summary>
    public string? Text => Asn1Text.Read(Tag, Bytes.Span);

    /// <summary>The value in DER, with the unused bits of a BIT STRING zeroed.</summary>
    public byte[] EncodedValue
    {
        get
        {
            AsnReader pair = Asn1.Reader(Encoded).ReadSequence();
            pair.ReadEncodedValue();
            if (Tag != Asn1Text.BitString)
            {
                return pair.ReadEncodedValue().ToArray();
            }

            BitString bits = Asn1.ReadBits(pair);
            var writer = new AsnWriter(AsnEncodingRules.DER);
            writer.WriteBitString(bits.Bytes, bits.UnusedBits);
            return writer.Encode();
        }
    }
}

/// <summary>
/// A Name (RFC 5280 section 4.1.2.4). Names are compared by their canonical forms: character strings in UTF-8 with ASCII letters
/// in lower case, surrounding white space removed and inner white space folded into one space.
/// </summary>
internal sealed class DistinguishedName : IEquatable<DistinguishedName>
{
    private readonly byte[] _canonical;
    private readonly int _hash;

    private DistinguishedName(ReadOnlyMemory<byte> encoded, IReadOnlyList<IReadOnlyList<NameValue>> relativeNames)
    {
        Encoded = encoded;
        RelativeNames = relativeNames;
        _canonical = CanonicalForm(relativeNames);
        var hash = default(HashCode);
        hash.AddBytes(_canonical);
        _hash = hash.ToHashCode();
    }

    /// <summary>The name in DER.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    /// <summary>The relative distinguished names, each a set of attributes.</summary>
    public IReadOnlyList<IReadOnlyList<NameValue>> RelativeNames { get; }

    /// <summary>True for the empty name.</summary>
    public bool IsEmpty => RelativeNames.Count == 0;

    /// <summary>The canonical form without the outer SEQUENCE, so that a prefix comparison compares subtrees.</summary>
    public ReadOnlySpan<byte> Canonical => _canonical;

    /// <summary>The subject hash of OpenSSL's hashed directories, eight hexadecimal digits.</summary>
    public string FileHash
    {
        get
        {
            Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
            SHA1.HashData(_canonical, digest);
            return BinaryPrimitives.ReadUInt32LittleEndian(digest).ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Parses a name.</summary>
    public static DistinguishedName Parse(ReadOnlyMemory<byte> encoded)
    {
        AsnReader sequence = Asn1.Reader(encoded).ReadSequence();
        var relativeNames = new List<IReadOnlyList<NameValue>>();
        while (sequence.HasData)
        {
            IReadOnlyList<NameValue> relativeName = RelativeName(sequence.ReadSetOf(skipSortOrderValidation: true));
            if (relativeName.Count > 0)
            {
                relativeNames.Add(relativeName);
            }
        }

        return new DistinguishedName(encoded, relativeNames);
    }

    /// <summary>Extends <paramref name="prefix"/> by one relative name (for CRL distribution points relative to an issuer).</summary>
    public static DistinguishedName Extend(DistinguishedName prefix, IReadOnlyList<NameValue> relativeName)
        => new(default, [.. prefix.RelativeNames, relativeName]);

    /// <summary>Parses a relative distinguished name.</summary>
    public static IReadOnlyList<NameValue> RelativeName(AsnReader set)
    {
        var values = new List<NameValue>(1);
        while (set.HasData)
        {
            ReadOnlyMemory<byte> encoded = set.PeekEncodedValue();
            AsnReader pair = set.ReadSequence();
            string oid = pair.ReadObjectIdentifier();
            values.Add(Value(oid, pair, encoded));
            pair.ThrowIfNotEmpty();
        }

        return values;
    }

    private static NameValue Value(string oid, AsnReader pair, ReadOnlyMemory<byte> encoded)
    {
        Asn1Tag tag = pair.PeekTag();

        // Constructed strings are not DER (X.690 section 10.2), and their content bytes are not their text.
        if (tag.TagClass != TagClass.Universal || !Asn1Text.IsNameValue(tag.TagValue) || tag.IsConstructed != (tag.TagValue == Asn1Text.Sequence))
        {
            throw new AsnContentException();
        }

        ReadOnlyMemory<byte> content = Asn1.Content(pair.ReadEncodedValue());
        var value = new NameValue(oid, tag.TagValue, tag.TagValue == Asn1Text.BitString ? BitString.Parse(content.Span).Bytes : content, encoded);

        // A name without a canonical form cannot be compared, so it is rejected.
        return Asn1Text.IsCanonicalized(value.Tag) && value.Text is null ? throw new AsnContentException() : value;
    }

    /// <summary>The values of all attributes of a type.</summary>
    public IEnumerable<NameValue> Values(string oid) => RelativeNames.SelectMany(relative => relative).Where(value => value.Oid == oid);

    /// <inheritdoc/>
    public bool Equals(DistinguishedName? other) => other is not null && _hash == other._hash && _canonical.AsSpan().SequenceEqual(other._canonical);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DistinguishedName);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    private static byte[] CanonicalForm(IReadOnlyList<IReadOnlyList<NameValue>> relativeNames)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using var output = new MemoryStream();
        foreach (IReadOnlyList<NameValue> relativeName in relativeNames)
        {
            writer.Reset();
            writer.PushSetOf();
            foreach (NameValue value in relativeName)
            {
                writer.PushSequence();
                WriteCanonical(writer, value);
                writer.PopSequence();
            }

            writer.PopSetOf();
            output.Write(writer.Encode());
        }

        return output.ToArray();
    }

    private static void WriteCanonical(AsnWriter writer, NameValue value)
    {
        writer.WriteEncodedValue(Asn1.Reader(value.Encoded).ReadSequence().ReadEncodedValue().Span);
        if (Asn1Text.IsCanonicalized(value.Tag) && value.Text is { } text)
        {
            writer.WriteCharacterString(UniversalTagNumber.UTF8String, Fold(text));
        }
        else
        {
            writer.WriteEncodedValue(value.EncodedValue);
        }
    }

    private static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        bool space = false;
        foreach (char letter in text)
        {
            if (letter is ' ' or (>= '\t' and <= '\r'))
            {
                space = folded.Length > 0;
                continue;
            }

            if (space)
            {
                folded.Append(' ');
                space = false;
            }

            folded.Append(char.IsAsciiLetterUpper(letter) ? (char)(letter | 0x20) : letter);
        }

        return folded.ToString();
    }
}
