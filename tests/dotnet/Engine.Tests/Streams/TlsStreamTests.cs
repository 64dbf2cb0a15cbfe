using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using NUnit.Framework;
using SslModule.Engine.Context;
using SslModule.Engine.Sessions;
using SslModule.Engine.Streams;
using static SslModule.Engine.Tests.Streams.StreamPair;

namespace SslModule.Engine.Tests.Streams;

/// <summary>Two ends of ours: what they tell of the connection, and every length of data both ways.</summary>
public sealed class TlsStreamTests
{
    [Test]
    public async Task Tells_what_the_handshake_settled([Values(StreamContexts.Tls12, StreamContexts.Tls13)] int version)
    {
        TlsContext clientContext = StreamContexts.Client(version, withCertificate: true);
        TlsContext serverContext = StreamContexts.Server(version, VerifyMode.Required);
        clientContext.SetAlpnProtocols(StreamContexts.Wire("h2", "http/1.1"));
        serverContext.SetAlpnProtocols(StreamContexts.Wire("http/1.1"));
        await using StreamPair pair = await CreateAsync(clientContext, serverContext);
        foreach (TlsStream stream in new[] { pair.Client, pair.Server })
        {
            Assert.Multiple(() =>
            {
                Assert.That(stream.IsAuthenticated && stream.IsMutuallyAuthenticated && stream.IsEncrypted && stream.IsSigned, Is.True);
                Assert.That(stream.CanRead && stream.CanWrite && !stream.CanSeek, Is.True);
                Assert.That(stream.Version, Is.EqualTo(version == StreamContexts.Tls12 ? "TLSv1.2" : "TLSv1.3"));
                Assert.That(stream.SslProtocol, Is.EqualTo(version == StreamContexts.Tls12 ? SslProtocols.Tls12 : SslProtocols.Tls13));
                Assert.That(stream.NegotiatedApplicationProtocol, Is.EqualTo(SslApplicationProtocol.Http11));
                Assert.That(stream.TargetHostName, Is.EqualTo("localhost"));
                Assert.That(stream.SessionReused, Is.False);
                Assert.That(stream.NegotiatedGroup, Is.Not.Null);
                Assert.That(stream.NegotiatedCipherSuite.ToString(), Does.StartWith("TLS_").And.Contains("GCM"));
                Assert.That(stream.NegotiatedCipherSuiteName.Replace('-', '_'), Does.Contain("AES"));
            });
        }

        Assert.That((pair.Client.IsServer, pair.Server.IsServer), Is.EqualTo((false, true)));
        Assert.That(pair.Client.NegotiatedCipherSuite, Is.EqualTo(pair.Server.NegotiatedCipherSuite));
        Assert.That(pair.Client.RemoteCertificate!.Subject, Is.EqualTo("CN=localhost"));
        Assert.That(pair.Client.LocalCertificate!.Subject, Is.EqualTo("CN=a client"));
        Assert.That(pair.Server.RemoteCertificate!.RawData, Is.EqualTo(pair.Client.LocalCertificate.RawData));
        Assert.That(pair.Client.ExportKeyingMaterial("EXPERIMENTAL", null, 20), Is.EqualTo(pair.Server.ExportKeyingMaterial("EXPERIMENTAL", null, 20)));
        foreach (string type in new[] { "tls-unique", "tls-server-end-point", "tls-exporter" })
        {
            Assert.That(pair.Client.GetChannelBinding(type), Is.EqualTo(pair.Server.GetChannelBinding(type)).And.Not.Null, type);
        }

        Assert.Throws<ArgumentException>(() => pair.Client.GetChannelBinding("tls-nothing"));
        Assert.Throws<ArgumentException>(() => pair.Client.ExportKeyingMaterial("", null, 20));
    }

    [Test]
    public async Task Without_certificates_of_clients_only_the_server_is_authenticated()
    {
        await using StreamPair pair = await CreateAsync();
        Assert.That((pair.Client.IsMutuallyAuthenticated, pair.Server.IsMutuallyAuthenticated), Is.EqualTo((false, false)));
        Assert.That(pair.Server.RemoteCertificate, Is.Null);
        Assert.That(pair.Client.NegotiatedApplicationProtocol, Is.EqualTo(default(SslApplicationProtocol)));
    }

