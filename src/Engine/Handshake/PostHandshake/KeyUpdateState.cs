using SslModule.Engine.Errors;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>What a connection owes and tolerates in KeyUpdate messages (RFC 8446 section 4.6.3).</summary>
internal sealed class KeyUpdateState(HandshakeState state)
{
    /// <summary>The length of a KeyUpdate's body.</summary>
    public const int Length = 1;

    // Each costs this end a key derivation and the peer five bytes; a peer that does nothing else wants only that.
    private const int MostInARow = 32;

    private int _inARow;

    /// <summary>True when the peer asked for an update that was not sent yet: it goes out before the next application data.</summary>
    public bool IsOwed { get; private set; }

    /// <summary>True when an update that asks the peer for one went out and the peer's did not come yet.</summary>
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

        if (++_inARow > MostInARow)
        {
            throw state.Fail(TlsError.Ssl("SSL", "TOO_MANY_KEY_UPDATES", (byte)AlertDescription.unexpected_message));
        }

        IsAwaited = false;
        IsOwed |= request == KeyUpdateRequest.update_requested;
    }

    /// <summary>Application data came: the peer does something else too.</summary>
    public void DataReceived() => _inARow = 0;

    /// <summary>An update went out; many requests are answered by one.</summary>
    public void Sent(bool requestPeer)
    {
        IsOwed = false;
        IsAwaited |= requestPeer;
    }
}
