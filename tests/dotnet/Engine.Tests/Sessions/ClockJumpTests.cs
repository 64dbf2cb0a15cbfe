using NUnit.Framework;
using SslModule.Engine.Errors;
using SslModule.Engine.Sessions;
using SslModule.Engine.Tests.Certificates;
using SslModule.Engine.Tests.Handshake;

namespace SslModule.Engine.Tests.Sessions;

/// <summary>A clock that is set anew, at one end, between connections and in the middle of one: what is valid by it holds, and nothing else breaks.</summary>
public sealed class ClockJumpTests
{
    private static readonly DateTimeOffset[] Others =
    [
        DateTimeOffset.UnixEpoch, Authority.Now.AddYears(-30), Authority.Now.AddDays(-1), Authority.Now.AddMinutes(-1),
        Authority.Now.AddMinutes(1), Authority.Now.AddHours(3), Authority.Now.AddDays(1), Authority.Now.AddYears(50),
    ];

    private static IEnumerable<DateTimeOffset> Ends => [DateTimeOffset.MinValue, DateTimeOffset.MaxValue, .. Others];

    [Test]
    public void OfTheServerBetweenConnections([Values] Way way, [ValueSource(nameof(Ends))] DateTimeOffset other)
    {
        var both = new Resumption(way);
        TlsSession session = both.First();
        both.ServerClock.Now = other;
        bool near = (other - Authority.Now).Duration() <= TimeSpan.FromSeconds(10);
        Assert.That(both.Resumes(session, out TlsSession next), near || IsWithin(way, other) ? Is.True : Is.False);
        both.ServerClock.Now = Authority.Now;
        both.Resumes(next);
        Assert.That(both.Resumes(both.First()), Is.True, "with the right time again");
    }

    [Test]
    public void OfTheClientBetweenConnections([Values] Way way, [ValueSource(nameof(Ends))] DateTimeOffset other)
    {
        var both = new Resumption(way);
        TlsSession session = both.First();
        both.ClientClock.Now = other;
        using (MemoryPair pair = MemoryPair.Shake(both.Client, both.Server, "localhost", session: session))
        {
            AssertJudged(pair, other);
        }

        both.ClientClock.Now = Authority.Now;
        Assert.That(both.Resumes(both.First()), Is.True, "with the right time again");
    }

    [Test]
    public void InTheMiddle([Values] Way way, [ValueSource(nameof(Ends))] DateTimeOffset other, [Values(0, 1, 2, 3)] int message, [Values] bool ofServer)
    {
        var both = new Resumption(way);
        TlsSession session = both.First();
        foreach (TlsSession? offered in new[] { null, session })
        {
            int seen = 0;
            using MemoryPair pair = MemoryPair.Shake(both.Client, both.Server, "localhost", (_, bytes) =>
            {
                if (seen++ == message)
                {
                    (ofServer ? both.ServerClock : both.ClientClock).Now = other;
                }

                return bytes;
            }, offered);
            AssertJudged(pair, ofServer ? Authority.Now : both.ClientClock.Now);
            both.ClientClock.Now = both.ServerClock.Now = Authority.Now;
        }
    }

    // A server takes a session of TLS 1.2 for as long as it lives; in TLS 1.3 the client's age of the ticket has to agree.
    private static bool IsWithin(Way way, DateTimeOffset other)
        => way is Way.Ticket12 or Way.Id12 && other >= Authority.Now && other < Authority.Now.AddHours(2);

    // Only the client judges a certificate here: by its clock it is either valid, or the handshake ends with that reason.
    private static void AssertJudged(MemoryPair pair, DateTimeOffset clientTime)
    {
        TlsError? failure = pair.ClientFailure;
        if (failure is null)
        {
            Assert.That((pair.ServerFailure, pair.Client.SessionReused), Is.EqualTo(((TlsError?)null, pair.Server.SessionReused)));
            Resumption.Exchange(pair);
        }
        else
        {
            Assert.That(failure.Reason, Is.EqualTo("CERTIFICATE_VERIFY_FAILED"));
            Assert.That(failure.VerifyMessage, Is.EqualTo(clientTime < Authority.Now ? "certificate is not yet valid" : "certificate has expired"));
            Assert.That(pair.ServerFailure?.Reason, Does.StartWith("SSLV3_ALERT_").Or.StartWith("TLSV1_ALERT_"));
        }
    }
}
