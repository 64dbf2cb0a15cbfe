using System.Net.Security;
using System.Runtime.InteropServices;
using System.Security.Authentication;
using System.Security.Authentication.ExtendedProtection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NUnit.Framework;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using SslModule.Engine.Streams;
using static SslModule.Engine.Tests.Streams.StreamPair;

namespace SslModule.Engine.Tests.Streams;

/// <summary>Against .NET's own SslStream in both directions: what both tell, what they refuse, and how they end.</summary>
public sealed class SslStreamPeerTests
{
    private static readonly SslApplicationProtocol Odd = new("odd");

    [Test]
    public async Task We_are_its_client([Values(StreamContexts.Tls12, StreamContexts.Tls13)] int version, [Values] bool mutual)
    {
        (PipeEnd one, PipeEnd other) = PipeEnd.Pair();
        await using var ours = new TlsStream(one);
        await using var theirs = new SslStream(other);
        TlsContext context = StreamContexts.Client(version, withCertificate: mutual);
        context.SetAlpnProtocols(StreamContexts.Wire("even", "odd"));
        await Soon(Task.WhenAll(ours.AuthenticateAsClientAsync(context, "localhost"), theirs.AuthenticateAsServerAsync(ServerOptions(version, mutual))));
        Assert.That((ours.IsMutuallyAuthenticated, theirs.IsMutuallyAuthenticated), Is.EqualTo((mutual, mutual)));
        Assert.That(theirs.RemoteCertificate?.Subject, Is.EqualTo(mutual ? "CN=a client" : null));
        await Compare(ours, theirs);
    }

    [Test]
    public async Task It_is_our_client([Values(StreamContexts.Tls12, StreamContexts.Tls13)] int version, [Values] bool mutual)
    {
        (PipeEnd one, PipeEnd other) = PipeEnd.Pair();
        await using var ours = new TlsStream(one);
        await using var theirs = new SslStream(other);
        TlsContext context = StreamContexts.Server(version, mutual ? VerifyMode.Required : VerifyMode.None);
        context.SetAlpnProtocols(StreamContexts.Wire("even", "odd"));
        await Soon(Task.WhenAll(ours.AuthenticateAsServerAsync(context), theirs.AuthenticateAsClientAsync(ClientOptions(version, mutual))));
        Assert.That(ours.IsMutuallyAuthenticated, Is.EqualTo(mutual));
        Assert.That(ours.RemoteCertificate?.Subject, Is.EqualTo(mutual ? "CN=a client" : null));
        await Compare(ours, theirs);
    }

    [Test]
    public async Task A_wrong_host_name_is_refused([Values(StreamContexts.Tls12, StreamContexts.Tls13)] int version)
        => await Refused(StreamContexts.Client(version), version, "elsewhere.example", "Hostname mismatch, certificate is not valid for 'elsewhere.example'.", 62);

    [Test]
    public async Task An_unknown_authority_is_refused([Values(StreamContexts.Tls12, StreamContexts.Tls13)] int version)
        => await Refused(StreamContexts.Distrustful(version), version, "localhost", "unable to get local issuer certificate", 20);

    [Test]
    public async Task It_refuses_a_certificate_of_ours_and_we_do_not_wait_for_more([Values(StreamContexts.Tls12, StreamContexts.Tls13)] int version)
    {
        (PipeEnd one, PipeEnd other) = PipeEnd.Pair();
        await using var ours = new TlsStream(one);
        await using var theirs = new SslStream(other);
        SslClientAuthenticationOptions options = ClientOptions(version, mutual: false);
        options.TargetHost = "elsewhere.example";
        Task server = ours.AuthenticateAsServerAsync(StreamContexts.Server(version));
        Assert.ThrowsAsync<AuthenticationException>(() => Soon(theirs.AuthenticateAsClientAsync(options)));
        await theirs.DisposeAsync();
        Exception? error = Assert.CatchAsync(async () =>
        {
            await Soon(server);
            await Soon(ours.ReadAsync(new byte[1]));
        });
        Assert.That(error, Is.InstanceOf<AuthenticationException>().Or.InstanceOf<IOException>());
        Assert.That(error!.InnerException, Is.InstanceOf<TlsError>());
    }

