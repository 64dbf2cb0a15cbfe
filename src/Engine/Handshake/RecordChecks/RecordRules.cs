using SslModule.Engine.Errors;
using SslModule.Engine.Records;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>
/// Checks the peer's records in every state of the handshake, before they are processed, with the reasons and alerts of OpenSSL's
/// record layer.
/// </summary>
internal sealed class RecordRules(HandshakeState state)
{
    private const int MaxPlaintext = 1 << 14;

    // OpenSSL's MAX_EMPTY_RECORDS: an empty record is cheap to send, but costs a decryption to receive.
    private const int MaxEmptyRecords = 32;

    private RecordHeaderRules? _headers;
    private int _empty;
    private bool _hasReceivedProtected;

    /// <summary>True when the peer's next records are protected and the version is TLS 1.2 or earlier.</summary>
    private bool ReadsSealed => state.Reading is not null && state.Version < ProtocolVersion.TLSv13;

    /// <summary>True when the rules of TLS 1.3 apply. Like OpenSSL, a client does not apply them after a HelloRetryRequest yet.</summary>
    public bool IsTls13 => state.Version == ProtocolVersion.TLSv13 && (state.IsServer || state.HasHandshakeKeys);

    /// <summary>The checks of record headers.</summary>
    public RecordHeaderRules Headers => _headers ??= new RecordHeaderRules(state, this);

    /// <summary>The framing of handshake messages.</summary>
    public HandshakeFraming Framing { get; } = new(state);

    /// <summary>Checks a record before decryption; its header has passed <see cref="Headers"/>.</summary>
    /// <param name="record">The whole record.</param>
    /// <returns>True when it is protected: call <see cref="CheckOpened"/> after decryption.</returns>
    public bool CheckRecord(ReadOnlySpan<byte> record)
    {
        ReadOnlySpan<byte> content = record[RecordCipher.HeaderLength..];
        return state.Version == ProtocolVersion.TLSv13 ? CheckTls13((ContentType)record[0], content) : CheckTls12((ContentType)record[0], content);
    }

    /// <summary>Checks the content of a decrypted record.</summary>
    public void CheckOpened(ContentType type, ReadOnlySpan<byte> content)
    {
        if (content.Length > state.ReadLimit)
        {
            throw Refuse("DATA_LENGTH_TOO_LONG", AlertDescription.record_overflow);
        }

        if (state.Version == ProtocolVersion.TLSv13 && type is not (ContentType.alert or ContentType.handshake or ContentType.application_data))
        {
            throw Refuse("BAD_RECORD_TYPE", AlertDescription.unexpected_message);
        }

        CheckContent(type, content);
    }

    /// <summary>Whether a TLS 1.3 record other than ChangeCipherSpec may be unprotected.</summary>
    public bool MayBePlain(ContentType type)
        => type == ContentType.alert && state.IsServer && !_hasReceivedProtected
            || type == ContentType.handshake && state.IsServer && !_hasReceivedProtected && !state.IsComplete && !state.HasHandshakeKeys
            || !state.IsServer && !state.HasHandshakeKeys && type is ContentType.alert or ContentType.handshake;

    private bool CheckTls13(ContentType type, ReadOnlySpan<byte> content)
    {
        if (type == ContentType.application_data)
        {
            if (!state.HasHandshakeKeys && !state.EarlyData.IsExpected)
            {
                throw UnexpectedRecord();
            }

            _hasReceivedProtected |= !state.IsServer || state.IsComplete || !state.EarlyData.IsExpected;
            return true;
        }

        // RFC 8446 appendix D.4: a ChangeCipherSpec before the peer's Finished is ignored.
        if (type == ContentType.change_cipher_spec && !state.IsComplete)
        {
            CheckIdleChangeCipherSpec(content);
            return false;
        }

        // A client that cannot decrypt the server's first flight sends its alert in plaintext. No other plaintext is allowed once keys are established.
        if (!MayBePlain(type))
        {
            throw UnexpectedRecord();
        }

        CheckPlain(type, content);
        return false;
    }

