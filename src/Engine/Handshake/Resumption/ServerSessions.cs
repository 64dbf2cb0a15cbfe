using System.Security.Cryptography;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Context;
using SslModule.Engine.Handshake.Tls13;
using SslModule.Engine.Sessions;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>A server's session resumption: the sessions that it accepts and issues.</summary>
internal sealed class ServerSessions(HandshakeState state)
{
    /// <summary>The tolerated difference of the client's ticket age, as in OpenSSL (RFC 8446 section 8.3).</summary>
    private const long AgeTolerance = 10_000;

    /// <summary>Resumptions may extend a session to at most seven days after its full handshake.</summary>
    private const long MaxAuthenticationAge = 7L * 24 * 3600 * 1000;

    /// <summary>The maximum ticket length, so that a ClientHello can contain it.</summary>
    private const int MaxTicketLength = 1 << 14;

    /// <summary>The maximum number of PSK identities to try.</summary>
    private const int MaxIdentities = 8;

    private byte[] _newId = [];
    private ResumptionOffer _offer = ResumptionOffer.None;
    private bool _ticketIsOld;

    /// <summary>The client's offer. Setting it, for a second ClientHello, discards the session accepted for the first.</summary>
    public ResumptionOffer Offer
    {
        get => _offer;
        set => (_offer, Accepted) = (value, null);
    }

    /// <summary>The accepted session to resume; null for none.</summary>
    public SessionState? Accepted { get; private set; }

    /// <summary>Whether to issue a TLS 1.2 or earlier ticket.</summary>
    public bool IssuesTicket => Offer.Ticket is not null && TicketsAllowed && state.Version > ProtocolVersion.SSLv3;

    /// <summary>Whether a resumption of TLS 1.2 or earlier renews the ticket (RFC 5077 section 3.3), because its key is no longer used for new tickets.</summary>
    public bool RenewsTicket => _ticketIsOld && Accepted is not null && state.Version < ProtocolVersion.TLSv13;

    /// <summary>True when this handshake uses the extended master secret (RFC 7627).</summary>
    public bool OffersExtendedMasterSecret => Offer.ExtendedMasterSecret && state.Version > ProtocolVersion.SSLv3;

    private bool TicketsAllowed => !state.Settings.Has(TlsOptions.NoTicket) && SecurityLevels.AllowsTickets(state.Settings.Credentials.SecurityLevel);

    private DateTimeOffset Now => state.Context.Time.GetUtcNow();

    private static ReadOnlySpan<byte> TicketPurpose => "session ticket"u8;

    /// <summary>Selects the session that a ClientHello of TLS 1.2 or earlier resumes (RFC 5077 section 3.4); null for a full handshake.</summary>
    /// <remarks>A ticket takes precedence over the session ID, which may be empty.</remarks>
    /// <param name="sessionId">The session ID of the ClientHello.</param>
    /// <param name="offered">The client's suites.</param>
    /// <param name="suites">The server's.</param>
    /// <exception cref="FatalAlertException">The ClientHello offers a session without its suite (RFC 5246 section 7.4.1.2).</exception>
    public SessionState? Find(ReadOnlyMemory<byte> sessionId, int[] offered, int[] suites)
    {
        _ticketIsOld = false;
        SessionState? found = IssuesTicket && Offer.Ticket!.Length > 0
            ? Open(Offer.Ticket)
            : sessionId.Length > 0 ? FindStored(sessionId.ToArray()) : null;
        Accepted = found is not null && IsAcceptable(found) && KeepsExtensions(found) ? found : null;
        if (Accepted is not null && !offered.Contains(Accepted.Suite))
        {
            throw state.Fail("REQUIRED_CIPHER_MISSING", AlertDescription.illegal_parameter);
        }

        return Accepted = Accepted is not null && suites.Contains(Accepted.Suite) ? Accepted : null;
    }

