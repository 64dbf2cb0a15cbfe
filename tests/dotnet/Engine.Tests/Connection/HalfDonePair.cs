using NUnit.Framework;
using SslModule.Engine.Connection;
using SslModule.Engine.Tests.Handshake;

namespace SslModule.Engine.Tests.Connection;

/// <summary>
/// A client and a server of ours in the middle of a handshake. When the server's clock is asked for the given time, the client answers
/// and a read of the server takes the answer, as another thread's could at that moment.
/// </summary>
internal sealed class HalfDonePair : TimeProvider
{
    private readonly int _interruptedCall;
    private int _calls;

    public HalfDonePair(int version, int interruptedCall)
    {
        var (toClient, toServer) = (new MemoryBio(), new MemoryBio());
        Client = new SocketDriver(new TlsConnection(TestContexts.Client(version), serverSide: false, "localhost"), new CountingTransport(toClient, toServer));
        Server = new SocketDriver(new TlsConnection(TestContexts.Server(version), serverSide: true, null), new CountingTransport(toServer, toClient), this);
        Assert.That((Client.Handshake(0), Server.Handshake(0)), Is.EqualTo((TlsStatus.WantRead, TlsStatus.WantRead)));
        (_interruptedCall, _calls) = (interruptedCall, 0);
    }

    public SocketDriver Client { get; }

    public SocketDriver Server { get; }

    public override long TimestampFrequency => 1000;

    /// <summary>A millisecond later at each call.</summary>
    public override long GetTimestamp()
    {
        if (++_calls == _interruptedCall)
        {
            Client.Handshake(0);
            Assert.That(Server.Read(new byte[1], out _, 0), Is.EqualTo(TlsStatus.WantRead));
        }

        return _calls;
    }
}
