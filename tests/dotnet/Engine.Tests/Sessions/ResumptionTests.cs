using NUnit.Framework;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using SslModule.Engine.Sessions;
using SslModule.Engine.Tests.Handshake;

namespace SslModule.Engine.Tests.Sessions;

/// <summary>Resumption between two ends of ours: what is kept, what it is bound to, and what ends in a full handshake.</summary>
public sealed class ResumptionTests
{
    private static readonly string[] Counters =
        ["number", "connect", "connect_good", "connect_renegotiate", "accept", "accept_good", "accept_renegotiate", "hits", "misses", "timeouts", "cache_full"];

    [Test]
    public void Resumes([Values] Way way)
    {
        var both = new Resumption(way);
        TlsSession session = both.First();
        Assert.That(session.HasTicket, Is.EqualTo(way != Way.Id12));
        Assert.That(session.Id.Length, Is.EqualTo(32));
        Assert.That(session.TicketLifetimeHint, Is.EqualTo(way == Way.Id12 ? 0 : 7200));
        Assert.That((session.CreatedAt, session.Timeout), Is.EqualTo((both.ClientClock.Now, TimeSpan.FromHours(2))));
        bool resumed = both.Resumes(session, out TlsSession next, pair =>
        {
            Assert.That(pair.Client.PeerCertificate!.Subject, Is.Not.Null);
            Assert.That(pair.Client.VerifiedChain, Has.Count.EqualTo(2));
        });
        Assert.That(resumed, Is.True);
        Assert.That(next.Id.Span.SequenceEqual(session.Id.Span), Is.EqualTo(way is Way.Ticket12 or Way.Id12));
        Assert.That(both.Resumes(next), Is.True);
        Assert.That((Resumption.Count(both.Server, "hits"), Resumption.Count(both.Client, "hits")), Is.EqualTo((2L, 2L)));
        Assert.That((Resumption.Count(both.Server, "accept_good"), Resumption.Count(both.Client, "connect_good")), Is.EqualTo((3L, 3L)));
        Assert.That(both.Server.Statistics.Snapshot().Select(entry => entry.Name), Is.EqualTo(Counters));
    }

    [Test]
    public void ClientCertificateIsKnownAgain([Values] Way way)
    {
        var both = new Resumption(way, RequireCertificate, context => context.LoadCertChain(TestContexts.ClientCertificateFile, null, null));
        TlsSession session = both.First();
        bool resumed = both.Resumes(session, out _, pair =>
        {
            Assert.That(pair.Server.PeerCertificate!.Encoded.ToArray(), Is.EqualTo(both.Client.CertifiedKeys[0].Chain[0].Encoded.ToArray()));
            Assert.That(pair.Server.VerifiedChain, Has.Count.EqualTo(2));
        });
        Assert.That(resumed, Is.True);
    }

    [Test]
    public void CertificateThatWasNeverShownIsNotSkipped()
    {
        var both = new Resumption(Way.Ticket13, RequireCertificate, context => context.PostHandshakeAuth = true);
        both.Server.PostHandshakeAuth = true;
        TlsSession session = both.First();
        Assert.That(both.Resumes(session, out session), Is.True, "it can still be asked for");
        both.Server.PostHandshakeAuth = false;
        using MemoryPair pair = MemoryPair.Shake(both.Client, both.Server, "localhost", session: session);
        Assert.That(pair.ServerFailure?.Reason, Is.EqualTo("PEER_DID_NOT_RETURN_A_CERTIFICATE"));
    }

    /// <summary>A session that was made without a name does not spare the client the check of one.</summary>
    [Test]
    public void ServerThatDemandsANameResumesNothingElse([Values] Way way)
    {
        var both = new Resumption(way, server =>
        {
            server.LoadVerifyPem(TestContexts.RootPem);
            server.VerifyMode = VerifyMode.Required;
        });
        both.Client.LoadCertChain(TestContexts.ClientCertificateFile, null, null);
        TlsSession session = both.First();
        both.Server.CheckHostname = true;
        using MemoryPair pair = MemoryPair.Shake(both.Client, both.Server, "localhost", session: session, clientName: "client.example");
        Assert.That((pair.ServerFailure?.VerifyCode, pair.Server.SessionReused), Is.EqualTo((62, false)));
    }

