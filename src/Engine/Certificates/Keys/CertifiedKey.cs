using System.Security.Cryptography;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Certificates;

/// <summary>A private key with its certificate chain, leaf first.</summary>
internal sealed class CertifiedKey
{
    private CertifiedKey(IReadOnlyList<Certificate> chain, PrivateKey key)
    {
        Chain = chain;
        Key = key;
    }

    /// <summary>The chain in sending order.</summary>
    public IReadOnlyList<Certificate> Chain { get; }

    /// <summary>The private key.</summary>
    public PrivateKey Key { get; }

    /// <summary>The chain as it is sent in the handshake; set once it is final.</summary>
    public IReadOnlyList<Certificate>? SentChain { get; set; }

    /// <summary>Loads PEM files as SSL_CTX_use_certificate_chain_file and SSL_CTX_use_PrivateKey_file do.</summary>
    /// <param name="certFile">The chain file; also the key file when <paramref name="keyFile"/> is null.</param>
    /// <param name="keyFile">The key file.</param>
    /// <param name="password">Called only for an encrypted key; its exceptions are passed on.</param>
    /// <param name="securityLevel">The security level that key and signatures must meet.</param>
    public static CertifiedKey Load(string certFile, string? keyFile, Func<byte[]?>? password, int securityLevel = 0)
    {
        byte[] certificates = CertificateFiles.ReadBytes(certFile), keys = certificates;
        try
        {
            keys = keyFile is null ? certificates : CertificateFiles.ReadBytes(keyFile);
            return Load(certificates, keys, password, securityLevel);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(certificates);
            CryptographicOperations.ZeroMemory(keys);
        }
    }

    private static CertifiedKey Load(ReadOnlySpan<byte> certificates, ReadOnlySpan<byte> keys, Func<byte[]?>? password, int securityLevel)
    {
        List<Certificate> chain = ReadChain(certificates);
        CheckStrength(chain, securityLevel);
        if (chain[0].PublicKey.Kind == KeyKind.SlhDsa)
        {
            throw TlsError.Ssl("SSL", "UNKNOWN_CERTIFICATE_TYPE");
        }

        PrivateKey key = PrivateKey.FromPem(keys, password);
        try
        {
            CheckPair(chain[0], key);
            return new CertifiedKey(chain, key);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    private static List<Certificate> ReadChain(ReadOnlySpan<byte> text)
    {
        var chain = new List<Certificate>();
        List<PemBlock> blocks = Pem.Blocks(text);
        try
        {
            foreach (PemBlock block in blocks)
            {
                if (block.Data is null)
                {
                    throw chain.Count == 0 ? TlsError.LibraryOnly("SSL", "PEM lib") : PemError.Of(block);
                }

                if (CertificateFiles.IsCertificate(block.Label))
                {
                    chain.Add(ReadOne(block, isFirst: chain.Count == 0));
                }
            }
        }
        finally
        {
            // The file may contain the key.
            blocks.ForEach(block => CryptographicOperations.ZeroMemory(block.Data));
        }

        return chain.Count > 0 ? chain : throw TlsError.LibraryOnly("SSL", "PEM lib");
    }

    private static Certificate ReadOne(PemBlock block, bool isFirst)
    {
        Certificate certificate;
        try
        {
            certificate = isFirst ? CertificateFiles.ParseTrusted(block, out _) : CertificateFiles.Parse(block);
            if (!certificate.PublicKey.IsValid && isFirst)
            {
                throw TlsError.LibraryOnly("SSL", "PEM lib");
            }
        }
        catch (TlsError)
        {
            throw isFirst ? TlsError.LibraryOnly("SSL", "PEM lib") : TlsError.LibraryOnly("PEM", "ASN1 lib");
        }

        return certificate.Extensions.MalformedOid is null ? certificate : throw TlsError.Ssl("X509V3", "INVALID_CERTIFICATE");
    }

    private static void CheckStrength(IReadOnlyList<Certificate> chain, int securityLevel)
    {
        int needed = SecurityLevels.MinimumBits(securityLevel);
        for (int index = 0; index < chain.Count && needed > 0; index++)
        {
            Certificate certificate = chain[index];
            if (certificate.PublicKey.SecurityBits < needed)
            {
                throw TlsError.Ssl("SSL", index == 0 ? "EE_KEY_TOO_SMALL" : "CA_KEY_TOO_SMALL");
            }

            if (!certificate.IsSelfSigned && CertificateSignature.SecurityBits(certificate.SignatureAlgorithm) < needed)
            {
                throw TlsError.Ssl("SSL", "CA_MD_TOO_WEAK");
            }
        }
    }

    private static void CheckPair(Certificate certificate, PrivateKey key)
    {
        if (key.Matches(certificate.PublicKey))
        {
            return;
        }

        // OpenSSL has one slot per key type: a key of another type goes into a slot without a certificate.
        throw certificate.PublicKey.Kind == key.Kind ? TlsError.Ssl("X509", "KEY_VALUES_MISMATCH") : TlsError.Ssl("SSL", "NO_CERTIFICATE_ASSIGNED");
    }
}
