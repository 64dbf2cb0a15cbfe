using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>One stage of one end's handshake: it processes the peer's messages, sends its own, and returns the handler of the next message.</summary>
/// <param name="state">The connection's state.</param>
internal abstract class HandshakeRole(HandshakeState state) : IDisposable
{
    private readonly ByteBuffer _outgoing = new();
    private int _begun;

    /// <summary>The connection's state.</summary>
    protected HandshakeState State => state;

    /// <summary>Where <see cref="Begin"/> writes.</summary>
    protected ByteBuffer Outgoing => _outgoing;

    /// <summary>Whether a message of this type may come next.</summary>
    public abstract bool Expects(HandshakeType type);

    /// <summary>Processes a whole message. The caller has checked that it is expected.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="message">The message with its header; valid only during the call.</param>
    /// <returns>The handler of the next message.</returns>
    public abstract HandshakeRole Receive(HandshakeType type, ReadOnlyMemory<byte> message);

    /// <summary>The peer's next record is protected by the negotiated keys (RFC 5246 section 7.1).</summary>
    public virtual void ReceiveChangeCipherSpec() => throw new FatalAlertException(AlertDescription.unexpected_message);

    /// <summary>Whether the peer may still send application data under the keys of the previous handshake.</summary>
    public virtual bool AllowsApplicationData => false;

    /// <summary>Whether an alert is part of the handshake, as the no_certificate alert of SSL 3.0 is.</summary>
    public virtual bool TakesAlert(AlertDescription alert) => false;

    /// <summary>A fatal alert is about to be sent.</summary>
    public virtual void BeforeAlert()
    {
    }

    /// <summary>Creates the post-handshake protocol of a completed handshake.</summary>
    public virtual PostHandshakeProtocol Establish() => throw new InvalidOperationException("The handshake is not done.");

    /// <inheritdoc/>
    public virtual void Dispose() => _outgoing.Consume(_outgoing.Length);

    /// <summary>A message without its header.</summary>
    protected static ReadOnlyMemory<byte> Body(ReadOnlyMemory<byte> message) => message[HandshakeMessages.HeaderLength..];

    /// <summary>Starts writing a message.</summary>
    protected WireWriter Begin(HandshakeType type)
    {
        var writer = new WireWriter(_outgoing);
        writer.Number(1, (int)type);
        _begun = writer.Open(HandshakeMessages.HeaderLength - 1);
        return writer;
    }

    /// <summary>Completes the message started by <see cref="Begin"/>, in <see cref="Outgoing"/>.</summary>
    protected ReadOnlySpan<byte> End()
    {
        new WireWriter(_outgoing).Close(HandshakeMessages.HeaderLength - 1, _begun);
        return _outgoing.Span;
    }

    /// <summary>Completes and sends the message, and adds it to the transcript.</summary>
    protected void Send()
    {
        ReadOnlySpan<byte> message = End();
        state.Transcript.Append(message);
        SendRecords(message);
        _outgoing.Consume(_outgoing.Length);
    }

    /// <summary>Writes a message, fragmented by the peer's record limit.</summary>
    protected void SendRecords(ReadOnlySpan<byte> message)
    {
        while (!message.IsEmpty)
        {
            state.Connection.WriteRecord(ContentType.handshake, HandshakeMessages.NextFragment(ref message, state.WriteLimit));
        }
    }

    /// <summary>Writes the ChangeCipherSpec of middlebox compatibility mode (RFC 8446 appendix D.4), unless the application turned the mode off.</summary>
    protected void SendCompatibilityChangeCipherSpec()
    {
        if (state.Settings.Has(Context.TlsOptions.EnableMiddleboxCompat))
        {
            state.Connection.WriteRecord(ContentType.change_cipher_spec, [ChangeCipherSpec.change_cipher_spec], isSealed: false);
        }
    }
}