    [Test]
    public void OtherNameIsNotOffered([Values] Way way)
    {
        var both = new Resumption(way);
        TlsSession session = both.First();
        using MemoryPair pair = MemoryPair.Shake(both.Client, both.Server, "127.0.0.1", session: session);
        Assert.That(pair.Client.SessionReused, Is.False);
        Assert.That(Resumption.Count(both.Server, "misses"), Is.Zero, "a hello with the identifier was looked up");
        both.Client.CheckHostname = false;
        Assert.That(both.Resumes(session), Is.False, "another way to verify");
    }

    [Test]
    public void ServerRefusesOtherName([Values] Way way)
    {
        var both = new Resumption(way);
        TlsSession session = both.First();
        both.Client.CheckHostname = false;
        TlsSession forged = both.Forge(session, state => state with { ServerName = "elsewhere", CheckedHostname = false });
        using MemoryPair pair = MemoryPair.Connect(both.Client, both.Server, "elsewhere", session: forged);
        Assert.That((pair.Client.SessionReused, pair.Server.SessionReused), Is.EqualTo((false, false)));
        Assert.That(Resumption.Count(both.Client, "misses"), Is.EqualTo(1), "it was offered");
    }

    [Test]
    public void ServerRefusesOtherVerifyMode([Values] Way way)
    {
        var both = new Resumption(way);
        TlsSession session = both.First();
        both.Server.LoadVerifyPem(TestContexts.RootPem);
        both.Server.VerifyMode = VerifyMode.Optional;
        Assert.That(both.Resumes(session), Is.False);
        Assert.That(Resumption.Count(both.Client, "misses"), Is.EqualTo(1));
    }

    [Test]
    public void ClientThatNowVerifiesResumesNothing([Values] Way way)
    {
        var both = new Resumption(way);
        both.Client.CheckHostname = false;
        both.Client.VerifyMode = VerifyMode.None;
        TlsSession session = both.First();
        both.Client.VerifyMode = VerifyMode.Required;
        Assert.That(both.Resumes(session), Is.False);
    }

    [Test]
    public void ServerRefusesOtherProtocol([Values] Way way)
    {
        var both = new Resumption(way, context => context.SetAlpnProtocols("\u0001a\u0001b"u8), context => context.SetAlpnProtocols("\u0001a"u8));
        TlsSession session = both.First();
        Assert.That(both.Resumes(session, out TlsSession next, pair => Assert.That(pair.Client.SelectedAlpn, Is.EqualTo("a"u8.ToArray()))), Is.True);
        both.Client.SetAlpnProtocols("\u0001b"u8);
        Assert.That(both.Resumes(next, out _, pair => Assert.That(pair.Client.SelectedAlpn, Is.EqualTo("b"u8.ToArray()))), Is.False);
    }

    [Test]
    public void ServerRefusesOtherIdContext([Values] Way way)
    {
        var both = new Resumption(way);
        TlsSession session = both.First();
        both.Server.SessionIdContext = "another application"u8.ToArray();
        Assert.That(both.Resumes(session), Is.False);
        Assert.That(() => both.Server.SessionIdContext = new byte[33], Throws.TypeOf<TlsError>());
    }

    [Test]
    public void ServerRefusesOtherVersion()
    {
        var both = new Resumption(Way.Ticket12);
        TlsSession session = both.First();
        both.Client.MaximumVersion = both.Server.MaximumVersion = TestContexts.Tls13;
        using (MemoryPair pair = MemoryPair.Connect(both.Client, both.Server, "localhost", session: session))
        {
            Assert.That((pair.Client.Version, pair.Client.SessionReused), Is.EqualTo(("TLSv1.3", false)));
        }

        both.Server.MaximumVersion = TestContexts.Tls12;
        Assert.That(both.Resumes(session), Is.True);
        both.Client.MinimumVersion = TestContexts.Tls13;
        both.Server.MaximumVersion = TestContexts.Tls13;
        Assert.That(both.Resumes(session), Is.False);
    }

    [Test]
    public void SuiteThatIsNoLongerOfferedIsNotResumed()
    {
        var both = new Resumption(Way.Ticket12);
        TlsSession session = both.First();
        TlsContext server = both.Server;
        server.SetCiphers("ECDHE-ECDSA-AES128-GCM-SHA256");
        Assert.That(both.Resumes(session), Is.False, "the server's choice");
        Assert.That(Resumption.Count(both.Client, "misses"), Is.EqualTo(1));
        both.Client.SetCiphers("ECDHE-ECDSA-AES128-GCM-SHA256");
        Assert.That(both.Resumes(session), Is.False, "the client's choice");
        Assert.That(Resumption.Count(both.Client, "misses"), Is.EqualTo(1));
    }

