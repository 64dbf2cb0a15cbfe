using SslModule.Engine.Crypto;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Tests.Conformance;

/// <summary>Vectors of AEAD algorithms and of HMAC.</summary>
internal static class CipherVectors
{
    /// <summary>Opens what a vector has sealed; a valid one is sealed, too, and must be the same.</summary>
    public static bool Aead(Vector vector)
    {
        using AeadAlgorithm algorithm = Make(vector);
        if (vector.GroupNumber("ivSize") != 8 * AeadAlgorithm.NonceLength)
        {
            throw new NotHereException("AeadTest: a nonce that is not of 12 bytes");
        }

        byte[] nonce = vector.Bytes("iv");
        byte[] text = vector.Bytes("msg");
        byte[] data = vector.Bytes("aad");
        byte[] opened = new byte[vector.Bytes("ct").Length];
        if (!algorithm.TryDecrypt(nonce, vector.Bytes("ct"), vector.Bytes("tag"), opened, data) || !opened.AsSpan().SequenceEqual(text))
        {
            return false;
        }

        byte[] sealedText = new byte[text.Length];
        byte[] tag = new byte[algorithm.TagLength];
        algorithm.Encrypt(nonce, text, sealedText, tag, data);
        return sealedText.AsSpan().SequenceEqual(vector.Bytes("ct")) && tag.AsSpan().SequenceEqual(vector.Bytes("tag"));
    }

    /// <summary>Computes an HMAC, of which a vector may have a part.</summary>
    public static bool Hmac(Vector vector)
    {
        int algorithm = vector.Algorithm switch
        {
            "HMACSHA1" => HashAlgorithm.sha1,
            "HMACSHA256" => HashAlgorithm.sha256,
            "HMACSHA384" => HashAlgorithm.sha384,
            _ => throw new NotHereException("MacTest: a MAC that no record and no key schedule uses"),
        };
        byte[] expected = vector.Bytes("tag");
        byte[] mac = new byte[HashAlgorithms.Length(algorithm)];
        HashAlgorithms.Hmac(algorithm, vector.Bytes("key"), vector.Bytes("msg"), mac);
        return mac.AsSpan(0, expected.Length).SequenceEqual(expected);
    }

    private static AeadAlgorithm Make(Vector vector)
    {
        byte[] key = vector.Bytes("key");
        return (vector.Algorithm, KeyBits: 8 * key.Length, TagBits: vector.GroupNumber("tagSize")) switch
        {
            ("AES-GCM", 128 or 256, 128) => AeadAlgorithm.AesGcm(key),
            ("AES-CCM", 128 or 256, 128) => AeadAlgorithm.AesCcm(key),
            ("AES-CCM", 128 or 256, 64) => AeadAlgorithm.AesCcm8(key),
            ("CHACHA20-POLY1305", 256, 128) => AeadAlgorithm.ChaCha20Poly1305(key),
            ("ARIA-GCM", 128 or 256, 128) => AeadAlgorithm.AriaGcm(key),
            _ => throw new NotHereException("AeadTest: an algorithm, or a length of key or tag, that no cipher suite has"),
        };
    }
}
