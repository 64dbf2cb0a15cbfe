using NUnit.Framework;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using SslModule.Engine.Sessions;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>A client and a server of ours with memory between them.</summary>
internal sealed class MemoryPair : IDisposable
{
    /// <summary>Sees, and may change, what goes over; the first argument is true for the client's bytes.</summary>
    private readonly Func<bool, byte[], byte[]>? _wire;

    private MemoryPair(TlsContext client, TlsContext server, string? hostname, Func<bool, byte[], byte[]>? wire, string? clientName)
    {
        _wire = wire;
        Client = new TlsConnection(client, serverSide: false, hostname);
        Server = new TlsConnection(server, serverSide: true, clientName);
    }

    public TlsConnection Client { get; }

    public TlsConnection Server { get; }

    public TlsError? ClientFailure { get; private set; }

    public TlsError? ServerFailure { get; private set; }

    /// <summary>Shakes hands as far as it goes.</summary>
    public static MemoryPair Shake(TlsContext client, TlsContext server, string? hostname = null, Func<bool, byte[], byte[]>? wire = null, TlsSession? session = null, string? clientName = null)
    {
        var pair = new MemoryPair(client, server, hostname, wire, clientName);
        if (session is not null)
        {
            pair.Client.Session = session;
        }

        for (int round = 0; round < 10; round++)
        {
            pair.ClientFailure ??= Step(pair.Client);
            pair.Carry();
            pair.ServerFailure ??= Step(pair.Server);
            pair.Carry();
        }

        return pair;
    }

    /// <summary>Shakes hands, which must succeed.</summary>
    public static MemoryPair Connect(TlsContext client, TlsContext server, string? hostname = null, Func<bool, byte[], byte[]>? wire = null, TlsSession? session = null)
    {
        MemoryPair pair = Shake(client, server, hostname, wire, session);
        Assert.That((pair.ClientFailure?.Describe(), pair.ServerFailure?.Describe()), Is.EqualTo(((string?)null, (string?)null)));
        Assert.That((pair.Client.IsHandshakeComplete, pair.Server.IsHandshakeComplete), Is.EqualTo((true, true)));
        return pair;
    }

    /// <summary>Moves what waits on either side to the other.</summary>
    public void Carry()
    {
        Move(Client, Server, fromClient: true);
        Move(Server, Client, fromClient: false);
    }

    /// <summary>Sends bytes one way and answers what arrives.</summary>
    public byte[] Send(byte[] bytes, bool fromClient)
    {
        (TlsConnection from, TlsConnection to) = fromClient ? (Client, Server) : (Server, Client);
        Assert.That(from.Write(bytes, out int taken), Is.EqualTo(TlsStatus.Complete));
        Assert.That(taken, Is.EqualTo(bytes.Length));
        Carry();
        var received = new List<byte>();
        byte[] room = new byte[1 << 14];
        while (to.Read(room, out int count) == TlsStatus.Complete && count > 0)
        {
            received.AddRange(room.AsSpan(0, count));
        }

        return [.. received];
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }

    private static TlsError? Step(TlsConnection connection)
    {
        try
        {
            connection.Handshake();
            return null;
        }
        catch (TlsError error)
        {
            return error;
        }
    }

    private void Move(TlsConnection from, TlsConnection to, bool fromClient)
    {
        byte[] bytes = from.Output.ToArray();
        from.OutputSent(bytes.Length);
        to.Input(_wire is null || bytes.Length == 0 ? bytes : _wire(fromClient, bytes));
    }
}
