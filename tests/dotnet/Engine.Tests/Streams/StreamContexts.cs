using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SslModule.Engine.Context;
using SslModule.Engine.Tests.Certificates;

namespace SslModule.Engine.Tests.Streams;

/// <summary>Contexts of ours and certificates for SslStream, of one authority and valid now: SslStream knows no other time.</summary>
internal static class StreamContexts
{
    public const int Tls12 = 0x0303;
    public const int Tls13 = 0x0304;

    private static readonly Lazy<Authority> Root = new(() => Authority.Root(shape: Now(Shape.Ca())));
    private static readonly Lazy<Authority> ServerLeaf = new(() => Root.Value.Issue("CN=localhost", Now(Shape.Server("localhost", "xn--mller-kva.example"))));
    private static readonly Lazy<Authority> ClientLeaf = new(() => Root.Value.Issue("CN=a client", Now(Shape.Client())));
    private static readonly Lazy<Authority> Stranger = new(() => Authority.Root("CN=stranger", Now(Shape.Ca())));
    private static readonly Lazy<string> ServerFile = new(() => Write(ServerLeaf.Value));
    private static readonly Lazy<string> ClientFile = new(() => Write(ClientLeaf.Value));

    public static X509Certificate2 NativeRoot => Root.Value.Native;

    public static X509Certificate2 NativeServer => WithKey(ServerLeaf.Value);

    public static X509Certificate2 NativeClient => WithKey(ClientLeaf.Value);

    /// <summary>The server's certificate and key.</summary>
    public static string ServerCertificateFile => ServerFile.Value;

    public static TlsContext Client(int version = 0, bool withCertificate = false)
    {
        var context = new TlsContext(TlsProtocolSelection.TlsClient);
        context.LoadVerifyPem(Root.Value.Pem);
        if (withCertificate)
        {
            context.LoadCertChain(ClientFile.Value, null, null);
        }

        return Of(context, version);
    }

    /// <summary>A client that trusts somebody else.</summary>
    public static TlsContext Distrustful(int version = 0)
    {
        var context = new TlsContext(TlsProtocolSelection.TlsClient);
        context.LoadVerifyPem(Stranger.Value.Pem);
        return Of(context, version);
    }

    public static TlsContext Server(int version = 0, VerifyMode mode = VerifyMode.None)
    {
        var context = new TlsContext(TlsProtocolSelection.TlsServer) { VerifyMode = mode };
        context.LoadCertChain(ServerFile.Value, null, null);
        context.LoadVerifyPem(Root.Value.Pem);
        return Of(context, version);
    }

    public static byte[] Wire(params string[] protocols)
        => [.. protocols.SelectMany(name => (byte[])[(byte)name.Length, .. System.Text.Encoding.ASCII.GetBytes(name)])];

    private static TlsContext Of(TlsContext context, int version)
    {
        if (version != 0)
        {
            context.MinimumVersion = context.MaximumVersion = version;
        }

        return context;
    }

    private static Shape Now(Shape shape) => shape with { NotBefore = DateTimeOffset.UtcNow.AddDays(-2), NotAfter = DateTimeOffset.UtcNow.AddDays(2) };

    private static string Write(Authority leaf)
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("engine-tests-").FullName, "certificate.pem");
        File.WriteAllText(path, leaf.Pem + leaf.KeyPem);
        return path;
    }

    private static X509Certificate2 WithKey(Authority leaf) => leaf.Native.CopyWithPrivateKey((ECDsa)leaf.Key);
}
