using System.Security.Cryptography;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;
using SslModule.Engine.Wire;
using AlertDescription = SslModule.Engine.Wire.AlertDescription;
using NamedGroup = SslModule.Engine.Wire.NamedGroup;

namespace SslModule.Engine.Crypto;

/// <summary>Sees a premaster secret and its encrypted form.</summary>
internal delegate void PremasterEncrypted(ReadOnlySpan<byte> premaster, ReadOnlySpan<byte> encrypted);

/// <summary>
/// BouncyCastle's crypto provider with the hot paths sent to .NET's native crypto: hashes, HKDF, RSA and ECDSA. Record protection is the engine's own.
/// Key agreement on Montgomery and Brainpool curves and in prime fields stays with BouncyCastle, but for X25519 where the processor allows a faster one. One instance per connection: it sees the secrets go by for the key log.
/// </summary>
internal sealed class NativeTlsCrypto() : BcTlsCrypto(Randomness.RandomSource.BouncyCastle)
{
    /// <summary>The hashes that the handshake has made.</summary>
    private List<TranscriptHash>? _hashes;

    /// <summary>The record protection created last: after the handshake, the one in force both ways.</summary>
    public RecordCipher? Current { get; private set; }

    /// <summary>What the record protections tell of control records, while a message callback is set.</summary>
    public Connection.MessageTrace? Trace { get; set; }

    /// <summary>Told of each record that was opened for the handshake, before the handshake sees it.</summary>
    public RecordCipher.OpenedRecord? Opened { get; set; }

    /// <summary>Told of each new record protection, for the key log.</summary>
    public Action<SecurityParameters>? KeysReady { get; set; }

    /// <summary>Told of a premaster secret and what it became, when a client encrypts it.</summary>
    public PremasterEncrypted? Encrypted { get; set; }

    /// <summary>Forgets what only the handshake needs.</summary>
    public void HandshakeDone()
    {
        (Opened, KeysReady, Encrypted) = (null, null, null);
        Current!.Opened = null;
    }

    /// <inheritdoc/>
    public override TlsCertificate CreateCertificate(short type, byte[] encoding)
    {
        if (type != CertificateType.X509)
        {
            throw new FatalAlertException(AlertDescription.unsupported_certificate);
        }

        try
        {
            return new PeerCertificate(encoding) { Encrypted = Encrypted };
        }
        catch (Errors.TlsError error)
        {
            throw new FatalAlertException(AlertDescription.bad_certificate, error);
        }
    }

    /// <inheritdoc/>
    public override TlsCipher CreateCipher(TlsCryptoParameters cryptoParams, int encryptionAlgorithm, int macAlgorithm)
    {
        KeysReady?.Invoke(cryptoParams.SecurityParameters);
        Current = encryptionAlgorithm switch
        {
            _ when cryptoParams.SecurityParameters.NegotiatedVersion.IsSsl => new Ssl3RecordCipher(base.CreateCipher(cryptoParams, encryptionAlgorithm, macAlgorithm)),
            _ when Aead(encryptionAlgorithm) is { } suite => new AeadRecordCipher(cryptoParams, suite),
            EncryptionAlgorithm.NULL => new MacRecordCipher(cryptoParams, TlsCryptoUtilities.GetHashForHmac(macAlgorithm)),
            _ when Cbc.CbcRecordCipher.Supports(encryptionAlgorithm) => new Cbc.CbcRecordCipher(cryptoParams, encryptionAlgorithm, TlsCryptoUtilities.GetHashForHmac(macAlgorithm)),
            _ => throw new FatalAlertException(AlertDescription.internal_error),
        };
        Current.Trace = Trace;
        Current.Opened = Opened;
        return Current;
    }

    /// <summary>Which AEAD one of BouncyCastle's numbers of encryption algorithms means; null for one that is no AEAD of ours.</summary>
    private static AeadSuite? Aead(int encryptionAlgorithm) => encryptionAlgorithm switch
    {
        EncryptionAlgorithm.AES_128_GCM => AeadSuite.Aes128Gcm,
        EncryptionAlgorithm.AES_256_GCM => AeadSuite.Aes256Gcm,
        EncryptionAlgorithm.CHACHA20_POLY1305 => AeadSuite.ChaCha20,
        EncryptionAlgorithm.AES_128_CCM => AeadSuite.Aes128Ccm,
        EncryptionAlgorithm.AES_128_CCM_8 => AeadSuite.Aes128Ccm8,
        EncryptionAlgorithm.AES_256_CCM => AeadSuite.Aes256Ccm,
        EncryptionAlgorithm.AES_256_CCM_8 => AeadSuite.Aes256Ccm8,
        EncryptionAlgorithm.ARIA_128_GCM => AeadSuite.Aria128Gcm,
        EncryptionAlgorithm.ARIA_256_GCM => AeadSuite.Aria256Gcm,
        _ => null,
    };

    /// <summary>Takes the record protection of TLS 1.3 into use.</summary>
    public AeadRecordCipher Protect(AeadRecordCipher cipher)
    {
        Current = cipher;
        return cipher;
    }

    /// <inheritdoc/>
    public override TlsECDomain CreateECDomain(TlsECConfig ecConfig)
        => ecConfig.NamedGroup == NamedGroup.x25519 && Curve25519.X25519.IsSupported
            ? new X25519Domain(this)
            : NistDomain.OidOf(ecConfig.NamedGroup) is { } oid ? new NistDomain(this, oid)
            : new CheckedEcDomain(base.CreateECDomain(ecConfig));

    /// <inheritdoc/>
    public override TlsKemDomain CreateKemDomain(TlsKemConfig kemConfig) => new CheckedKemDomain(base.CreateKemDomain(kemConfig));

    /// <inheritdoc/>
    public override TlsDHDomain CreateDHDomain(TlsDHConfig dhConfig) => new CheckedDhDomain(base.CreateDHDomain(dhConfig));

    /// <inheritdoc/>
    public override TlsHash CreateHash(int cryptoHashAlgorithm)
    {
        return HashAlgorithms.IsNative(cryptoHashAlgorithm) ? new TranscriptHash(cryptoHashAlgorithm, _hashes ??= []) : base.CreateHash(cryptoHashAlgorithm);
    }

    /// <summary>Gives back what the hashes of the handshake hold: it is over.</summary>
    public void ReleaseHashes()
    {
        foreach (TranscriptHash hash in _hashes ?? [])
        {
            hash.Release();
        }

        _hashes = null;
    }

    /// <inheritdoc/>
    public override TlsSecret HkdfInit(int cryptoHashAlgorithm)
        => new NativeTlsSecret(this, new byte[TlsCryptoUtilities.GetHashOutputSize(cryptoHashAlgorithm)]);

    /// <inheritdoc/>
    public override TlsSecret CreateSecret(byte[] data) => new NativeTlsSecret(this, (byte[])data.Clone());

    /// <inheritdoc/>
    public override TlsNonceGenerator CreateNonceGenerator(byte[] additionalSeedMaterial) => SystemNonces.Instance;

    /// <inheritdoc/>
    public override TlsNonceGenerator CreateNonceGenerator(ReadOnlySpan<byte> additionalSeedMaterial) => SystemNonces.Instance;

    private sealed class SystemNonces : TlsNonceGenerator
    {
        public static readonly SystemNonces Instance = new();

        public byte[] GenerateNonce(int size) => RandomNumberGenerator.GetBytes(size);
    }
}
