using Org.BouncyCastle.Tls;

namespace SslModule.Engine.Handshake;

/// <content>The messages: each passes here, sent or received.</content>
internal sealed partial class ServerProtocol
{
    /// <inheritdoc/>
    protected override void WriteRecord(short type, ReadOnlySpan<byte> buffer)
    {
        if (type != ContentType.handshake)
        {
            base.WriteRecord(type, buffer);
            return;
        }

        while (!buffer.IsEmpty)
        {
            base.WriteRecord(type, HandshakeMessages.NextFragment(ref buffer, state.WriteLimit));
        }

        state.Connection.CollectRecords();
    }

    /// <inheritdoc/>
    protected override void HandleHandshakeMessage(short type, HandshakeMessageInput buf)
    {
        MessageGuard.Read(state, this, type, buf);
    }

    /// <inheritdoc/>
    public void ReadGuarded(short type, HandshakeMessageInput message) => base.HandleHandshakeMessage(type, message);

    /// <inheritdoc/>
    protected override void CompleteHandshake()
    {
        role.Sessions.Completing(Context.SecurityParameters);
        base.CompleteHandshake();
        state.EndTranscript();
    }
}
