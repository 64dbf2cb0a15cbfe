using SslModule.Engine.Errors;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>The state of a connection's KeyUpdate messages (RFC 8446 section 4.6.3).</summary>
internal sealed class KeyUpdateState(HandshakeState state)
{
    /// <summary>The length of a KeyUpdate's body.</summary>
    public const int Length = 1;

    // Limits how many key derivations a peer can cause with KeyUpdate messages alone.
    private const int MaxConsecutive = 32;

    private int _consecutive;

    /// <summary>True when the peer requested an update that has not been sent yet. It is sent before the next application data.</summary>
    public bool IsPending { get; private set; }

    /// <summary>True when this end has requested an update that has not arrived yet.</summary>
    public bool IsAwaited { get; private set; }

    /// <summary>Checks a KeyUpdate message before the read key changes.</summary>
    public void Received(ReadOnlySpan<byte> message)
    {
        if (message.Length != HandshakeMessages.HeaderLength + Length)
        {
            throw state.Fail(TlsError.Ssl("SSL", "BAD_KEY_UPDATE", (byte)AlertDescription.decode_error));
        }

        byte request = message[HandshakeMessages.HeaderLength];
        if (request is not (KeyUpdateRequest.update_requested or KeyUpdateRequest.update_not_requested))
        {
            throw state.Fail(TlsError.Ssl("SSL", "BAD_KEY_UPDATE", (byte)AlertDescription.illegal_parameter));
        }

        if (++_consecutive > MaxConsecutive)
        {
            throw state.Fail(TlsError.Ssl("SSL", "TOO_MANY_KEY_UPDATES", (byte)AlertDescription.unexpected_message));
        }

        IsAwaited = false;
        IsPending |= request == KeyUpdateRequest.update_requested;
    }

    /// <summary>Application data was received, so the next KeyUpdate is not consecutive.</summary>
    public void DataReceived() => _consecutive = 0;

    /// <summary>An update was sent. It answers all requests received so far.</summary>
    public void Sent(bool requestPeer)
    {
        IsPending = false;
        IsAwaited |= requestPeer;
    }
}
