using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using NUnit.Framework;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using SslModule.Engine.Streams;
using static SslModule.Engine.Tests.Streams.StreamPair;

namespace SslModule.Engine.Tests.Streams;

/// <summary>
/// HttpClient over the stream by SocketsHttpHandler.ConnectCallback. It puts TLS of its own over any stream but an SslStream
/// where the address says https, so that the address says http and the version is the one that ALPN is asked for.
/// </summary>
public sealed class HttpClientTests
{
    [Test]
    public async Task HTTP_1_1([Values] bool oursServes)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task serving = ServeHttp1(listener, oursServes, requests: 3);
        int connections = 0;
        using HttpClient client = Client(StreamContexts.Client(), "http/1.1", () => connections++);
        for (int request = 0; request < 3; request++)
        {
            string body = await Soon(client.GetStringAsync(new Uri($"http://localhost:{Port(listener)}/page{request}")));
            Assert.That(body, Is.EqualTo($"/page{request}" + new string('.', 40_000)));
        }

        Assert.That(connections, Is.EqualTo(1), "the connection is kept");
        await Soon(serving);
    }

    [Test]
    public async Task HTTP_2([Values] bool oursServes)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task serving = ServeHttp2(listener, oursServes);
        using HttpClient client = Client(StreamContexts.Client(), "h2", () => { });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://localhost:{Port(listener)}/"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using HttpResponseMessage response = await Soon(client.SendAsync(request));
        Assert.That((response.StatusCode, response.Version), Is.EqualTo((HttpStatusCode.OK, HttpVersion.Version20)));
        Assert.That(await Soon(response.Content.ReadAsStringAsync()), Is.EqualTo("hello"));
        client.Dispose();
        await Soon(serving);
    }

    [Test]
    public async Task A_server_that_is_not_trusted_is_an_HttpRequestException()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task serving = ServeHttp1(listener, oursServes: true, requests: 1);
        using HttpClient client = Client(StreamContexts.Distrustful(), "http/1.1", () => { });
        HttpRequestException error = Assert.ThrowsAsync<HttpRequestException>(() => Soon(client.GetStringAsync(new Uri($"http://localhost:{Port(listener)}/"))))!;
        Assert.That(error.InnerException, Is.InstanceOf<System.Security.Authentication.AuthenticationException>());
        Assert.CatchAsync(() => Soon(serving));
    }

    [Test]
    public async Task An_answer_that_was_cut_off_is_no_answer()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task serving = ServeOnePart(listener);
        using HttpClient client = Client(StreamContexts.Client(), "http/1.1", () => { });
        HttpRequestException error = Assert.ThrowsAsync<HttpRequestException>(() => Soon(client.GetStringAsync(new Uri($"http://localhost:{Port(listener)}/"))))!;
        Assert.That(error.GetBaseException(), Is.InstanceOf<TlsError>().With.Property(nameof(TlsError.Kind)).EqualTo(TlsErrorKind.Eof));
        await Soon(serving);
    }

    private static int Port(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    private static HttpClient Client(TlsContext context, string protocol, Action connected)
    {
        context.SetAlpnProtocols(StreamContexts.Wire(protocol));
        return new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (connection, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(connection.DnsEndPoint, cancellationToken);
                var stream = new TlsStream(new NetworkStream(socket, ownsSocket: true));
                try
                {
                    await stream.AuthenticateAsClientAsync(context, connection.DnsEndPoint.Host, cancellationToken);
                }
                catch
                {
                    await stream.DisposeAsync();
                    throw;
                }

                Assert.That(stream.NegotiatedApplicationProtocol.ToString(), Is.EqualTo(protocol));
                connected();
                return stream;
            },
        });
    }

    private static async Task<Stream> Accept(TcpListener listener, bool oursServes, string protocol)
    {
        var network = new NetworkStream(await listener.AcceptSocketAsync(), ownsSocket: true);
        if (oursServes)
        {
            TlsContext context = StreamContexts.Server();
            context.SetAlpnProtocols(StreamContexts.Wire(protocol));
            var ours = new TlsStream(network);
            await ours.AuthenticateAsServerAsync(context);
            return ours;
        }

        var theirs = new SslStream(network);
        await theirs.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificate = StreamContexts.NativeServer,
            ApplicationProtocols = [new SslApplicationProtocol(protocol)],
        });
        return theirs;
    }

    private static async Task ServeHttp1(TcpListener listener, bool oursServes, int requests)
    {
        await using Stream stream = await Accept(listener, oursServes, "http/1.1");
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        for (int request = 0; request < requests; request++)
        {
            string path = (await reader.ReadLineAsync())!.Split(' ')[1];
            while (await reader.ReadLineAsync() is { Length: > 0 })
            {
            }

            string body = path + new string('.', 40_000);
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        }
    }

    // Without a length the end of the connection is the end of the body, and this one is cut.
    private static async Task ServeOnePart(TcpListener listener)
    {
        using Socket socket = await listener.AcceptSocketAsync();
        var stream = new TlsStream(new NetworkStream(socket, ownsSocket: false), leaveInnerStreamOpen: true);
        TlsContext context = StreamContexts.Server();
        context.SetAlpnProtocols(StreamContexts.Wire("http/1.1"));
        await stream.AuthenticateAsServerAsync(context);
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        while (await reader.ReadLineAsync() is { Length: > 0 })
        {
        }

        await stream.WriteAsync("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nthe first half"u8.ToArray());
        socket.Shutdown(SocketShutdown.Send);
    }

    // As much of RFC 9113 as one GET wants.
    private static async Task ServeHttp2(TcpListener listener, bool oursServes)
    {
        const byte Data = 0, Headers = 1, Settings = 4, EndStream = 1, Acknowledge = 1, EndHeaders = 4;
        await using Stream stream = await Accept(listener, oursServes, "h2");
        await stream.ReadExactlyAsync(new byte[24]);
        await stream.WriteAsync(Frame(Settings, 0, 0, []));
        byte[] header = new byte[9];
        for (bool answered = false; !answered;)
        {
            await stream.ReadExactlyAsync(header);
            byte[] payload = new byte[BinaryPrimitives.ReadUInt32BigEndian(header) >> 8];
            await stream.ReadExactlyAsync(payload);
            int id = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5));
            if (header[3] == Settings && header[4] != Acknowledge)
            {
                await stream.WriteAsync(Frame(Settings, Acknowledge, 0, []));
            }
            else if (header[3] == Headers)
            {
                // 0x88 is the line ":status: 200" of HPACK's table.
                await stream.WriteAsync(Frame(Headers, EndHeaders, id, [0x88]));
                await stream.WriteAsync(Frame(Data, EndStream, id, "hello"u8.ToArray()));
                answered = true;
            }
        }

        // The client goes when it has its answer, with or without a farewell.
        try
        {
            await stream.CopyToAsync(Stream.Null);
        }
        catch (IOException)
        {
        }
    }

    private static byte[] Frame(byte type, byte flags, int stream, byte[] payload)
    {
        byte[] frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, ((uint)payload.Length << 8) | type);
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return frame;
    }
}
