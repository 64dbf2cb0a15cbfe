using System.Security.Cryptography;
using Org.BouncyCastle.Tls.Crypto;
using SslModule.Engine.Crypto.Curve25519;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Crypto;

/// <summary>Key agreement with X25519 (RFC 8446 section 7.4.2) by <see cref="X25519"/>.</summary>
internal sealed class X25519Domain(NativeTlsCrypto crypto) : TlsECDomain
{
    /// <inheritdoc/>
    public TlsAgreement CreateECDH() => new X25519Agreement(crypto);
}

/// <summary>One end of an agreement: its ephemeral key lives from <see cref="GenerateEphemeral"/> to <see cref="CalculateSecret"/>.</summary>
internal sealed class X25519Agreement(NativeTlsCrypto crypto) : TlsAgreement
{
    private readonly byte[] _privateKey = new byte[X25519.Length];
    private byte[] _peer = [];

    /// <inheritdoc/>
    public byte[] GenerateEphemeral()
    {
        Randomness.RandomSource.Fill(_privateKey);
        byte[] publicKey = new byte[X25519.Length];
        X25519.PublicKey(_privateKey, publicKey);
        return publicKey;
    }

    /// <inheritdoc/>
    public void ReceivePeerValue(byte[] peerValue)
        => _peer = peerValue.Length == X25519.Length
            ? peerValue
            : throw new PeerValueAlert("BAD_ECPOINT", new FatalAlertException(AlertDescription.illegal_parameter));

    /// <inheritdoc/>
    public TlsSecret CalculateSecret()
    {
        byte[] secret = new byte[X25519.Length];
        bool agreed = X25519.TryAgree(_privateKey, _peer, secret);
        CryptographicOperations.ZeroMemory(_privateKey);
        return agreed ? new NativeTlsSecret(crypto, secret) : throw new PeerValueAlert("BAD_ECPOINT", new FatalAlertException(AlertDescription.illegal_parameter));
    }
}
