using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Kems;
using Org.BouncyCastle.Crypto.Parameters;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Crypto.KeyAgreement;

/// <summary>ML-KEM (FIPS 203) by BouncyCastle: alone (draft-ietf-tls-mlkem) or as a component of the hybrid groups (draft-ietf-tls-ecdhe-mlkem).</summary>
/// <param name="parameters">The ML-KEM parameter set.</param>
internal sealed class BouncyCastleMlKemShare(MLKemParameters parameters) : KeyShare
{
    private MLKemPrivateKeyParameters? _key;

    /// <inheritdoc/>
    public override void WritePublicValue(ByteBuffer output)
    {
        var generator = new MLKemKeyPairGenerator();
        generator.Init(new MLKemKeyGenerationParameters(Randomness.RandomSource.BouncyCastle, parameters));
        _key = (MLKemPrivateKeyParameters)generator.GenerateKeyPair().Private;
        output.Append(_key.GetPublicKeyEncoded());
    }

    /// <inheritdoc/>
    public override byte[] DeriveSecret(ReadOnlySpan<byte> answer)
    {
        var decapsulator = new MLKemDecapsulator(parameters);
        decapsulator.Init(_key!);
        if (answer.Length != decapsulator.EncapsulationLength)
        {
            throw InvalidValue();
        }

        byte[] secret = new byte[decapsulator.SecretLength];
        decapsulator.Decapsulate(answer, secret);
        return secret;
    }

    /// <inheritdoc/>
    public override byte[] Respond(ReadOnlySpan<byte> offer, ByteBuffer output)
    {
        var encapsulator = new MLKemEncapsulator(parameters);
        encapsulator.Init(new ParametersWithRandom(PeerKey(offer), Randomness.RandomSource.BouncyCastle));
        byte[] secret = new byte[encapsulator.SecretLength];
        encapsulator.Encapsulate(output.Reserve(encapsulator.EncapsulationLength)[..encapsulator.EncapsulationLength], secret);
        output.Commit(encapsulator.EncapsulationLength);
        return secret;
    }

    /// <summary>Drops the key; BouncyCastle's keys cannot be zeroed.</summary>
    public override void Dispose() => _key = null;

    private MLKemPublicKeyParameters PeerKey(ReadOnlySpan<byte> encoded)
    {
        try
        {
            return MLKemPublicKeyParameters.FromEncoding(parameters, encoded.ToArray());
        }
        catch (ArgumentException)
        {
            throw InvalidValue();
        }
    }
}
