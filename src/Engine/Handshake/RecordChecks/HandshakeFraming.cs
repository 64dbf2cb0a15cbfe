using SslModule.Engine.Errors;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>
/// Tracks handshake messages across records. A message that is too long or unexpected is rejected as soon as its header is complete,
/// and the message after which the keys change must end its record (RFC 8446 section 5.1).
/// </summary>
internal sealed class HandshakeFraming(HandshakeState state)
{
    private readonly byte[] _header = new byte[HandshakeMessages.HeaderLength];
    private int _headerLength;
    private int _bodyMissing;
    private int _messagesInRecord;
    private int _bytesAfterLastMessage;

    /// <summary>True when a message has been received in part.</summary>
    public bool IsInsideMessage => _headerLength > 0;

    /// <summary>Processes the content of a handshake record.</summary>
    public void Take(ReadOnlySpan<byte> content)
    {
        (_messagesInRecord, _bytesAfterLastMessage) = (0, 0);
        while (!content.IsEmpty)
        {
            if (_headerLength < HandshakeMessages.HeaderLength)
            {
                int part = Math.Min(HandshakeMessages.HeaderLength - _headerLength, content.Length);
                content[..part].CopyTo(_header.AsSpan(_headerLength));
                _headerLength += part;
                _bytesAfterLastMessage += part;
                content = content[part..];
                if (_headerLength < HandshakeMessages.HeaderLength)
                {
                    return;
                }

                _bodyMissing = (_header[1] << 16) | (_header[2] << 8) | _header[3];
                if (_messagesInRecord == 0)
                {
                    // Messages that follow another one in the same record are checked by CheckBegun, after that one has been processed.
                    CheckExpected((HandshakeType)_header[0]);
                }

                CheckLength((HandshakeType)_header[0], _bodyMissing);
            }

            int body = Math.Min(_bodyMissing, content.Length);
            _bodyMissing -= body;
            _bytesAfterLastMessage += body;
            content = content[body..];
            if (_bodyMissing == 0)
            {
                _messagesInRecord++;
                (_headerLength, _bytesAfterLastMessage) = (0, 0);
            }
        }
    }

    /// <summary>Notes that a complete message was processed.</summary>
    /// <param name="type">Its type.</param>
    public void Delivered(HandshakeType type)
    {
        _messagesInRecord--;
        bool changesKeys = type is HandshakeType.client_hello or HandshakeType.server_hello or HandshakeType.finished;
        if (changesKeys && state.Version == ProtocolVersion.TLSv13 && (_messagesInRecord > 0 || _bytesAfterLastMessage > 0))
        {
            throw state.Fail(TlsError.Ssl("SSL", "NOT_ON_RECORD_BOUNDARY", (byte)AlertDescription.unexpected_message));
        }
    }

    /// <summary>Checks the incomplete message at the end of a record, after the messages before it were processed.</summary>
    public void CheckBegun()
    {
        if (_headerLength == HandshakeMessages.HeaderLength)
        {
            CheckExpected((HandshakeType)_header[0]);
        }
    }

    private void CheckExpected(HandshakeType type)
    {
        if (!state.Connection.Expects(type))
        {
            throw state.Fail("UNEXPECTED_MESSAGE", AlertDescription.unexpected_message);
        }
    }

    // OpenSSL's limits. An unexpected message is reported as unexpected, not as too long.
    private void CheckLength(HandshakeType type, int length)
    {
        int? longest = type switch
        {
            HandshakeType.client_hello => HandshakeMessages.LongestClientHello,
            HandshakeType.server_hello => HandshakeMessages.LongestServerHello,
            HandshakeType.encrypted_extensions => HandshakeMessages.LongestEncryptedExtensions,
            HandshakeType.certificate or HandshakeType.certificate_request => HandshakeMessages.LongestCertificate,
            HandshakeType.server_key_exchange => HandshakeMessages.LongestServerKeyExchange,
            HandshakeType.certificate_verify or HandshakeType.certificate_status => HandshakeMessages.LongestPlain,
            HandshakeType.client_key_exchange => HandshakeMessages.LongestClientKeyExchange,
            HandshakeType.new_session_ticket => HandshakeMessages.LongestTicket,
            HandshakeType.finished => HandshakeMessages.LongestFinished,
            HandshakeType.server_hello_done or HandshakeType.hello_request when !state.IsServer => 0,
            HandshakeType.key_update => KeyUpdateState.Length,
            _ => null,
        };
        if (length > longest)
        {
            throw state.Fail(TlsError.Ssl("SSL", "EXCESSIVE_MESSAGE_SIZE", (byte)AlertDescription.illegal_parameter));
        }

        if (longest is null)
        {
            throw state.Fail(TlsError.Ssl("SSL", "UNEXPECTED_MESSAGE", (byte)AlertDescription.unexpected_message));
        }
    }
}
