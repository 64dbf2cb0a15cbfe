using Org.BouncyCastle.Tls;
using ExtensionType = SslModule.Engine.Wire.ExtensionType;

namespace SslModule.Engine.Handshake;

/// <content>Resumption: BouncyCastle's questions, answered by <see cref="ClientSessions"/>.</content>
internal sealed partial class ClientRole
{
    /// <summary>The client's part in resumption.</summary>
    public ClientSessions Sessions => sessions;

    /// <inheritdoc/>
    public override TlsSession? GetSessionToResume()
        => Sessions.Offer();

    /// <inheritdoc/>
    public override void NotifyNewSessionTicket(NewSessionTicket newSessionTicket) => Sessions.Received(newSessionTicket);

    private void AddTicket(Dictionary<int, byte[]> extensions)
    {
        bool older = Array.Exists(GetSupportedVersions(), version => !version.IsSsl && !TlsUtilities.IsTlsV13(version));
        if (older && Sessions.TicketExtension is { } ticket)
        {
            extensions[(int)ExtensionType.session_ticket] = ticket;
        }
    }
}
