using System.Buffers.Binary;
using Org.BouncyCastle.Tls;

namespace SslModule.Engine.Handshake;

/// <content>Tickets: the age that goes with one, and the messages that bring new ones.</content>
internal sealed partial class ClientProtocol
{
    /// <inheritdoc/>
    protected override void SendClientHelloMessage()
    {
        KeepShares();
        if (m_clientHello.Extensions.TryGetValue(ExtensionType.pre_shared_key, out byte[]? offered) && role.Sessions.OfferedTicket is { } ticket)
        {
            SetAge(offered, ticket.Ticket.Span, role.Sessions.ObfuscatedAge(ticket.State));
        }

        base.SendClientHelloMessage();
    }

    /// <inheritdoc/>
    protected override void Receive13NewSessionTicket(MemoryStream buf)
    {
        // Those that come in time never get here: they are ClientLate's.
        throw new TlsFatalAlert(AlertDescription.unexpected_message);
    }

    /// <summary>
    /// In a resumption of TLS 1.2 the server may renew the ticket (RFC 5077 section 3.3), which BouncyCastle does not expect.
    /// It has put the message into its transcript already.
    /// </summary>
    private bool TakeRenewedTicket(short type, HandshakeMessageInput message)
    {
        if (type != HandshakeType.new_session_ticket || m_connectionState != CS_SERVER_HELLO || !Context.SecurityParameters.IsResumedSession
            || m_serverExtensions?.ContainsKey(ExtensionType.session_ticket) != true || role.Sessions.HasNewTicket)
        {
            return false;
        }

        ReceiveNewSessionTicket(message);
        return true;
    }

    private static void SetAge(byte[] preSharedKey, ReadOnlySpan<byte> ticket, uint age)
    {
        int end = 2 + BinaryPrimitives.ReadUInt16BigEndian(preSharedKey);
        for (int at = 2; at < end;)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(preSharedKey.AsSpan(at));
            if (preSharedKey.AsSpan(at + 2, length).SequenceEqual(ticket))
            {
                BinaryPrimitives.WriteUInt32BigEndian(preSharedKey.AsSpan(at + 2 + length), age);
            }

            at += 2 + length + sizeof(uint);
        }
    }
}
