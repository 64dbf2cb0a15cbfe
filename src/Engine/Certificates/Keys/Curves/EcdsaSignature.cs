using System.Formats.Asn1;
using Org.BouncyCastle.Utilities;
using BigInteger = Org.BouncyCastle.Math.BigInteger;

namespace SslModule.Engine.Certificates;

/// <summary>The encoding of ECDSA and DSA signatures: a SEQUENCE of two positive INTEGERs (RFC 3279 section 2.2.3).</summary>
internal static class EcdsaSignature
{
    /// <summary>Decodes a signature strictly.</summary>
    public static bool TryRead(ReadOnlySpan<byte> signature, out BigInteger r, out BigInteger s)
    {
        bool read = TryRead(signature, out ReadOnlySpan<byte> rBytes, out ReadOnlySpan<byte> sBytes);
        (r, s) = read ? (new BigInteger(rBytes.ToArray()), new BigInteger(sBytes.ToArray())) : (BigInteger.Zero, BigInteger.Zero);
        return read;
    }

    /// <summary>Decodes a signature strictly to two fixed-length numbers, each filling half of the destination.</summary>
    /// <returns>False when it is malformed or a number does not fit.</returns>
    public static bool TryRead(ReadOnlySpan<byte> signature, Span<byte> both)
    {
        int half = both.Length / 2;
        return TryRead(signature, out ReadOnlySpan<byte> r, out ReadOnlySpan<byte> s) && Fill(r, both[..half]) && Fill(s, both[half..]);
    }

    /// <summary>Encodes a signature from two numbers of equal length.</summary>
    public static byte[] Write(ReadOnlySpan<byte> both)
    {
        int half = both.Length / 2;
        ReadOnlySpan<byte> r = both[..half].TrimStart((byte)0);
        ReadOnlySpan<byte> s = both[half..].TrimStart((byte)0);
        int body = 4 + Length(r) + Length(s);

        // The longest is that of P-521, whose SEQUENCE length takes two bytes.
        int header = body < 0x80 ? 2 : 3;
        byte[] signature = new byte[header + body];
        signature[0] = 0x30;
        signature[1] = header == 2 ? (byte)body : (byte)0x81;
        signature[header - 1] = (byte)body;
        WriteInteger(r, signature.AsSpan(header));
        WriteInteger(s, signature.AsSpan(header + 2 + Length(r)));
        return signature;
    }

    private static bool Fill(ReadOnlySpan<byte> number, Span<byte> destination)
    {
        number = number.TrimStart((byte)0);
        if (number.Length > destination.Length)
        {
            return false;
        }

        destination.Clear();
        number.CopyTo(destination[^number.Length..]);
        return true;
    }

    private static int Length(ReadOnlySpan<byte> number) => number.Length + (number.IsEmpty || number[0] >= 0x80 ? 1 : 0);

    private static void WriteInteger(ReadOnlySpan<byte> number, Span<byte> destination)
    {
        int length = Length(number);
        destination[0] = 0x02;
        destination[1] = (byte)length;
        number.CopyTo(destination.Slice(2 + length - number.Length));
    }

    /// <summary>Decodes a signature strictly to its two INTEGER contents, including the leading zero of positive numbers.</summary>
    public static bool TryRead(ReadOnlySpan<byte> signature, out ReadOnlySpan<byte> r, out ReadOnlySpan<byte> s)
    {
        r = s = default;
        try
        {
            AsnDecoder.ReadSequence(signature, AsnEncodingRules.DER, out int offset, out int length, out int consumed);
            ReadOnlySpan<byte> fields = signature.Slice(offset, length);
            r = AsnDecoder.ReadIntegerBytes(fields, AsnEncodingRules.DER, out int first);
            s = AsnDecoder.ReadIntegerBytes(fields[first..], AsnEncodingRules.DER, out int second);
            return consumed == signature.Length && first + second == length && IsPositive(r) && IsPositive(s);
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    private static bool IsPositive(ReadOnlySpan<byte> number) => number[0] < 0x80 && number.ContainsAnyExcept((byte)0);

    /// <summary>Encodes a signature.</summary>
    public static byte[] Write(BigInteger r, BigInteger s)
    {
        int half = Math.Max(BigIntegers.GetUnsignedByteLength(r), BigIntegers.GetUnsignedByteLength(s));
        return Write([.. BigIntegers.AsUnsignedByteArray(half, r), .. BigIntegers.AsUnsignedByteArray(half, s)]);
    }
}
