using Org.BouncyCastle.Tls;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Context;
using SslModule.Engine.Crypto;
using SslModule.Engine.Sessions;
using BcSession = Org.BouncyCastle.Tls.TlsSession;
using TlsSession = SslModule.Engine.Sessions.TlsSession;

namespace SslModule.Engine.Handshake;

/// <summary>A client's part in resumption: what it offers and what it keeps.</summary>
internal sealed class ClientSessions(HandshakeState state)
{
    private readonly ClientTickets _tickets = new();
    private TlsSession? _offered;
    private NewSessionTicket? _newTicket;
    private SessionState? _template;
    private ResumptionSecret? _resumption;

    /// <summary>The TLS 1.3 ticket in the hello.</summary>
    public TlsSession? OfferedTicket => _offered is { Tickets: not null } ? _offered : null;

    /// <summary>True once a ticket of TLS 1.2 or older has come.</summary>
    public bool HasNewTicket { get; private set; }

    private bool TicketsAllowed => (state.Context.Options & (ulong)TlsOptions.NoTicket) == 0 && SecurityLevels.AllowsTickets(state.Context.SecurityLevel);

    private DateTimeOffset Now => state.Context.Time.GetUtcNow();

    /// <summary>The session to offer to a server of TLS 1.2 or older; null for none.</summary>
    public BcSession? Offer(IReadOnlyCollection<int> versions, IReadOnlyCollection<int> suites)
    {
        if (state.Session is not { Tickets: null } session || session.Id.IsEmpty || (session.HasTicket && !TicketsAllowed)
            || !versions.Contains(session.State.Version) || !suites.Contains(session.State.Suite) || !IsUsable(session)
            || (session.State.MaxFragmentLength is >= 0 and { } code && code != RecordLimits.CodeOf(state.Context.MaxFragmentLength)))
        {
            return null;
        }

        _offered = session;
        return SessionStates.Import(state.Crypto, session.State, session.Id.ToArray());
    }

    /// <summary>The ticket to offer to a server of TLS 1.3; null for none. It is spent by this (RFC 8446 appendix C.4).</summary>
    public TicketPsk? OfferPsk(IReadOnlyCollection<int> suites)
    {
        if (_offered is not null || state.Session is not { Tickets: { } tickets } session || !IsUsable(session)
            || !suites.Any(suite => IsTls13(suite) && TicketPsk.PrfOf(suite) == TicketPsk.PrfOf(session.State.Suite))
            || tickets.Take(Now) is not { } ticket)
        {
            return null;
        }

        _offered = ticket;
        return new TicketPsk(state.Crypto, ticket.Ticket.ToArray(), ticket.State);
    }

    /// <summary>RFC 5077's extension: the ticket, empty to ask for one, or null when no ticket is wanted.</summary>
    public byte[]? TicketExtension => !TicketsAllowed ? null : _offered is { HasTicket: true, State.Version: < 0x0304 } ? _offered.Ticket.ToArray() : [];

    /// <summary>The ticket's age as it goes over the wire (RFC 8446 section 4.2.11.1).</summary>
    public uint ObfuscatedAge(SessionState ticket)
        => unchecked((uint)(Now.ToUnixTimeMilliseconds() - ticket.CreatedAt) + ticket.AgeAdd);

    /// <summary>The server took the ticket, or another PSK, or none (null).</summary>
    public void Selected(TlsPsk? psk)
    {
        if (psk is TicketPsk ticket)
        {
            SessionStates.Restore(state, ticket.State);
        }
    }

    /// <summary>A NewSessionTicket message of TLS 1.2 or older; an empty ticket is none (RFC 5077 section 3.3).</summary>
    public void Received(NewSessionTicket ticket)
    {
        HasNewTicket = true;
        _newTicket = ticket.Ticket.Length > 0 ? ticket : null;
    }