    [Test]
    public void Before_the_handshake_nothing_is_told_and_nothing_goes()
    {
        StreamPair pair = Fresh();
        TlsStream stream = pair.Client;
        Assert.That(stream.IsAuthenticated || stream.IsEncrypted || stream.IsSigned || stream.IsServer || stream.CanRead || stream.CanWrite, Is.False);
        Assert.That(stream.TargetHostName, Is.Empty);
        Assert.Throws<InvalidOperationException>(() => _ = stream.Version);
        Assert.Throws<InvalidOperationException>(() => _ = stream.RemoteCertificate);
        Assert.Throws<InvalidOperationException>(() => stream.ReadByte());
        Assert.Throws<InvalidOperationException>(() => stream.WriteByte(0));
        Assert.ThrowsAsync<InvalidOperationException>(() => stream.ShutdownAsync());
        Assert.Throws<NotSupportedException>(() => stream.Seek(0, SeekOrigin.Begin));
        Assert.Throws<NotSupportedException>(() => _ = stream.Length);
        stream.Dispose();
        Assert.That(pair.ClientEnd.IsDisposed, Is.True);
        Assert.That(pair.ClientEnd.Written, Is.Zero);
    }

    [Test]
    public async Task There_is_one_handshake()
    {
        await using StreamPair pair = await CreateAsync();
        Assert.Throws<InvalidOperationException>(() => pair.Client.AuthenticateAsClient(StreamContexts.Client(), "localhost"));
        Assert.Throws<InvalidOperationException>(() => pair.Client.Session = null);
        Assert.That(pair.Client.IsAuthenticated, Is.True);
    }

    [Test]
    public async Task Wrong_arguments_are_refused_before_anything_is_sent()
    {
        await using StreamPair pair = Fresh();
        Assert.Throws<ArgumentException>(() => pair.Client.AuthenticateAsClient(StreamContexts.Server(), "localhost"));
        Assert.Throws<ArgumentException>(() => pair.Client.AuthenticateAsServer(StreamContexts.Client()));
        Assert.Throws<ArgumentException>(() => pair.Client.AuthenticateAsClient(StreamContexts.Client(), ".example.org"));
        Assert.Throws<ArgumentException>(() => pair.Client.AuthenticateAsClient(StreamContexts.Client(), new string('a', 300)));
        Assert.Throws<ArgumentException>(() => pair.Client.AuthenticateAsClient(StreamContexts.Client(), "ä..example"));
        Assert.Throws<ArgumentNullException>(() => pair.Client.AuthenticateAsClient(null!, "localhost"));
        Assert.That(pair.ClientEnd.Written, Is.Zero);
        await Soon(Task.WhenAll(pair.Client.AuthenticateAsClientAsync(StreamContexts.Client(), "localhost"), pair.Server.AuthenticateAsServerAsync(StreamContexts.Server())));
    }

    [TestCase("localhost.", "localhost")]
    [TestCase("müller.example", "xn--mller-kva.example")]
    public async Task Host_names_are_taken_as_people_write_them(string written, string asked)
    {
        await using StreamPair pair = await CreateAsync(StreamContexts.Client(), StreamContexts.Server(), written);
        Assert.That(pair.Server.TargetHostName, Is.EqualTo(asked));
    }

    [Test]
    public async Task Every_length_arrives_both_ways_at_once([Values(StreamContexts.Tls12, StreamContexts.Tls13)] int version, [Values] bool synchronous)
    {
        await using StreamPair pair = await CreateAsync(version);
        foreach (int length in new[] { 0, 1, 2, 1399, 1400, 1401, 16383, 16384, 16385, 300_000, 1_000_000 })
        {
            byte[] there = RandomNumberGenerator.GetBytes(length);
            byte[] back = RandomNumberGenerator.GetBytes(length);
            byte[] arrivedThere = new byte[length];
            byte[] arrivedBack = new byte[length];
            await Soon(synchronous
                ? Task.WhenAll(
                    Task.Run(() => pair.Client.Write(there)),
                    Task.Run(() => pair.Server.Write(back)),
                    Task.Run(() => pair.Client.ReadExactly(arrivedBack)),
                    Task.Run(() => pair.Server.ReadExactly(arrivedThere)))
                : Task.WhenAll(
                    pair.Client.WriteAsync(there).AsTask(),
                    pair.Server.WriteAsync(back).AsTask(),
                    pair.Client.ReadExactlyAsync(arrivedBack).AsTask(),
                    pair.Server.ReadExactlyAsync(arrivedThere).AsTask()));
            Assert.That(arrivedThere.AsSpan().SequenceEqual(there) && arrivedBack.AsSpan().SequenceEqual(back), Is.True, $"{length} bytes");
        }
    }

