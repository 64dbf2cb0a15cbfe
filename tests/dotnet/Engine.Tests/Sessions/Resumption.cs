using NUnit.Framework;
using SslModule.Engine.Context;
using SslModule.Engine.Sessions;
using SslModule.Engine.Tests.Certificates;
using SslModule.Engine.Tests.Handshake;

namespace SslModule.Engine.Tests.Sessions;

/// <summary>The four ways to resume.</summary>
public enum Way
{
    /// <summary>TLS 1.2 by ticket (RFC 5077).</summary>
    Ticket12,

    /// <summary>TLS 1.2 by session ID.</summary>
    Id12,

    /// <summary>TLS 1.3 by a ticket that carries the state.</summary>
    Ticket13,

    /// <summary>TLS 1.3 by a ticket that names a place in the cache.</summary>
    Id13,
}

/// <summary>A clock that stands until it is moved.</summary>
internal sealed class Clock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = Authority.Now;

    public override DateTimeOffset GetUtcNow() => Now;

    public void Pass(TimeSpan span) => Now += span;
}

/// <summary>A client and a server context that resume in one of the ways, with a clock each.</summary>
internal sealed class Resumption
{
    private const string Host = "localhost";

    public Resumption(Way way, Action<TlsContext>? configureServer = null, Action<TlsContext>? configureClient = null)
    {
        int version = way is Way.Ticket12 or Way.Id12 ? TestContexts.Tls12 : TestContexts.Tls13;
        Client = TestContexts.Client(version);
        Client.Time = ClientClock;
        Server = MakeServer(version, way, configureServer);
        configureClient?.Invoke(Client);
        (Way, Version) = (way, version);
    }

    public Way Way { get; }

    public int Version { get; }

    public Clock ClientClock { get; } = new();

    public Clock ServerClock { get; } = new();

    public TlsContext Client { get; }

    public TlsContext Server { get; set; }

    public TlsContext MakeServer(Action<TlsContext>? configure = null) => MakeServer(Version, Way, configure);

    /// <summary>A full handshake; answers the session that the client got.</summary>
    public TlsSession First()
    {
        using MemoryPair pair = MemoryPair.Connect(Client, Server, Host);
        Assert.That((pair.Client.SessionReused, pair.Server.SessionReused), Is.EqualTo((false, false)));
        Exchange(pair);
        return pair.Client.Session!;
    }

    /// <summary>Whether this session is resumed; both ends must agree, and data must pass.</summary>
    public bool Resumes(TlsSession session) => Resumes(session, out _);

    /// <inheritdoc cref="Resumes(TlsSession)"/>
    public bool Resumes(TlsSession session, out TlsSession next, Action<MemoryPair>? look = null)
    {
        using MemoryPair pair = MemoryPair.Connect(Client, Server, Host, session: session);
        Exchange(pair);
        Assert.That(pair.Server.SessionReused, Is.EqualTo(pair.Client.SessionReused));
        look?.Invoke(pair);
        next = pair.Client.Session!;
        return pair.Client.SessionReused;
    }

    /// <summary>Both clocks.</summary>
    public void Pass(TimeSpan span)
    {
        ClientClock.Pass(span);
        ServerClock.Pass(span);
    }

    /// <summary>The same session as a client would hold it that remembers something else about it, or whose ticket was damaged.</summary>
    public TlsSession Forge(TlsSession session, Func<SessionState, SessionState>? change = null, byte[]? ticket = null)
    {
        SessionState state = change is null ? session.State : change(session.State);
        ClientTickets? tickets = session.Tickets is null ? null : new ClientTickets();
        var forged = new TlsSession(Client, state, session.Id)
        {
            Ticket = ticket ?? session.Ticket,
            TicketLifetimeHint = state.Lifetime,
            Tickets = tickets,
        };
        tickets?.Add(forged);
        return forged;
    }

    public static void Exchange(MemoryPair pair)
    {
        Assert.That(pair.Send("down"u8.ToArray(), fromClient: false), Is.EqualTo("down"u8.ToArray()));
        Assert.That(pair.Send("up"u8.ToArray(), fromClient: true), Is.EqualTo("up"u8.ToArray()));
    }

    public static long Count(TlsContext context, string name) => context.Statistics.Snapshot().Single(entry => entry.Name == name).Count;

    private TlsContext MakeServer(int version, Way way, Action<TlsContext>? configure)
    {
        TlsContext server = TestContexts.Server(version);
        server.Time = ServerClock;
        if (way is Way.Id12 or Way.Id13)
        {
            server.Options |= (ulong)TlsOptions.NoTicket;
        }

        configure?.Invoke(server);
        return server;
    }
}
