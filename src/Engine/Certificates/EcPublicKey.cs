using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Utilities;
using BigInteger = Org.BouncyCastle.Math.BigInteger;

namespace SslModule.Engine.Certificates;

/// <summary>A key on a named curve: the NIST curves by .NET, every other curve by BouncyCastle.</summary>
internal sealed class EcPublicKey : PublicKey
{
    // Imported when a signature is to be verified: that costs more than to verify it, and the leaf of a chain verifies none there.
    private readonly Lazy<ECDsa>? _native;
    private readonly ECPublicKeyParameters? _managed;

    private EcPublicKey(string curveOid, int bits, Lazy<ECDsa>? native, ECPublicKeyParameters? managed, byte[] point)
    {
        CurveOid = curveOid;
        Bits = bits;
        _native = native;
        _managed = managed;
        Point = point;
    }

    private EcPublicKey(byte[] point)
    {
        HasExplicitParameters = true;
        Point = point;
    }

    /// <inheritdoc/>
    public override KeyKind Kind => KeyKind.Ec;

    /// <inheritdoc/>
    public override int Bits { get; }

    /// <inheritdoc/>
    public override int SecurityBits => Bits / 2;

    /// <inheritdoc/>
    public override string? CurveOid { get; }

    /// <inheritdoc/>
    public override bool HasExplicitParameters { get; }

    /// <summary>The point as it was encoded.</summary>
    public byte[] Point { get; }

    /// <summary>Parses the point of a key; the curve must be named (RFC 5480 section 2.1.1).</summary>
    public static EcPublicKey Parse(AlgorithmIdentifier algorithm, byte[] point)
    {
        if (algorithm.Parameters is not { } parameters)
        {
            throw new AsnContentException();
        }

        AsnReader reader = Asn1.Reader(parameters);
        if (reader.PeekTag() == Asn1Tag.Sequence)
        {
            // Kept as a key that verifies nothing: the verifier refuses the chain with a code of its own (94).
            return new EcPublicKey(point);
        }

        string oid = reader.ReadObjectIdentifier();
        return Create(oid, point);
    }

    /// <summary>A key on curve <paramref name="oid"/>; malformed when the point is not on it.</summary>
    public static EcPublicKey Create(string oid, byte[] point)
    {
        if (EcCurves.NativeBits(oid) is { } bits && point.Length == 1 + (2 * ((bits + 7) / 8)) && point[0] == 4)
        {
            return WeierstrassCurve.Find(oid).Holds(point)
                ? new EcPublicKey(oid, bits, new Lazy<ECDsa>(() => EcCurves.Import(oid, point, null)), null, point)
                : throw new AsnContentException();
        }

        if (point.Length == 0)
        {
            throw new AsnContentException();
        }

        ECDomainParameters domain = EcCurves.Domain(oid) ?? throw new AsnContentException();
        var managed = new ECPublicKeyParameters(domain.Curve.DecodePoint(point), domain);
        return new EcPublicKey(oid, domain.Curve.FieldSize, null, managed, point);
    }

    /// <inheritdoc/>
    public override bool VerifyHash(HashAlgorithmName? hash, ReadOnlySpan<byte> hashValue, ReadOnlySpan<byte> signature, bool pss = false)
    {
        if (pss || HasExplicitParameters)
        {
            return false;
        }

        if (_native is not null)
        {
            // .NET brings the DER form into this one first.
            Span<byte> both = stackalloc byte[2 * ((Bits + 7) / 8)];
            return EcdsaSignature.TryRead(signature, both) && _native.Value.VerifyHash(hashValue, both, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }

        if (!EcdsaSignature.TryRead(signature, out BigInteger r, out BigInteger s))
        {
            return false;
        }

        var signer = new ECDsaSigner();
        signer.Init(false, _managed);
        return signer.VerifySignature(hashValue.ToArray(), r, s);
    }
}

/// <summary>The signature of ECDSA and DSA: a SEQUENCE of two positive INTEGERs and nothing else (RFC 3279 section 2.2.3).</summary>
internal static class EcdsaSignature
{
    /// <summary>Reads a signature strictly.</summary>
    public static bool TryRead(ReadOnlySpan<byte> signature, out BigInteger r, out BigInteger s)
    {
        bool read = TryRead(signature, out ReadOnlySpan<byte> rBytes, out ReadOnlySpan<byte> sBytes);
        (r, s) = read ? (new BigInteger(rBytes.ToArray()), new BigInteger(sBytes.ToArray())) : (BigInteger.Zero, BigInteger.Zero);
        return read;
    }

    /// <summary>Reads a signature strictly, its two numbers side by side, each filling a half of the room.</summary>
    /// <returns>False when it is malformed or a number does not fit.</returns>
    public static bool TryRead(ReadOnlySpan<byte> signature, Span<byte> both)
    {
        int half = both.Length / 2;
        return TryRead(signature, out ReadOnlySpan<byte> r, out ReadOnlySpan<byte> s) && Fill(r, both[..half]) && Fill(s, both[half..]);
    }

    /// <summary>Writes a signature from its two numbers side by side, each as long as the other.</summary>
    public static byte[] Write(ReadOnlySpan<byte> both)
    {
        int half = both.Length / 2;
        ReadOnlySpan<byte> r = both[..half].TrimStart((byte)0);
        ReadOnlySpan<byte> s = both[half..].TrimStart((byte)0);
        int body = 4 + Length(r) + Length(s);

        // The longest is that of P-521, whose body needs a second byte of length.
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

    private static bool TryRead(ReadOnlySpan<byte> signature, out ReadOnlySpan<byte> r, out ReadOnlySpan<byte> s)
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

    /// <summary>Writes a signature.</summary>
    public static byte[] Write(BigInteger r, BigInteger s)
    {
        int half = Math.Max(BigIntegers.GetUnsignedByteLength(r), BigIntegers.GetUnsignedByteLength(s));
        return Write([.. BigIntegers.AsUnsignedByteArray(half, r), .. BigIntegers.AsUnsignedByteArray(half, s)]);
    }
}

/// <summary>The curves that keys name.</summary>
internal static class EcCurves
{
    /// <summary>The field size of a curve that every .NET platform knows; null for the others.</summary>
    public static int? NativeBits(string oid) => oid switch
    {
        KnownOids.P256 => 256,
        KnownOids.P384 => 384,
        KnownOids.P521 => 521,
        _ => null,
    };

    /// <summary>BouncyCastle's parameters of any named curve; null for an unknown one.</summary>
    public static ECDomainParameters? Domain(string oid)
    {
        var identifier = new DerObjectIdentifier(oid);
        X9ECParameters? parameters = CustomNamedCurves.GetByOid(identifier) ?? ECNamedCurveTable.GetByOid(identifier);
        return parameters is null ? null : new ECNamedDomainParameters(identifier, parameters);
    }

    /// <summary>A .NET key from an uncompressed point and, for a private key, its scalar.</summary>
    public static ECDsa Import(string oid, ReadOnlySpan<byte> point, byte[]? scalar)
    {
        int size = (point.Length - 1) / 2;
        try
        {
            return ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.CreateFromValue(oid),
                Q = new ECPoint { X = point.Slice(1, size).ToArray(), Y = point.Slice(1 + size, size).ToArray() },
                D = scalar,
            });
        }
        catch (CryptographicException error)
        {
            throw new AsnContentException(null, error);
        }
    }
}
