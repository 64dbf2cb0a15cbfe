using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using NUnit.Framework;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using SslModule.Engine.Streams;
using SslModule.Engine.Tests.Handshake;
using SslModule.Engine.Tests.Streams;
using static SslModule.Engine.Tests.Streams.StreamPair;

namespace SslModule.Engine.Tests.Validation;

/// <summary>Post-handshake authentication, renegotiation, and streams.</summary>
public sealed class LaterHandshakeTests
{
    private const int Patience = 20_000;

    [Test]
    public async Task PostHandshakeAuthenticationAsks([Values] bool known, [Values] bool answer)
    {
        TlsContext server = Callback.Server(StreamContexts.Tls13, VerifyMode.Required, afterwards: true);
        Callback callback = Callback.On(server, answer);
        await using StreamPair pair = await CreateAsync(Callback.Client(StreamContexts.Tls13, known, afterwards: true), server);
        Assert.That(callback.Questions, Is.Empty, "the handshake has not asked for a certificate");
        Task<int> reading = Soon(pair.Client.ReadAsync(new byte[1]));
        Task asking = Soon(pair.Server.NegotiateClientCertificateAsync());
        if (answer)
        {
            await asking;
            Assert.That(pair.Server.RemoteCertificate, Is.Not.Null);
            await Soon(pair.Server.WriteAsync(new byte[1]));
            Assert.That(await reading, Is.EqualTo(1));
        }
        else
        {
            var error = (TlsError)Assert.ThrowsAsync<AuthenticationException>(() => asking)!.InnerException!;
            Assert.That(error.VerifyCode, Is.EqualTo(known ? 50 : callback.Single.Error!.VerifyCode));
            Assert.That(pair.Server.RemoteCertificate, Is.Null);
            Assert.ThrowsAsync<IOException>(() => reading);
        }

        Assert.That((callback.Single.Error is null, callback.Single.PolicyErrors), Is.EqualTo((known, known ? SslPolicyErrors.None : SslPolicyErrors.RemoteCertificateChainErrors)));
    }

    [Test]
    public async Task PostHandshakeAuthenticationAsksAboutNoCertificate([Values] bool answer)
    {
        TlsContext client = WireContexts.Client(StreamContexts.Tls13, context => context.PostHandshakeAuth = true);
        TlsContext server = Callback.Server(StreamContexts.Tls13, VerifyMode.Required, afterwards: true);
        Callback callback = Callback.On(server, answer);
        await using StreamPair pair = await CreateAsync(client, server);
        Task<int> reading = Soon(pair.Client.ReadAsync(new byte[1]));
        Task asking = Soon(pair.Server.NegotiateClientCertificateAsync());
        if (answer)
        {
            await asking;
            await Soon(pair.Server.WriteAsync(new byte[1]));
            Assert.That(await reading, Is.EqualTo(1));
        }
        else
        {
            Assert.That(((TlsError)Assert.ThrowsAsync<AuthenticationException>(() => asking)!.InnerException!).Reason, Is.EqualTo("PEER_DID_NOT_RETURN_A_CERTIFICATE"));
            Assert.ThrowsAsync<IOException>(() => reading);
        }

        Assert.That((callback.Single.Subject, callback.Single.PolicyErrors), Is.EqualTo(((string?)null, SslPolicyErrors.RemoteCertificateNotAvailable)));
    }