    /// <summary>Takes stock when the handshake is over, before BouncyCastle clears its parameters.</summary>
    public void Completing(SecurityParameters parameters)
    {
        bool tls13 = TlsUtilities.IsTlsV13(parameters.NegotiatedVersion);
        if (!tls13 && parameters.IsResumedSession && _offered is not null)
        {
            SessionStates.Restore(state, _offered.State);
        }

        if (_offered is not null && state.Resumed is null)
        {
            state.Context.Statistics.Missed();
        }

        string? name = state.ServerHostname;
        if (tls13)
        {
            _template = SessionStates.Capture(state, parameters, [], name);
            _resumption = new ResumptionSecret(state, parameters);
            state.Session = state.Resumed is not null ? _offered : new TlsSession(state.Context, _template, ReadOnlyMemory<byte>.Empty) { Tickets = _tickets };
        }
        else if (state.Resumed is null)
        {
            SessionState captured = SessionStates.Capture(state, parameters, NativeTlsSecret.Copy(parameters.MasterSecret), name);
            state.Session = Made(captured, parameters.SessionID);
        }
        else
        {
            state.Session = _newTicket is null ? _offered : Made(_offered!.State, []);
        }
    }

    /// <summary>A NewSessionTicket message of TLS 1.3 (RFC 8446 section 4.6.1).</summary>
    /// <exception cref="TlsFatalAlert">It is malformed.</exception>
    public void Received13(MemoryStream body)
    {
        long lifetime = TlsUtilities.ReadUint32(body);
        uint ageAdd = (uint)TlsUtilities.ReadUint32(body);
        byte[] nonce = TlsUtilities.ReadOpaque8(body);
        byte[] ticket = TlsUtilities.ReadOpaque16(body, 1);
        byte[] extensions = TlsUtilities.ReadOpaque16(body);
        if (body.Position < body.Length)
        {
            throw new TlsFatalAlert(AlertDescription.decode_error);
        }

        CheckExtensions(extensions);

        // A lifetime of 0 asks for the ticket to be thrown away at once; no ticket is kept longer than seven days.
        if (lifetime == 0)
        {
            return;
        }

        SessionState made = _template! with
        {
            Secret = _resumption!.Psk(nonce),
            AgeAdd = ageAdd,
            CreatedAt = Now.ToUnixTimeMilliseconds(),
        };
        var session = new TlsSession(state.Context, made, TlsSession.IdOf(ticket))
        {
            Ticket = ticket,
            TicketLifetimeHint = lifetime,
            Tickets = _tickets,
        };
        _tickets.Add(session);
        state.Session = session;
    }

    private static bool IsTls13(int suite) => suite >> 8 == 0x13;

    /// <summary>Unknown extensions are ignored, but they must have an extension's form and come once.</summary>
    private static void CheckExtensions(byte[] extensions)
    {
        if (extensions.Length == 0)
        {
            return;
        }

        var seen = new HashSet<int>();
        using var reader = new MemoryStream(extensions, writable: false);
        while (reader.Position < reader.Length)
        {
            int type = TlsUtilities.ReadUint16(reader);
            byte[] data = TlsUtilities.ReadOpaque16(reader);
            if (!seen.Add(type))
            {
                throw new TlsFatalAlert(AlertDescription.illegal_parameter);
            }

            if (type == ExtensionType.early_data && data.Length != sizeof(uint))
            {
                throw new TlsFatalAlert(AlertDescription.decode_error);
            }
        }
    }

    /// <summary>RFC 8446 section 4.6.1 and RFC 6066 section 3: only for the same name, and never where it would weaken verification.</summary>
    private bool IsUsable(TlsSession session)
        => session.IsAlive(Now)
            && string.Equals(session.State.ServerName, state.ServerHostname, StringComparison.OrdinalIgnoreCase)
            && session.State.VerifyMode == (int)state.Context.VerifyMode
            && session.State.CheckedHostname == state.Context.CheckHostname;

    private TlsSession Made(SessionState captured, byte[] sessionId) => new(state.Context, captured, _newTicket is null ? sessionId : TlsSession.IdOf(_newTicket.Ticket))
    {
        Ticket = _newTicket?.Ticket ?? ReadOnlyMemory<byte>.Empty,
        TicketLifetimeHint = _newTicket?.TicketLifetimeHint ?? 0,
    };
}
