using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using SslModule.Engine.Crypto;
using BigInteger = Org.BouncyCastle.Math.BigInteger;

namespace SslModule.Engine.Certificates;

/// <summary>A key on a named curve: NIST curves by .NET, other curves by BouncyCastle.</summary>
internal sealed class EcPublicKey : PublicKey
{
    // Both are created for the first verification: creating them costs more than verifying, and most keys of a chain verify nothing.
    private readonly Lazy<ECDsa>? _native;
    private readonly Lazy<ECPublicKeyParameters?>? _managed;

    private EcPublicKey(string curveOid, int bits, Lazy<ECDsa>? native, Lazy<ECPublicKeyParameters?>? managed, byte[] point)
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

    /// <inheritdoc/>
    public override long VerificationCost => HasExplicitParameters ? 0 : KeyOperationCost.Curve(Bits);

    /// <inheritdoc/>
    public override bool IsValid => ValidationCost == 0 || _managed?.Value is not null;

    /// <inheritdoc/>
    public override long ValidationCost => Point is [4, ..] or [0] || HasExplicitParameters ? 0 : KeyOperationCost.Curve(Bits);

    /// <summary>The encoded point.</summary>
    public byte[] Point { get; }

    /// <summary>The uncompressed point; null when it is invalid.</summary>
    public byte[]? Uncompressed => Point is [4, ..] ? Point : _managed?.Value?.Q.GetEncoded(compressed: false);

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
            // Keep it as a key that verifies nothing: the verifier rejects the chain with its own code (94).
            return new EcPublicKey(point);
        }

        string oid = reader.ReadObjectIdentifier();
        return Create(oid, point);
    }

    /// <summary>
    /// Creates a key on curve <paramref name="oid"/>; throws when the point is not on it. A compressed point may turn out to be
    /// invalid later (<see cref="IsValid"/>).
    /// </summary>
    public static EcPublicKey Create(string oid, byte[] point)
    {
        if (EcCurves.NativeBits(oid) is { } bits && point.Length == 1 + (2 * ((bits + 7) / 8)) && point[0] == 4)
        {
            return WeierstrassCurve.Find(oid).IsOnCurve(point)
                ? new EcPublicKey(oid, bits, new Lazy<ECDsa>(() => EcCurves.Import(oid, point, null)), null, point)
                : throw new AsnContentException();
        }

        ECDomainParameters domain = EcCurves.Domain(oid) ?? throw new AsnContentException();
        return EcCurves.IsPlausiblePoint(domain, point)
            ? new EcPublicKey(oid, domain.Curve.FieldSize, null, new Lazy<ECPublicKeyParameters?>(() => Decode(domain, point)), point)
            : throw new AsnContentException();
    }

    private static ECPublicKeyParameters? Decode(ECDomainParameters domain, byte[] point)
    {
        // Decompression takes a square root, and on some curves a multiplication to check the order.
        KeyOperationCost.Count(KeyOperationCost.Curve(domain.Curve.FieldSize));
        try
        {
            return new ECPublicKeyParameters(domain.Curve.DecodePoint(point), domain);
        }
        catch (ArgumentException)
        {
            return null;
        }
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
            // .NET converts DER signatures to this format internally.
            Span<byte> both = stackalloc byte[2 * ((Bits + 7) / 8)];
            KeyOperationCost.Count(VerificationCost);
            return EcdsaSignature.TryRead(signature, both) && _native.Value.VerifyHash(hashValue, both, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }

        if (!EcdsaSignature.TryRead(signature, out BigInteger r, out BigInteger s) || _managed?.Value is not { } managed)
        {
            return false;
        }

        KeyOperationCost.Count(VerificationCost);
        var signer = new ECDsaSigner();
        signer.Init(false, managed);
        return signer.VerifySignature(hashValue.ToArray(), r, s);
    }
}