    [Test]
    public async Task A_client_without_a_certificate_is_refused_by_our_server([Values(StreamContexts.Tls12, StreamContexts.Tls13)] int version)
    {
        (PipeEnd one, PipeEnd other) = PipeEnd.Pair();
        await using var ours = new TlsStream(one);
        await using var theirs = new SslStream(other);
        Task server = ours.AuthenticateAsServerAsync(StreamContexts.Server(version, VerifyMode.Required));
        Task client = theirs.AuthenticateAsClientAsync(ClientOptions(version, mutual: false));
        var error = Assert.ThrowsAsync<AuthenticationException>(() => Soon(server))!.InnerException as TlsError;
        Assert.That(error!.Reason, Is.EqualTo("PEER_DID_NOT_RETURN_A_CERTIFICATE"));
        Assert.CatchAsync(async () =>
        {
            await Soon(client);
            await Soon(theirs.ReadAsync(new byte[1]));
        });
    }

    [Test]
    public async Task A_refusal_of_our_clients_certificate_in_TLS_1_3_comes_out_of_its_first_read()
    {
        await using StreamPair pair = Fresh();
        Task server = pair.Server.AuthenticateAsServerAsync(StreamContexts.Server(StreamContexts.Tls13, VerifyMode.Required));
        await Soon(pair.Client.AuthenticateAsClientAsync(StreamContexts.Client(StreamContexts.Tls13), "localhost"));
        Assert.ThrowsAsync<AuthenticationException>(() => Soon(server));
        IOException error = Assert.ThrowsAsync<IOException>(() => Soon(pair.Client.ReadAsync(new byte[1])))!;
        Assert.That((error.InnerException as TlsError)!.Reason, Is.EqualTo("TLSV13_ALERT_CERTIFICATE_REQUIRED"));
    }

    [Test]
    public async Task Our_end_is_its_end_and_its_shutdown_ours([Values(StreamContexts.Tls12, StreamContexts.Tls13)] int version)
    {
        (PipeEnd one, PipeEnd other) = PipeEnd.Pair();
        var ours = new TlsStream(one);
        await using var theirs = new SslStream(other);
        await Soon(Task.WhenAll(ours.AuthenticateAsClientAsync(StreamContexts.Client(version), "localhost"), theirs.AuthenticateAsServerAsync(ServerOptions(version, mutual: false))));
        await Soon(theirs.WriteAsync("last words"u8.ToArray()));
        await Soon(theirs.ShutdownAsync());
        var copied = new MemoryStream();
        await Soon(ours.CopyToAsync(copied));
        Assert.That(copied.ToArray(), Is.EqualTo("last words"u8.ToArray()));
        await Soon(ours.WriteAsync("an answer"u8.ToArray()));
        await ours.DisposeAsync();
        await Soon(theirs.ReadExactlyAsync(new byte[9]));
        Assert.That(await Soon(theirs.ReadAsync(new byte[1])), Is.Zero);
    }

    [Test]
    public async Task An_SslStream_that_is_disposed_of_without_a_shutdown_says_nothing_and_we_tell()
    {
        (PipeEnd one, PipeEnd other) = PipeEnd.Pair();
        await using var ours = new TlsStream(one);
        var theirs = new SslStream(other);
        await Soon(Task.WhenAll(ours.AuthenticateAsClientAsync(StreamContexts.Client(), "localhost"), theirs.AuthenticateAsServerAsync(ServerOptions(StreamContexts.Tls13, mutual: false))));
        await theirs.DisposeAsync();
        Assert.ThrowsAsync<IOException>(() => Soon(ours.ReadAsync(new byte[1])));
    }

