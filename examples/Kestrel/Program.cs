// ASP.NET's web server, its TLS by this project:
//   dotnet run --project examples/Kestrel CERTIFICATE.pem [PORT [CLIENTS.pem]]    CLIENTS.pem: the authorities of clients' certificates
//   dotnet run --project examples/Kestrel check                                   serves and asks itself, and prints what came of it
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using SslModule.Engine.Context;
using SslModule.Engine.Streams;
using SslModule.Examples.Kestrel;

if (args.Length == 0)
{
    Console.Error.WriteLine("usage: CERTIFICATE.pem [PORT [CLIENTS.pem]], or: check");
    return 2;
}

if (args[0] == "check")
{
    return await Check.Run(Serve);
}

await using WebApplication application = await Serve(args[0], args.Length > 1 ? int.Parse(args[1]) : 8443, args.Length > 2 ? args[2] : null);
Console.WriteLine(string.Join(' ', application.Urls) + " by TLS: https, whatever the address says");
await application.WaitForShutdownAsync();
return 0;

static async Task<WebApplication> Serve(string certificate, int port, string? clients)
{
    var context = new TlsContext(TlsProtocolSelection.TlsServer);
    context.LoadCertChain(certificate, keyFile: null, password: null);

    // ALPN's names, each behind its length; the first one that the client has too is taken.
    context.SetAlpnProtocols("\u0002h2\u0008http/1.1"u8);
    if (clients is not null)
    {
        context.LoadVerifyLocations(clients, caPath: null);
        context.VerifyMode = VerifyMode.Optional;
    }

    WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
    builder.Logging.ClearProviders();
    builder.Services.AddSingleton<TlsEventLog>();
    builder.WebHost.ConfigureKestrel(kestrel =>
    {
        // A request of HTTP/2 carries its scheme, and HttpClient over a TlsStream says http there: see Check.OverTlsStream.
        kestrel.AllowAlternateSchemes = true;
        kestrel.Listen(IPAddress.Loopback, port, endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http1AndHttp2;
            endpoint.UseTls(context, endpoint.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("TLS"));
        });
    });
    WebApplication application = builder.Build();
    application.Services.GetRequiredService<TlsEventLog>();
    application.MapGet("/", (HttpContext http) =>
    {
        TlsStream tls = http.Features.Get<TlsStream>()!;
        return $"{http.Request.Protocol}, {tls.Version}, client {http.Connection.ClientCertificate?.Subject ?? "unknown"}";
    });
    await application.StartAsync();
    return application;
}