    [Test]
    public async Task Both_ends_can_be_synchronous()
    {
        await using StreamPair pair = Fresh();
        await Soon(Task.WhenAll(
            Task.Run(() => pair.Client.AuthenticateAsClient(StreamContexts.Client(), "localhost")),
            Task.Run(() => pair.Server.AuthenticateAsServer(StreamContexts.Server()))));
        pair.Client.WriteByte(7);
        Assert.That(pair.Server.ReadByte(), Is.EqualTo(7));
        pair.Server.Dispose();
        Assert.That(pair.Client.ReadByte(), Is.EqualTo(-1));
    }

    [Test]
    public async Task The_older_pattern_of_Begin_and_End_works_both_ways_at_once()
    {
        await using StreamPair pair = await CreateAsync();
        byte[] buffer = new byte[10];
        IAsyncResult reading = pair.Client.BeginRead(buffer, 0, 10, null, null);
        pair.Client.EndWrite(pair.Client.BeginWrite([1, 2, 3], 0, 3, null, null));
        byte[] arrived = new byte[3];
        await Soon(pair.Server.ReadExactlyAsync(arrived));
        await Soon(pair.Server.WriteAsync(arrived));
        Assert.That(pair.Client.EndRead(reading), Is.EqualTo(3));
        Assert.That(buffer[..3], Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public async Task A_copy_ends_at_the_close_notify([Values(StreamContexts.Tls12, StreamContexts.Tls13)] int version)
    {
        await using StreamPair pair = await CreateAsync(version);
        byte[] sent = RandomNumberGenerator.GetBytes(500_000);
        var copied = new MemoryStream();
        Task copying = pair.Server.CopyToAsync(copied);
        await Soon(new MemoryStream(sent).CopyToAsync(pair.Client));
        await Soon(pair.Client.ShutdownAsync());
        await Soon(copying);
        Assert.That(copied.ToArray().AsSpan().SequenceEqual(sent), Is.True);
    }

    [Test]
    public async Task A_session_is_resumed([Values(StreamContexts.Tls12, StreamContexts.Tls13)] int version)
    {
        TlsContext client = StreamContexts.Client(version);
        TlsContext server = StreamContexts.Server(version);
        TlsSession session;
        await using (StreamPair first = await CreateAsync(client, server))
        {
            await Soon(first.Server.WriteAsync("hello"u8.ToArray()));
            await Soon(first.Client.ReadExactlyAsync(new byte[5]));
            session = first.Client.Session!;
        }

        await using StreamPair second = Fresh();
        second.Client.Session = session;
        await Soon(Task.WhenAll(second.Client.AuthenticateAsClientAsync(client, "localhost"), second.Server.AuthenticateAsServerAsync(server)));
        Assert.That((second.Client.SessionReused, second.Server.SessionReused), Is.EqualTo((true, true)));
        Assert.That(second.Client.RemoteCertificate!.Subject, Is.EqualTo("CN=localhost"));

        await using StreamPair other = Fresh();
        other.Client.Session = session;
        Assert.Throws<ArgumentException>(() => other.Client.AuthenticateAsClient(StreamContexts.Client(version), "localhost"));
    }

    [Test]
    public async Task A_server_chooses_by_the_name_asked_for()
    {
        TlsContext client = StreamContexts.Client();
        TlsContext front = StreamContexts.Server();
        TlsContext chosen = StreamContexts.Server();
        chosen.SetAlpnProtocols(StreamContexts.Wire("chosen"));
        client.SetAlpnProtocols(StreamContexts.Wire("chosen"));
        string? asked = null;
        front.ServerNameCallback = (connection, name) =>
        {
            asked = name;
            connection.Context = chosen;
            return null;
        };
        await using StreamPair pair = await CreateAsync(client, front);
        Assert.That(asked, Is.EqualTo("localhost"));
        Assert.That(pair.Client.NegotiatedApplicationProtocol.ToString(), Is.EqualTo("chosen"));
    }

    [Test]
    public async Task A_callbacks_own_exception_is_the_innermost_and_the_peer_is_told()
    {
        TlsContext front = StreamContexts.Server();
        front.ServerNameCallback = (_, _) => throw new InvalidDataException("of the application");
        await using StreamPair pair = Fresh();
        Task server = pair.Server.AuthenticateAsServerAsync(front);
        Assert.ThrowsAsync<AuthenticationException>(() => Soon(pair.Client.AuthenticateAsClientAsync(StreamContexts.Client(), "localhost")));
        AuthenticationException error = Assert.ThrowsAsync<AuthenticationException>(() => Soon(server))!;
        Assert.That(error.GetBaseException(), Is.InstanceOf<InvalidDataException>().With.Message.EqualTo("of the application"));
    }
}