    [Test]
    public void Expires([Values] Way way)
    {
        var both = new Resumption(way);
        TlsSession session = both.First();
        both.Pass(TimeSpan.FromHours(2) - TimeSpan.FromSeconds(1));
        TlsSession longer = both.Forge(session, state => state with { Lifetime = 100_000 });
        Assert.That(both.Resumes(both.Forge(session)), Is.True);
        both.Pass(TimeSpan.FromSeconds(1));
        Assert.That(both.Resumes(longer), Is.False);
        Assert.That((Resumption.Count(both.Server, "timeouts"), Resumption.Count(both.Client, "misses")), Is.EqualTo((1L, 1L)));
        Assert.That(both.Resumes(session), Is.False);
        Assert.That(Resumption.Count(both.Client, "misses"), Is.EqualTo(1), "the client does not offer it");
    }

    [Test]
    public void TicketAgeHasATolerance([Values(-11, -9, 9, 11)] int seconds, [Values(Way.Ticket13, Way.Id13)] Way way)
    {
        var both = new Resumption(way);
        TlsSession session = both.First();
        both.Pass(TimeSpan.FromMinutes(5));
        both.ServerClock.Pass(TimeSpan.FromSeconds(seconds));
        Assert.That(both.Resumes(session), Is.EqualTo(Math.Abs(seconds) < 10));
    }

    [Test]
    public void AuthenticationEndsAfterSevenDays()
    {
        var both = new Resumption(Way.Ticket13, context => context.SessionTimeout = TimeSpan.FromDays(7));
        both.Server.TicketKeys = new TicketKeys(acceptance: TimeSpan.FromDays(7));
        TlsSession session = both.First();
        both.Client.SessionTimeout = TimeSpan.FromDays(7);
        session = both.First();
        both.Pass(TimeSpan.FromDays(6));
        Assert.That(both.Resumes(session, out session), Is.True);
        both.Pass(TimeSpan.FromDays(1));
        Assert.That(both.Resumes(session), Is.False);
    }

    [Test]
    public void FreshTicketsOfTls13GoFirstAndTheLastOneAgain()
    {
        var both = new Resumption(Way.Ticket13, context => context.NumTickets = 3);
        TlsSession session = both.First();
        var offered = new List<string>();
        both.Client.MessageCallback = (_, message) =>
        {
            if (message is { Written: true, ContentType: 22, MessageType: 1 })
            {
                offered.Add(FirstIdentity(message.Content.Span));
            }
        };
        for (int round = 0; round < 6; round++)
        {
            Assert.That(both.Resumes(session), Is.True);
        }

        Assert.That(offered.Distinct().Count(), Is.EqualTo(3));
        Assert.That(offered[..3], Is.Unique);
        Assert.That(offered[3..], Is.All.EqualTo(offered[2]));
        both.Client.MessageCallback = null;
        both.Pass(TimeSpan.FromHours(3));
        Assert.That(both.Resumes(session), Is.False, "the last one ages like any");
        Assert.That(Resumption.Count(both.Client, "misses"), Is.Zero);
    }

    [Test]
    public void ATicketOfTls13IsUsedOnceWhereThatIsAskedFor()
    {
        var both = new Resumption(Way.Ticket13, context => context.NumTickets = 2, context => context.SingleUseTickets = true);
        TlsSession session = both.First();
        Assert.That(both.Resumes(session), Is.True);
        Assert.That(both.Resumes(session), Is.True, "its other ticket");
        Assert.That(both.Resumes(session), Is.False);
        Assert.That(Resumption.Count(both.Client, "misses"), Is.Zero);
    }

    [Test]
    public void TheLastTicketIsGoneAfterAFatalAlert()
    {
        var both = new Resumption(Way.Ticket13, context => context.NumTickets = 1);
        TlsSession session = both.First();
        Assert.That(both.Resumes(session), Is.True);
        session.Invalidate();
        Assert.That(both.Resumes(session), Is.False);
    }

