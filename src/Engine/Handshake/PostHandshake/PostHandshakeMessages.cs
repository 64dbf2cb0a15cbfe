using System.Buffers.Binary;
using SslModule.Engine.Errors;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>One end's answers to the handshake messages that may come after the handshake.</summary>
internal interface IPostHandshakeHandler
{
    /// <summary>How long a message of this type may be now; null when it must not come now at all.</summary>
    int? LongestMessage(HandshakeType type);

    /// <summary>Takes a whole message, its four-byte header included.</summary>
    void ReceiveMessage(HandshakeType type, byte[] message);
}

/// <summary>
/// Puts the handshake messages that come after the handshake together. They never reach BouncyCastle, which knows half of
/// them and keeps a copy of each: what is not allowed is refused by its first four bytes, before anything is kept.
/// </summary>
internal sealed class PostHandshakeMessages(HandshakeState state, IPostHandshakeHandler handler)
{
    private const int HeaderLength = 4;
    private readonly ByteBuffer _pending = new();

    /// <summary>True while the rest of a message is missing.</summary>
    public bool IsInsideMessage => _pending.Length > 0;

    /// <summary>Takes what a handshake record held.</summary>
    public void Receive(ReadOnlySpan<byte> fragment)
    {
        _pending.Append(fragment);
        while (_pending.Length >= HeaderLength)
        {
            uint header = BinaryPrimitives.ReadUInt32BigEndian(_pending.Span);
            var type = (HandshakeType)(header >> 24);
            int length = (int)(header & 0xFFFFFF);
            Admit(type, length);
            if (_pending.Length < HeaderLength + length)
            {
                return;
            }

            byte[] message = _pending.Span[..(HeaderLength + length)].ToArray();
            _pending.Consume(message.Length);
            if (type == HandshakeType.key_update && IsInsideMessage)
            {
                // RFC 8446 section 5.1: nothing may follow it in its record, the next key applies from there on.
                throw state.Fail(TlsError.Ssl("SSL", "NOT_ON_RECORD_BOUNDARY", (byte)AlertDescription.unexpected_message));
            }

            handler.ReceiveMessage(type, message);
        }
    }

    /// <summary>Forgets a message that is not complete.</summary>
    public void Clear() => _pending.Consume(_pending.Length);

    private void Admit(HandshakeType type, int length)
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
