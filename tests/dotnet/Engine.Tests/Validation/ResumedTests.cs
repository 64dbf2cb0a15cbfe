using System.Net.Security;
using NUnit.Framework;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using SslModule.Engine.Sessions;
using SslModule.Engine.Tests.Handshake;
using SslModule.Engine.Tests.Sessions;

namespace SslModule.Engine.Tests.Validation;

/// <summary>Resumption asks the callback again, and gets round nothing.</summary>
public sealed class ResumedTests
{
    [Test]
    public void ClientIsAskedAgain([Values] Way way)
    {
        var resumption = new Resumption(way);
        Callback callback = Callback.On(resumption.Client);
        Assert.That(resumption.Resumes(resumption.First()), Is.True);
        Assert.That(callback.Questions.Select(question => (question.Subject, question.IsResumed, question.Error, question.PolicyErrors, question.Chain.Length)), Is.EqualTo(new[]
        {
            ("CN=localhost", false, (TlsError?)null, SslPolicyErrors.None, 2),
            ("CN=localhost", true, (TlsError?)null, SslPolicyErrors.None, 2),
        }));
    }

    /// <summary>A pin that was changed between the handshakes holds.</summary>
    [Test]
    public void ClientRefusesTheResumedSession([Values] Way way)
    {
        var resumption = new Resumption(way);
        TlsSession session = resumption.First();
        Callback callback = Callback.On(resumption.Client, answer: false);
        using MemoryPair pair = MemoryPair.Shake(resumption.Client, resumption.Server, Callback.Host, session: session);
        CallbackTests.IsRefusal(pair.ClientFailure, "CN=localhost");
        Assert.That(callback.Single.IsResumed, Is.True);
        Assert.That(pair.Client.IsHandshakeComplete, Is.False);

        // The session has ended with the alert.
        callback.Answer = _ => true;
        Assert.That(resumption.Resumes(session), Is.False);
        Assert.That(callback.Questions[^1].IsResumed, Is.False);
    }

    [Test]
    public void ServerIsAskedAgain([Values] Way way, [Values] bool answer)
    {
        Resumption resumption = Mutual(way, withCertificate: true);
        TlsSession session = resumption.First();
        Callback callback = Callback.On(resumption.Server, answer);
        using MemoryPair pair = MemoryPair.Shake(resumption.Client, resumption.Server, Callback.Host, session: session);
        Assert.That((callback.Single.Subject, callback.Single.IsResumed, callback.Single.Error, callback.Single.PolicyErrors), Is.EqualTo(("CN=client", true, (TlsError?)null, SslPolicyErrors.None)));
        Assert.That(pair.Server.IsHandshakeComplete, Is.EqualTo(answer));
        if (!answer)
        {
            CallbackTests.IsRefusal(pair.ServerFailure, "CN=client");
        }
    }

    [Test]
    public void ServerIsAskedAgainAboutAClientThatHadNone([Values] Way way, [Values] bool answer)
    {
        Resumption resumption = Mutual(way, withCertificate: false);
        TlsSession session = resumption.First();
        Callback callback = Callback.On(resumption.Server, answer);
        using MemoryPair pair = MemoryPair.Shake(resumption.Client, resumption.Server, Callback.Host, session: session);
        Assert.That((callback.Single.Subject, callback.Single.IsResumed, callback.Single.PolicyErrors), Is.EqualTo(((string?)null, true, SslPolicyErrors.None)));
        Assert.That(pair.Server.IsHandshakeComplete, Is.EqualTo(answer));
    }

    [Test]
    public void AnUnverifyingClientIsToldOfTheFaultAgain([Values] Way way)
    {
        TlsContext client = TestContexts.Careless(way is Way.Ticket12 or Way.Id12 ? TestContexts.Tls12 : TestContexts.Tls13);
        Callback callback = Callback.On(client);
        var resumption = new Resumption(way);
        TlsSession session;
        using (MemoryPair first = MemoryPair.Connect(client, resumption.Server, Callback.Host))
        {
            Resumption.Exchange(first);
            session = first.Client.Session!;
        }

        using MemoryPair second = MemoryPair.Connect(client, resumption.Server, Callback.Host, session: session);
        Assert.That(second.Client.SessionReused, Is.True);
        Assert.That(callback.Questions.Select(question => (question.IsResumed, question.PolicyErrors)), Is.EqualTo(new[] { (false, SslPolicyErrors.RemoteCertificateChainErrors), (true, SslPolicyErrors.RemoteCertificateChainErrors) }));
    }

    /// <summary>Resumption does not verify: a session from before the callback was taken away would let the refused certificate in.</summary>
    [Test]
    public void AnOverruledVerdictOfAClientIsNotResumed([Values] Way way)
    {
        int version = way is Way.Ticket12 or Way.Id12 ? TestContexts.Tls12 : TestContexts.Tls13;
        TlsContext client = Callback.Distrustful(version);
        Callback callback = Callback.On(client);
        var resumption = new Resumption(way);
        TlsSession session;
        using (MemoryPair first = MemoryPair.Connect(client, resumption.Server, Callback.Host))
        {
            Resumption.Exchange(first);
            session = first.Client.Session!;
        }

        using (MemoryPair second = MemoryPair.Connect(client, resumption.Server, Callback.Host, session: session))
        {
            Assert.That(second.Client.SessionReused, Is.False);
            Assert.That(callback.Questions.Select(question => question.IsResumed), Is.EqualTo(new[] { false, false }));
        }

        client.RemoteCertificateValidationCallback = null;
        using MemoryPair third = MemoryPair.Shake(client, resumption.Server, Callback.Host, session: session);
        Assert.That(third.ClientFailure!.Reason, Is.EqualTo("CERTIFICATE_VERIFY_FAILED"));
    }

    [Test]
    public void AnOverruledVerdictOfAServerIsNotResumed([Values] Way way)
    {
        Resumption resumption = Mutual(way, withCertificate: true, WireContexts.Stranger);
        Callback callback = Callback.On(resumption.Server);
        TlsSession session = resumption.First();
        Assert.That(session.HasTicket, Is.False);
        Assert.That(resumption.Resumes(session), Is.False);
        Assert.That(callback.Questions.Select(question => question.IsResumed), Is.EqualTo(new[] { false, false }));
        resumption.Server.RemoteCertificateValidationCallback = null;
        using MemoryPair refused = MemoryPair.Shake(resumption.Client, resumption.Server, Callback.Host, session: session);
        Assert.That(refused.ServerFailure!.Reason, Is.EqualTo("CERTIFICATE_VERIFY_FAILED"));
    }

    private static Resumption Mutual(Way way, bool withCertificate, Action<TlsContext>? certificate = null) => new(
        way,
        server =>
        {
            server.VerifyMode = withCertificate ? VerifyMode.Required : VerifyMode.Optional;
            server.LoadVerifyLocations(WireContexts.AuthorityFile, null);
        },
        client =>
        {
            if (withCertificate)
            {
                (certificate ?? WireContexts.Known)(client);
            }
        });
}
