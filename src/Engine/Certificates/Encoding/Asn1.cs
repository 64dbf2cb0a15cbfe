using System.Formats.Asn1;
using System.Text;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Certificates;

/// <summary>Helpers for <see cref="AsnReader"/>: context tags, and one exception type for all malformed encodings.</summary>
internal static class Asn1
{
    /// <summary>Creates a strict DER reader.</summary>
    public static AsnReader Reader(ReadOnlyMemory<byte> encoded) => new(encoded, AsnEncodingRules.DER);

    /// <summary>Creates a context-specific tag.</summary>
    public static Asn1Tag Context(int number, bool constructed = false) => new(TagClass.ContextSpecific, number, constructed);

    /// <summary>True when the next value has the context-specific tag <paramref name="number"/>.</summary>
    public static bool NextIs(AsnReader reader, int number)
        => reader.HasData && reader.PeekTag() is { TagClass: TagClass.ContextSpecific } tag && tag.TagValue == number;

    /// <summary>Runs a parser and converts malformed encodings to the TlsError of OpenSSL's ASN.1 library.</summary>
    public static T Guard<T>(Func<T> parse)
    {
        try
        {
            return parse();
        }
        catch (Exception error) when (IsMalformed(error))
        {
            throw TlsError.LibraryOnly("PEM", "ASN1 lib");
        }
    }

    /// <summary>True for the exceptions that signal a malformed encoding.</summary>
    public static bool IsMalformed(Exception error)
        => error is AsnContentException or FormatException or ArgumentException or OverflowException or InvalidDataException or DecoderFallbackException;

    /// <summary>
    /// Reads a BIT STRING. DER requires the unused bits to be zero; as in OpenSSL, other values are accepted and treated as zero,
    /// because they carry no meaning.
    /// </summary>
    public static BitString ReadBits(AsnReader reader, Asn1Tag? expected = null)
    {
        if (reader.PeekTag() != (expected ?? Asn1Tag.PrimitiveBitString))
        {
            throw new AsnContentException();
        }

        return BitString.Parse(Content(reader.ReadEncodedValue()).Span);
    }

    /// <summary>Reads the content of one value, without tag and length.</summary>
    public static ReadOnlyMemory<byte> Content(ReadOnlyMemory<byte> encoded)
    {
        AsnDecoder.ReadEncodedValue(encoded.Span, AsnEncodingRules.DER, out int offset, out int length, out _);
        return encoded.Slice(offset, length);
    }
}

/// <summary>A BIT STRING (X.690 section 8.6).</summary>
/// <param name="Bytes">The bits, with the unused ones zeroed.</param>
/// <param name="UnusedBits">The number of unused bits in the last byte; 0 for an empty string.</param>
internal readonly record struct BitString(byte[] Bytes, int UnusedBits)
{
    private const int MaximumUnused = 7;

    /// <summary>Parses the content of a BIT STRING.</summary>
    public static BitString Parse(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty || content[0] > MaximumUnused)
        {
            throw new AsnContentException();
        }

        byte[] bytes = content[1..].ToArray();
        int unused = bytes.Length == 0 ? 0 : content[0];
        if (unused > 0)
        {
            bytes[^1] &= (byte)(0xFF << unused);
        }

        return new BitString(bytes, unused);
    }
}