    [Test]
    public void NumberOfTickets([Values(0, 1, 2, 17, 255)] int number)
    {
        var both = new Resumption(Way.Ticket13, context => context.NumTickets = number);
        int tickets = 0;
        both.Client.MessageCallback = (_, message) => tickets += message is { Written: false, ContentType: 22, MessageType: 4 } ? 1 : 0;
        TlsSession session = both.First();
        Assert.That(tickets, Is.EqualTo(number));
        Assert.That(session.HasTicket, Is.EqualTo(number > 0));
        tickets = 0;
        Assert.That(both.Resumes(session), Is.EqualTo(number > 0));
        Assert.That(tickets, Is.EqualTo(Math.Min(number, 1)), "one after a resumption");
    }

    [Test]
    public void ClientKeepsTheNewestTickets()
    {
        var both = new Resumption(Way.Ticket13, context => context.NumTickets = ClientTickets.Capacity + 5, context => context.SingleUseTickets = true);
        TlsSession session = both.First();
        int resumed = 0;
        while (both.Resumes(session))
        {
            resumed++;
        }

        Assert.That(resumed, Is.EqualTo(ClientTickets.Capacity));
    }

    [Test]
    public void ResumesAfterHelloRetryRequest([Values(Way.Ticket13, Way.Id13)] Way way)
    {
        var both = new Resumption(way, context => context.SetEcdhCurve("secp384r1"));
        int hellos = 0;
        both.Server.MessageCallback = (_, message) => hellos += message is { Written: false, ContentType: 22, MessageType: 1 } ? 1 : 0;
        TlsSession session = both.First();
        Assert.That(hellos, Is.EqualTo(2), "a HelloRetryRequest");
        Assert.That(both.Resumes(session, out session), Is.True);
        Assert.That(hellos, Is.EqualTo(4));
        Assert.That(both.Resumes(session), Is.True);
    }

    [Test]
    public void ClientWithoutTicketsResumesById()
    {
        var both = new Resumption(Way.Ticket12, configureClient: context => context.Options |= (ulong)TlsOptions.NoTicket);
        TlsSession session = both.First();
        Assert.That(session.HasTicket, Is.False);
        Assert.That(both.Resumes(session), Is.True);
    }

    [Test]
    public void SecurityLevelThreeGivesNoStatelessTickets()
    {
        var both = new Resumption(Way.Ticket12, context => context.SecurityLevel = 3);
        TlsSession session = both.First();
        Assert.That(session.HasTicket, Is.False);
        Assert.That(both.Resumes(session), Is.True, "by its identifier");
        var newer = new Resumption(Way.Ticket13, context => context.SecurityLevel = 3);
        session = newer.First();
        Assert.That(session.Ticket.Length, Is.EqualTo(SessionCache.IdLength));
        Assert.That(newer.Resumes(session), Is.True);
    }

    [Test]
    public void EncryptThenMacGoesOn()
    {
        var both = new Resumption(Way.Ticket12, context => context.SetCiphers("ECDHE-ECDSA-AES128-SHA256"), context => context.SetCiphers("ECDHE-ECDSA-AES128-SHA256"));
        TlsSession session = both.First();
        Assert.That(session.State.EncryptThenMac, Is.True);
        Assert.That(both.Resumes(session), Is.True);
        Assert.That(both.Resumes(both.Forge(session, state => state with { EncryptThenMac = true })), Is.True);
    }

    [Test]
    public void WrongPskIsRefused()
    {
        var both = new Resumption(Way.Ticket13);
        TlsSession session = both.First();
        TlsSession forged = both.Forge(session, state => state with { Secret = new byte[state.Secret.Length] });
        using MemoryPair pair = MemoryPair.Shake(both.Client, both.Server, "localhost", session: forged);
        Assert.That((pair.ServerFailure?.Reason, pair.ClientFailure?.Reason), Is.EqualTo(("BINDER_DOES_NOT_VERIFY", "TLSV1_ALERT_DECRYPT_ERROR")));
    }

    [Test]
    public void WrongMasterSecretIsRefused([Values(Way.Ticket12, Way.Id12)] Way way)
    {
        var both = new Resumption(way);
        TlsSession session = both.First();
        TlsSession forged = both.Forge(session, state => state with { Secret = new byte[state.Secret.Length] });
        using MemoryPair pair = MemoryPair.Shake(both.Client, both.Server, "localhost", session: forged);
        Assert.That(pair.ClientFailure?.Reason, Is.EqualTo("DECRYPTION_FAILED_OR_BAD_RECORD_MAC"));
        Assert.That(pair.Server.IsHandshakeComplete, Is.False);
    }

