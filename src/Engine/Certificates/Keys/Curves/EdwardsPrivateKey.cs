using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc8032;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Certificates;

/// <summary>An Ed25519 or Ed448 private key (RFC 8410).</summary>
internal sealed class EdwardsPrivateKey : PrivateKey
{
    private readonly byte[] _seed;
    private readonly byte[] _point;

    /// <summary>Takes ownership of the seed.</summary>
    public EdwardsPrivateKey(KeyKind kind, byte[] seed)
    {
        Kind = kind;
        _seed = seed;
        bool small = kind == KeyKind.Ed25519;
        if (kind is not (KeyKind.Ed25519 or KeyKind.Ed448) || seed.Length != (small ? Ed25519.SecretKeySize : Ed448.SecretKeySize))
        {
            throw new AsnContentException();
        }

        _point = new byte[small ? Ed25519.PublicKeySize : Ed448.PublicKeySize];
        if (small)
        {
            Ed25519.GeneratePublicKey(seed, 0, _point, 0);
        }
        else
        {
            Ed448.GeneratePublicKey(seed, 0, _point, 0);
        }
    }

    /// <inheritdoc/>
    public override KeyKind Kind { get; }

    /// <inheritdoc/>
    public override int Bits => Kind == KeyKind.Ed25519 ? 253 : 456;

    /// <inheritdoc/>
    public override byte[] SignHash(HashAlgorithmName? hash, ReadOnlySpan<byte> hashValue, bool pss = false)
        => throw TlsError.Ssl("SSL", "WRONG_SIGNATURE_TYPE");

    /// <inheritdoc/>
    public override byte[] SignMessage(ReadOnlySpan<byte> data)
    {
        byte[] message = data.ToArray();
        byte[] signature;
        if (Kind == KeyKind.Ed25519)
        {
            signature = new byte[Ed25519.SignatureSize];
            Ed25519.Sign(_seed, 0, _point, 0, message, 0, message.Length, signature, 0);
        }
        else
        {
            signature = new byte[Ed448.SignatureSize];
            Ed448.Sign(_seed, 0, _point, 0, [], message, 0, message.Length, signature, 0);
        }

        return signature;
    }

    /// <inheritdoc/>
    public override bool Matches(PublicKey publicKey)
        => publicKey is EdwardsPublicKey other && other.Kind == Kind && other.Point.AsSpan().SequenceEqual(_point);

    /// <inheritdoc/>
    public override void Dispose() => CryptographicOperations.ZeroMemory(_seed);
}
