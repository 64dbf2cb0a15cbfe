using Org.BouncyCastle.Tls;

namespace SslModule.Engine.Handshake;

/// <content>The transcript: every handshake message passes here, sent or received, up to the client's Finished.</content>
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

        state.Transcript.Append(buffer, state.Version);
        while (!buffer.IsEmpty)
        {
            base.WriteRecord(type, HandshakeMessages.NextFragment(ref buffer, state.WriteLimit));
        }

        state.Connection.CollectRecords();
    }

    /// <inheritdoc/>
    protected override void HandleHandshakeMessage(short type, HandshakeMessageInput buf)
    {
        state.Transcript.Append(Transcript.Whole(buf), state.Version);
        PeerSignature.Note(state, type, buf);
        MessageGuard.Read(state, this, type, buf);
    }

    /// <inheritdoc/>
    public void ReadGuarded(short type, HandshakeMessageInput message) => base.HandleHandshakeMessage(type, message);

    /// <inheritdoc/>
    protected override void CompleteHandshake()
    {
        role.Sessions.Completing(Context.SecurityParameters);
        _tickets = state.Version == 0x0304 ? new ServerTickets(state, role.Sessions, Context.SecurityParameters) : null;
        base.CompleteHandshake();
        state.EndTranscript();

        // Tickets come after the handshake: no part of the transcript.
        _tickets?.Send(message => SafeWriteRecord(ContentType.handshake, message));
        if (!state.KeepsTranscript)
        {
            // Only an authentication could bring more.
            _tickets?.Destroy();
            _tickets = null;
        }
    }
}