    [Test]
    public void FatalAlertForgetsTheSession([Values] Way way)
    {
        var both = new Resumption(way);
        TlsSession session;
        using (MemoryPair pair = MemoryPair.Connect(both.Client, both.Server, "localhost"))
        {
            Resumption.Exchange(pair);
            session = pair.Client.Session!;
            TlsSession copy = both.Forge(session);
            pair.Server.Input([23, 3, 3, 0, 32, .. new byte[32]]);
            Assert.That(() => pair.Server.Read(new byte[1], out _), Throws.TypeOf<TlsError>());
            Assert.That(both.Resumes(copy), Is.EqualTo(way != Way.Id12), "the server forgets what it holds by its identifier");
            pair.Carry();
            Assert.That(() => pair.Client.Read(new byte[1], out _), Throws.TypeOf<TlsError>());
        }

        Assert.That(both.Resumes(session), Is.False);
    }

    [Test]
    public void SetterRefuses()
    {
        var both = new Resumption(Way.Ticket12);
        TlsSession session = both.First();
        AssertRefuses(new TlsConnection(TestContexts.Client(), serverSide: false, "localhost"), session, "Session refers to a different SSLContext.");
        AssertRefuses(new TlsConnection(both.Server, serverSide: true, null), session, "Session refers to a different SSLContext.");
        using MemoryPair pair = MemoryPair.Connect(both.Client, both.Server, "localhost");
        AssertRefuses(new TlsConnection(both.Server, serverSide: true, null), pair.Server.Session!, "Cannot set session for server-side SSLSocket.");
        AssertRefuses(pair.Client, session, "Cannot set session after handshake.");
    }

    [Test]
    public void BothEndsHaveASession([Values] Way way)
    {
        var both = new Resumption(way);
        var fresh = new TlsConnection(both.Client, serverSide: false, "localhost");
        Assert.That(fresh.Session, Is.Null);
        using MemoryPair pair = MemoryPair.Connect(both.Client, both.Server, "localhost");
        Assert.That(pair.Server.Session!.HasTicket, Is.False);
        Assert.That(pair.Server.Session.Id.Length, Is.EqualTo(way == Way.Ticket12 ? 0 : 32));
    }

    [Test]
    public void FiftyThreads([Values] Way way)
    {
        var both = new Resumption(way);
        int failures = 0;
        Thread[] threads = [.. Enumerable.Range(0, 50).Select(_ => new Thread(() =>
        {
            try
            {
                TlsSession session = both.First();
                for (int i = 0; i < 3; i++)
                {
                    Assert.That(both.Resumes(session, out session), Is.True);
                }
            }
            catch (Exception failure) when (failure is AssertionException or TlsError)
            {
                Interlocked.Increment(ref failures);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.That(failures, Is.Zero);
        Assert.That(Resumption.Count(both.Server, "hits"), Is.EqualTo(150));
    }

    private static void RequireCertificate(TlsContext context)
    {
        context.LoadVerifyPem(TestContexts.RootPem);
        context.VerifyMode = VerifyMode.Required;
    }

    private static void AssertRefuses(TlsConnection connection, TlsSession session, string message)
    {
        TlsError? error = Assert.Throws<TlsError>(() => connection.Session = session);
        Assert.That((error!.Kind, error.Message), Is.EqualTo((TlsErrorKind.Value, message)));
    }

    // The identity is the longest thing in pre_shared_key, which ends the hello: what follows its length is the ticket.
    private static string FirstIdentity(ReadOnlySpan<byte> hello)
    {
        ReadOnlySpan<byte> rest = hello[(4 + 2 + 32)..];
        rest = rest[(1 + rest[0])..];
        rest = rest[(2 + System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(rest))..];
        rest = rest[(1 + rest[0] + 2)..];
        while (true)
        {
            int type = System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(rest);
            int length = System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            if (type == 41)
            {
                int identity = System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(rest[6..]);
                return Convert.ToHexString(rest.Slice(8, identity));
            }

            rest = rest[(4 + length)..];
        }
    }
}
