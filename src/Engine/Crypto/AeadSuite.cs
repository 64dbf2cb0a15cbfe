using Org.BouncyCastle.Tls;

namespace SslModule.Engine.Crypto;

/// <summary>What an AEAD suite makes of a record.</summary>
/// <param name="KeyLength">16 or 32 bytes.</param>
/// <param name="Create">Makes the algorithm from a key.</param>
/// <param name="ExplicitNonce">True for AES-GCM and AES-CCM in TLS 1.2, whose records carry 8 nonce bytes.</param>
/// <param name="RecordLimit">How many records one key protects.</param>
internal sealed record AeadSuite(int KeyLength, AeadSuite.Factory Create, bool ExplicitNonce, long RecordLimit)
{
    /// <summary>Makes an AEAD of a key.</summary>
    internal delegate AeadAlgorithm Factory(ReadOnlySpan<byte> key);

    private static readonly AeadSuite Aes128Gcm = new(16, AeadAlgorithm.AesGcm, true, RecordCipher.GcmRecordLimit);
    private static readonly AeadSuite Aes256Gcm = new(32, AeadAlgorithm.AesGcm, true, RecordCipher.GcmRecordLimit);
    private static readonly AeadSuite ChaCha20 = new(32, AeadAlgorithm.ChaCha20Poly1305, false, long.MaxValue);
    private static readonly AeadSuite Aes128Ccm = new(16, AeadAlgorithm.AesCcm, true, RecordCipher.CcmRecordLimit);
    private static readonly AeadSuite Aes128Ccm8 = new(16, AeadAlgorithm.AesCcm8, true, RecordCipher.CcmRecordLimit);
    private static readonly AeadSuite Aes256Ccm = new(32, AeadAlgorithm.AesCcm, true, long.MaxValue);
    private static readonly AeadSuite Aes256Ccm8 = new(32, AeadAlgorithm.AesCcm8, true, long.MaxValue);
    private static readonly AeadSuite Aria128Gcm = new(16, AeadAlgorithm.AriaGcm, true, long.MaxValue);
    private static readonly AeadSuite Aria256Gcm = new(32, AeadAlgorithm.AriaGcm, true, long.MaxValue);

    /// <summary>The suite of one of BouncyCastle's numbers of encryption algorithms; null for one that is no AEAD of ours.</summary>
    public static AeadSuite? Of(int encryptionAlgorithm) => encryptionAlgorithm switch
    {
        EncryptionAlgorithm.AES_128_GCM => Aes128Gcm,
        EncryptionAlgorithm.AES_256_GCM => Aes256Gcm,
        EncryptionAlgorithm.CHACHA20_POLY1305 => ChaCha20,
        EncryptionAlgorithm.AES_128_CCM => Aes128Ccm,
        EncryptionAlgorithm.AES_128_CCM_8 => Aes128Ccm8,
        EncryptionAlgorithm.AES_256_CCM => Aes256Ccm,
        EncryptionAlgorithm.AES_256_CCM_8 => Aes256Ccm8,
        EncryptionAlgorithm.ARIA_128_GCM => Aria128Gcm,
        EncryptionAlgorithm.ARIA_256_GCM => Aria256Gcm,
        _ => null,
    };
}
