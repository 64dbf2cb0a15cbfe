using SslModule.Engine.Errors;

namespace SslModule.Engine.Certificates;

/// <summary>Reads certificate files.</summary>
internal static class CertificateFiles
{
    // A trust bundle has a fraction of a megabyte; a larger file is a mistake or an attack.
    private const long MaximumLength = 64 << 20;

    /// <summary>True for the PEM label of a CRL.</summary>
    public static bool IsRevocationList(string label) => label == "X509 CRL";

    /// <summary>True for the PEM labels of certificates.</summary>
    public static bool IsCertificate(string label) => label is "CERTIFICATE" or "X509 CERTIFICATE" or "TRUSTED CERTIFICATE";

    /// <summary>Parses the certificate of a PEM block. Data after it, such as trust settings, is ignored, as in OpenSSL.</summary>
    public static Certificate Parse(PemBlock block) => Certificate.ParseFirst(block.Data, out _);

    /// <summary>
    /// Parses the certificate of a PEM block and the trust settings after it, which are null when absent. Some of OpenSSL's readers
    /// accept settings under every certificate label, others only under the label for trusted certificates.
    /// </summary>
    public static Certificate ParseTrusted(PemBlock block, out TrustSettings? settings)
    {
        var certificate = Certificate.ParseFirst(block.Data, out int length);
        settings = length < block.Data!.Length ? TrustSettings.Parse(block.Data.AsMemory(length)) : null;
        return certificate;
    }

    /// <summary>Reads a whole file; operating system errors become a TlsError with an errno.</summary>
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
