using SslModule.Engine.Crypto;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Records;

/// <summary>The record protection parameters of an AEAD suite.</summary>
/// <param name="KeyLength">The key length: 16 or 32 bytes.</param>
/// <param name="Create">Creates the algorithm from a key.</param>
/// <param name="ExplicitNonce">True for AES-GCM and AES-CCM in TLS 1.2, whose records carry an explicit nonce of 8 bytes.</param>
/// <param name="RecordLimit">The number of records that one key may protect.</param>
internal sealed record AeadSuite(int KeyLength, AeadSuite.Factory Create, bool ExplicitNonce, long RecordLimit)
{
    /// <summary>Creates an AEAD algorithm from a key.</summary>
    internal delegate AeadAlgorithm Factory(ReadOnlySpan<byte> key);

    public static readonly AeadSuite Aes128Gcm = new(16, AeadAlgorithm.AesGcm, true, RecordCipher.GcmRecordLimit);
    public static readonly AeadSuite Aes256Gcm = new(32, AeadAlgorithm.AesGcm, true, RecordCipher.GcmRecordLimit);
    public static readonly AeadSuite ChaCha20 = new(32, AeadAlgorithm.ChaCha20Poly1305, false, long.MaxValue);
    public static readonly AeadSuite Aes128Ccm = new(16, AeadAlgorithm.AesCcm, true, RecordCipher.CcmRecordLimit);
    public static readonly AeadSuite Aes128Ccm8 = new(16, AeadAlgorithm.AesCcm8, true, RecordCipher.CcmRecordLimit);
    public static readonly AeadSuite Aes256Ccm = new(32, AeadAlgorithm.AesCcm, true, long.MaxValue);
    public static readonly AeadSuite Aes256Ccm8 = new(32, AeadAlgorithm.AesCcm8, true, long.MaxValue);
    public static readonly AeadSuite Aria128Gcm = new(16, AeadAlgorithm.AriaGcm, true, long.MaxValue);
    public static readonly AeadSuite Aria256Gcm = new(32, AeadAlgorithm.AriaGcm, true, long.MaxValue);

    /// <summary>Finds the parameters by OpenSSL's name, such as <c>AESGCM(128)</c>.</summary>
    public static AeadSuite ByName(string enc) => enc switch
    {
        "AESGCM(128)" => Aes128Gcm,
        "AESGCM(256)" => Aes256Gcm,
        "CHACHA20/POLY1305(256)" => ChaCha20,
        "AESCCM(128)" => Aes128Ccm,
        "AESCCM(256)" => Aes256Ccm,
        "AESCCM8(128)" => Aes128Ccm8,
        "AESCCM8(256)" => Aes256Ccm8,
        "ARIAGCM(128)" => Aria128Gcm,
        "ARIAGCM(256)" => Aria256Gcm,
        _ => throw new FatalAlertException(AlertDescription.internal_error),
    };

    /// <summary>Finds the parameters of a TLS 1.3 suite (RFC 8446 appendix B.4).</summary>
    public static AeadSuite ForTls13(int suite) => suite switch
    {
        CipherSuite.TLS_AES_128_GCM_SHA256 => Aes128Gcm,
        CipherSuite.TLS_AES_256_GCM_SHA384 => Aes256Gcm,
        CipherSuite.TLS_CHACHA20_POLY1305_SHA256 => ChaCha20,
        CipherSuite.TLS_AES_128_CCM_SHA256 => Aes128Ccm,
        CipherSuite.TLS_AES_128_CCM_8_SHA256 => Aes128Ccm8,
        _ => throw new FatalAlertException(AlertDescription.internal_error),
    };
}
