using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;
using HashAlgorithm = SslModule.Engine.Wire.HashAlgorithm;

namespace SslModule.Engine.Crypto;

/// <summary>A TLS secret whose HMAC, HKDF (RFC 5869) and TLS 1.2 PRF (RFC 5246 section 5) run in .NET's native crypto.</summary>
internal sealed class NativeTlsSecret(NativeTlsCrypto crypto, byte[] data) : BcTlsSecret(crypto, data)
{
    private const int MaxDigestLength = 64;

    /// <summary>A copy of a secret's bytes; the caller zeroes it.</summary>
    public static byte[] Copy(TlsSecret secret) => CopyData((AbstractTlsSecret)secret);

    /// <inheritdoc/>
    public override byte[] CalculateHmac(int cryptoHashAlgorithm, byte[] buf, int off, int len)
    {
        CheckAlive();
        if (!IsNativeHmac(cryptoHashAlgorithm))
        {
            return base.CalculateHmac(cryptoHashAlgorithm, buf, off, len);
        }

        byte[] mac = new byte[TlsCryptoUtilities.GetHashOutputSize(cryptoHashAlgorithm)];
        HashAlgorithms.Hmac(cryptoHashAlgorithm, m_data, buf.AsSpan(off, len), mac);
        return mac;
    }

    /// <inheritdoc/>
    public override TlsSecret HkdfExpand(int cryptoHashAlgorithm, byte[] info, int length)
        => HkdfExpand(cryptoHashAlgorithm, info.AsSpan(), length);

    /// <inheritdoc/>
    public override TlsSecret HkdfExpand(int cryptoHashAlgorithm, ReadOnlySpan<byte> info, int length)
    {
        CheckAlive();
        int digestLength = TlsCryptoUtilities.GetHashOutputSize(cryptoHashAlgorithm);
        if (!IsNativeHmac(cryptoHashAlgorithm) || length > digestLength || info.Length > 511)
        {
            return base.HkdfExpand(cryptoHashAlgorithm, info, length);
        }

        Span<byte> block = stackalloc byte[info.Length + 1];
        info.CopyTo(block);
        block[^1] = 1;
        Span<byte> digest = stackalloc byte[MaxDigestLength];
        HashAlgorithms.Hmac(cryptoHashAlgorithm, m_data, block, digest);
        byte[] output = digest[..length].ToArray();
        CryptographicOperations.ZeroMemory(digest);
        return new NativeTlsSecret(crypto, output);
    }

    /// <inheritdoc/>
    public override TlsSecret HkdfExtract(int cryptoHashAlgorithm, TlsSecret ikm)
    {
        if (!IsNativeHmac(cryptoHashAlgorithm))
        {
            return base.HkdfExtract(cryptoHashAlgorithm, ikm);
        }

        byte[] salt = Extract();
        byte[] input = ikm is NativeTlsSecret own ? own.m_data : Copy(ikm);
        byte[] output = new byte[TlsCryptoUtilities.GetHashOutputSize(cryptoHashAlgorithm)];
        HashAlgorithms.Hmac(cryptoHashAlgorithm, salt, input, output);
        CryptographicOperations.ZeroMemory(salt);
        if (ikm is not NativeTlsSecret)
        {
            CryptographicOperations.ZeroMemory(input);
        }

        return new NativeTlsSecret(crypto, output);
    }

    /// <inheritdoc/>
    public override TlsSecret DeriveUsingPrf(int prfAlgorithm, string label, byte[] seed, int length)
        => DeriveUsingPrf(prfAlgorithm, label.AsSpan(), seed.AsSpan(), length);

    /// <inheritdoc/>
    public override TlsSecret DeriveUsingPrf(int prfAlgorithm, ReadOnlySpan<char> label, ReadOnlySpan<byte> seed, int length)
    {
        CheckAlive();
        if (prfAlgorithm is not (PrfAlgorithm.tls_prf_sha256 or PrfAlgorithm.tls_prf_sha384))
        {
            return base.DeriveUsingPrf(prfAlgorithm, label, seed, length);
        }

        int hash = TlsCryptoUtilities.GetHashForPrf(prfAlgorithm);
        int digestLength = TlsCryptoUtilities.GetHashOutputSize(hash);

        // A(i) | label | seed, with A(i) replaced in place as RFC 5246 section 5 steps through it.
        Span<byte> block = stackalloc byte[digestLength + label.Length + seed.Length];
        Encoding.ASCII.GetBytes(label, block[digestLength..]);
        seed.CopyTo(block[(digestLength + label.Length)..]);
        Span<byte> chunk = stackalloc byte[digestLength];
        byte[] output = new byte[length];
        HashAlgorithms.Hmac(hash, m_data, block[digestLength..], block[..digestLength]);
        for (int at = 0; at < length; at += digestLength)
        {
            HashAlgorithms.Hmac(hash, m_data, block, chunk);
            chunk[..Math.Min(digestLength, length - at)].CopyTo(output.AsSpan(at));
            HashAlgorithms.Hmac(hash, m_data, block[..digestLength], chunk);
            chunk.CopyTo(block);
        }

        CryptographicOperations.ZeroMemory(chunk);
        CryptographicOperations.ZeroMemory(block[..digestLength]);
        return new NativeTlsSecret(crypto, output);
    }

    private static bool IsNativeHmac(int algorithm)
        => algorithm is HashAlgorithm.sha256 or HashAlgorithm.sha384 or HashAlgorithm.sha512;
}
