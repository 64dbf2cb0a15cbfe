using System.Security.Cryptography;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Context;
using SslModule.Engine.Handshake.Tls13;
using SslModule.Engine.Sessions;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>A server's part in resumption: which sessions it accepts and which it gives out.</summary>
internal sealed class ServerSessions(HandshakeState state)
{
    /// <summary>How far a ticket's age as the client sees it may be off: OpenSSL's tolerance (RFC 8446 section 8.3).</summary>
    private const long AgeTolerance = 10_000;

    /// <summary>After seven days of resumptions the peers prove again who they are.</summary>
    private const long LongestAuthentication = 7L * 24 * 3600 * 1000;

    /// <summary>A ticket that would not fit into a ClientHello is not given out.</summary>
    private const int LongestTicket = 1 << 14;

    /// <summary>How many identities a hello may make us look at.</summary>
    private const int MostIdentities = 8;

    private byte[] _newId = [];
    private ResumptionOffer _offer = ResumptionOffer.None;
    private bool _ticketIsOld;

    /// <summary>What the hello says. Another hello begins anew: what was accepted of the one before counts no more.</summary>
    public ResumptionOffer Offer
    {
        get => _offer;
        set => (_offer, Accepted) = (value, null);
    }

    /// <summary>The session that the hello resumes, as far as it is up to us.</summary>
    public SessionState? Accepted { get; private set; }

    /// <summary>True when TLS 1.2 and earlier get a ticket.</summary>
    public bool GivesTicket => Offer.Ticket is not null && TicketsAllowed && state.Version > ProtocolVersion.SSLv3;

    /// <summary>True when a resumption before TLS 1.3 renews the ticket (RFC 5077 section 3.3): a key that seals no more had sealed it.</summary>
    public bool RenewsTicket => _ticketIsOld && Accepted is not null && state.Version < ProtocolVersion.TLSv13;

    /// <summary>True when the handshake at hand binds its master secret (RFC 7627).</summary>
    public bool OffersExtendedMasterSecret => Offer.ExtendedMasterSecret && state.Version > ProtocolVersion.SSLv3;

    private bool TicketsAllowed => !state.Settings.Has(TlsOptions.NoTicket) && SecurityLevels.AllowsTickets(state.Settings.Credentials.SecurityLevel);

    private DateTimeOffset Now => state.Context.Time.GetUtcNow();

    private static ReadOnlySpan<byte> TicketPurpose => "session ticket"u8;

    /// <summary>The session that a hello of TLS 1.2 or earlier resumes (RFC 5077 section 3.4); null for a full handshake.</summary>
    /// <remarks>A ticket counts whatever the session identifier is, which may be empty.</remarks>
    /// <param name="sessionId">What the hello names.</param>
    /// <param name="offered">The hello's suites.</param>
    /// <param name="suites">The server's.</param>
    /// <exception cref="FatalAlertException">The hello names a session, but not its suite (RFC 5246 section 7.4.1.2).</exception>
    public SessionState? Find(ReadOnlyMemory<byte> sessionId, int[] offered, int[] suites)
    {
        _ticketIsOld = false;
        SessionState? found = GivesTicket && Offer.Ticket!.Length > 0
            ? Open(Offer.Ticket)
            : sessionId.Length > 0 ? FindStored(sessionId.ToArray()) : null;
        Accepted = found is not null && IsAcceptable(found) && KeepsExtensions(found) ? found : null;
        if (Accepted is not null && !offered.Contains(Accepted.Suite))
        {
            throw state.Fail("REQUIRED_CIPHER_MISSING", AlertDescription.illegal_parameter);
        }

        return Accepted = Accepted is not null && suites.Contains(Accepted.Suite) ? Accepted : null;
    }

    /// <summary>The place of the first PSK of a TLS 1.3 hello that is a ticket of ours and fits, which is <see cref="Accepted"/> then; null for none.</summary>
    /// <param name="suite">The suite that the handshake will use: its hash must be the ticket's.</param>
    public int? Find(int suite)
    {
        Accepted = null;
        for (int i = 0; i < Math.Min(Offer.Psks?.Count ?? 0, MostIdentities); i++)
        {
            OfferedPsk psk = Offer.Psks![i];
            SessionState? found = psk.Identity.Length == SessionCache.IdLength ? FindStored(psk.Identity.ToArray()) : Open(psk.Identity.Span);
            if (found is not null && IsAcceptable(found) && Tls13Suites.HashOf(found.Suite) == Tls13Suites.HashOf(suite) && IsAgeRight(found, psk.Age))
            {
                Accepted = found;
                return i;
            }
        }

        return null;
    }

