using System.Security.Cryptography;
using Org.BouncyCastle.Tls.Crypto;
using SslModule.Engine.Certificates;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Crypto;

/// <summary>
/// Key agreement on P-256, P-384 and P-521 (RFC 8446 section 7.4.2) by .NET. BouncyCastle's takes no longer, but leaves half a
/// megabyte of numbers behind.
/// </summary>
internal sealed class NistDomain(NativeTlsCrypto crypto, string oid) : TlsECDomain
{
    /// <summary>The curve of a group; null for a group that is none of these.</summary>
    public static string? OidOf(int group) => group switch
    {
        NamedGroup.secp256r1 => KnownOids.P256,
        NamedGroup.secp384r1 => KnownOids.P384,
        NamedGroup.secp521r1 => KnownOids.P521,
        _ => null,
    };

    /// <inheritdoc/>
    public TlsAgreement CreateECDH() => new Agreement(crypto, oid);

    /// <summary>One end of an agreement: its ephemeral key lives from <see cref="GenerateEphemeral"/> to <see cref="CalculateSecret"/>.</summary>
    private sealed class Agreement(NativeTlsCrypto crypto, string oid) : TlsAgreement
    {
        private const byte Uncompressed = 4;

        private readonly ECCurve _curve = ECCurve.CreateFromValue(oid);
        private readonly int _size = (EcCurves.NativeBits(oid)!.Value + 7) / 8;
        private ECDiffieHellman? _key;
        private byte[] _peer = [];

        public byte[] GenerateEphemeral()
        {
            _key = ECDiffieHellman.Create(_curve);
            ECPoint point = _key.ExportParameters(includePrivateParameters: false).Q;
            return [Uncompressed, .. point.X!, .. point.Y!];
        }

        public void ReceivePeerValue(byte[] peerValue)
            => _peer = peerValue.Length == 1 + (2 * _size) && peerValue[0] == Uncompressed && WeierstrassCurve.Find(oid).Holds(peerValue)
                ? peerValue
                : throw new PeerValueAlert("BAD_ECPOINT", new FatalAlertException(AlertDescription.illegal_parameter));

        public TlsSecret CalculateSecret()
        {
            using ECDiffieHellman own = _key!;
            using var peer = ECDiffieHellman.Create(new ECParameters
            {
                Curve = _curve,
                Q = new ECPoint { X = _peer[1..(1 + _size)], Y = _peer[(1 + _size)..] },
            });
            using ECDiffieHellmanPublicKey point = peer.PublicKey;
            return new NativeTlsSecret(crypto, own.DeriveRawSecretAgreement(point));
        }
    }
}
