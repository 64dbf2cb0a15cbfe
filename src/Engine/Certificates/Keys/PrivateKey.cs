using System.Security.Cryptography;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Certificates;

/// <summary>A private key that signs handshakes. Thread-safe; secrets are zeroed when it is disposed.</summary>
internal abstract class PrivateKey : IDisposable
{
    /// <summary>What kind of key it is.</summary>
    public abstract KeyKind Kind { get; }

    /// <summary>The size in bits: modulus, prime or field.</summary>
    public abstract int Bits { get; }

    /// <summary>The curve's identifier; null for a key that is on none.</summary>
    public virtual string? CurveOid => null;

    /// <summary>Reads the first private key of a PEM text.</summary>
    /// <param name="pem">The text; other blocks are skipped.</param>
    /// <param name="password">Asked only when the key is encrypted; null or a null answer refuses.</param>
    public static PrivateKey FromPem(ReadOnlySpan<byte> pem, Func<byte[]?>? password = null) => KeyReader.FromPem(pem, password);

    /// <summary>The same for a text that is a string already, which nobody can clear.</summary>
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

    /// <summary>Signs a finished hash; null <paramref name="hash"/>: MD5 and SHA-1 side by side (RFC 4346 section 7.4.3).</summary>
    public abstract byte[] SignHash(HashAlgorithmName? hash, ReadOnlySpan<byte> hashValue, bool pss = false);

    /// <summary>Signs the message itself (Ed25519 and Ed448).</summary>
    public virtual byte[] SignMessage(ReadOnlySpan<byte> data) => throw TlsError.Ssl("SSL", "WRONG_SIGNATURE_TYPE");

    /// <summary>
    /// Decrypts the premaster secret of RSA key exchange. A wrong padding, size or version gives random bytes, found out only
    /// when the Finished messages differ, in the same time (RFC 5246 section 7.4.7.1).
    /// </summary>
    public virtual byte[] DecryptPremaster(ReadOnlySpan<byte> ciphertext, ushort version) => throw TlsError.Ssl("SSL", "WRONG_CERTIFICATE_TYPE");

    /// <summary>True when <paramref name="publicKey"/> is this key's other half.</summary>
    public abstract bool Matches(PublicKey publicKey);

    /// <inheritdoc/>
    public abstract void Dispose();
}
