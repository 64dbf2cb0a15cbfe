using System.Runtime.ExceptionServices;
using NUnit.Framework;
using SslModule.Engine.Connection;
using SslModule.Engine.Tests.Handshake;

namespace SslModule.Engine.Tests.Connection;

/// <summary>A step that must wait says so by a value: nothing is thrown, not even inside.</summary>
public class WantTests
{
    [Test]
    public void Nothing_is_thrown_where_a_step_must_wait([Values(TestContexts.Tls12, TestContexts.Tls13)] int version)
    {
        int thrown = 0;
        int thread = Environment.CurrentManagedThreadId;
        void Count(object? sender, FirstChanceExceptionEventArgs arguments) => thrown += Environment.CurrentManagedThreadId == thread ? 1 : 0;

        var toClient = new MemoryBio();
        var toServer = new MemoryBio();
        using var client = new TlsConnection(TestContexts.Client(version), serverSide: false, "localhost");
        using var server = new TlsConnection(TestContexts.Server(version), serverSide: true, null);
        var clientDriver = new SocketDriver(client, new MemoryBioTransport(toClient, toServer));
        var serverDriver = new SocketDriver(server, new MemoryBioTransport(toServer, toClient));
        byte[] room = new byte[100];
        var wants = new List<TlsStatus>();
        AppDomain.CurrentDomain.FirstChanceException += Count;
        try
        {
            wants.Add(serverDriver.Handshake(0));
            wants.Add(clientDriver.Handshake(0));
            wants.Add(clientDriver.Handshake(0));
            for (int turn = 0; turn < 3; turn++)
            {
                serverDriver.Handshake(0);
                clientDriver.Handshake(0);
            }

            for (int turn = 0; turn < 100; turn++)
            {
                wants.Add(clientDriver.Read(room, out _, 0));
                wants.Add(serverDriver.Read(room, out _, 0));
            }

            wants.Add(clientDriver.Shutdown(0));
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Count;
        }

        Assert.That(wants, Is.All.EqualTo(TlsStatus.WantRead));
        Assert.That(thrown, Is.Zero);
    }
}
