using System.IO.Pipelines;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using SslModule.Engine.Context;
using SslModule.Engine.Streams;

namespace SslModule.Examples.Kestrel;

/// <summary>What <c>UseHttps()</c> does with SslStream, done with TlsStream.</summary>
internal static class TlsMiddleware
{
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Speaks TLS on an endpoint's connections. Requests find the <see cref="TlsStream"/> among the connection's features.</summary>
    public static void UseTls(this IConnectionBuilder endpoint, TlsContext context, ILogger logger)
        => endpoint.Use(next => connection => Serve(connection, next, context, logger));

    private static async Task Serve(ConnectionContext connection, ConnectionDelegate next, TlsContext context, ILogger logger)
    {
        IDuplexPipe plain = connection.Transport;
        await using var stream = new TlsStream(new DuplexPipeStream(plain));
        try
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
            timeout.CancelAfter(HandshakeTimeout);
            await stream.AuthenticateAsServerAsync(context, timeout.Token);
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException or OperationCanceledException)
        {
            logger.LogDebug(exception, "No TLS connection came about.");
            return;
        }

        var facts = new Facts(stream);
        connection.Features.Set<ITlsConnectionFeature>(facts);
        connection.Features.Set<ITlsApplicationProtocolFeature>(facts);
        connection.Features.Set(stream);
        connection.Transport = new Decrypted(stream);
        try
        {
            await next(connection);
        }
        finally
        {
            await connection.Transport.Input.CompleteAsync();
            await connection.Transport.Output.CompleteAsync();
            connection.Transport = plain;
        }
    }

    /// <summary>What Kestrel asks: whether there is TLS, which protocol ALPN chose, and who the client is.</summary>
    private sealed class Facts(TlsStream stream) : ITlsConnectionFeature, ITlsApplicationProtocolFeature
    {
        public X509Certificate2? ClientCertificate { get; set; } = stream.RemoteCertificate;

        public ReadOnlyMemory<byte> ApplicationProtocol { get; } = stream.NegotiatedApplicationProtocol.Protocol;

        public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult(ClientCertificate);
    }

    private sealed class Decrypted(TlsStream stream) : IDuplexPipe
    {
        // A connection that waits for its next request holds no buffer.
        public PipeReader Input { get; } = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true));

        public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
    }
}
