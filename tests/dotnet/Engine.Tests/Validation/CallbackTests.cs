using System.Net.Security;
using NUnit.Framework;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using SslModule.Engine.Tests.Handshake;

namespace SslModule.Engine.Tests.Validation;

/// <summary>The application's word on certificates in a full handshake, at both ends.</summary>
public sealed class CallbackTests
{
    private const string Refused = "certificate verify failed: application verification failure";

    [Test]
    public void ClientIsAskedOnceWithTheVerifiedChain([Values(TestContexts.Tls12, TestContexts.Tls13)] int version)
    {
        TlsContext client = TestContexts.Client(version);
        Callback callback = Callback.On(client);
        using MemoryPair pair = MemoryPair.Connect(client, TestContexts.Server(version), Callback.Host);
        Callback.Question question = callback.Single;
        Assert.That(question.Connection, Is.SameAs(pair.Client));
        Assert.That((question.Subject, question.Error, question.PolicyErrors, question.IsResumed), Is.EqualTo(("CN=localhost", (TlsError?)null, SslPolicyErrors.None, false)));
        Assert.That((question.Chain.Length, question.Chain[0], question.Sent[0]), Is.EqualTo((2, "CN=localhost", "CN=localhost")));
        Assert.That((question.Chain.Length, question.Sent.Length), Is.EqualTo((pair.Client.VerifiedChain!.Count, pair.Client.PeerChain.Count)));
    }

    [Test]
    public void ServerIsAskedOnceWithTheVerifiedChain([Values(TestContexts.Tls12, TestContexts.Tls13)] int version, [Values(VerifyMode.Optional, VerifyMode.Required)] VerifyMode mode)
    {
        TlsContext server = Callback.Server(version, mode);
        Callback callback = Callback.On(server);
        using MemoryPair pair = MemoryPair.Connect(Callback.Client(version, known: true), server, Callback.Host);
        Callback.Question question = callback.Single;
        Assert.That(question.Connection, Is.SameAs(pair.Server));
        Assert.That((question.Subject, question.Error, question.PolicyErrors, question.Chain.Length), Is.EqualTo(("CN=client", (TlsError?)null, SslPolicyErrors.None, 2)));
    }

    /// <summary>Pinning: what the engine accepts is refused.</summary>
    [Test]
    public void ClientRefuses([Values(TestContexts.Tls12, TestContexts.Tls13)] int version)
    {
        TlsContext client = TestContexts.Client(version);
        Callback.On(client, answer: false);
        using MemoryPair pair = MemoryPair.Shake(client, TestContexts.Server(version), Callback.Host);
        IsRefusal(pair.ClientFailure, "the server's own; subject 'CN=localhost'");
        Assert.That(pair.ServerFailure!.Reason, Is.EqualTo("SSLV3_ALERT_HANDSHAKE_FAILURE"));
        Assert.That(pair.Client.IsHandshakeComplete, Is.False);
    }

    [Test]
    public void ServerRefuses([Values(TestContexts.Tls12, TestContexts.Tls13)] int version)
    {
        TlsContext server = Callback.Server(version, VerifyMode.Required);
        Callback.On(server, answer: false);
        using MemoryPair pair = MemoryPair.Shake(Callback.Client(version, known: true), server, Callback.Host);
        IsRefusal(pair.ServerFailure, "the client's own; subject 'CN=client'");
        Assert.That(pair.Server.IsHandshakeComplete, Is.False);
        TlsError? told = pair.ClientFailure ?? Assert.Throws<TlsError>(() => pair.Client.Read(new byte[1], out _));
        Assert.That(told!.Reason, Is.EqualTo("SSLV3_ALERT_HANDSHAKE_FAILURE"));
    }

