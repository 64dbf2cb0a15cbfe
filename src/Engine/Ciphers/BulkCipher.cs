namespace SslModule.Engine.Ciphers;

/// <summary>A record encryption algorithm: OpenSSL's names, strength and key length.</summary>
internal sealed record BulkCipher(string Enc, int StrengthBits, int KeyBits, string? Symmetric)
{
    private static readonly Dictionary<string, BulkCipher> ByEnc = new BulkCipher[]
    {
        new("None", 0, 0, null),
        new("3DES(168)", 112, 168, "des-ede3-cbc"),
        new("AES(128)", 128, 128, "aes-128-cbc"),
        new("AES(256)", 256, 256, "aes-256-cbc"),
        new("AESGCM(128)", 128, 128, "aes-128-gcm"),
        new("AESGCM(256)", 256, 256, "aes-256-gcm"),
        new("AESCCM(128)", 128, 128, "aes-128-ccm"),
        new("AESCCM(256)", 256, 256, "aes-256-ccm"),
        new("AESCCM8(128)", 128, 128, "aes-128-ccm"),
        new("AESCCM8(256)", 256, 256, "aes-256-ccm"),
        new("ARIAGCM(128)", 128, 128, "aria-128-gcm"),
        new("ARIAGCM(256)", 256, 256, "aria-256-gcm"),
        new("Camellia(128)", 128, 128, "camellia-128-cbc"),
        new("Camellia(256)", 256, 256, "camellia-256-cbc"),
        new("CHACHA20/POLY1305(256)", 256, 256, "chacha20-poly1305"),
    }.ToDictionary(cipher => cipher.Enc);

    public static BulkCipher ByName(string enc) => ByEnc[enc];
}
