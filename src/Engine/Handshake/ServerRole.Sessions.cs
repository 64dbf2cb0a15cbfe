using Org.BouncyCastle.Tls;
using ExtensionType = SslModule.Engine.Wire.ExtensionType;

namespace SslModule.Engine.Handshake;

/// <content>Resumption: BouncyCastle's questions, answered by <see cref="ServerSessions"/>.</content>
internal sealed partial class ServerRole
{
    /// <summary>The server's part in resumption.</summary>
    public ServerSessions Sessions => sessions;

    /// <inheritdoc/>
    public override TlsSession? GetSessionToResume(byte[] sessionID)
    {
        int[] suites = [.. m_offeredCipherSuites.Intersect(GetCipherSuites())];
        return Sessions.Find(sessionID, m_offeredCipherSuites, suites) is { } found ? new ResumedSession(SessionStates.Import(state.Crypto, found, sessionID)) : null;
    }

    /// <inheritdoc/>
    public override byte[] GetNewSessionID() => Sessions.NewId();

    /// <inheritdoc/>
    public override NewSessionTicket GetNewSessionTicket() => Sessions.NewTicket(m_context.SecurityParameters);

    /// <inheritdoc/>
    public override IDictionary<int, byte[]> GetServerExtensions()
    {
        IDictionary<int, byte[]> extensions = base.GetServerExtensions();
        if (Sessions.GivesTicket)
        {
            extensions[(int)ExtensionType.session_ticket] = [];
        }

        return extensions;
    }
}
