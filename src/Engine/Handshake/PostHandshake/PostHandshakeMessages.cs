using System.Buffers.Binary;
using SslModule.Engine.Errors;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>Handles the handshake messages that arrive after the handshake.</summary>
internal interface IPostHandshakeHandler
{
    /// <summary>The maximum length of a message of this type; null if it is unexpected now.</summary>
    int? LongestMessage(HandshakeType type);

    /// <summary>Processes a whole message, including its four-byte header.</summary>
    void ReceiveMessage(HandshakeType type, byte[] message);
}

/// <summary>
/// Reassembles post-handshake messages from records. A message that is not allowed is rejected by its four-byte header, before its
/// body is buffered.
/// </summary>
internal sealed class PostHandshakeMessages(HandshakeState state, IPostHandshakeHandler handler)
{
    private const int HeaderLength = 4;
    private readonly ByteBuffer _pending = new();

    /// <summary>True while the rest of a message is missing.</summary>
    public bool IsInsideMessage => _pending.Length > 0;

    /// <summary>Processes the content of a handshake record.</summary>
    public void Receive(ReadOnlySpan<byte> fragment)
    {
        _pending.Append(fragment);
        while (_pending.Length >= HeaderLength)
        {
            uint header = BinaryPrimitives.ReadUInt32BigEndian(_pending.Span);
            var type = (HandshakeType)(header >> 24);
            int length = (int)(header & 0xFFFFFF);
            CheckAllowed(type, length);
            if (_pending.Length < HeaderLength + length)
            {
                return;
            }

            byte[] message = _pending.Span[..(HeaderLength + length)].ToArray();
            _pending.Consume(message.Length);
            if (type == HandshakeType.key_update && IsInsideMessage)
            {
                // RFC 8446 section 5.1: the message must end its record, because the keys change after it.
                throw state.Fail(TlsError.Ssl("SSL", "NOT_ON_RECORD_BOUNDARY", (byte)AlertDescription.unexpected_message));
            }

            handler.ReceiveMessage(type, message);
        }
    }

    /// <summary>Discards an incomplete message.</summary>
    public void Clear() => _pending.Consume(_pending.Length);

    private void CheckAllowed(HandshakeType type, int length)
    {
        if (handler.LongestMessage(type) is not { } longest)
        {
            throw state.Fail(TlsError.Ssl("SSL", "UNEXPECTED_MESSAGE", (byte)AlertDescription.unexpected_message));
        }

        if (length > longest)
        {
            throw state.Fail(TlsError.Ssl("SSL", "EXCESSIVE_MESSAGE_SIZE", (byte)AlertDescription.illegal_parameter));
        }
    }
}
