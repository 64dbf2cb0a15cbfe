using System.Net.Sockets;
using NUnit.Framework;
using SslModule.Engine.Randomness;

namespace SslModule.Engine.Tests.Randomness;

[TestFixture]
[Platform(Exclude = "Win")]
public class EgdClientTests
{
    private string _directory = null!;

    [SetUp]
    public void MakeDirectory() => _directory = Directory.CreateTempSubdirectory("egd").FullName;

    [TearDown]
    public void RemoveDirectory() => Directory.Delete(_directory, recursive: true);

    private string SocketPath => Path.Combine(_directory, "socket");

    [Test]
    public async Task Daemons_bytes_are_counted()
    {
        Task<byte[]> daemon = Serve([new byte[100], new byte[155]]);
        Assert.That(EgdClient.Seed(SocketPath), Is.EqualTo(255));
        Assert.That(await daemon, Is.EqualTo(new byte[] { 2, 255 }));
    }

    [Test]
    public async Task Daemon_that_stops_early_is_a_failure()
    {
        Task<byte[]> daemon = Serve([new byte[254]]);
        Assert.That(EgdClient.Seed(SocketPath), Is.EqualTo(-1));
        await daemon;
    }

    [Test]
    public void Path_without_a_daemon_is_a_failure()
    {
        string file = Path.Combine(_directory, "file");
        File.WriteAllBytes(file, []);
        Assert.Multiple(() =>
        {
            Assert.That(EgdClient.Seed(SocketPath), Is.EqualTo(-1));
            Assert.That(EgdClient.Seed(file), Is.EqualTo(-1));
            Assert.That(EgdClient.Seed(_directory), Is.EqualTo(-1));
            Assert.That(EgdClient.Seed(""), Is.EqualTo(-1));
            Assert.That(EgdClient.Seed(new string('x', 5000)), Is.EqualTo(-1));
        });
    }

    /// <summary>A daemon for one client: answers with <paramref name="pieces"/>, closes, and returns the request.</summary>
    private Task<byte[]> Serve(byte[][] pieces)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        listener.Listen(1);
        return Task.Run(async () =>
        {
            using (listener)
            {
                using Socket client = await listener.AcceptAsync();
                byte[] request = new byte[2];
                int count = 0;
                while (count < request.Length)
                {
                    int read = await client.ReceiveAsync(request.AsMemory(count));
                    Assert.That(read, Is.Positive);
                    count += read;
                }

                foreach (byte[] piece in pieces)
                {
                    await client.SendAsync(piece);
                }

                return request;
            }
        });
    }
}
