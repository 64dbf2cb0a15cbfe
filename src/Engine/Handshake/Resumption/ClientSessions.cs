using SslModule.Engine.Ciphers;
using SslModule.Engine.Context;
using SslModule.Engine.Handshake.Tls13;
using SslModule.Engine.Sessions;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>A client's session resumption: the sessions that it offers and stores.</summary>
internal sealed class ClientSessions(HandshakeState state)
{
    private readonly ClientTickets _tickets = new();
    private TlsSession? _offered;
    private byte[]? _newTicket;
    private uint _newTicketLifetime;
    private SessionState? _template;
    private ResumptionSecret? _resumption;

    private bool TicketsAllowed => !state.Settings.Has(TlsOptions.NoTicket) && SecurityLevels.AllowsTickets(state.Settings.Credentials.SecurityLevel);

    private DateTimeOffset Now => state.Context.Time.GetUtcNow();

    /// <summary>The TLS 1.2 or earlier session to offer; null for none.</summary>
    public TlsSession? Offer()
    {
        if (state.Session is not { Tickets: null } session || session.Id.IsEmpty || (session.HasTicket && !TicketsAllowed)
            || !state.Derived.ClientVersions.Contains(session.State.Version)
            || !state.Derived.ClientSuites.Contains(session.State.Suite) || !IsUsable(session)
            || (session.State.MaxFragmentLength is >= 0 and { } code && code != RecordLimits.CodeOf(state.Settings.MaxFragmentLength)))
        {
            return null;
        }

        return _offered = session;
    }

    /// <summary>Takes the TLS 1.3 ticket to offer; null for none. The ticket is removed, except that the last one is kept unless the context requires single use.</summary>
    public TlsSession? OfferTicket()
    {
        if (_offered is not null || state.Session is not { Tickets: { } tickets } session || !IsUsable(session) || !HasSuiteFor(session))
        {
            return null;
        }

        return _offered = tickets.Take(Now, keepLast: !state.Context.SingleUseTickets);
    }

    /// <summary>The session_ticket extension (RFC 5077): a ticket, empty to request one, or null for no extension.</summary>
    public byte[]? TicketExtension => !TicketsAllowed ? null : _offered is { HasTicket: true, State.Version: < ProtocolVersion.TLSv13 } ? _offered.Ticket.ToArray() : [];

    /// <summary>The obfuscated_ticket_age (RFC 8446 section 4.2.11.1).</summary>
    public uint ObfuscatedAge(SessionState ticket)
        => unchecked((uint)(Now.ToUnixTimeMilliseconds() - ticket.CreatedAt) + ticket.AgeAdd);

    /// <summary>Processes a NewSessionTicket of TLS 1.2 or earlier. An empty ticket is ignored (RFC 5077 section 3.3).</summary>
    /// <param name="ticket">The ticket.</param>
    /// <param name="lifetime">The lifetime hint in seconds; 0 for unspecified.</param>
    public void Received(byte[] ticket, uint lifetime) => (_newTicket, _newTicketLifetime) = (ticket.Length > 0 ? ticket : null, lifetime);

    /// <summary>Called when a handshake of TLS 1.2 or earlier is complete.</summary>
    /// <param name="negotiated">The negotiated parameters.</param>
    /// <param name="master">The master secret. The session takes ownership of it.</param>
    /// <param name="sessionId">The session ID of the ServerHello.</param>
    public void HandshakeCompleted(in NegotiatedParameters negotiated, byte[] master, byte[] sessionId)
    {
        if (state.IsResumed && _offered is not null)
        {
            SessionStates.Restore(state, _offered.State);
        }

        CountMissed();
        if (state.Resumed is null)
        {
            state.Session = CreateSession(SessionStates.Capture(state, negotiated, master, state.ServerHostname), sessionId);
        }
        else
        {
            state.Session = _newTicket is null ? _offered : CreateSession(_offered!.State, []);
        }

        if (state.IsVerdictOverruled)
        {
            state.Session?.Invalidate();
        }
    }

