using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc8032;
using SslModule.Engine.Oids;

namespace SslModule.Engine.Certificates;

/// <summary>An Ed25519 or Ed448 key (RFC 8410), which .NET does not support.</summary>
internal sealed class EdwardsPublicKey : PublicKey
{
    private EdwardsPublicKey(KeyKind kind, byte[] point)
    {
        Kind = kind;
        Point = point;
    }

    /// <inheritdoc/>
    public override KeyKind Kind { get; }

    /// <inheritdoc/>
    public override int Bits => Kind == KeyKind.Ed25519 ? 253 : 456;

    /// <inheritdoc/>
    public override int SecurityBits => Kind == KeyKind.Ed25519 ? 128 : 224;

    /// <inheritdoc/>
    public override long VerificationCost => KeyOperationCost.Curve(Kind == KeyKind.Ed25519 ? 255 : 448);

    /// <summary>The encoded point.</summary>
    public byte[] Point { get; }

    /// <summary>Parses a key, which must have no parameters and the exact length.</summary>
    public static EdwardsPublicKey Parse(AlgorithmIdentifier algorithm, byte[] point)
    {
        KeyKind kind = algorithm.Oid == KnownOids.Ed25519 ? KeyKind.Ed25519 : KeyKind.Ed448;
        int size = kind == KeyKind.Ed25519 ? Ed25519.PublicKeySize : Ed448.PublicKeySize;
        return algorithm.Parameters is null && point.Length == size ? new EdwardsPublicKey(kind, point) : throw new AsnContentException();
    }

    /// <summary>Creates a key from its encoded point.</summary>
    public static EdwardsPublicKey Create(KeyKind kind, byte[] point) => new(kind, point);

    /// <inheritdoc/>
    public override bool VerifyHash(HashAlgorithmName? hash, ReadOnlySpan<byte> hashValue, ReadOnlySpan<byte> signature, bool pss = false) => false;

    /// <inheritdoc/>
    public override bool VerifyMessage(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        KeyOperationCost.Count(VerificationCost);
        byte[] message = data.ToArray();
        return Kind == KeyKind.Ed25519
            ? signature.Length == Ed25519.SignatureSize && Ed25519.Verify(signature.ToArray(), 0, Point, 0, message, 0, message.Length)
            : signature.Length == Ed448.SignatureSize && Ed448.Verify(signature.ToArray(), 0, Point, 0, [], message, 0, message.Length);
    }
}
