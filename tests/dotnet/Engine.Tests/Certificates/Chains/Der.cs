using System.Formats.Asn1;
using System.Text;

namespace SslModule.Engine.Tests.Certificates.Chains;

/// <summary>Writes the small pieces of DER that certificates and CRLs are made of.</summary>
internal static class Der
{
    public static byte[] Sequence(params byte[][] parts) => Tagged(0x30, parts);

    public static byte[] Set(params byte[][] parts) => Tagged(0x31, parts);

    public static byte[] Octets(byte[] content) => Tagged(0x04, content);

    public static byte[] Bits(int unused, params byte[] content) => Tagged(0x03, [(byte)unused], content);

    public static byte[] Boolean(bool value) => [1, 1, value ? (byte)0xFF : (byte)0];

    public static byte[] Null => [5, 0];

    public static byte[] Integer(long value)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteInteger(value);
        return writer.Encode();
    }

    public static byte[] Oid(string oid)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteObjectIdentifier(oid);
        return writer.Encode();
    }

    /// <summary>Context-specific, constructed: [n] EXPLICIT, or [n] IMPLICIT over a sequence's content.</summary>
    public static byte[] Context(int number, params byte[][] parts) => Tagged((byte)(0xA0 | number), parts);

    /// <summary>Context-specific, primitive.</summary>
    public static byte[] Primitive(int number, byte[] content) => Tagged((byte)(0x80 | number), content);

    public static byte[] Time(DateTimeOffset time)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        if (time.Year is >= 1950 and < 2050)
        {
            writer.WriteUtcTime(time);
        }
        else
        {
            writer.WriteGeneralizedTime(time, omitFractionalSeconds: true);
        }

        return writer.Encode();
    }

    public static byte[] Tagged(byte tag, params byte[][] parts)
    {
        byte[] content = [.. parts.SelectMany(part => part)];
        byte[] length = content.Length < 0x80 ? [(byte)content.Length]
            : content.Length < 0x100 ? [0x81, (byte)content.Length]
            : content.Length < 0x10000 ? [0x82, (byte)(content.Length >> 8), (byte)content.Length]
            : [0x83, (byte)(content.Length >> 16), (byte)(content.Length >> 8), (byte)content.Length];
        return [tag, .. length, .. content];
    }

    public static byte[] Dns(string name) => Primitive(2, Encoding.Latin1.GetBytes(name));

    public static byte[] Email(string name) => Primitive(1, Encoding.Latin1.GetBytes(name));

    public static byte[] Uri(string name) => Primitive(6, Encoding.Latin1.GetBytes(name));

    public static byte[] Ip(params byte[] address) => Primitive(7, address);

    public static byte[] Directory(string name) => Context(4, CertificateSpec.Name(name));
}
