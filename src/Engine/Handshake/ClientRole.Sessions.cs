using Org.BouncyCastle.Tls;

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

    private void AddSessionExtensions(IDictionary<int, byte[]> extensions)
    {
        ProtocolVersion[] versions = GetSupportedVersions();
        if (versions.Any(TlsUtilities.IsTlsV13))
        {
            // A server may send tickets only to a client that says how it would use them (RFC 8446 section 4.2.9).
            TlsExtensionsUtilities.AddPskKeyExchangeModesExtension(extensions, GetPskKeyExchangeModes());
        }

        if (versions.Any(version => !version.IsSsl && !TlsUtilities.IsTlsV13(version)) && Sessions.TicketExtension is { } ticket)
        {
            extensions[ExtensionType.session_ticket] = ticket;
        }
    }
}
