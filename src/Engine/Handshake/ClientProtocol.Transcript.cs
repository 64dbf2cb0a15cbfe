using Org.BouncyCastle.Tls;

namespace SslModule.Engine.Handshake;

/// <content>The transcript: every handshake message passes here, sent or received, up to the client's Finished.</content>
internal sealed partial class ClientProtocol
{
    /// <inheritdoc/>
    protected override void WriteRecord(short type, ReadOnlySpan<byte> buffer)
    {
        if (type == ContentType.handshake)
        {
            state.Transcript.Append(buffer, state.Version);
            for (int limit = state.WriteLimit; buffer.Length > limit; buffer = buffer[limit..])
            {
                base.WriteRecord(type, buffer[..limit]);
            }
        }

        base.WriteRecord(type, buffer);
    }

    /// <inheritdoc/>
    protected override void HandleHandshakeMessage(short type, HandshakeMessageInput buf)
    {
        state.Transcript.Append(Transcript.Whole(buf), state.Version);
        PeerSignature.Note(state, type, buf);
        MessageGuard.Read(state, type, () =>
        {
            if (!TakeRenewedTicket(type, buf))
            {
                HandleChecked(type, buf);
            }
        });
    }

    /// <inheritdoc/>
    protected override void CompleteHandshake()
    {
        role.Sessions.Completing(Context.SecurityParameters);
        base.CompleteHandshake();
        if (state.KeepsTranscript && state.Version == 0x0304)
        {
            state.Transcript.Close();
        }
        else
        {
            state.Transcript.Drop();
        }
    }
}
