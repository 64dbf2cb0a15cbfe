using System.Net.Security;
using System.Security.Authentication;
using NUnit.Framework;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using SslModule.Engine.Streams;
using static SslModule.Engine.Tests.Streams.StreamPair;

namespace SslModule.Engine.Tests.Streams;

/// <summary>A client's certificate after the handshake, and what SslStream does in the same place.</summary>
public sealed class NegotiateTests
{
    private static readonly byte[] Hello = "hello"u8.ToArray();

    [Test]
    public async Task The_client_shows_its_certificate([Values(VerifyMode.Optional, VerifyMode.Required)] VerifyMode mode)
    {
        await using StreamPair pair = await CreateAsync(Client(withCertificate: true), Server(mode));
        Assert.That(pair.Server.RemoteCertificate, Is.Null);
        Task<int> reading = Soon(pair.Client.ReadAsync(new byte[5]));
        await Soon(pair.Server.NegotiateClientCertificateAsync());
        Assert.That(pair.Server.RemoteCertificate?.Subject, Is.EqualTo("CN=a client"));
        Assert.That(pair.Server.IsMutuallyAuthenticated, Is.True);
        await Soon(pair.Server.WriteAsync(Hello));
        Assert.That(await reading, Is.EqualTo(5));
        Assert.ThrowsAsync<InvalidOperationException>(() => pair.Server.NegotiateClientCertificateAsync());
    }

