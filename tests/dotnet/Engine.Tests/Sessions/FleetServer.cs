using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Caching.StackExchangeRedis;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;
using SslModule.Engine.Sessions;
using SslModule.Engine.Tests.Handshake;

namespace SslModule.Engine.Tests.Sessions;

/// <summary>
/// A server that keeps its sessions in Redis. It prints its port, answers each connection with one letter (r resumed, f full)
/// and leaves when its standard input ends.
/// </summary>
internal static class FleetServer
{
    private const int Patience = 20_000;

    public static void Run(string[] arguments)
    {
        using var redis = new RedisCache(new RedisCacheOptions { Configuration = arguments[0] + ",abortConnect=false,asyncTimeout=1000" });
        TlsContext context = new(TlsProtocolSelection.TlsServer, new Clock())
        {
            TicketKeys = TicketKeys.FromSecret(Convert.FromHexString(arguments[2])),
            SharedSessions = new SharedSessionStore(redis, TimeSpan.FromSeconds(10)),
        };
        redis.Get("connect before the first client does");
        context.Options |= (ulong)TlsOptions.NoTicket;
        context.MinimumVersion = context.MaximumVersion = int.Parse(arguments[3], CultureInfo.InvariantCulture);
        context.LoadCertChain(arguments[1], null, null);
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Console.WriteLine(((IPEndPoint)listener.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture));
        var serving = new Thread(() =>
        {
            while (true)
            {
                using Socket socket = listener.Accept();
                Answer(context, socket);
            }
        })
        { IsBackground = true };
        serving.Start();
        Console.In.ReadToEnd();
    }

    private static void Answer(TlsContext context, Socket socket)
    {
        using var connection = new TlsConnection(context, serverSide: true, null);
        var driver = new SocketDriver(connection, new TestSocket(socket));
        driver.Handshake(Patience);
        driver.Write(connection.SessionReused ? "r"u8 : "f"u8, out _, Patience);
        driver.Read(new byte[1], out _, Patience);
    }
}
