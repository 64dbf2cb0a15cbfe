using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SslModule.Engine.Context;
using SslModule.Engine.Tests.Certificates;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>Contexts with certificates of one test authority, at the authority's own time.</summary>
internal static class TestContexts
{
    public const int Tls12 = 0x0303;
    public const int Tls13 = 0x0304;

    private static readonly Lazy<Authority> Root = new(() => Authority.Root());
    private static readonly Lazy<string> EcFile = new(() => Write(Shape.Server("localhost")));
    private static readonly Lazy<string> ClientFile = new(() => Write(Shape.Client(), "CN=a client"));
    private static readonly Lazy<string> RsaFile = new(() => Write(Shape.Server("localhost") with
    {
        NewKey = () => RSA.Create(2048),
        Usage = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment,
    }));

    /// <summary>A file with a server's certificate and key.</summary>
    public static string CertificateFile(bool rsa = false) => rsa ? RsaFile.Value : EcFile.Value;

    /// <summary>The authority's certificate.</summary>
    public static string RootPem => Root.Value.Pem;

    /// <summary>A file with a client's certificate and key.</summary>
    public static string ClientCertificateFile => ClientFile.Value;

    /// <summary>A client that trusts the authority and checks for "localhost" when given that name.</summary>
    public static TlsContext Client(int version = 0, string? ciphers = null)
    {
        var context = new TlsContext(TlsProtocolSelection.TlsClient, new FixedTime());
        context.LoadVerifyPem(Root.Value.Pem);
        return Configure(context, version, ciphers);
    }

    /// <summary>A client that verifies nothing.</summary>
    public static TlsContext Careless(int version = 0, string? ciphers = null)
    {
        var context = new TlsContext(TlsProtocolSelection.TlsClient, new FixedTime()) { CheckHostname = false };
        context.VerifyMode = VerifyMode.None;
        return Configure(context, version, ciphers);
    }

    /// <summary>A server with a certificate for "localhost".</summary>
    public static TlsContext Server(int version = 0, string? ciphers = null, bool rsa = false)
    {
        TlsContext context = BareServer(version, ciphers);
        string file = CertificateFile(rsa);
        context.LoadCertChain(file, null, null);
        return context;
    }

    /// <summary>A server without any certificate.</summary>
    public static TlsContext BareServer(int version = 0, string? ciphers = null)
        => Configure(new TlsContext(TlsProtocolSelection.TlsServer, new FixedTime()), version, ciphers);

    private static TlsContext Configure(TlsContext context, int version, string? ciphers)
    {
        if (version != 0)
        {
            context.MinimumVersion = context.MaximumVersion = version;
        }

        if (ciphers is not null)
        {
            context.SetCiphers(ciphers);
        }

        return context;
    }

    private static string Write(Shape shape, string name = "CN=localhost")
    {
        Authority server = Root.Value.Issue(name, shape);
        string path = Path.Combine(Directory.CreateTempSubdirectory("engine-tests-").FullName, "server.pem");
        File.WriteAllText(path, server.Pem + server.KeyPem);
        return path;
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Authority.Now;
    }
}
