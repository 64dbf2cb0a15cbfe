using System.Buffers.Binary;
using SslModule.Engine.Errors;
using SslModule.Engine.Records;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>
/// What the five bytes before a record say (RFC 8446 section 5.1), judged before any other byte of it has come: a peer that
/// talks something else than TLS may never send as much as they announce. The order of the checks, their reasons and alerts
/// are OpenSSL's.
/// </summary>
internal sealed class RecordHeaderRules(HandshakeState state, RecordRules rules)
{
    private const int MostPlaintext = 1 << 14;

    // The longest padding and the longest MAC: OpenSSL's bound without compression. RFC 5246 section 6.2.3 leaves more room.
    private const int MostSealed = MostPlaintext + 256 + 64;

    // OpenSSL's buffer has three bytes more, and another reason for what does not fit into that.
    private const int MostAtAll = MostSealed + 3;

    // OpenSSL's MIN_SSL2_RECORD_LEN: a message type, a version and three lengths.
    private const int LeastSsl2Hello = 9;

    private bool _sawRecord;

    /// <summary>True when what came has no TLS version: the peer speaks something else.</summary>
    public bool IsNoTls { get; private set; }

    /// <summary>Whether a client begins with a hello in the format of SSL 2.0, which is no record.</summary>
    public bool IsV2ClientHello(ReadOnlySpan<byte> header) => state.IsServer && !_sawRecord && V2ClientHello.IsAt(header);

    /// <summary>A whole record was taken in.</summary>
    public void RecordTaken() => _sawRecord = true;

    /// <summary>Whether a record may go on after its header.</summary>
    /// <param name="header">The five bytes, and whatever follows them.</param>
    public bool Allows(ReadOnlySpan<byte> header) => Judge(header) is null;

    /// <summary>Refuses a record by its header.</summary>
    /// <param name="header">The five bytes, and whatever follows them.</param>
    /// <exception cref="FatalAlertException">It is refused, with an alert.</exception>
    /// <exception cref="TlsError">It is refused, and the peer would make nothing of an alert.</exception>
    public void Check(ReadOnlySpan<byte> header)
    {
        if (Judge(header) is not { } refusal)
        {
            return;
        }

        IsNoTls = header[1] != 3;
        throw refusal.Alert is { } alert ? state.Fail(refusal.Reason, alert) : TlsError.Ssl("SSL", refusal.Reason);
    }

    private Refusal? Judge(ReadOnlySpan<byte> header)
    {
        if (IsV2ClientHello(header))
        {
            return JudgeV2ClientHello(header);
        }

        var type = (ContentType)header[0];
        int version = BinaryPrimitives.ReadUInt16BigEndian(header[1..]);
        int length = BinaryPrimitives.ReadUInt16BigEndian(header[3..]);
        Refusal? refusal = _sawRecord ? JudgeVersion(type, version) : JudgeFirst(header);
        if (refusal is null && state.Version == ProtocolVersion.TLSv13 && state.HasHandshakeKeys)
        {
            refusal = JudgeProtected(type, version);
        }

        return refusal ?? length switch
        {
            > MostAtAll => new Refusal("PACKET_LENGTH_TOO_LONG", AlertDescription.record_overflow),
            _ when length > (rules.IsTls13 ? state.SealedLimit : MostSealed) => new Refusal("ENCRYPTED_LENGTH_TOO_LONG", AlertDescription.record_overflow),
            _ => null,
        };
    }

    private static Refusal? JudgeFirst(ReadOnlySpan<byte> header) => header[1] != 3 ? new Refusal(NameNoTls(header), null) : null;

    private Refusal? JudgeVersion(ContentType type, int version)
    {
        if (version >> 8 == 3 && (state.Version is 0 or ProtocolVersion.TLSv13 || version == state.Version))
        {
            return null;
        }

        // An alert of another version is hardly a question: OpenSSL does not answer it, as long as nothing is protected.
        bool isAlert = type == ContentType.alert && version >> 8 == 3 && state.Writing is null;
        return new Refusal("WRONG_VERSION_NUMBER", isAlert ? null : AlertDescription.protocol_version);
    }

    private Refusal? JudgeProtected(ContentType type, int version)
    {
        // RFC 8446 appendix D.4: until the peer's Finished it may send ChangeCipherSpec, which means nothing.
        bool hasPlace = type == ContentType.application_data || type == ContentType.change_cipher_spec && !state.IsComplete || rules.MayBePlain(type);
        return !hasPlace ? new Refusal("BAD_RECORD_TYPE", AlertDescription.unexpected_message)
            : version != ProtocolVersion.TLSv12 ? new Refusal("WRONG_VERSION_NUMBER", AlertDescription.decode_error)
            : null;
    }

    private static Refusal? JudgeV2ClientHello(ReadOnlySpan<byte> header) => V2ClientHello.LengthIn(header) switch
    {
        > MostAtAll + RecordCipher.HeaderLength - V2ClientHello.HeaderLength => new Refusal("PACKET_LENGTH_TOO_LONG", AlertDescription.record_overflow),
        > MostSealed => new Refusal("ENCRYPTED_LENGTH_TOO_LONG", AlertDescription.record_overflow),
        < LeastSsl2Hello => new Refusal("LENGTH_TOO_SHORT", AlertDescription.decode_error),
        _ => null,
    };

    // What speaks something else than TLS would not understand an alert.
    private static string NameNoTls(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("GET "u8) || bytes.StartsWith("POST "u8) || bytes.StartsWith("HEAD "u8) || bytes.StartsWith("PUT "u8))
        {
            return "HTTP_REQUEST";
        }

        return bytes.StartsWith("CONNE"u8) ? "HTTPS_PROXY_REQUEST" : "WRONG_VERSION_NUMBER";
    }

    private readonly record struct Refusal(string Reason, AlertDescription? Alert);
}
