using NUnit.Framework;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using SslModule.Engine.Tests.Certificates;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>The authorities that a CertificateRequest names: those that the application sets, whomever the server trusts.</summary>
public class ClientAuthorityTests
{
    private static readonly byte[] Name = Authority.Root("CN=an authority that is told").Certificate.SubjectDer.ToArray();

    [Test]
    public void NoneByThemselves([Values(TestContexts.Tls12, TestContexts.Tls13)] int version)
    {
        byte[] request = Request(version, Asking(version));
        Assert.That(Contains(request, "CN=root"), Is.False);
        Assert.That(request, Has.Length.LessThan(100));
    }

    [Test]
    public void SixHundredTrustedOnesAreNoObstacle([Values(TestContexts.Tls12, TestContexts.Tls13)] int version)
    {
        TlsContext server = Asking(version);
        string padding = new('x', 60);
        Authority root = Authority.Root("CN=one for all");
        server.LoadVerifyPem(string.Concat(Enumerable.Range(0, 600).Select(number => root.Issue($"CN={number}-{padding},OU={padding}", Shape.Ca()).Pem)));
        Assert.That(Request(version, server), Has.Length.LessThan(100));
    }

    [Test]
    public void ThoseThatAreSet([Values(TestContexts.Tls12, TestContexts.Tls13)] int version)
    {
        TlsContext server = Asking(version);
        server.ClientAuthorities = [Name];
        Assert.That(Request(version, server).AsSpan().IndexOf(Name), Is.Positive);
        Assert.That(server.ClientAuthorities[0].ToArray(), Is.EqualTo(Name));
    }

    [Test]
    public void AsManyAsTheMessageHolds([Values(TestContexts.Tls12, TestContexts.Tls13)] int version)
    {
        TlsContext server = Asking(version);
        int most = TlsContext.LongestClientAuthorities / (2 + Name.Length);
        server.ClientAuthorities = [.. Enumerable.Repeat((ReadOnlyMemory<byte>)Name, most)];
        Assert.That(Request(version, server), Has.Length.GreaterThan(most * Name.Length));
        TlsError? error = Assert.Throws<TlsError>(() => server.ClientAuthorities = [.. Enumerable.Repeat((ReadOnlyMemory<byte>)Name, most + 1)]);
        Assert.That(error!.Kind, Is.EqualTo(TlsErrorKind.Value));
        Assert.That(server.ClientAuthorities, Has.Count.EqualTo(most));
    }

    [TestCase("")]
    [TestCase("3000")]
    [TestCase("0500")]
    [TestCase("3080")]
    public void WhatIsNoNameIsRefused(string hex)
        => Assert.Throws<TlsError>(() => TestContexts.Server().ClientAuthorities = [Convert.FromHexString(hex)]);

    [Test]
    public void ANameWithMoreBehindItIsRefused()
        => Assert.Throws<TlsError>(() => TestContexts.Server().ClientAuthorities = [(byte[])[.. Name, 0]]);

    [Test]
    public void AStrangerIsRefusedWhereACertificateIsOptional([Values(TestContexts.Tls12, TestContexts.Tls13)] int version)
    {
        using MemoryPair pair = MemoryPair.Shake(
            WireContexts.Client(version, WireContexts.Stranger),
            WireContexts.Server(version, context => context.VerifyMode = VerifyMode.Optional),
            WireContexts.HostName);
        Assert.That(pair.ServerFailure?.Reason, Is.EqualTo("CERTIFICATE_VERIFY_FAILED"));
    }

    private static TlsContext Asking(int version) => WireContexts.Server(version, context => context.VerifyMode = VerifyMode.Optional);

    /// <summary>The CertificateRequest that a client got in a handshake that went well and showed its certificate.</summary>
    private static byte[] Request(int version, TlsContext server)
    {
        byte[]? request = null;
        TlsContext client = WireContexts.Client(version, WireContexts.Known);
        client.MessageCallback = (_, message) => request = message is { Written: false, ContentType: 22, MessageType: 13 } ? message.Content.ToArray() : request;
        using MemoryPair pair = MemoryPair.Connect(client, server, WireContexts.HostName);
        Assert.That(pair.Server.PeerCertificate, Is.Not.Null);
        return request!;
    }

    private static bool Contains(byte[] message, string text) => message.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(text[3..])) >= 0;
}
