using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SslModule.Engine.Context;
using SslModule.Engine.Streams;

namespace SslModule.Examples.Kestrel;

/// <summary>Asks the server by HTTP/1.1 and HTTP/2, through TlsStream and through .NET's own SslStream.</summary>
internal static class Check
{
    private static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static async Task<int> Run(Func<string, int, string?, Task<WebApplication>> serve)
    {
        string folder = Directory.CreateTempSubdirectory("kestrel-").FullName;
        try
        {
            using X509Certificate2 server = Certificate("CN=localhost");
            using X509Certificate2 client = Certificate("CN=a client");
            string serverFile = Write(folder, "server.pem", server);
            string clientFile = Write(folder, "client.pem", client);
            await using WebApplication application = await serve(serverFile, 0, clientFile);
            int port = new Uri(application.Urls.First()).Port;
            using var logged = new Logged();
            application.Services.GetRequiredService<ILoggerFactory>().AddProvider(logged);
            foreach (Version version in new[] { HttpVersion.Version11, HttpVersion.Version20 })
            {
                Console.WriteLine($"TlsStream: {await Ask(OverTlsStream(Trusting(serverFile)), "http", version, port)}");
                Console.WriteLine($"TlsStream: {await Ask(OverTlsStream(Trusting(serverFile, clientFile)), "http", version, port)}");
                Console.WriteLine($"SslStream: {await Ask(OverSslStream(server), "https", version, port)}");
            }

            try
            {
                Console.WriteLine(await Ask(OverTlsStream(Trusting(clientFile)), "http", HttpVersion.Version11, port));
                return 1;
            }
            catch (HttpRequestException refused)
            {
                Console.WriteLine($"refused: {refused.InnerException!.Message}");
                Console.WriteLine($"logged: {logged.Lines.First(line => line.Contains("isServer=False"))}");
                return 0;
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> Ask(SocketsHttpHandler handler, string scheme, Version version, int port)
    {
        // A proxy that the environment names has no way to this process.
        handler.UseProxy = false;
        using var client = new HttpClient(handler) { DefaultRequestVersion = version, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        return await client.GetStringAsync(new Uri($"{scheme}://localhost:{port}/"));
    }

    private static TlsContext Trusting(string authority, string? certificate = null)
    {
        var context = new TlsContext(TlsProtocolSelection.TlsClient);
        context.LoadVerifyLocations(authority, caPath: null);
        if (certificate is not null)
        {
            context.LoadCertChain(certificate, keyFile: null, password: null);
        }

        return context;
    }

    /// <summary>
    /// HttpClient puts SslStream over what a callback returns where the address says https. So that one says http, and ALPN is
    /// asked for what the request is going to speak.
    /// </summary>
    private static SocketsHttpHandler OverTlsStream(TlsContext context) => new()
    {
        ConnectCallback = async (connection, cancellationToken) =>
        {
            context.SetAlpnProtocols(connection.InitialRequestMessage.Version.Major == 2 ? "\u0002h2"u8 : "\u0008http/1.1"u8);
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(connection.DnsEndPoint, cancellationToken);
                var stream = new TlsStream(new NetworkStream(socket, ownsSocket: true));
                await stream.AuthenticateAsClientAsync(context, connection.DnsEndPoint.Host, cancellationToken);
                return stream;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };

    private static SocketsHttpHandler OverSslStream(X509Certificate2 server) => new()
    {
        SslOptions =
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { server },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        },
    };

    private static X509Certificate2 Certificate(string name)
    {
        var request = new CertificateRequest(name, Key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private static string Write(string folder, string name, X509Certificate2 certificate)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, certificate.ExportCertificatePem() + "\n" + Key.ExportPkcs8PrivateKeyPem());
        return path;
    }
}
