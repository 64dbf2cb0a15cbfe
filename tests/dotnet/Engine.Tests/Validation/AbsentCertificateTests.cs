using System.Net.Security;
using NUnit.Framework;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using SslModule.Engine.Tests.Handshake;

namespace SslModule.Engine.Tests.Validation;

/// <summary>Handshakes in which the peer shows no certificate.</summary>
public sealed class AbsentCertificateTests
{
    private static readonly byte[] Key = new byte[32];

    [Test]
    public void AnOptionalOneIsNotMissed([Values(TestContexts.Tls12, TestContexts.Tls13)] int version, [Values] bool answer)
    {
        TlsContext server = Callback.Server(version, VerifyMode.Optional);
        Callback callback = Callback.On(server, answer);
        using MemoryPair pair = MemoryPair.Shake(TestContexts.Careless(version), server);
        Assert.That((callback.Single.Subject, callback.Single.Error, callback.Single.PolicyErrors), Is.EqualTo(((string?)null, (TlsError?)null, SslPolicyErrors.None)));
        Assert.That(pair.Server.IsHandshakeComplete, Is.EqualTo(answer));
        if (!answer)
        {
            CallbackTests.IsRefusal(pair.ServerFailure, "the client has shown none");
            Assert.That(pair.ServerFailure!.Alert, Is.EqualTo(version == TestContexts.Tls13 ? 116 : 40));
        }
    }

    [Test]
    public void ARequiredOneIsMissed([Values(TestContexts.Tls12, TestContexts.Tls13)] int version, [Values] bool answer)
    {
        TlsContext server = Callback.Server(version, VerifyMode.Required);
        Callback callback = Callback.On(server, answer);
        using MemoryPair pair = MemoryPair.Shake(TestContexts.Careless(version), server);
        Assert.That((callback.Single.Subject, callback.Single.Error!.Reason, callback.Single.PolicyErrors), Is.EqualTo(((string?)null, "PEER_DID_NOT_RETURN_A_CERTIFICATE", SslPolicyErrors.RemoteCertificateNotAvailable)));
        Assert.That(pair.Server.IsHandshakeComplete, Is.EqualTo(answer));
        Assert.That(pair.ServerFailure?.Reason, Is.EqualTo(answer ? null : "PEER_DID_NOT_RETURN_A_CERTIFICATE"));
    }

    [Test]
    public void AServerThatDoesNotAskForOneDoesNotAskTheCallback([Values(TestContexts.Tls12, TestContexts.Tls13)] int version)
    {
        TlsContext server = Callback.Server(version, VerifyMode.None);
        Callback callback = Callback.On(server, answer: false);
        using MemoryPair pair = MemoryPair.Connect(Callback.Client(version, known: true), server, Callback.Host);
        Assert.That(callback.Questions, Is.Empty);
    }

    /// <summary>A pinning client must not be talked out of certificates by a key that somebody knows, or by no key at all.</summary>
    [TestCase(TestContexts.Tls12, "PSK-AES128-GCM-SHA256:@SECLEVEL=0")]
    [TestCase(TestContexts.Tls12, "AECDH-AES128-SHA:@SECLEVEL=0")]
    [TestCase(TestContexts.Tls13, null)]
    public void AHandshakeWithoutCertificatesAsksTheClient(int version, string? ciphers)
    {
        foreach (bool answer in (bool[])[true, false])
        {
            TlsContext client = TestContexts.Client(version, ciphers);
            TlsContext server = TestContexts.BareServer(version, ciphers);
            if (ciphers?.StartsWith("AECDH", StringComparison.Ordinal) != true)
            {
                client.PskClientCallback = (_, _) => new PskCredentials("somebody"u8.ToArray(), Key);
                server.PskServerCallback = (_, _) => Key;
            }

            Callback callback = Callback.On(client, answer);
            using MemoryPair pair = MemoryPair.Shake(client, server, Callback.Host);
            Callback.Question question = callback.Single;
            Assert.That((question.Subject, question.Error, question.PolicyErrors, question.IsResumed), Is.EqualTo(((string?)null, (TlsError?)null, SslPolicyErrors.RemoteCertificateNotAvailable, false)));
            Assert.That(pair.Client.IsHandshakeComplete, Is.EqualTo(answer));
            if (!answer)
            {
                CallbackTests.IsRefusal(pair.ClientFailure, "the server has shown none");
            }
        }
    }

    [TestCase(TestContexts.Tls12, "PSK-AES128-GCM-SHA256:@SECLEVEL=0")]
    [TestCase(TestContexts.Tls13, null)]
    public void AHandshakeWithAPreSharedKeyAsksAServerThatWantsCertificates(int version, string? ciphers)
    {
        TlsContext client = TestContexts.Client(version, ciphers);
        TlsContext server = TestContexts.BareServer(version, ciphers);
        server.VerifyMode = VerifyMode.Required;
        client.PskClientCallback = (_, _) => new PskCredentials("somebody"u8.ToArray(), Key);
        server.PskServerCallback = (_, _) => Key;
        Callback callback = Callback.On(server, answer: false);
        using MemoryPair pair = MemoryPair.Shake(client, server, Callback.Host);
        Assert.That((callback.Single.Subject, callback.Single.PolicyErrors), Is.EqualTo(((string?)null, SslPolicyErrors.RemoteCertificateNotAvailable)));
        CallbackTests.IsRefusal(pair.ServerFailure, "the client has shown none");
    }
}