    [Test]
    public void ClientAcceptsWhatTheEngineRefuses([Values(TestContexts.Tls12, TestContexts.Tls13)] int version)
    {
        TlsContext client = Callback.Distrustful(version);
        Callback callback = Callback.On(client, answer: true);
        using MemoryPair pair = MemoryPair.Connect(client, TestContexts.Server(version), Callback.Host);
        Callback.Question question = callback.Single;
        Assert.That((question.Error!.Reason, question.PolicyErrors), Is.EqualTo(("CERTIFICATE_VERIFY_FAILED", SslPolicyErrors.RemoteCertificateChainErrors)));
        Assert.That(question.Error.Explanation, Does.Contain("looked for"));
        Assert.That(pair.Client.VerifiedChain, Is.Null, "nobody verified it");
        Assert.That(pair.Send([1, 2, 3], fromClient: true), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public void ServerAcceptsWhatTheEngineRefuses([Values(TestContexts.Tls12, TestContexts.Tls13)] int version, [Values(VerifyMode.Optional, VerifyMode.Required)] VerifyMode mode)
    {
        TlsContext server = Callback.Server(version, mode);
        Callback callback = Callback.On(server, answer: true);
        using MemoryPair pair = MemoryPair.Connect(Callback.Client(version, known: false), server, Callback.Host);
        Assert.That((callback.Single.Subject, callback.Single.PolicyErrors), Is.EqualTo(("CN=stranger's client", SslPolicyErrors.RemoteCertificateChainErrors)));
        Assert.That(pair.Server.PeerCertificate, Is.Not.Null);
    }

    /// <summary>Where both refuse, the engine's words are the better ones.</summary>
    [Test]
    public void BothRefuse([Values(TestContexts.Tls12, TestContexts.Tls13)] int version)
    {
        TlsContext client = TestContexts.Client(version);
        Callback callback = Callback.On(client, answer: false);
        using MemoryPair pair = MemoryPair.Shake(client, TestContexts.Server(version), "elsewhere.example");
        Assert.That(pair.ClientFailure, Is.SameAs(callback.Single.Error));
        Assert.That((pair.ClientFailure!.VerifyCode, pair.ServerFailure!.Reason), Is.EqualTo((62, "SSLV3_ALERT_BAD_CERTIFICATE")));
    }

    /// <summary>A callback that looks at the flags alone must not take a wrong name for a right one because another fault came first.</summary>
    [TestCase(true, Callback.Host, SslPolicyErrors.None)]
    [TestCase(true, "elsewhere.example", SslPolicyErrors.RemoteCertificateNameMismatch)]
    [TestCase(false, Callback.Host, SslPolicyErrors.RemoteCertificateChainErrors)]
    [TestCase(false, "elsewhere.example", SslPolicyErrors.RemoteCertificateChainErrors | SslPolicyErrors.RemoteCertificateNameMismatch)]
    [TestCase(true, "127.0.0.1", SslPolicyErrors.RemoteCertificateNameMismatch)]
    [TestCase(false, "127.0.0.1", SslPolicyErrors.RemoteCertificateChainErrors | SslPolicyErrors.RemoteCertificateNameMismatch)]
    public void NameAndChainAreJudgedApart(bool isTrusted, string host, SslPolicyErrors errors)
    {
        TlsContext client = isTrusted ? TestContexts.Client(TestContexts.Tls13) : Callback.Distrustful(TestContexts.Tls13);
        Callback callback = Callback.On(client, validation => validation.PolicyErrors == SslPolicyErrors.None);
        using MemoryPair pair = MemoryPair.Shake(client, TestContexts.Server(), host);
        Assert.That(callback.Single.PolicyErrors, Is.EqualTo(errors));
        Assert.That(pair.Client.IsHandshakeComplete, Is.EqualTo(errors == SslPolicyErrors.None));
    }

    /// <summary>An expired certificate of the right name: the name was checked before the dates, and is not said to be wrong.</summary>
    [Test]
    public void AWrongNameIsFoundBeforeAnExpiredChainIs()
    {
        TlsContext client = TestContexts.Client(TestContexts.Tls13);
        client.Time = new Sessions.Clock { Now = Certificates.Authority.Now.AddYears(90) };
        Callback callback = Callback.On(client, answer: false);
        using MemoryPair wrong = MemoryPair.Shake(client, TestContexts.Server(), "elsewhere.example");
        Assert.That((callback.Single.Error!.VerifyCode, callback.Single.PolicyErrors), Is.EqualTo((62, SslPolicyErrors.RemoteCertificateChainErrors | SslPolicyErrors.RemoteCertificateNameMismatch)));
        using MemoryPair right = MemoryPair.Shake(client, TestContexts.Server(), Callback.Host);
        Assert.That((callback.Questions[1].Error!.VerifyCode, callback.Questions[1].PolicyErrors), Is.EqualTo((10, SslPolicyErrors.RemoteCertificateChainErrors)));
    }

    [Test]
    public void AnExceptionIsARefusal([Values(TestContexts.Tls12, TestContexts.Tls13)] int version, [Values] bool ofServer)
    {
        TlsContext client = Callback.Client(version, known: true);
        TlsContext server = Callback.Server(version, VerifyMode.Required);
        Callback.On(ofServer ? server : client, _ => throw new FormatException("no pin"));
        using MemoryPair pair = MemoryPair.Shake(client, server, Callback.Host);
        TlsError error = (ofServer ? pair.ServerFailure : pair.ClientFailure)!;
        Assert.That(error.InnerException, Is.InstanceOf<FormatException>());
        Assert.That((error.VerifyCode, error.Alert, error.Kind), Is.EqualTo((50, (byte?)40, TlsErrorKind.CertificateVerification)));
        Assert.That(error.Explanation, Does.Contain("has thrown FormatException: no pin").And.Contain("the engine's own verdict: accepted"));
    }

    /// <summary>An exception where the engine refuses too is not lost, and accepts nothing.</summary>
    [Test]
    public void AnExceptionAboutARefusedCertificateIsARefusal()
    {
        TlsContext client = Callback.Distrustful(TestContexts.Tls13);
        Callback.On(client, _ => throw new FormatException());
        using MemoryPair pair = MemoryPair.Shake(client, TestContexts.Server(), Callback.Host);
        Assert.That(pair.ClientFailure!.InnerException, Is.InstanceOf<FormatException>());
        Assert.That(pair.ClientFailure.Explanation, Does.Contain("the engine's own verdict: self-signed certificate in certificate chain").Or.Contain("the engine's own verdict: unable to get local issuer certificate"));
    }

    [Test]
    public void TheConnectionCannotBeUsedInside()
    {
        TlsContext client = TestContexts.Client(TestContexts.Tls13);
        client.RemoteCertificateValidationCallback = (connection, _) => connection.Write([1], out int _) == Engine.Connection.TlsStatus.Complete;
        using MemoryPair pair = MemoryPair.Shake(client, TestContexts.Server(), Callback.Host);
        Assert.That(pair.ClientFailure!.InnerException!.Message, Does.Contain("a callback cannot"));
    }

    [Test]
    public void AnUnverifyingClientIsAskedToo([Values(TestContexts.Tls12, TestContexts.Tls13)] int version, [Values] bool answer)
    {
        TlsContext client = TestContexts.Careless(version);
        Callback callback = Callback.On(client, answer);
        using MemoryPair pair = MemoryPair.Shake(client, TestContexts.Server(version), Callback.Host);
        Assert.That(pair.Client.IsHandshakeComplete, Is.EqualTo(answer));
        Assert.That((callback.Single.Error!.Reason, callback.Single.PolicyErrors), Is.EqualTo(("CERTIFICATE_VERIFY_FAILED", SslPolicyErrors.RemoteCertificateChainErrors)));
    }

    /// <summary>The callback is that of the context which the server-name callback has chosen.</summary>
    [Test]
    public void TheCurrentContextIsAsked([Values(TestContexts.Tls12, TestContexts.Tls13)] int version)
    {
        TlsContext first = Callback.Server(version, VerifyMode.Required);
        TlsContext second = Callback.Server(version, VerifyMode.Required);
        Callback.On(first, answer: true);
        Callback asked = Callback.On(second, answer: false);
        first.ServerNameCallback = (connection, _) =>
        {
            connection.Context = second;
            return null;
        };
        using MemoryPair pair = MemoryPair.Shake(Callback.Client(version, known: true), first, Callback.Host);
        IsRefusal(pair.ServerFailure, "CN=client");
        Assert.That(asked.Questions, Has.Count.EqualTo(1));
    }

    internal static void IsRefusal(TlsError? error, string explained)
    {
        Assert.That(error, Is.Not.Null, "accepted");
        Assert.That($"{error!.Message}: {error.VerifyMessage}", Is.EqualTo(Refused));
        Assert.That((error.Reason, error.VerifyCode, error.InnerException), Is.EqualTo(("CERTIFICATE_VERIFY_FAILED", 50, (Exception?)null)));
        Assert.That(error.Explanation, Does.Contain(explained).And.Contain("RemoteCertificateValidationCallback refused it").And.Contain("what would help"));
    }
}
