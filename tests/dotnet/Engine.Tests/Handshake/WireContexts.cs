using SslModule.Engine.Context;
using SslModule.Engine.Tests.Certificates;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>Contexts whose certificates are made in the test and valid at the time of their own clock.</summary>
internal static class WireContexts
{
    public const string HostName = "localhost";

    private static readonly Authority Root = Authority.Root();
    private static readonly Authority ServerLeaf = Root.Issue("CN=server", Shape.Server(HostName));
    private static readonly Authority ClientLeaf = Root.Issue("CN=client", Shape.Client());
    private static readonly Authority StrangerLeaf = Authority.Root("CN=stranger").Issue("CN=stranger's client", Shape.Client());
    private static readonly FixedClock Clock = new();

    private static readonly Lazy<string> AuthorityPem = new(() => Write(Root.Pem));
    private static readonly Lazy<string> ClientPem = new(() => Write(ClientLeaf.Pem + ClientLeaf.KeyPem));

    /// <summary>The authority in a file, for another program.</summary>
    public static string AuthorityFile => AuthorityPem.Value;

    /// <summary>The known client's certificate and key in a file, for another program.</summary>
    public static string ClientFile => ClientPem.Value;

    public static TlsContext Server(int version, Action<TlsContext>? settings = null)
    {
        TlsContext context = Make(TlsProtocolSelection.TlsServer, version);
        Load(context, ServerLeaf);
        context.LoadVerifyPem(Root.Pem);
        settings?.Invoke(context);
        return context;
    }

    public static TlsContext Client(int version, Action<TlsContext>? settings = null)
    {
        TlsContext context = Make(TlsProtocolSelection.TlsClient, version);
        context.LoadVerifyPem(Root.Pem);
        settings?.Invoke(context);
        return context;
    }

    /// <summary>Gives a client a certificate that the server's authority signed.</summary>
    public static void Known(TlsContext context) => Load(context, ClientLeaf);

    /// <summary>Gives a client a certificate that the server cannot trace.</summary>
    public static void Stranger(TlsContext context) => Load(context, StrangerLeaf);

    /// <summary>Gives a server an ML-DSA-65 certificate besides its own.</summary>
    public static void MlDsa(TlsContext context)
    {
        string file = Write(TestData.Text("mldsa-65.pem"));
        context.LoadCertChain(file, null, null);
        File.Delete(file);
    }

    /// <summary>Lets a client trust the issuer of that certificate.</summary>
    public static void TrustsMlDsa(TlsContext context) => context.LoadVerifyPem(TestData.Text("mldsa-ca.pem"));

    private static TlsContext Make(TlsProtocolSelection selection, int version)
        => new(selection, Clock) { MinimumVersion = version, MaximumVersion = version };

    private static void Load(TlsContext context, Authority leaf)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, leaf.Pem + leaf.KeyPem);
            context.LoadCertChain(file, null, null);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Write(string text)
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".pem");
        File.WriteAllText(file, text);
        return file;
    }

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Authority.Now;
    }
}
