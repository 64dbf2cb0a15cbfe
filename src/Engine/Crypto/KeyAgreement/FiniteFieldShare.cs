using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Utilities;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Crypto.KeyAgreement;

/// <summary>Diffie-Hellman in a prime field (RFC 8446 section 7.4.1, RFC 5246 section 8.1.2) by BouncyCastle.</summary>
/// <param name="group">The group parameters.</param>
/// <param name="keepsZeros">True when the secret is padded to the length of the prime, false when its leading zeros are removed.</param>
internal sealed class FiniteFieldShare(DHParameters group, bool keepsZeros) : KeyShare
{
    private BigInteger? _exponent;

    private int Length => (group.P.BitLength + 7) / 8;

    /// <inheritdoc/>
    public override void WritePublicValue(ByteBuffer output)
    {
        var generator = new DHKeyPairGenerator();
        generator.Init(new DHKeyGenerationParameters(Randomness.RandomSource.BouncyCastle, group));
        Org.BouncyCastle.Crypto.AsymmetricCipherKeyPair pair = generator.GenerateKeyPair();
        _exponent = ((DHPrivateKeyParameters)pair.Private).X;
        output.Append(BigIntegers.AsUnsignedByteArray(Length, ((DHPublicKeyParameters)pair.Public).Y));
    }

    /// <inheritdoc/>
    public override byte[] DeriveSecret(ReadOnlySpan<byte> answer)
    {
        BigInteger peer = Validated(answer);
        BigInteger secret = peer.ModPow(_exponent!, group.P);
        Dispose();
        return secret.Equals(BigInteger.One) ? throw InvalidValue("BAD_DH_VALUE")
            : keepsZeros ? BigIntegers.AsUnsignedByteArray(Length, secret)
            : secret.ToByteArrayUnsigned();
    }

    /// <summary>Drops the exponent; BouncyCastle's integers cannot be zeroed.</summary>
    public override void Dispose() => _exponent = null;

    private BigInteger Validated(ReadOnlySpan<byte> value)
    {
        try
        {
            // The constructor checks the range and, when the order of the group is known, that the value has that order.
            return new DHPublicKeyParameters(new BigInteger(1, value), group).Y;
        }
        catch (ArgumentException)
        {
            throw InvalidValue("BAD_DH_VALUE");
        }
    }
}
