using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>A part of one end's handshake: it takes messages, sends its own, and says who takes the next.</summary>
/// <param name="state">The connection's facts.</param>
internal abstract class HandshakeRole(HandshakeState state) : IDisposable
{
    private readonly ByteBuffer _outgoing = new();
    private int _begun;

    /// <summary>The connection's facts.</summary>
    protected HandshakeState State => state;

    /// <summary>Where <see cref="Begin"/> writes.</summary>
    protected ByteBuffer Outgoing => _outgoing;

    /// <summary>Whether a message of a type may be the next.</summary>
    public abstract bool Expects(HandshakeType type);

    /// <summary>Takes a whole message in; that it may be the next has been checked.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="message">The message with its header; gone when this returns.</param>
    /// <returns>Who takes the next message.</returns>
    public abstract HandshakeRole Receive(HandshakeType type, ReadOnlyMemory<byte> message);

    /// <summary>The peer's next record is under the keys that were agreed on (RFC 5246 section 7.1).</summary>
    public virtual void ReceiveChangeCipherSpec() => throw new FatalAlertException(AlertDescription.unexpected_message);

    /// <summary>Whether the peer may still send application data under the keys of the handshake before.</summary>
    public virtual bool AllowsApplicationData => false;

    /// <summary>Whether an alert is a message of the handshake, which SSL 3.0 has.</summary>
    public virtual bool TakesAlert(AlertDescription alert) => false;

    /// <summary>What goes on when the handshake is done.</summary>
    public virtual PostHandshakeProtocol Establish() => throw new InvalidOperationException("The handshake is not done.");

    /// <inheritdoc/>
    public virtual void Dispose() => _outgoing.Consume(_outgoing.Length);

    /// <summary>What follows a message's header.</summary>
    protected static ReadOnlyMemory<byte> Body(ReadOnlyMemory<byte> message) => message[HandshakeMessages.HeaderLength..];

    /// <summary>Begins a message to send.</summary>
    protected WireWriter Begin(HandshakeType type)
    {
        var writer = new WireWriter(_outgoing);
        writer.Number(1, (int)type);
        _begun = writer.Open(HandshakeMessages.HeaderLength - 1);
        return writer;
    }

    /// <summary>Ends the message that was begun: it is whole in <see cref="Outgoing"/>.</summary>
    protected ReadOnlySpan<byte> End()
    {
        new WireWriter(_outgoing).Close(HandshakeMessages.HeaderLength - 1, _begun);
        return _outgoing.Span;
    }

    /// <summary>Sends the message that was begun, as a part of the transcript.</summary>
    protected void Send()
    {
        ReadOnlySpan<byte> message = End();
        state.Transcript.Append(message);
        SendRecords(message);
        _outgoing.Consume(_outgoing.Length);
    }

    /// <summary>Writes a message in as many records as the peer's limit asks for.</summary>
    protected void SendRecords(ReadOnlySpan<byte> message)
    {
        while (!message.IsEmpty)
        {
            state.Connection.WriteRecord(ContentType.handshake, HandshakeMessages.NextFragment(ref message, state.WriteLimit));
        }
    }

    /// <summary>Writes a ChangeCipherSpec for middleboxes alone (RFC 8446 appendix D.4); the application may turn it off.</summary>
    protected void SendCompatibilityChangeCipherSpec()
    {
        if (state.Bound.Has(Context.TlsOptions.EnableMiddleboxCompat))
        {
            state.Connection.WriteRecord(ContentType.change_cipher_spec, [ChangeCipherSpec.change_cipher_spec], isSealed: false);
        }
    }
}
