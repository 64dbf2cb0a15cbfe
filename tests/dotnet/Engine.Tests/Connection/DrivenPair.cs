using NUnit.Framework;
using SslModule.Engine.Connection;
using SslModule.Engine.Tests.Handshake;
using TlsContext = SslModule.Engine.Context.TlsContext;

namespace SslModule.Engine.Tests.Connection;

/// <summary>A client and a server of ours, each driven over a counting transport, their handshake done and its tickets read.</summary>
internal sealed class DrivenPair
{
    public DrivenPair(int version = 0, string? ciphers = null)
        : this(TestContexts.Client(version, ciphers), TestContexts.Server(version, ciphers))
    {
    }

    public DrivenPair(TlsContext clientContext, TlsContext serverContext)
    {
        ClientTransport = new CountingTransport(ToClient, ToServer);
        ServerTransport = new CountingTransport(ToServer, ToClient);
        Client = new SocketDriver(ClientConnection = new TlsConnection(clientContext, serverSide: false, "localhost"), ClientTransport);
        Server = new SocketDriver(ServerConnection = new TlsConnection(serverContext, serverSide: true, null), ServerTransport);
        TlsStatus client, server;
        do
        {
            client = Client.Handshake(0);
            server = Server.Handshake(0);
        }
        while (client != TlsStatus.Complete || server != TlsStatus.Complete);

        Assert.That(Client.Read(new byte[1], out _, 0), Is.EqualTo(TlsStatus.WantRead));
        ClientTransport.Reset();
        ServerTransport.Reset();
    }

    public MemoryBio ToClient { get; } = new();

    public MemoryBio ToServer { get; } = new();

    public CountingTransport ClientTransport { get; }

    public CountingTransport ServerTransport { get; }

    public TlsConnection ClientConnection { get; }

    public TlsConnection ServerConnection { get; }

    public SocketDriver Client { get; }

    public SocketDriver Server { get; }

    /// <summary>The server writes; all of it must leave.</summary>
    public void Write(byte[] bytes)
    {
        Assert.That(Server.Write(bytes, out int count, 0), Is.EqualTo(TlsStatus.Complete));
        Assert.That(count, Is.EqualTo(bytes.Length));
    }

    /// <summary>The client reads once.</summary>
    public byte[] Read(int size)
    {
        byte[] room = new byte[size];
        Assert.That(Client.Read(room, out int count, 0), Is.EqualTo(TlsStatus.Complete));
        return room[..count];
    }
}