    /// <summary>The identifier of a new session of TLS 1.2 or earlier; empty when a ticket carries it.</summary>
    public byte[] NewId()
        => _newId = GivesTicket || !state.SessionContext.StoresSessions ? [] : RandomNumberGenerator.GetBytes(SessionCache.IdLength);

    /// <summary>A ticket of TLS 1.2 or earlier; empty when the session is too large for one (RFC 5077 section 3.3).</summary>
    /// <param name="negotiated">The negotiated parameters.</param>
    /// <param name="master">The master secret.</param>
    /// <param name="lifetime">How many seconds it can be used.</param>
    public byte[] NewTicket(in NegotiatedParameters negotiated, ReadOnlySpan<byte> master, out int lifetime)
    {
        SessionState captured = SessionStates.Capture(state, negotiated, master.ToArray(), Offer.ServerName);
        byte[] ticket = Seal(captured);
        CryptographicOperations.ZeroMemory(captured.Secret);
        bool fits = ticket.Length <= LongestTicket;
        lifetime = fits ? captured.Lifetime : 0;
        return fits ? ticket : [];
    }

    /// <summary>The accepted session under the key that seals now. It lives no longer for that; how long is left unsaid, as in OpenSSL.</summary>
    public byte[] RenewedTicket() => Seal(Accepted!);

    /// <summary>A TLS 1.3 ticket: the state sealed, or under SSL_OP_NO_TICKET its place in the cache; null when there can be none.</summary>
    public byte[]? NewTicket(SessionState session)
    {
        if (TicketsAllowed)
        {
            byte[] ticket = Seal(session);
            return ticket.Length > LongestTicket ? null : ticket;
        }

        if (!state.SessionContext.StoresSessions)
        {
            return null;
        }

        byte[] id = RandomNumberGenerator.GetBytes(SessionCache.IdLength);
        Store(id, session);
        return id;
    }

    /// <summary>Called when a handshake of TLS 1.2 or earlier is complete.</summary>
    /// <param name="negotiated">The negotiated parameters.</param>
    /// <param name="master">The master secret.</param>
    /// <param name="sessionId">What the ServerHello has named.</param>
    public void HandshakeCompleted(in NegotiatedParameters negotiated, ReadOnlySpan<byte> master, byte[] sessionId)
    {
        if (Accepted is not null)
        {
            SessionStates.Restore(state, Accepted);
        }

        SessionState view = SessionStates.Capture(state, negotiated, [], Offer.ServerName);
        state.Session = new TlsSession(state.Context, Accepted ?? view, sessionId);
        if (Accepted is null && _newId.Length > 0)
        {
            Store(_newId, view with { Secret = master.ToArray() });
        }
    }

    /// <summary>Called when a TLS 1.3 handshake is complete.</summary>
    /// <returns>The session as it was settled, for its tickets.</returns>
    public SessionState HandshakeCompleted(in NegotiatedParameters negotiated)
    {
        if (Accepted is not null)
        {
            SessionStates.Restore(state, Accepted);
        }

        _offer = _offer.ForTickets();
        SessionState view = SessionStates.Capture(state, negotiated, [], Offer.ServerName);
        state.Session = new TlsSession(state.Context, view, RandomNumberGenerator.GetBytes(SessionCache.IdLength));
        return view;
    }

    /// <summary>Forgets the session after a fatal alert (RFC 5246 section 7.2.2).</summary>
    public static void Forget(HandshakeState state)
    {
        if (state.Session is { Id.Length: SessionCache.IdLength, State.Version: < ProtocolVersion.TLSv13 } session)
        {
            byte[] id = session.Id.ToArray();
            state.SessionContext.SessionCache.Remove(id);
            state.SessionContext.SharedSessions?.Remove(id, state.Context.Time.GetUtcNow());
        }
    }

