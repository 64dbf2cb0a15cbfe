using System.Security.Cryptography.X509Certificates;

namespace SslModule.Engine;

/// <summary>What .NET 9 brought: certificates without a guess at what the bytes are.</summary>
internal static class X509CertificateLoader
{
    /// <summary>A certificate of its DER.</summary>
    public static X509Certificate2 LoadCertificate(ReadOnlySpan<byte> data) => new(data);
}