    /// <summary>A server that asks for a renegotiation shows its certificate again, and is judged again.</summary>
    [Test]
    public async Task RenegotiationAsksAgain([Values] bool answer)
    {
        using OpenSslPeer server = OpenSslPeer.ServerConsole("-cert", TestContexts.CertificateFile(), "-tls1_2");
        TlsContext client = TestContexts.Client(TestContexts.Tls12);
        Callback callback = Callback.On(client);
        var askedAgain = new TaskCompletionSource();
        callback.Answer = _ =>
        {
            if (callback.Questions.Count == 1)
            {
                return true;
            }

            askedAgain.SetResult();
            return answer;
        };
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Loopback, server.Port);
        using var connection = new TlsConnection(client, serverSide: false, Callback.Host);
        var driver = new SocketDriver(connection, new TestSocket(socket));
        Assert.That(driver.Handshake(Patience), Is.EqualTo(TlsStatus.Complete));
        Assert.That(driver.Write("before\n"u8, out _, Patience), Is.EqualTo(TlsStatus.Complete));
        server.WaitFor(text => text == "before");
        server.Type("r");
        byte[] room = new byte[64];
        Task<int> reading = Task.Run(() => driver.Read(room, out int count, Patience) == TlsStatus.Complete ? count : -1);
        await Soon(askedAgain.Task);
        if (answer)
        {
            server.Type("after");
            Assert.That(System.Text.Encoding.ASCII.GetString(room, 0, await Soon(reading)), Is.EqualTo("after\n"));
        }
        else
        {
            CallbackTests.IsRefusal(Assert.ThrowsAsync<TlsError>(() => Soon(reading)), "CN=localhost");
        }

        Assert.That(callback.Questions.Select(question => (question.Subject, question.IsResumed)), Is.EqualTo(new[] { ("CN=localhost", false), ("CN=localhost", false) }));
    }

    [Test]
    public async Task AStreamsRefusalIsAnAuthenticationException([Values(StreamContexts.Tls12, StreamContexts.Tls13)] int version)
    {
        TlsContext client = StreamContexts.Client(version);
        await using StreamPair pair = Fresh();
        object? sender = null;
        client.RemoteCertificateValidationCallback = (connection, _) =>
        {
            sender = connection.Owner;
            throw new FormatException("no pin");
        };
        Task server = pair.Server.AuthenticateAsServerAsync(StreamContexts.Server(version));
        AuthenticationException error = Assert.ThrowsAsync<AuthenticationException>(() => Soon(pair.Client.AuthenticateAsClientAsync(client, "localhost")))!;
        Assert.That(error.Message, Does.Contain("application verification failure"));
        Assert.That(error.InnerException!.InnerException, Is.InstanceOf<FormatException>());
        Assert.That(sender, Is.SameAs(pair.Client));
        Assert.CatchAsync(() => Soon(server));
    }

    /// <summary>SslStream asks in the same handshakes, and ours has the same flags.</summary>
    [Test]
    public async Task SslStreamHasTheSameFlags(
        [Values(StreamContexts.Tls12, StreamContexts.Tls13)] int version,
        [Values("localhost", "elsewhere.example")] string host,
        [Values] bool trusted)
    {
        SslPolicyErrors? theirs = null;
        SslPolicyErrors? ours = null;
        (PipeEnd one, PipeEnd other) = PipeEnd.Pair();
        await using (var client = new SslStream(one))
        await using (var server = new TlsStream(other))
        {
            var options = new SslClientAuthenticationOptions
            {
                TargetHost = host,
                RemoteCertificateValidationCallback = (_, _, _, errors) => (theirs = errors) is not null,
                CertificateChainPolicy = new() { TrustMode = System.Security.Cryptography.X509Certificates.X509ChainTrustMode.CustomRootTrust, RevocationMode = System.Security.Cryptography.X509Certificates.X509RevocationMode.NoCheck },
            };
            if (trusted)
            {
                options.CertificateChainPolicy.CustomTrustStore.Add(StreamContexts.NativeRoot);
            }

            await Soon(Task.WhenAll(client.AuthenticateAsClientAsync(options), server.AuthenticateAsServerAsync(StreamContexts.Server(version))));
        }

        TlsContext context = trusted ? StreamContexts.Client(version) : StreamContexts.Distrustful(version);
        context.RemoteCertificateValidationCallback = (_, validation) => (ours = validation.PolicyErrors) is not null;
        await using (await CreateAsync(context, StreamContexts.Server(version), host))
        {
            Assert.That(ours, Is.EqualTo(theirs));
        }
    }
}
