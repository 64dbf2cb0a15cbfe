using SslModule.Engine.Errors;

namespace SslModule.Engine.Certificates;

/// <summary>Reading certificate files.</summary>
internal static class CertificateFiles
{
    // A trust bundle is a fraction of a megabyte; a file beyond this is a mistake or an attack.
    private const long MaximumLength = 64 << 20;

    /// <summary>True for the label of a CRL.</summary>
    public static bool IsRevocationList(string label) => label == "X509 CRL";

    /// <summary>True for the labels that hold a certificate.</summary>
    public static bool IsCertificate(string label) => label is "CERTIFICATE" or "X509 CERTIFICATE" or "TRUSTED CERTIFICATE";

    /// <summary>The certificate of a PEM block; what stands behind it, trust settings or nothing of use, is left as OpenSSL leaves it.</summary>
    public static Certificate Parse(PemBlock block) => Certificate.ParseFirst(block.Data, out _);

    /// <summary>
    /// The certificate of a PEM block with the trust settings behind it, null where there are none. Some of OpenSSL's readers
    /// look for settings under every label of certificates, the others only where the label says so.
    /// </summary>
    public static Certificate ParseTrusted(PemBlock block, out TrustSettings? settings)
    {
        var certificate = Certificate.ParseFirst(block.Data, out int length);
        settings = length < block.Data!.Length ? TrustSettings.Parse(block.Data.AsMemory(length)) : null;
        return certificate;
    }

    /// <summary>A whole file; the operating system's refusal becomes a TlsError with its errno.</summary>
    public static byte[] ReadBytes(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return file.Length <= MaximumLength ? File.ReadAllBytes(path) : throw new IOException();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw FileErrors.From(error, path);
        }
    }
}