    [Test]
    public async Task SslStream_is_asked_by_us([Values] bool withCertificate)
    {
        (PipeEnd one, PipeEnd other) = PipeEnd.Pair();
        await using var ours = new TlsStream(one);
        await using var theirs = new SslStream(other);
        await Soon(Task.WhenAll(
            ours.AuthenticateAsServerAsync(Server(VerifyMode.Optional)),
            theirs.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                EnabledSslProtocols = SslProtocols.Tls13,
                LocalCertificateSelectionCallback = (_, _, _, _, _) => withCertificate ? StreamContexts.NativeClient : null!,
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
            })));
        Task<int> reading = Soon(theirs.ReadAsync(new byte[5]));
        await Soon(ours.NegotiateClientCertificateAsync());
        Assert.That(ours.RemoteCertificate?.Subject, Is.EqualTo(withCertificate ? "CN=a client" : null));
        await Soon(ours.WriteAsync(Hello));
        Assert.That(await reading, Is.EqualTo(5));
    }

    [Test]
    public async Task We_are_asked_by_SslStream([Values] bool withCertificate)
    {
        (SslStream theirs, TlsStream ours) = await TheirServer(Client(withCertificate));
        await using var first = theirs;
        await using var second = ours;
        Task<int> reading = Soon(ours.ReadAsync(new byte[5]));
        await Soon(Ask(theirs));
        Assert.That(theirs.RemoteCertificate?.Subject, Is.EqualTo(withCertificate ? "CN=a client" : null));
        await Soon(theirs.WriteAsync(Hello));
        Assert.That(await reading, Is.EqualTo(5));
    }

    [Test]
    public async Task A_client_that_shows_none_is_refused_where_one_is_required()
    {
        await using StreamPair pair = await CreateAsync(Client(withCertificate: false), Server(VerifyMode.Required));
        Task<int> reading = Soon(pair.Client.ReadAsync(new byte[5]));
        AuthenticationException error = Assert.ThrowsAsync<AuthenticationException>(() => Soon(pair.Server.NegotiateClientCertificateAsync()))!;
        Assert.That(((TlsError)error.InnerException!).Reason, Is.EqualTo("PEER_DID_NOT_RETURN_A_CERTIFICATE"));
        Assert.That(((TlsError)Assert.ThrowsAsync<IOException>(() => reading)!.InnerException!).Reason, Is.EqualTo("TLSV13_ALERT_CERTIFICATE_REQUIRED"));
        Assert.ThrowsAsync<IOException>(() => Soon(pair.Server.ReadAsync(new byte[1])));
    }

    [Test]
    public async Task A_client_that_shows_none_may_go_on_where_one_is_optional()
    {
        await using StreamPair pair = await CreateAsync(Client(withCertificate: false), Server(VerifyMode.Optional));
        Task<int> reading = Soon(pair.Client.ReadAsync(new byte[5]));
        await Soon(pair.Server.NegotiateClientCertificateAsync());
        Assert.That(pair.Server.RemoteCertificate, Is.Null);
        await Soon(pair.Server.WriteAsync(Hello));
        Assert.That(await reading, Is.EqualTo(5));
    }

    [Test]
    public async Task A_certificate_of_a_stranger_is_refused()
    {
        var server = new TlsContext(TlsProtocolSelection.TlsServer) { VerifyMode = VerifyMode.Required, PostHandshakeAuth = true };
        server.LoadCertChain(StreamContexts.ServerCertificateFile, null, null);
        await using StreamPair pair = await CreateAsync(Client(withCertificate: true), server);
        Task<int> reading = Soon(pair.Client.ReadAsync(new byte[5]));
        AuthenticationException error = Assert.ThrowsAsync<AuthenticationException>(() => Soon(pair.Server.NegotiateClientCertificateAsync()))!;
        Assert.That(((TlsError)error.InnerException!).VerifyMessage, Is.EqualTo("self-signed certificate in certificate chain"));
        Assert.That(pair.Server.RemoteCertificate, Is.Null);
        Assert.ThrowsAsync<IOException>(() => reading);
    }

    [Test]
    public async Task Unread_data_are_in_the_way()
    {
        await using StreamPair pair = await CreateAsync(Client(withCertificate: true), Server(VerifyMode.Required));
        await Soon(pair.Client.WriteAsync(Hello));
        await Soon(pair.Server.ReadExactlyAsync(new byte[4]));
        Assert.ThrowsAsync<InvalidOperationException>(() => pair.Server.NegotiateClientCertificateAsync());
        await Soon(pair.Server.ReadExactlyAsync(new byte[1]));

        // A read without a buffer has taken a byte to see whether there is one.
        await Soon(pair.Client.WriteAsync("!"u8.ToArray()));
        await Soon(pair.Server.ReadAsync(Memory<byte>.Empty));
        Assert.ThrowsAsync<InvalidOperationException>(() => pair.Server.NegotiateClientCertificateAsync());
        await Soon(pair.Server.ReadExactlyAsync(new byte[1]));
        Task<int> reading = Soon(pair.Client.ReadAsync(new byte[5]));
        await Soon(pair.Server.NegotiateClientCertificateAsync());
        await Soon(pair.Server.WriteAsync(Hello));
        Assert.That(await reading, Is.EqualTo(5));
    }

    [Test]
    public async Task Unread_data_are_in_SslStreams_way_too()
    {
        (SslStream theirs, TlsStream ours) = await TheirServer(Client(withCertificate: true));
        await using var first = theirs;
        await using var second = ours;
        await Soon(ours.WriteAsync(Hello));
        await Soon(theirs.ReadExactlyAsync(new byte[4]));
        Assert.ThrowsAsync<InvalidOperationException>(() => Ask(theirs));
    }

    [Test]
    public async Task Data_on_the_way_are_kept_for_later_reads()
    {
        await using StreamPair pair = await CreateAsync(Client(withCertificate: true), Server(VerifyMode.Required));
        Task asking = Soon(pair.Server.NegotiateClientCertificateAsync());
        byte[] sent = [.. Enumerable.Range(0, 100_000).Select(number => (byte)number)];
        await Soon(pair.Client.WriteAsync(sent));
        Task<int> reading = Soon(pair.Client.ReadAsync(new byte[5]));
        await asking;
        Assert.That(pair.Server.RemoteCertificate?.Subject, Is.EqualTo("CN=a client"));
        byte[] received = new byte[sent.Length];
        await Soon(pair.Server.ReadExactlyAsync(received));
        Assert.That(received, Is.EqualTo(sent));
        await Soon(pair.Server.WriteAsync(Hello));
        Assert.That(await reading, Is.EqualTo(5));
    }

    [Test]
    public async Task More_than_a_mebibyte_before_the_answer_ends_the_connection()
    {
        await using StreamPair pair = await CreateAsync(Client(withCertificate: true), Server(VerifyMode.Required));
        Task asking = Soon(pair.Server.NegotiateClientCertificateAsync());
        await Soon(pair.Client.WriteAsync(new byte[(1 << 20) + (1 << 15)]));
        Assert.That(((TlsError)Assert.ThrowsAsync<AuthenticationException>(() => asking)!.InnerException!).Reason, Is.EqualTo("UNEXPECTED_RECORD"));
    }

    [Test]
    public async Task Reads_and_writes_in_progress_are_in_the_way()
    {
        await using StreamPair pair = await CreateAsync(Client(withCertificate: true), Server(VerifyMode.Required));
        Task<int> reading = Soon(pair.Server.ReadAsync(new byte[5]));
        Assert.ThrowsAsync<NotSupportedException>(() => pair.Server.NegotiateClientCertificateAsync());
        await Soon(pair.Client.WriteAsync(Hello));
        Assert.That(await reading, Is.EqualTo(5));
        Task asking = Soon(pair.Server.NegotiateClientCertificateAsync());
        Assert.ThrowsAsync<NotSupportedException>(() => pair.Server.ReadAsync(new byte[1]).AsTask());
        Assert.ThrowsAsync<NotSupportedException>(() => pair.Server.WriteAsync(Hello).AsTask());
        Task<int> answering = Soon(pair.Client.ReadAsync(new byte[5]));
        await asking;
        await Soon(pair.Server.WriteAsync(Hello));
        Assert.That(await answering, Is.EqualTo(5));
    }

    [Test]
    public async Task TLS_1_2_says_why_not()
    {
        TlsContext server = Server(VerifyMode.Optional);
        server.MaximumVersion = StreamContexts.Tls12;
        await using StreamPair pair = await CreateAsync(Client(withCertificate: false), server);
        NotSupportedException error = Assert.ThrowsAsync<NotSupportedException>(() => pair.Server.NegotiateClientCertificateAsync())!;
        Assert.That(error.Message, Does.Contain("renegotiat"));
        await Soon(pair.Server.WriteAsync(Hello));
        await Soon(pair.Client.ReadExactlyAsync(new byte[5]));
    }

    [Test]
    public async Task A_client_that_does_not_offer_it_is_told_from_one_that_has_none()
    {
        await using StreamPair pair = await CreateAsync(StreamContexts.Client(withCertificate: true), Server(VerifyMode.Required));
        AuthenticationException error = Assert.ThrowsAsync<AuthenticationException>(() => pair.Server.NegotiateClientCertificateAsync())!;
        Assert.That(((TlsError)error.InnerException!).Reason, Is.EqualTo("EXTENSION_NOT_RECEIVED"));
        await Soon(pair.Server.WriteAsync(Hello));
        await Soon(pair.Client.ReadExactlyAsync(new byte[5]));
    }

    [Test]
    public async Task SslStream_too_tells_that_a_client_does_not_offer_it()
    {
        (SslStream theirs, TlsStream ours) = await TheirServer(StreamContexts.Client(withCertificate: true));
        await using var first = theirs;
        await using var second = ours;
        Assert.CatchAsync(() => Soon(Ask(theirs)));
        await Soon(theirs.WriteAsync(Hello));
        await Soon(ours.ReadExactlyAsync(new byte[5]));
    }

    [Test]
    public async Task It_is_the_servers_and_the_context_must_want_it()
    {
        await using StreamPair fresh = Fresh();
        Assert.ThrowsAsync<InvalidOperationException>(() => fresh.Server.NegotiateClientCertificateAsync());
        await using StreamPair pair = await CreateAsync(Client(withCertificate: true), StreamContexts.Server());
        Assert.ThrowsAsync<InvalidOperationException>(() => pair.Client.NegotiateClientCertificateAsync());
        Assert.That(Assert.ThrowsAsync<InvalidOperationException>(() => pair.Server.NegotiateClientCertificateAsync())!.Message, Does.Contain("VerifyMode"));
        await Soon(pair.Server.ShutdownAsync());
        await using StreamPair ended = await CreateAsync(Client(withCertificate: true), Server(VerifyMode.Required));
        await Soon(ended.Server.ShutdownAsync());
        Assert.ThrowsAsync<InvalidOperationException>(() => ended.Server.NegotiateClientCertificateAsync());
    }

    [Test]
    public async Task A_cancelled_call_can_be_made_again()
    {
        await using StreamPair pair = await CreateAsync(Client(withCertificate: true), Server(VerifyMode.Required));
        Assert.CatchAsync<OperationCanceledException>(() => pair.Server.NegotiateClientCertificateAsync(new CancellationToken(canceled: true)));
        using var cancelled = new CancellationTokenSource();
        Task asking = Soon(pair.Server.NegotiateClientCertificateAsync(cancelled.Token));

        // The question has arrived when its answer waits at the gate.
        pair.ClientEnd.Gate = new TaskCompletionSource();
        Task<int> reading = Soon(pair.Client.ReadAsync(new byte[5]));
        await Soon(pair.ClientEnd.Waiting.Task);
        await cancelled.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => asking);
        pair.ClientEnd.Gate.SetResult();
        await Soon(pair.Server.NegotiateClientCertificateAsync());
        Assert.That(pair.Server.RemoteCertificate?.Subject, Is.EqualTo("CN=a client"));
        await Soon(pair.Server.WriteAsync(Hello));
        Assert.That(await reading, Is.EqualTo(5));
    }

    [Test]
    public async Task A_connection_that_has_failed_says_so_again()
    {
        await using StreamPair pair = await CreateAsync(Client(withCertificate: true), Server(VerifyMode.Required));
        await pair.ClientEnd.SendAsync(new byte[] { 23, 3, 3, 0, 17, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 });
        TlsError failure = (TlsError)Assert.ThrowsAsync<IOException>(() => Soon(pair.Server.ReadAsync(new byte[1])))!.InnerException!;
        AuthenticationException error = Assert.ThrowsAsync<AuthenticationException>(() => Soon(pair.Server.NegotiateClientCertificateAsync()))!;
        Assert.That(error.InnerException, Is.SameAs(failure));
    }

    [Test]
    public async Task A_client_that_goes_away_ends_the_wait([Values] bool politely)
    {
        await using StreamPair pair = await CreateAsync(Client(withCertificate: true), Server(VerifyMode.Required));
        Task asking = Soon(pair.Server.NegotiateClientCertificateAsync());
        if (politely)
        {
            await Soon(pair.Client.ShutdownAsync());
        }
        else
        {
            pair.ClientEnd.Cut();
        }

        Assert.ThrowsAsync<IOException>(() => asking);
    }

    private static Task Ask(SslStream server)
    {
        if (OperatingSystem.IsLinux())
        {
            return server.NegotiateClientCertificateAsync();
        }

        throw new IgnoreException("SslStream asks clients after a handshake of TLS 1.3 on Linux");
    }

    private static TlsContext Client(bool withCertificate)
    {
        TlsContext context = StreamContexts.Client(withCertificate: withCertificate);
        context.PostHandshakeAuth = true;
        return context;
    }

    private static TlsContext Server(VerifyMode mode)
    {
        TlsContext context = StreamContexts.Server(mode: mode);
        context.PostHandshakeAuth = true;
        return context;
    }

    private static async Task<(SslStream Theirs, TlsStream Ours)> TheirServer(TlsContext client)
    {
        (PipeEnd one, PipeEnd other) = PipeEnd.Pair();
        var ours = new TlsStream(one);
        var theirs = new SslStream(other);
        await Soon(Task.WhenAll(
            ours.AuthenticateAsClientAsync(client, "localhost"),
            theirs.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificate = StreamContexts.NativeServer,
                EnabledSslProtocols = SslProtocols.Tls13,
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
            })));
        return (theirs, ours);
    }
}
