using System.Security.Cryptography;
using SslModule.Engine.Oids;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Crypto.KeyAgreement;

/// <summary>
/// ECDH on P-256, P-384 and P-521 (RFC 8446 section 7.4.2) by .NET. BouncyCastle is as fast, but allocates half a megabyte per
/// exchange.
/// </summary>
/// <param name="oid">The curve's object identifier.</param>
internal sealed class NistShare(string oid) : KeyShare
{
    private const byte Uncompressed = 4;
    private readonly ECCurve _curve = ECCurve.CreateFromValue(oid);
    private readonly int _size = (EcCurves.NativeBits(oid)!.Value + 7) / 8;
    private ECDiffieHellman? _key;

    /// <summary>The curve of a group; null for other groups.</summary>
    public static string? OidOf(int group) => group switch
    {
        NamedGroup.secp256r1 => KnownOids.P256,
        NamedGroup.secp384r1 => KnownOids.P384,
        NamedGroup.secp521r1 => KnownOids.P521,
        _ => null,
    };

    /// <inheritdoc/>
    public override void WritePublicValue(ByteBuffer output)
    {
        _key = ECDiffieHellman.Create(_curve);
        ECPoint point = _key.ExportParameters(includePrivateParameters: false).Q;
        output.Append([Uncompressed]);
        output.Append(point.X);
        output.Append(point.Y);
    }

    /// <inheritdoc/>
    public override byte[] DeriveSecret(ReadOnlySpan<byte> answer)
    {
        if (answer.Length != 1 + (2 * _size) || answer[0] != Uncompressed || !WeierstrassCurve.Find(oid).IsOnCurve(answer))
        {
            throw InvalidValue();
        }

        using var peer = ECDiffieHellman.Create(new ECParameters
        {
            Curve = _curve,
            Q = new ECPoint { X = answer[1..(1 + _size)].ToArray(), Y = answer[(1 + _size)..].ToArray() },
        });
        using ECDiffieHellmanPublicKey point = peer.PublicKey;
        byte[] secret = _key!.DeriveRawSecretAgreement(point);
        Dispose();
        return secret;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _key?.Dispose();
        _key = null;
    }
}
