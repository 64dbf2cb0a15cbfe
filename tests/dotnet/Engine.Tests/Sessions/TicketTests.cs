using NUnit.Framework;
using SslModule.Engine.Connection;
using SslModule.Engine.Handshake;
using SslModule.Engine.Sessions;
using SslModule.Engine.Tests.Certificates;
using SslModule.Engine.Tests.Handshake;
using SslModule.Engine.Wire;
using TlsContext = SslModule.Engine.Context.TlsContext;
using TlsSession = SslModule.Engine.Sessions.TlsSession;

namespace SslModule.Engine.Tests.Sessions;

/// <summary>Tickets and the keys that seal them: whatever is wrong with a ticket means a full handshake, never an error.</summary>
[TestFixture]
internal sealed class TicketTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly byte[] Secret = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Test]
    public void DamagedTicket([Values(Way.Ticket12, Way.Ticket13)] Way way)
    {
        var both = new Resumption(way);
        TlsSession session = both.First();
        byte[] ticket = session.Ticket.ToArray();
        for (int at = 0; at < ticket.Length; at += 7)
        {
            byte[] damaged = (byte[])ticket.Clone();
            damaged[at] ^= 0x40;
            Assert.That(both.Resumes(both.Forge(session, ticket: damaged)), Is.False, $"byte {at}");
        }

        Assert.That(both.Resumes(both.Forge(session)), Is.True, "undamaged it is good");
    }

    /// <summary>There are clients that name the ways in which they use a PSK only where they offer one. OpenSSL gives them tickets too.</summary>
    [Test]
    public void ClientThatNamesNoPskModesGetsTickets()
    {
        bool named = true;
        ScriptedPeer peer = new ScriptedPeer(0x0304, victimIsServer: true, (wire, type, content) =>
        {
            if (type == (int)ContentType.handshake && content[0] == (byte)HandshakeType.client_hello)
            {
                named = HelloEditor.Extensions(Intruder.Plain(type, content)).Any(extension => extension.Type == (int)ExtensionType.psk_key_exchange_modes);
            }

            wire.Send(type, content);
        }).Run();
        Assert.That((peer.Failure, named, peer.Victim.IsHandshakeComplete), Is.EqualTo(((SslModule.Engine.Errors.TlsError?)null, false, true)));
        Assert.That(peer.Victim.RecordProtection!.WriteSequence, Is.EqualTo(2), "records behind the handshake");
    }

    [Test]
    public void TruncatedTicket([Values(Way.Ticket12, Way.Ticket13)] Way way, [Values(1, 15, 16, 28, 32, 43, 44, 45, -1)] int length)
    {
        var both = new Resumption(way);
        TlsSession session = both.First();
        byte[] ticket = session.Ticket.ToArray();
        Assert.That(both.Resumes(both.Forge(session, ticket: length < 0 ? ticket[..^1] : ticket[..length])), Is.False);
        Assert.That(both.Resumes(both.Forge(session, ticket: [.. ticket, 0])), Is.False);
    }

    [Test]
    public void LongTicket([Values(Way.Ticket12, Way.Ticket13)] Way way)
    {
        var both = new Resumption(way);
        TlsSession session = both.First();
        Assert.That(both.Resumes(both.Forge(session, ticket: new byte[20_000])), Is.False);
    }

    [Test]
    public void ForeignTicket([Values] Way way)
    {
        var both = new Resumption(way);
        TlsSession session = both.First();
        both.Server = both.MakeServer();
        Assert.That(both.Resumes(session), Is.False);
        Assert.That(Resumption.Count(both.Client, "misses"), Is.EqualTo(1));
    }

    [Test]
    public void StateOfTheOtherVersion()
    {
        // A TLS 1.3 ticket's key is no master secret: the same sealed bytes under the other version are a foreign ticket.
        var newer = new Resumption(Way.Ticket13);
        TlsSession session = newer.First();
        var older = new Resumption(Way.Ticket12);
        older.Server.TicketKeys = newer.Server.TicketKeys;
        TlsSession template = older.First();
        Assert.That(older.Resumes(older.Forge(template, ticket: session.Ticket.ToArray())), Is.False);
    }

    [Test]
    public void KeysRotate([Values(Way.Ticket12, Way.Ticket13)] Way way)
    {
        var both = new Resumption(way, context => context.TicketKeys = new TicketKeys(TimeSpan.FromHours(1), TimeSpan.FromHours(3)));
        both.Server.SessionTimeout = both.Client.SessionTimeout = Day;
        TlsSession old = both.First();
        both.Pass(TimeSpan.FromMinutes(61));
        TlsSession young = both.First();
        Assert.That(young.Ticket.Span[..16].SequenceEqual(old.Ticket.Span[..16]), Is.False, "another key");
        Assert.That(both.Resumes(both.Forge(old)), Is.True, "the old key is still accepted");
        both.Pass(TimeSpan.FromHours(3));
        Assert.That(both.Resumes(both.Forge(old)), Is.False);
        Assert.That(both.Resumes(both.Forge(young)), Is.True);
    }

    [Test]
    public void TicketOfAnOldKeyIsRenewed()
    {
        var both = new Resumption(Way.Ticket12, context => context.TicketKeys = new TicketKeys(TimeSpan.FromHours(1)));
        TlsSession first = both.First();
        both.Pass(TimeSpan.FromMinutes(30));
        Assert.That(both.Resumes(first, out TlsSession same), Is.True);
        Assert.That(same.Ticket.Span.SequenceEqual(first.Ticket.Span), Is.True, "a key that still seals");
        both.Pass(TimeSpan.FromMinutes(31));
        Assert.That(both.Resumes(first, out TlsSession renewed), Is.True);
        Assert.That(renewed.Ticket.Span[..16].SequenceEqual(first.Ticket.Span[..16]), Is.False, "another key");
        Assert.That(renewed.TicketLifetimeHint, Is.Zero);
        Assert.That(both.Resumes(renewed, out TlsSession last), Is.True);
        Assert.That(last.Ticket.Span.SequenceEqual(renewed.Ticket.Span), Is.True);
        both.Pass(TimeSpan.FromMinutes(60));
        Assert.That(both.Resumes(both.Forge(renewed, state => state with { Lifetime = 99999 })), Is.False, "a session lives no longer for that");
    }

    [Test]
    public void TicketOfTheApplicationsOldKeyIsRenewed()
    {
        var first = new TicketKey(Secret.AsSpan(0, 16), Secret);
        var second = new TicketKey(Secret.AsSpan(16, 16), Secret);
        var both = new Resumption(Way.Ticket12, context => context.TicketKeys = TicketKeys.Fixed(first));
        TlsSession session = both.First();
        both.Server.TicketKeys = TicketKeys.Fixed(second, first);
        Assert.That(both.Resumes(session, out TlsSession renewed), Is.True);
        Assert.That(renewed.Ticket[..16].ToArray(), Is.EqualTo(second.Name.ToArray()));
    }

    [TestCase(false, (int)ContentType.change_cipher_spec)]
    [TestCase(true, (int)ContentType.handshake)]
    public void TicketWithoutASessionIdResumes(bool damaged, int afterServerHello)
    {
        var both = new Resumption(Way.Ticket12);
        TlsSession session = both.First();
        if (damaged)
        {
            byte[] ticket = session.Ticket.ToArray();
            ticket[^1] ^= 1;
            session = both.Forge(session, ticket: ticket);
        }

        var flight = new List<byte>();
        using MemoryPair pair = MemoryPair.Shake(both.Client, both.Server, "localhost", session: session, wire: (fromClient, bytes) =>
        {
            if (fromClient)
            {
                return HelloEditor.WithoutSession(bytes);
            }

            flight.AddRange(bytes);
            return [];
        });

        // RFC 5077 section 3.4: the ServerHello names no session either, and what follows it tells.
        int helloLength = 5 + ((flight[3] << 8) | flight[4]);
        Assert.That((flight[5], flight[5 + 4 + 2 + 32]), Is.EqualTo(((byte)HandshakeType.server_hello, (byte)0)));
        Assert.That(flight[helloLength], Is.EqualTo(afterServerHello));
    }

    [Test]
    public void ServersWithOneSecretResumeEachOthersSessions([Values(Way.Ticket12, Way.Ticket13)] Way way)
    {
        var both = new Resumption(way, context => context.TicketKeys = TicketKeys.FromSecret(Secret, TimeSpan.FromHours(1)));
        TlsSession session = both.First();
        both.Server = both.MakeServer(context => context.TicketKeys = TicketKeys.FromSecret(Secret, TimeSpan.FromHours(1)));
        Assert.That(both.Resumes(both.Forge(session)), Is.True);
        both.Pass(TimeSpan.FromMinutes(61));
        Assert.That(both.Resumes(both.Forge(session)), Is.True, "after the next key's time has come");
        both.Server = both.MakeServer(context => context.TicketKeys = TicketKeys.FromSecret([.. Secret, 1], TimeSpan.FromHours(1)));
        Assert.That(both.Resumes(both.Forge(session)), Is.False);
    }

    [Test]
    public void ServerAheadOfTheFleetIsUnderstood()
    {
        TicketKeys ahead = TicketKeys.FromSecret(Secret, TimeSpan.FromHours(1));
        TicketKeys behind = TicketKeys.FromSecret(Secret, TimeSpan.FromHours(1));
        DateTimeOffset turn = new(Authority.Now.UtcTicks / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour, TimeSpan.Zero);
        byte[] bytes = ahead.Seal([1, 2, 3], "p"u8, turn);
        Assert.That(behind.Open(bytes, "p"u8, turn.AddSeconds(-30)), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(behind.Open(bytes, "p"u8, turn.AddMinutes(-2)), Is.Null);
    }

    [Test]
    public void ApplicationsOwnKeys([Values(Way.Ticket12, Way.Ticket13)] Way way)
    {
        var first = new TicketKey(Secret.AsSpan(0, 16), Secret);
        var second = new TicketKey(Secret.AsSpan(16, 16), Secret);
        var both = new Resumption(way, context => context.TicketKeys = TicketKeys.Fixed(first));
        TlsSession session = both.First();
        Assert.That(session.Ticket[..16].ToArray(), Is.EqualTo(first.Name.ToArray()));
        both.Server.TicketKeys = TicketKeys.Fixed(second, first);
        Assert.That(both.Resumes(both.Forge(session)), Is.True);
        both.Server.TicketKeys = TicketKeys.Fixed(second);
        Assert.That(both.Resumes(both.Forge(session)), Is.False);
    }

    [Test]
    public void KeysOpenOnlyTheirPurpose()
    {
        var keys = new TicketKeys();
        byte[] bytes = keys.Seal("plain"u8, "one"u8, Authority.Now);
        Assert.That(keys.Open(bytes, "one"u8, Authority.Now), Is.EqualTo("plain"u8.ToArray()));
        Assert.That(keys.Open(bytes, "other"u8, Authority.Now), Is.Null);
        Assert.That(keys.Seal("plain"u8, "one"u8, Authority.Now), Is.Not.EqualTo(bytes), "a nonce each");
    }

    [Test]
    public void KeysRefuseWhatCannotBe()
    {
        Assert.That(() => new TicketKey(new byte[15], new byte[32]), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new TicketKey(new byte[16], new byte[31]), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => TicketKeys.Fixed(), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => TicketKeys.FromSecret(new byte[31]), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new TicketKeys(TimeSpan.FromSeconds(59)), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new TicketKeys(acceptance: TimeSpan.FromDays(8)), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new TicketKeys(acceptance: TimeSpan.FromTicks(-1)), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new TicketKeys(TimeSpan.FromMinutes(1), TimeSpan.FromHours(2)), Throws.InstanceOf<ArgumentException>());
        TlsContext context = TestContexts.Server();
        Assert.That(() => context.TicketKeys = null!, Throws.ArgumentNullException);
        Assert.That(() => context.SessionTimeout = TimeSpan.FromDays(8), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => context.SessionTimeout = TimeSpan.Zero, Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void HashOfTheSuiteIsTheTickets()
    {
        (_, ServerSessions sessions) = Offered();
        Assert.That(sessions.Find(0x1302), Is.Zero);
        Assert.That(sessions.Find(0x1301), Is.Null);
        Assert.That(sessions.Find(0x1303), Is.Null);
        Assert.That(sessions.Accepted, Is.Null);
    }

    [Test]
    public void WhatAnEarlierHelloOfferedCountsNoMore()
    {
        (HandshakeState state, ServerSessions sessions) = Offered();
        Assert.That(sessions.Find(0x1302), Is.Zero);
        sessions.Offer = ResumptionOffer.Of(state, [], TestContexts.Tls13);
        Assert.That(sessions.Accepted, Is.Null);
    }

    [Test]
    public void StateSurvivesItsEncoding()
    {
        SessionState state = Sample();
        byte[] bytes = [.. SessionCodec.Encode(state)];
        SessionState read = SessionCodec.Decode(bytes)!;
        Assert.That(read with { Secret = state.Secret, Alpn = state.Alpn, IdContext = state.IdContext, PeerChain = state.PeerChain, VerifiedChain = state.VerifiedChain }, Is.EqualTo(state));
        Assert.That((read.Secret, read.Alpn, read.IdContext), Is.EqualTo((state.Secret, state.Alpn, state.IdContext)));
        Assert.That(read.PeerChain.Select(one => one.Encoded.ToArray()), Is.EqualTo(state.PeerChain.Select(one => one.Encoded.ToArray())));
        Assert.That(read.VerifiedChain!.Select(one => one.Encoded.ToArray()), Is.EqualTo(state.VerifiedChain!.Select(one => one.Encoded.ToArray())));
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.That(SessionCodec.Decode(bytes[..length]), Is.Null, $"{length} bytes");
        }

        bytes[0]++;
        Assert.That(SessionCodec.Decode(bytes), Is.Null, "another layout");
    }

    private static readonly object[] BadTickets =
    [
        new object[] { "empty", Array.Empty<byte>(), AlertDescription.decode_error },
        new object[] { "no ticket", Ticket([]), AlertDescription.decode_error },
        new object[] { "more after it", (byte[])[.. Ticket([1]), 0], AlertDescription.decode_error },
        new object[] { "cut", Ticket([1])[..^1], AlertDescription.decode_error },
        new object[] { "cut extension", Ticket([1], [0, 42, 0, 4, 0]), AlertDescription.decode_error },
        new object[] { "early_data too short", Ticket([1], [0, 42, 0, 3, 0, 0, 0]), AlertDescription.decode_error },
        new object[] { "extension twice", Ticket([1], [0, 99, 0, 0, 0, 99, 0, 0]), AlertDescription.illegal_parameter },
    ];

    [TestCaseSource(nameof(BadTickets))]
    public void MalformedTicketMessage(string what, byte[] body, AlertDescription alert)
    {
        HandshakeState state = NewClientState();
        var sessions = new ClientSessions(state);
        AlertDescription? raised = null;
        try
        {
            sessions.Received13(body);
        }
        catch (FatalAlertException fatal)
        {
            raised = fatal.Alert;
        }

        Assert.That(raised, Is.EqualTo(alert), what);
    }

    [Test]
    public void TicketWithoutLifetimeIsThrownAway()
    {
        HandshakeState state = NewClientState();
        new ClientSessions(state).Received13(Ticket([1], lifetime: 0));
        Assert.That(state.Session, Is.Null);
    }

    private static readonly object[] BadOffers =
    [
        new object[] { "no binders", PreSharedKeyBytes([0, 1, 7, 0, 0, 0, 0], []), AlertDescription.decode_error },
        new object[] { "two binders", PreSharedKeyBytes([0, 1, 7, 0, 0, 0, 0], [.. Binder, .. Binder]), AlertDescription.illegal_parameter },
        new object[] { "empty identity", PreSharedKeyBytes([0, 0, 0, 0, 0, 0], Binder), AlertDescription.decode_error },
        new object[] { "identity without age", PreSharedKeyBytes([0, 1, 7, 0, 0, 0], Binder), AlertDescription.decode_error },
        new object[] { "identity too long", PreSharedKeyBytes([0, 9, 7, 0, 0, 0, 0], Binder), AlertDescription.decode_error },
        new object[] { "binder too long", PreSharedKeyBytes([0, 1, 7, 0, 0, 0, 0], [33, .. new byte[32]]), AlertDescription.decode_error },
        new object[] { "no identities", PreSharedKeyBytes([], []), AlertDescription.illegal_parameter },
        new object[] { "more after it", (byte[])[.. PreSharedKeyBytes([0, 1, 7, 0, 0, 0, 0], Binder), 0], AlertDescription.decode_error },
        new object[] { "nothing", Array.Empty<byte>(), AlertDescription.decode_error },
    ];

    [TestCaseSource(nameof(BadOffers))]
    public void MalformedOffer(string what, byte[] extension, AlertDescription alert)
    {
        HandshakeState state = NewClientState();
        FatalAlertException? raised = Assert.Throws<FatalAlertException>(() => ResumptionOffer.Of(state, Offer(extension), TestContexts.Tls13));
        Assert.That((raised!.Alert, state.Failure!.Reason), Is.EqualTo((alert, "BAD_EXTENSION")), what);
    }

    /// <summary>A client may offer the session of an earlier version, with a binder of its own length, which is not looked at where another version or no PSK is selected.</summary>
    [Test]
    public void OfferThatIsNotSelectedIsNotLookedAt()
    {
        byte[] ofAnotherLength = PreSharedKeyBytes([0, 1, 7, 0, 0, 0, 0], [12, .. new byte[12]]);
        Assert.That(ResumptionOffer.Of(NewClientState(), Offer(ofAnotherLength), TestContexts.Tls13).Psks, Has.Count.EqualTo(1));
        Assert.That(ResumptionOffer.Of(NewClientState(), Offer([1, 2, 3]), TestContexts.Tls12).Psks, Is.Null);
    }

    [Test]
    public void OfferIsReadInOrder()
    {
        byte[] extension = PreSharedKeyBytes([0, 1, 7, 1, 2, 3, 4, 0, 2, 8, 9, 0, 0, 0, 5], [.. Binder, 33, .. new byte[33]]);
        var offer = ResumptionOffer.Of(NewClientState(), Offer(extension), TestContexts.Tls13);
        Assert.That(offer.Psks!.Select(psk => psk.Age), Is.EqualTo(new uint[] { 0x01020304, 5 }));
        Assert.That(offer.Psks!.Select(psk => psk.Identity.ToArray()), Is.EqualTo(new byte[][] { [7], [8, 9] }));
        Assert.That(offer.Psks!.Select(psk => psk.Binder.Length), Is.EqualTo(new[] { 32, 33 }));
        Assert.That(offer.BindersLength, Is.EqualTo(2 + 33 + 34));
    }

    /// <summary>A server that is offered a ticket of its own, of a suite with SHA-384.</summary>
    private static (HandshakeState State, ServerSessions Sessions) Offered()
    {
        var connection = new TlsConnection(TestContexts.Server(), serverSide: true, null);
        var state = new HandshakeState(connection.Context, isServer: true, null) { Connection = connection, Version = TestContexts.Tls13 };
        var sessions = new ServerSessions(state);
        byte[] ticket = sessions.NewTicket(Sample() with { Version = TestContexts.Tls13, Suite = 0x1302 })!;
        sessions.Offer = ResumptionOffer.Of(state, Offer(PreSharedKeyBytes([(byte)(ticket.Length >> 8), (byte)ticket.Length, .. ticket, 0, 0, 0, 0], Binder)), TestContexts.Tls13);
        return (state, sessions);
    }

    private static byte[] Binder => [32, .. new byte[32]];

    private static Dictionary<ExtensionType, ReadOnlyMemory<byte>> Offer(byte[] preSharedKey) => new() { [ExtensionType.pre_shared_key] = preSharedKey };

    private static HandshakeState NewClientState()
    {
        var connection = new TlsConnection(TestContexts.Client(), serverSide: false, null);
        return new HandshakeState(connection.Context, isServer: false, null) { Connection = connection };
    }

    private static SessionState Sample()
    {
        Authority root = Authority.Root();
        Authority leaf = root.Issue("CN=leaf", Shape.Client());
        long now = Authority.Now.ToUnixTimeMilliseconds();
        return new SessionState
        {
            Version = TestContexts.Tls12,
            Suite = 0xC02B,
            Secret = [1, 2, 3],
            CreatedAt = now,
            AuthenticatedAt = now,
            Lifetime = 7200,
            AgeAdd = 0,
            ExtendedMasterSecret = true,
            CheckedHostname = true,
            MaxFragmentLength = 2,
            IdContext = "Python"u8.ToArray(),
            PeerChain = [leaf.Certificate],
            VerifiedChain = [leaf.Certificate, root.Certificate],
        };
    }

    private static byte[] PreSharedKeyBytes(byte[] identities, byte[] binders)
        => [(byte)(identities.Length >> 8), (byte)identities.Length, .. identities, (byte)(binders.Length >> 8), (byte)binders.Length, .. binders];

    private static byte[] Ticket(byte[] ticket, byte[]? extensions = null, byte lifetime = 100)
        => [0, 0, 0, lifetime, 1, 2, 3, 4, 1, 9, (byte)(ticket.Length >> 8), (byte)ticket.Length, .. ticket, 0, (byte)(extensions?.Length ?? 0), .. extensions ?? []];
}
