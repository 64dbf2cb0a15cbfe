using Org.BouncyCastle.Tls;

namespace SslModule.Engine.Handshake;

/// <content>Resumption: BouncyCastle's questions, answered by <see cref="ServerSessions"/>.</content>
internal sealed partial class ServerRole
{
    private ServerSessions? _sessions;

    /// <summary>The server's part in resumption.</summary>
    public ServerSessions Sessions => _sessions ??= MakeSessions();

    /// <inheritdoc/>
    public override TlsSession? GetSessionToResume(byte[] sessionID)
    {
        int[] suites = [.. m_offeredCipherSuites.Intersect(GetCipherSuites())];
        return Sessions.Find(sessionID, suites) is { } found ? new ResumedSession(SessionStates.Import(state.Crypto, found, sessionID)) : null;
    }

    /// <inheritdoc/>
    public override byte[] GetNewSessionID() => Sessions.NewId();

    /// <inheritdoc/>
    public override NewSessionTicket GetNewSessionTicket() => Sessions.NewTicket(m_context.SecurityParameters);

    /// <inheritdoc/>
    public override TlsPskExternal? GetExternalPsk(IList<PskIdentity> identities)
        => _externalPsk = ChooseSuite13() is { } suite && Sessions.Find(identities, suite) is { } ticket ? ticket : ExternalPsk(identities);

    /// <inheritdoc/>
    public override IDictionary<int, byte[]> GetServerExtensions()
    {
        IDictionary<int, byte[]> extensions = base.GetServerExtensions();
        if (!TlsUtilities.IsTlsV13(m_context) && Sessions.GivesTicket)
        {
            extensions[ExtensionType.session_ticket] = [];
        }

        return extensions;
    }

    private ServerSessions MakeSessions()
    {
        return new ServerSessions(state)
        {
            SelectProtocol = offered => offered is { Count: > 0 } && GetProtocolNames() is { } own ? SelectProtocolName(offered, own) : null,
        };
    }
}
