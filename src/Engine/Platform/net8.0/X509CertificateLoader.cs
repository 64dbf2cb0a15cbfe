using System.Security.Cryptography.X509Certificates;

namespace SslModule.Engine;

/// <summary>A stand-in for .NET 9's certificate loader, which does not guess the encoding.</summary>
internal static class X509CertificateLoader
{
    /// <summary>Loads a certificate from DER.</summary>
    public static X509Certificate2 LoadCertificate(ReadOnlySpan<byte> data) => new(data);
}
