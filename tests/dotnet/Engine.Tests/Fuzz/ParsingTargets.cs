using System.Text;
using SslModule.Engine.Sessions;
using SslModule.Engine.Tests.Certificates.Fuzz;
using SslModule.Engine.Tests.Handshake;

namespace SslModule.Engine.Tests.Fuzz;

/// <summary>Certificates, revocation lists, keys, PEM and sessions, as files or a peer bring them.</summary>
internal static class ParsingTargets
{
    /// <summary>These targets.</summary>
    public static IEnumerable<FuzzTarget> All =>
    [
        new("certificate", CertificateUses.CertificateSeeds, CertificateUses.UseCertificate),
        new("crl", CertificateUses.ListSeeds, CertificateUses.UseList),
        new("key", CertificateUses.KeySeeds, CertificateUses.UseKey),
        new("pem", PemSeeds, CertificateUses.UsePem),
        new("session", SessionSeeds, input => SessionCodec.Decode(input)),
    ];

    private static IEnumerable<byte[]> PemSeeds()
        => [Encoding.Latin1.GetBytes(TestContexts.RootPem), File.ReadAllBytes(TestContexts.CertificateFile()), File.ReadAllBytes(TestContexts.CertificateFile(rsa: true))];

    private static IEnumerable<byte[]> SessionSeeds()
    {
        foreach (int version in (int[])[TestContexts.Tls12, TestContexts.Tls13])
        {
            using MemoryPair pair = MemoryPair.Connect(TestContexts.Client(version), TestContexts.Server(version), "localhost");
            pair.Send([1], fromClient: false);
            yield return [.. SessionCodec.Encode(pair.Client.Session!.State)];
        }
    }
}
