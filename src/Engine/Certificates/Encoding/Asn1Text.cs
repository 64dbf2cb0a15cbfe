using System.Buffers.Binary;
using System.Text;

namespace SslModule.Engine.Certificates;

/// <summary>Decodes the character strings of ASN.1.</summary>
internal static class Asn1Text
{
    public const int BitString = 3;
    public const int Sequence = 16;
    public const int Utf8String = 12;
    public const int NumericString = 18;
    public const int PrintableString = 19;
    public const int T61String = 20;
    public const int Ia5String = 22;
    public const int UtcTime = 23;
    public const int GeneralizedTime = 24;
    public const int VisibleString = 26;
    public const int UniversalString = 28;
    public const int BmpString = 30;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>True for the string types that names compare without case and with white space folded.</summary>
    public static bool IsCanonicalized(int tag)
        => tag is Utf8String or PrintableString or T61String or Ia5String or VisibleString or UniversalString or BmpString;

    /// <summary>True for the types allowed for the values of a name.</summary>
    public static bool IsNameValue(int tag)
        => tag is BitString or Sequence or NumericString || (tag != VisibleString && IsCanonicalized(tag));

    /// <summary>Decodes a string of type <paramref name="tag"/>; null when the type is not a string or the bytes are malformed.</summary>
    public static string? Read(int tag, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return tag switch
            {
                Utf8String => StrictUtf8.GetString(bytes),
                NumericString or PrintableString or T61String or Ia5String or UtcTime or GeneralizedTime or VisibleString => Encoding.Latin1.GetString(bytes),
                BmpString => Bmp(bytes),
                UniversalString => Universal(bytes),
                _ => null,
            };
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static string? Bmp(ReadOnlySpan<byte> bytes)
    {
        // BMPString is UCS-2, which has no surrogates.
        string text = Encoding.BigEndianUnicode.GetString(bytes);
        return bytes.Length % 2 == 0 && !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? text : null;
    }

    private static string? Universal(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % 4 != 0)
        {
            return null;
        }

        var text = new StringBuilder(bytes.Length / 4);
        for (int at = 0; at < bytes.Length; at += 4)
        {
            if (!Rune.TryCreate(BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]), out Rune rune))
            {
                return null;
            }

            text.Append(rune.ToString());
        }

        return text.ToString();
    }
}
