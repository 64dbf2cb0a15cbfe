using System.Security.Cryptography;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Certificates;

/// <summary>A private key for handshake signatures. Thread-safe; secrets are zeroed on disposal where the library allows it.</summary>
internal abstract class PrivateKey : IDisposable
{
    /// <summary>The key type.</summary>
    public abstract KeyKind Kind { get; }

    /// <summary>The size in bits of the modulus, prime or field.</summary>
    public abstract int Bits { get; }

    /// <summary>The curve's OID; null for other keys.</summary>
    public virtual string? CurveOid => null;

    /// <summary>Parses the first private key of a PEM text.</summary>
    /// <param name="pem">The PEM text; other blocks are ignored.</param>
    /// <param name="password">Called only for an encrypted key; loading fails when it is null or returns null.</param>
    public static PrivateKey FromPem(ReadOnlySpan<byte> pem, Func<byte[]?>? password = null) => KeyReader.FromPem(pem, password);

    /// <summary>Parses a key from a string, which cannot be zeroed.</summary>
    public static PrivateKey FromPem(string pem, Func<byte[]?>? password = null)
    {
        byte[] bytes = System.Text.Encoding.Latin1.GetBytes(pem);
        try
        {
            return KeyReader.FromPem(bytes, password);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>Signs with a TLS SignatureScheme.</summary>
    public byte[] Sign(int signatureScheme, ReadOnlySpan<byte> data)
    {
        if (SignatureSchemes.Find(signatureScheme) is not { } use || use.Kind != Kind)
        {
            throw TlsError.Ssl("SSL", "WRONG_SIGNATURE_TYPE");
        }

        return use.Hash is { } hash ? SignHash(hash, HashNames.HashData(hash, data), use.IsPss) : SignMessage(data);
    }

    /// <summary>Signs a hash. A null <paramref name="hash"/> means the concatenation of MD5 and SHA-1 (RFC 4346 section 7.4.3).</summary>
    public abstract byte[] SignHash(HashAlgorithmName? hash, ReadOnlySpan<byte> hashValue, bool pss = false);

    /// <summary>Signs the message itself (Ed25519, Ed448 and ML-DSA).</summary>
    public virtual byte[] SignMessage(ReadOnlySpan<byte> data) => throw TlsError.Ssl("SSL", "WRONG_SIGNATURE_TYPE");

    /// <summary>
    /// Decrypts the premaster secret of RSA key exchange in constant time. Invalid padding, size or version yields random bytes, so
    /// that the handshake fails only at Finished (RFC 5246 section 7.4.7.1).
    /// </summary>
    public virtual byte[] DecryptPremaster(ReadOnlySpan<byte> ciphertext, ushort version) => throw TlsError.Ssl("SSL", "WRONG_CERTIFICATE_TYPE");

    /// <summary>True when <paramref name="publicKey"/> belongs to this key.</summary>
    public abstract bool Matches(PublicKey publicKey);

    /// <inheritdoc/>
    public abstract void Dispose();
}