    /// <summary>The index of the first PSK that is an acceptable ticket of this server, whose session becomes <see cref="Accepted"/>; null for none.</summary>
    /// <param name="suite">The selected suite; the ticket must have the same hash.</param>
    public int? Find(int suite)
    {
        Accepted = null;
        for (int i = 0; i < Math.Min(Offer.Psks?.Count ?? 0, MaxIdentities); i++)
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

    /// <summary>The ID of a new session of TLS 1.2 or earlier; empty if a ticket is issued instead.</summary>
    public byte[] NewId()
        => _newId = IssuesTicket || !state.SessionContext.StoresSessions ? [] : RandomNumberGenerator.GetBytes(SessionCache.IdLength);

    /// <summary>Creates a ticket of TLS 1.2 or earlier; empty if the session is too large or not to be resumed (RFC 5077 section 3.3).</summary>
    /// <param name="negotiated">The negotiated parameters.</param>
    /// <param name="master">The master secret.</param>
    /// <param name="lifetime">The lifetime hint, in seconds.</param>
    public byte[] NewTicket(in NegotiatedParameters negotiated, ReadOnlySpan<byte> master, out int lifetime)
    {
        if (state.IsVerdictOverruled)
        {
            lifetime = 0;
            return [];
        }

        SessionState captured = SessionStates.Capture(state, negotiated, master.ToArray(), Offer.ServerName);
        byte[] ticket = Seal(captured);
        CryptographicOperations.ZeroMemory(captured.Secret);
        bool fits = ticket.Length <= MaxTicketLength;
        lifetime = fits ? captured.Lifetime : 0;
        return fits ? ticket : [];
    }

    /// <summary>Seals the accepted session with the current ticket key. Its lifetime is not extended; like OpenSSL, the hint is 0.</summary>
    public byte[] RenewedTicket() => Seal(Accepted!);

    /// <summary>Creates a TLS 1.3 ticket: the sealed state, or with SSL_OP_NO_TICKET its ID in the cache; null if no ticket is possible.</summary>
    public byte[]? NewTicket(SessionState session)
    {
        if (state.IsVerdictOverruled)
        {
            return null;
        }

        if (TicketsAllowed)
        {
            byte[] ticket = Seal(session);
            return ticket.Length > MaxTicketLength ? null : ticket;
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
    /// <param name="sessionId">The session ID of the ServerHello.</param>
    public void HandshakeCompleted(in NegotiatedParameters negotiated, ReadOnlySpan<byte> master, byte[] sessionId)
    {
        if (Accepted is not null)
        {
            SessionStates.Restore(state, Accepted);
        }

        SessionState view = SessionStates.Capture(state, negotiated, [], Offer.ServerName);
        state.Session = new TlsSession(state.Context, Accepted ?? view, sessionId);
        if (Accepted is null && _newId.Length > 0 && !state.IsVerdictOverruled)
        {
            Store(_newId, view with { Secret = master.ToArray() });
        }
    }

    /// <summary>Called when a TLS 1.3 handshake is complete.</summary>
    /// <returns>The session state that tickets are created from.</returns>
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

    /// <summary>Removes the session after a fatal alert (RFC 5246 section 7.2.2).</summary>
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
        if (!TicketsAllowed || ticket.Length > MaxTicketLength || state.SessionContext.TicketKeys.Open(ticket, TicketPurpose, Now, out _ticketIsOld) is not { } plain)
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
            && HasNeededCertificate(session)
            && (session.PeerChain.Count == 0 || PeerVerification.IsOfDemandedName(state, session.PeerChain[0]));

    private bool IsAlive(SessionState session)
    {
        long now = Now.ToUnixTimeMilliseconds();
        if (now < session.CreatedAt + (session.Lifetime * 1000L) && now < session.AuthenticatedAt + MaxAuthenticationAge && now >= session.CreatedAt - AgeTolerance)
        {
            return true;
        }

        state.SessionContext.Statistics.Expired();
        return false;
    }

    private static bool SameProtocol(byte[]? one, byte[]? other)
        => one is null ? other is null : other is not null && one.AsSpan().SequenceEqual(other);

    /// <summary>A resumption sends no CertificateRequest. A client that must authenticate has done so in the original session, or is asked after the handshake.</summary>
    private bool HasNeededCertificate(SessionState session)
        => state.Settings.Verification.Mode != VerifyMode.Required
            || session.PeerChain.Count > 0
            || (state.Version == ProtocolVersion.TLSv13 && state.Settings.Verification.AsksAfterHandshake);

    /// <summary>The session's extensions stay in effect (RFC 7366 section 3, RFC 6066 section 4), so the client must offer them again.</summary>
    private bool KeepsExtensions(SessionState session)
        => KeepsExtendedMasterSecret(session) && (!session.EncryptThenMac || Offer.EncryptThenMac)
            && (session.MaxFragmentLength < 0 || session.MaxFragmentLength == Offer.MaxFragmentLength);

    /// <summary>The use of the extended master secret must be the same as in the original session (RFC 7627 section 5.3).</summary>
    private bool KeepsExtendedMasterSecret(SessionState session)
        => session.ExtendedMasterSecret && !OffersExtendedMasterSecret
            ? throw state.Fail("INCONSISTENT_EXTMS", AlertDescription.handshake_failure)
            : session.ExtendedMasterSecret == OffersExtendedMasterSecret;

    private bool IsAgeRight(SessionState session, uint obfuscated)
    {
        // The age is modulo 2^32 milliseconds. A value near the maximum means that the clock went back a little.
        int clients = unchecked((int)(obfuscated - session.AgeAdd));
        long ours = Now.ToUnixTimeMilliseconds() - session.CreatedAt;
        return Math.Abs(ours - clients) <= AgeTolerance;
    }
}