    /// <summary>Called when a TLS 1.3 handshake is complete.</summary>
    public void HandshakeCompleted(in NegotiatedParameters negotiated, ResumptionSecret resumption)
    {
        CountMissed();
        _template = SessionStates.Capture(state, negotiated, [], state.ServerHostname);
        _resumption = resumption;
        state.Session = state.Resumed is not null ? _offered : new TlsSession(state.Context, _template, ReadOnlyMemory<byte>.Empty) { Tickets = _tickets };
    }

    /// <summary>Processes a NewSessionTicket of TLS 1.3 (RFC 8446 section 4.6.1).</summary>
    /// <exception cref="FatalAlertException">It is malformed.</exception>
    public void Received13(ReadOnlyMemory<byte> body)
    {
        var reader = new WireReader(body);
        if (!reader.TryLong(out uint lifetime) || !reader.TryLong(out uint ageAdd)
            || !reader.TryVector(1, out ReadOnlyMemory<byte> nonce) || !reader.TryVector(2, out ReadOnlyMemory<byte> identity) || identity.IsEmpty)
        {
            throw state.Fail("LENGTH_MISMATCH", AlertDescription.decode_error);
        }

        CheckExtensions(reader.Rest);

        // A lifetime of 0 means that the ticket must be discarded.
        if (lifetime == 0 || state.IsVerdictOverruled)
        {
            return;
        }

        SessionState made = _template! with
        {
            Secret = _resumption!.Psk(nonce.Span),
            AgeAdd = ageAdd,
            CreatedAt = Now.ToUnixTimeMilliseconds(),
        };
        byte[] ticket = identity.ToArray();
        var session = new TlsSession(state.Context, made, TlsSession.IdOf(ticket))
        {
            Ticket = ticket,
            TicketLifetimeHint = lifetime,
            Tickets = _tickets,
        };
        _tickets.Add(session);
        state.Session = session;
    }

    private bool HasSuiteFor(TlsSession session)
        => Array.Exists(state.Derived.ClientSuites, suite => Tls13Suites.Contains(suite) && Tls13Suites.HashOf(suite) == Tls13Suites.HashOf(session.State.Suite));

    /// <summary>Checks the extensions. Unknown ones are ignored, but must be well-formed and unique.</summary>
    private void CheckExtensions(ReadOnlyMemory<byte> rest)
    {
        // The extension block is mandatory, even if it is empty.
        Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions = rest.IsEmpty
            ? throw state.Fail("LENGTH_MISMATCH", AlertDescription.decode_error)
            : HelloExtensions.Read(state, rest, "LENGTH_MISMATCH");
        if (extensions.TryGetValue(ExtensionType.early_data, out ReadOnlyMemory<byte> limit) && limit.Length != sizeof(uint))
        {
            throw state.Fail("INVALID_MAX_EARLY_DATA", AlertDescription.decode_error);
        }
    }

    private void CountMissed()
    {
        if (_offered is not null && state.Resumed is null)
        {
            state.SessionContext.Statistics.Miss();
        }
    }

    /// <summary>RFC 8446 section 4.6.1 and RFC 6066 section 3: resume only for the same server name, context and verification settings, so that resumption never weakens verification.</summary>
    private bool IsUsable(TlsSession session)
        => session.IsAlive(Now)
            && ReferenceEquals(session.Context, state.Context)
            && string.Equals(session.State.ServerName, state.ServerHostname, StringComparison.OrdinalIgnoreCase)
            && session.State.VerifyMode == (int)state.Settings.Verification.Mode
            && session.State.CheckedHostname == state.Settings.Verification.ChecksName;

    private TlsSession CreateSession(SessionState captured, byte[] sessionId) => new(state.Context, captured, _newTicket is null ? sessionId : TlsSession.IdOf(_newTicket))
    {
        Ticket = _newTicket ?? ReadOnlyMemory<byte>.Empty,
        TicketLifetimeHint = _newTicket is null ? 0 : _newTicketLifetime,
    };
}