    private bool CheckTls12(ContentType type, ReadOnlySpan<byte> content)
    {
        // Before the version is negotiated only handshake messages are allowed, and on a client the server's alert.
        if (state.Version == 0 && type is not (ContentType.handshake or ContentType.change_cipher_spec) && (state.IsServer || type != ContentType.alert))
        {
            throw Refuse("UNEXPECTED_MESSAGE", AlertDescription.unexpected_message);
        }

        if (ReadsSealed)
        {
            return type != ContentType.application_data || state.IsComplete
                ? true
                : throw Refuse("DATA_BETWEEN_CCS_AND_FINISHED", AlertDescription.unexpected_message);
        }

        CheckPlain(type, content);
        return false;
    }

    private void CheckPlain(ContentType type, ReadOnlySpan<byte> content)
    {
        if (content.Length > MaxPlaintext)
        {
            throw Refuse("DATA_LENGTH_TOO_LONG", AlertDescription.record_overflow);
        }

        CheckContent(type, content);
    }

    private void CheckContent(ContentType type, ReadOnlySpan<byte> content)
    {
        CheckNotEmpty(type, content);
        if (type != ContentType.alert && !content.IsEmpty)
        {
            state.Alerts.OtherReceived();
        }

        if (state.Version == ProtocolVersion.TLSv13 && type != ContentType.handshake && Framing.IsInsideMessage)
        {
            throw Refuse("MIXED_HANDSHAKE_AND_NON_HANDSHAKE_DATA", AlertDescription.unexpected_message);
        }

        if (!state.IsComplete && ReadsSealed && type != ContentType.handshake && type != ContentType.alert)
        {
            throw Refuse("DATA_BETWEEN_CCS_AND_FINISHED", AlertDescription.unexpected_message);
        }

        switch (type)
        {
            case ContentType.alert when content.Length != 2:
                throw Refuse("INVALID_ALERT", AlertDescription.unexpected_message);
            case ContentType.change_cipher_spec when content.IsEmpty && !state.IsComplete && !ReadsSealed:
                // Like OpenSSL, ignore it.
                break;
            case ContentType.change_cipher_spec when content is not [1]:
                throw Refuse("BAD_CHANGE_CIPHER_SPEC", AlertDescription.unexpected_message);
            case ContentType.change_cipher_spec when state.IsComplete && !state.IsRenegotiating:
            case ContentType.application_data when !state.IsComplete:
                throw Refuse("UNEXPECTED_RECORD", AlertDescription.unexpected_message);
            case ContentType.handshake when !state.IsComplete || state.IsRenegotiating:
                Framing.Take(content);
                break;
            case ContentType.handshake or ContentType.alert or ContentType.application_data or ContentType.change_cipher_spec:
                break;
            default:
                throw Refuse("UNEXPECTED_RECORD", AlertDescription.unexpected_message);
        }
    }

    // Only application data may be empty (RFC 8446 section 5.1). Before TLS 1.3 OpenSSL tolerates a few empty handshake records,
    // though RFC 5246 section 6.2.1 forbids them.
    private void CheckNotEmpty(ContentType type, ReadOnlySpan<byte> content)
    {
        if (!content.IsEmpty)
        {
            _empty = 0;
            return;
        }

        bool isSealedFinished = type == ContentType.handshake && ReadsSealed && !state.IsComplete;
        if (type != ContentType.application_data && (IsTls13 || isSealedFinished))
        {
            throw Refuse("BAD_LENGTH", AlertDescription.unexpected_message);
        }

        if (++_empty > MaxEmptyRecords)
        {
            throw Refuse("RECORD_TOO_SMALL", AlertDescription.unexpected_message);
        }
    }

    private void CheckIdleChangeCipherSpec(ReadOnlySpan<byte> content)
    {
        if (content is not [1])
        {
            throw Refuse("INVALID_CCS_MESSAGE", AlertDescription.illegal_parameter);
        }

        if (Framing.IsInsideMessage)
        {
            throw Refuse("MIXED_HANDSHAKE_AND_NON_HANDSHAKE_DATA", AlertDescription.unexpected_message);
        }

        if (++_empty > MaxEmptyRecords)
        {
            throw Refuse("UNEXPECTED_CCS_MESSAGE", AlertDescription.unexpected_message);
        }
    }

    // TLS 1.3 without keys: a HelloRetryRequest was exchanged. OpenSSL's client has not set the version at that point.
    private Exception UnexpectedRecord() => Refuse(state.IsServer ? "UNEXPECTED_RECORD" : "UNEXPECTED_MESSAGE", AlertDescription.unexpected_message);

    private Exception Refuse(string reason, AlertDescription alert) => state.Fail(TlsError.Ssl("SSL", reason, (byte)alert));
}