    private void Store(byte[] id, SessionState session)
    {
        state.SessionContext.SessionCache.Add(id, session, Now);
        state.SessionContext.SharedSessions?.Put(id, session, state.SessionContext.TicketKeys, Now);
    }

    private SessionState? FindStored(byte[] id)
    {
        if (state.SessionContext.SessionCache.Find(id, Now) is { } own)
        {
            return own;
        }

        SessionState? shared = id.Length == SessionCache.IdLength ? state.SessionContext.SharedSessions?.Get(id, state.SessionContext.TicketKeys, Now) : null;
        if (shared is not null)
        {
            state.SessionContext.SessionCache.Add(id, shared, Now);
        }

        return shared;
    }

    private byte[] Seal(SessionState session)
    {
        ArraySegment<byte> plain = SessionCodec.Encode(session);
        byte[] ticket = state.SessionContext.TicketKeys.Seal(plain, TicketPurpose, Now);
        CryptographicOperations.ZeroMemory(plain);
        return ticket;
    }

    private SessionState? Open(ReadOnlySpan<byte> ticket)
    {
        if (!TicketsAllowed || ticket.Length > LongestTicket || state.SessionContext.TicketKeys.Open(ticket, TicketPurpose, Now, out _ticketIsOld) is not { } plain)
        {
            return null;
        }

        SessionState? session = SessionCodec.Decode(plain);
        CryptographicOperations.ZeroMemory(plain);
        return session;
    }

    private bool IsAcceptable(SessionState session)
        => session.Version == state.Version
            && IsAlive(session)
            && string.Equals(session.ServerName, Offer.ServerName, StringComparison.OrdinalIgnoreCase)
            && SameProtocol(session.Alpn, Alpn.Select(state, Offer.Protocols))
            && session.VerifyMode == (int)state.Settings.Verification.Mode
            && session.IdContext.AsSpan().SequenceEqual(state.SessionContext.SessionIdContext.Span)
            && HasNeededCertificate(session);

    private bool IsAlive(SessionState session)
    {
        long now = Now.ToUnixTimeMilliseconds();
        if (now < session.CreatedAt + (session.Lifetime * 1000L) && now < session.AuthenticatedAt + LongestAuthentication && now >= session.CreatedAt - AgeTolerance)
        {
            return true;
        }

        state.SessionContext.Statistics.Expired();
        return false;
    }

    private static bool SameProtocol(byte[]? one, byte[]? other)
        => one is null ? other is null : other is not null && one.AsSpan().SequenceEqual(other);

    /// <summary>A resumption sends no CertificateRequest: who must show a certificate has shown it before, or can be asked for it later.</summary>
    private bool HasNeededCertificate(SessionState session)
        => state.Settings.Verification.Mode != VerifyMode.Required
            || session.PeerChain.Count > 0
            || (state.Version == ProtocolVersion.TLSv13 && state.Settings.Verification.AsksAfterHandshake);

    /// <summary>What the session negotiated goes on (RFC 7366 section 3, RFC 6066 section 4), so the hello must offer it again.</summary>
    private bool KeepsExtensions(SessionState session)
        => KeepsExtendedMasterSecret(session) && (!session.EncryptThenMac || Offer.EncryptThenMac)
            && (session.MaxFragmentLength < 0 || session.MaxFragmentLength == Offer.MaxFragmentLength);

    /// <summary>A session with the extension is never resumed without it, and one without it not by a hello that has it (RFC 7627 section 5.3).</summary>
    private bool KeepsExtendedMasterSecret(SessionState session)
        => session.ExtendedMasterSecret && !OffersExtendedMasterSecret
            ? throw state.Fail("INCONSISTENT_EXTMS", AlertDescription.illegal_parameter)
            : session.ExtendedMasterSecret == OffersExtendedMasterSecret;

    private bool IsAgeRight(SessionState session, uint obfuscated)
    {
        // Modulo 2^32, of which seven days are a seventh: what is near its end is a clock that went back a little.
        int clients = unchecked((int)(obfuscated - session.AgeAdd));
        long ours = Now.ToUnixTimeMilliseconds() - session.CreatedAt;
        return Math.Abs(ours - clients) <= AgeTolerance;
    }
}
