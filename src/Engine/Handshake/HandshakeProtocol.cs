using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>
/// The handshake protocol of one end (RFC 8446 section 4, RFC 5246 section 7). It reassembles messages from records and passes each
/// to the current role: first one that negotiates the version, then the client or server of that version.
/// </summary>
/// <param name="state">The connection's state.</param>
/// <param name="first">The handler of the first message.</param>
internal sealed class HandshakeProtocol(HandshakeState state, HandshakeRole first) : IDisposable
{
    private readonly ByteBuffer _pending = new();
    private HandshakeRole _role = first;

    /// <summary>Whether a message of this type may come next.</summary>
    public bool Expects(HandshakeType type) => _role.Expects(type);

    /// <summary>In a renegotiation: whether the peer may still send application data.</summary>
    public bool AllowsApplicationData => _role.AllowsApplicationData;

    /// <summary>A fatal alert is about to be sent.</summary>
    public void BeforeAlert() => _role.BeforeAlert();

    /// <summary>Creates the post-handshake protocol of a completed handshake.</summary>
    public PostHandshakeProtocol Establish() => _role.Establish();

    /// <summary>Processes the content of a record that was decrypted and checked.</summary>
    public void Receive(ContentType type, ReadOnlyMemory<byte> content)
    {
        switch (type)
        {
            case ContentType.alert:
                ReceiveAlert(content.Span);
                break;
            case ContentType.change_cipher_spec when state.Version == ProtocolVersion.TLSv13:
                // TLS 1.3 ignores it (RFC 8446 appendix D.4).
                break;
            case ContentType.change_cipher_spec when _pending.Length == 0:
                _role.ReceiveChangeCipherSpec();
                break;
            case ContentType.handshake:
                ReceiveHandshake(content);
                break;
            default:
                throw new FatalAlertException(AlertDescription.unexpected_message);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pending.Consume(_pending.Length);
        _role.Dispose();
    }

    private void ReceiveAlert(ReadOnlySpan<byte> content)
    {
        if (!_role.TakesAlert((AlertDescription)content[1]))
        {
            state.Alerts.Receive(content);
        }
    }

    private void ReceiveHandshake(ReadOnlyMemory<byte> content)
    {
        if (_pending.Length == 0)
        {
            int read = ReceiveMessages(content);
            _pending.Append(content.Span[read..]);
            return;
        }

        _pending.Append(content.Span);
        _pending.Consume(ReceiveMessages(_pending.Array.AsMemory(_pending.Start, _pending.Length)));
    }

    /// <summary>Processes the whole messages at the start of the bytes.</summary>
    /// <returns>Their total length in bytes.</returns>
    private int ReceiveMessages(ReadOnlyMemory<byte> bytes)
    {
        int at = 0;
        while (HandshakeMessages.LengthOf(bytes.Span[at..]) is { } length && length <= bytes.Length - at)
        {
            var type = (HandshakeType)bytes.Span[at];
            state.Handling = type;
            ReceiveMessage(type, bytes.Slice(at, length));
            state.Handling = null;
            state.Records.Framing.Delivered(type);
            at += length;
        }

        return at;
    }

    private void ReceiveMessage(HandshakeType type, ReadOnlyMemory<byte> message)
    {
        if (!_role.Expects(type))
        {
            throw new FatalAlertException(AlertDescription.unexpected_message);
        }

        HandshakeRole next = _role.Receive(type, message);
        if (!ReferenceEquals(next, _role))
        {
            _role.Dispose();
            _role = next;
        }
    }
}