    private static async Task Refused(TlsContext context, int version, string host, string reason, int code)
    {
        (PipeEnd one, PipeEnd other) = PipeEnd.Pair();
        await using var ours = new TlsStream(one);
        await using var theirs = new SslStream(other);
        Task server = theirs.AuthenticateAsServerAsync(ServerOptions(version, mutual: false));
        AuthenticationException error = Assert.ThrowsAsync<AuthenticationException>(() => Soon(ours.AuthenticateAsClientAsync(context, host)))!;
        var inner = (TlsError)error.InnerException!;
        Assert.That((inner.Kind, inner.VerifyCode, inner.VerifyMessage), Is.EqualTo((TlsErrorKind.CertificateVerification, code, reason)));
        Assert.That(error.Message, Does.Contain(reason));
        Assert.That(ours.IsAuthenticated, Is.False);
        Assert.ThrowsAsync<AuthenticationException>(() => Soon(ours.WriteAsync(new byte[1])));

        // The alert has left, so that the server knows too.
        Assert.CatchAsync(async () =>
        {
            await Soon(server);
            await Soon(theirs.ReadAsync(new byte[1]));
        });
    }

    private static async Task Compare(TlsStream ours, SslStream theirs)
    {
        Assert.Multiple(() =>
        {
            Assert.That(ours.SslProtocol, Is.EqualTo(theirs.SslProtocol));
            Assert.That(ours.NegotiatedCipherSuite, Is.EqualTo(theirs.NegotiatedCipherSuite));
            Assert.That(ours.NegotiatedApplicationProtocol, Is.EqualTo(theirs.NegotiatedApplicationProtocol).And.EqualTo(Odd));
            Assert.That(ours.TargetHostName, Is.EqualTo(theirs.TargetHostName).And.EqualTo("localhost"));
            if (ours.IsServer)
            {
                // On a server SslStream's is that of the client's certificate, which is not RFC 5929's.
                Assert.That(Bytes(ours.TransportContext.GetChannelBinding(ChannelBindingKind.Endpoint)), Is.EqualTo(Bytes(theirs.TransportContext!.GetChannelBinding(ChannelBindingKind.Endpoint))));
            }

            if (ours.SslProtocol == SslProtocols.Tls12)
            {
                Assert.That(Bytes(ours.TransportContext.GetChannelBinding(ChannelBindingKind.Unique)), Is.EqualTo(Bytes(theirs.TransportContext!.GetChannelBinding(ChannelBindingKind.Unique))));
            }
        });
        Assert.Throws<NotSupportedException>(() => ours.TransportContext.GetChannelBinding(ChannelBindingKind.Unknown));
        foreach (int length in new[] { 1, 100, 16384, 16385, 300_000 })
        {
            byte[] sent = RandomNumberGenerator.GetBytes(length);
            byte[] there = new byte[length];
            byte[] back = new byte[length];
            await Soon(Task.WhenAll(ours.WriteAsync(sent).AsTask(), theirs.WriteAsync(sent).AsTask(), ours.ReadExactlyAsync(back).AsTask(), theirs.ReadExactlyAsync(there).AsTask()));
            Assert.That(there.AsSpan().SequenceEqual(sent) && back.AsSpan().SequenceEqual(sent), Is.True, $"{length} bytes");
        }
    }

    private static byte[] Bytes(ChannelBinding? binding)
    {
        byte[] bytes = new byte[binding!.Size];
        Marshal.Copy(binding.DangerousGetHandle(), bytes, 0, bytes.Length);
        return bytes;
    }

    private static SslServerAuthenticationOptions ServerOptions(int version, bool mutual) => new()
    {
        ServerCertificate = StreamContexts.NativeServer,
        EnabledSslProtocols = version == StreamContexts.Tls12 ? SslProtocols.Tls12 : SslProtocols.Tls13,
        ClientCertificateRequired = mutual,
        RemoteCertificateValidationCallback = (_, certificate, _, _) => !mutual || certificate is not null,
        ApplicationProtocols = [Odd],
    };

    private static SslClientAuthenticationOptions ClientOptions(int version, bool mutual) => new()
    {
        TargetHost = "localhost",
        EnabledSslProtocols = version == StreamContexts.Tls12 ? SslProtocols.Tls12 : SslProtocols.Tls13,
        ClientCertificates = mutual ? [StreamContexts.NativeClient] : null,
        ApplicationProtocols = [Odd],
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { StreamContexts.NativeRoot },
            RevocationMode = X509RevocationMode.NoCheck,
        },
    };
}
