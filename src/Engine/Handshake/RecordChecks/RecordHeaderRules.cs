using System.Buffers.Binary;
using SslModule.Engine.Errors;
using SslModule.Engine.Records;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>
/// Checks the five-byte record header (RFC 8446 section 5.1) before the body has arrived: a peer that does not speak TLS may never
/// send as many bytes as the header announces. The order of the checks, the reasons and the alerts are OpenSSL's.
/// </summary>
internal sealed class RecordHeaderRules(HandshakeState state, RecordRules rules)
{
    private const int MaxPlaintext = 1 << 14;

    // Room for the longest padding and MAC: OpenSSL's limit without compression. RFC 5246 section 6.2.3 allows more.
    private const int MaxCiphertext = MaxPlaintext + 256 + 64;

    // OpenSSL's buffer is three bytes larger; a record that exceeds it gets a different reason.
    private const int MaxRecord = MaxCiphertext + 3;

    // OpenSSL's MIN_SSL2_RECORD_LEN: a message type, a version and three lengths.
    private const int MinV2ClientHello = 9;

    private bool _hasReceivedRecord;

    /// <summary>True when the record header has no TLS version, so the peer does not speak TLS.</summary>
    public bool IsNotTls { get; private set; }

    /// <summary>Whether the input starts with a ClientHello in SSL 2.0 format, which has no TLS record header.</summary>
    public bool IsV2ClientHello(ReadOnlySpan<byte> header) => state.IsServer && !_hasReceivedRecord && V2ClientHello.IsAt(header);

    /// <summary>Notes that a whole record was received.</summary>
    public void RecordReceived() => _hasReceivedRecord = true;

    /// <summary>Whether a record's header is valid.</summary>
    /// <param name="header">The five bytes of the header; more may follow.</param>
    public bool Allows(ReadOnlySpan<byte> header) => FindError(header) is null;

    /// <summary>Rejects a record with an invalid header.</summary>
    /// <param name="header">The five bytes of the header; more may follow.</param>
    /// <exception cref="FatalAlertException">The header is invalid; an alert is sent.</exception>
    /// <exception cref="TlsError">The header is invalid, and no alert is sent.</exception>
    public void Check(ReadOnlySpan<byte> header)
    {
        if (FindError(header) is not { } error)
        {
            return;
        }

        IsNotTls = header[1] != 3;
        throw error.Alert is { } alert ? state.Fail(error.Reason, alert) : TlsError.Ssl("SSL", error.Reason);
    }

    private HeaderError? FindError(ReadOnlySpan<byte> header)
    {
        if (IsV2ClientHello(header))
        {
            return FindV2ClientHelloError(header);
        }

        var type = (ContentType)header[0];
        int version = BinaryPrimitives.ReadUInt16BigEndian(header[1..]);
        int length = BinaryPrimitives.ReadUInt16BigEndian(header[3..]);
        HeaderError? error = _hasReceivedRecord ? FindVersionError(type, version) : FindFirstRecordError(header);
        if (error is null && state.Version == ProtocolVersion.TLSv13 && state.HasHandshakeKeys)
        {
            error = FindProtectedRecordError(type, version);
        }

        return error ?? length switch
        {
            > MaxRecord => new HeaderError("PACKET_LENGTH_TOO_LONG", AlertDescription.record_overflow),
            _ when length > (rules.IsTls13 ? state.SealedLimit : MaxCiphertext) => new HeaderError("ENCRYPTED_LENGTH_TOO_LONG", AlertDescription.record_overflow),
            _ => null,
        };
    }

    private static HeaderError? FindFirstRecordError(ReadOnlySpan<byte> header) => header[1] != 3 ? new HeaderError(ReasonForNonTls(header), null) : null;

    private HeaderError? FindVersionError(ContentType type, int version)
    {
        if (version >> 8 == 3 && (state.Version is 0 or ProtocolVersion.TLSv13 || version == state.Version))
        {
            return null;
        }

        // Like OpenSSL, do not answer an alert of another version while records are unprotected.
        bool isAlert = type == ContentType.alert && version >> 8 == 3 && state.Writing is null;
        return new HeaderError("WRONG_VERSION_NUMBER", isAlert ? null : AlertDescription.protocol_version);
    }

    private HeaderError? FindProtectedRecordError(ContentType type, int version)
    {
        // RFC 8446 appendix D.4: a ChangeCipherSpec before the peer's Finished is ignored.
        bool hasPlace = type == ContentType.application_data || type == ContentType.change_cipher_spec && !state.IsComplete || rules.MayBePlain(type);
        return !hasPlace ? new HeaderError("BAD_RECORD_TYPE", AlertDescription.unexpected_message)
            : version != ProtocolVersion.TLSv12 ? new HeaderError("WRONG_VERSION_NUMBER", AlertDescription.decode_error)
            : null;
    }

    private static HeaderError? FindV2ClientHelloError(ReadOnlySpan<byte> header) => V2ClientHello.LengthIn(header) switch
    {
        > MaxRecord + RecordCipher.HeaderLength - V2ClientHello.HeaderLength => new HeaderError("PACKET_LENGTH_TOO_LONG", AlertDescription.record_overflow),
        > MaxCiphertext => new HeaderError("ENCRYPTED_LENGTH_TOO_LONG", AlertDescription.record_overflow),
        < MinV2ClientHello => new HeaderError("LENGTH_TOO_SHORT", AlertDescription.decode_error),
        _ => null,
    };

    // The peer does not speak TLS, so it would not understand an alert.
    private static string ReasonForNonTls(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("GET "u8) || bytes.StartsWith("POST "u8) || bytes.StartsWith("HEAD "u8) || bytes.StartsWith("PUT "u8))
        {
            return "HTTP_REQUEST";
        }

        return bytes.StartsWith("CONNE"u8) ? "HTTPS_PROXY_REQUEST" : "WRONG_VERSION_NUMBER";
    }

    private readonly record struct HeaderError(string Reason, AlertDescription? Alert);
}
