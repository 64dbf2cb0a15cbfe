using System.Security.Cryptography;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;

namespace SslModule.Engine.Crypto.MlKem;

/// <summary>Key encapsulation with ML-KEM-768 inside the hybrid groups (draft-ietf-tls-ecdhe-mlkem).</summary>
internal sealed class MlKemDomain(NativeTlsCrypto crypto, bool isServer) : TlsKemDomain
{
    /// <inheritdoc/>
    public TlsAgreement CreateKem() => isServer ? new Encapsulation(crypto) : new Decapsulation(crypto);

    /// <summary>The peer's value is refused as a point of a curve is: OpenSSL 3.5 has no other reason for it.</summary>
    private static PeerValueAlert Refusal() => new("BAD_ECPOINT", new TlsFatalAlert(AlertDescription.illegal_parameter));

    /// <summary>A server: it answers a client's key.</summary>
    private sealed class Encapsulation(NativeTlsCrypto crypto) : TlsAgreement
    {
        private readonly byte[] _ciphertext = new byte[MlKem768.CiphertextLength];
        private readonly byte[] _secret = new byte[MlKem768.SecretLength];

        public void ReceivePeerValue(byte[] peerValue)
        {
            Span<byte> random = stackalloc byte[MlKem768.RandomLength];
            Randomness.RandomSource.Fill(random);
            bool valid = MlKem768.TryEncapsulate(peerValue, random, _ciphertext, _secret);
            CryptographicOperations.ZeroMemory(random);
            if (!valid)
            {
                throw Refusal();
            }
        }

        public byte[] GenerateEphemeral() => _ciphertext;

        public TlsSecret CalculateSecret() => new NativeTlsSecret(crypto, _secret);
    }

    /// <summary>A client: its key pair lives from <see cref="GenerateEphemeral"/> to <see cref="ReceivePeerValue"/>.</summary>
    private sealed class Decapsulation(NativeTlsCrypto crypto) : TlsAgreement
    {
        private readonly byte[] _secret = new byte[MlKem768.SecretLength];
        private DecapsulationKey? _key;

        public byte[] GenerateEphemeral()
        {
            Span<byte> seed = stackalloc byte[DecapsulationKey.SeedLength];
            Randomness.RandomSource.Fill(seed);
            byte[] encapsulationKey = new byte[MlKem768.EncapsulationKeyLength];
            _key = DecapsulationKey.Generate(seed, encapsulationKey);
            CryptographicOperations.ZeroMemory(seed);
            return encapsulationKey;
        }

        public void ReceivePeerValue(byte[] peerValue)
        {
            if (!_key!.TryDecapsulate(peerValue, _secret))
            {
                throw Refusal();
            }
        }

        public TlsSecret CalculateSecret() => new NativeTlsSecret(crypto, _secret);
    }
}
