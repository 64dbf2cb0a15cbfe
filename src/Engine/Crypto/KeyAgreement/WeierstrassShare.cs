using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Agreement;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Utilities;
using SslModule.Engine.Oids;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Crypto.KeyAgreement;

/// <summary>ECDH by BouncyCastle on the curves that .NET does not support on every platform (RFC 8422, RFC 7027).</summary>
/// <param name="group">The group's code point.</param>
internal sealed class WeierstrassShare(int group) : KeyShare
{
    private readonly ECDomainParameters _domain = EcCurves.Domain(OidOf(group)) ?? throw new FatalAlertException(AlertDescription.internal_error);
    private ECPrivateKeyParameters? _key;

    /// <inheritdoc/>
    public override void WritePublicValue(ByteBuffer output)
    {
        var generator = new ECKeyPairGenerator();
        generator.Init(new ECKeyGenerationParameters(_domain, Randomness.RandomSource.BouncyCastle));
        AsymmetricCipherKeyPair pair = generator.GenerateKeyPair();
        _key = (ECPrivateKeyParameters)pair.Private;
        output.Append(((ECPublicKeyParameters)pair.Public).Q.GetEncoded(compressed: false));
    }

    /// <inheritdoc/>
    public override byte[] DeriveSecret(ReadOnlySpan<byte> answer)
    {
        var agreement = new ECDHBasicAgreement();
        agreement.Init(_key!);
        byte[] secret = BigIntegers.AsUnsignedByteArray(agreement.GetFieldSize(), agreement.CalculateAgreement(PeerKey(answer)));
        Dispose();
        return secret;
    }

    /// <summary>Drops the key; BouncyCastle's integers cannot be zeroed.</summary>
    public override void Dispose() => _key = null;

    private ECPublicKeyParameters PeerKey(ReadOnlySpan<byte> encoded)
    {
        try
        {
            // Decoding checks that the point is on the curve, the key constructor that it is not the point at infinity.
            return new ECPublicKeyParameters(_domain.Curve.DecodePoint(encoded), _domain);
        }
        catch (Exception cause) when (cause is ArgumentException or FormatException)
        {
            throw InvalidValue();
        }
    }

    private static string OidOf(int group) => group switch
    {
        NamedGroup.secp192r1 => KnownOids.P192,
        NamedGroup.secp224r1 => KnownOids.P224,
        NamedGroup.secp256k1 => KnownOids.Secp256k1,
        NamedGroup.brainpoolP256r1 or NamedGroup.brainpoolP256r1tls13 => KnownOids.BrainpoolP256,
        NamedGroup.brainpoolP384r1 or NamedGroup.brainpoolP384r1tls13 => KnownOids.BrainpoolP384,
        NamedGroup.brainpoolP512r1 or NamedGroup.brainpoolP512r1tls13 => KnownOids.BrainpoolP512,
        _ => throw new ArgumentOutOfRangeException(nameof(group)),
    };
}
