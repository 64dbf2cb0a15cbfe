using SslModule.Engine.Records;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>
/// Early data, which a server of ours never takes: what a client sent of it before it could know is passed over unread
/// (RFC 8446 section 4.2.10).
/// </summary>
internal sealed class RefusedEarlyData(HandshakeState state)
{
    // OpenSSL's default bound, which is also the longest record: more would be work for nothing.
    private const int Most = 1 << 14;

    // The content type and the tag.
    private const int Overhead = 1 + 16;

    private int _passed;

    /// <summary>True from the ClientHello that announces early data until the first record that is none.</summary>
    public bool MayCome { get; private set; }

    /// <summary>Takes the extension's data.</summary>
    public void Announced(ReadOnlyMemory<byte> data)
        => MayCome = data.IsEmpty ? true : throw state.Fail("BAD_EXTENSION", AlertDescription.decode_error);

    /// <summary>The second ClientHello came: early data is over.</summary>
    public void Over() => MayCome = false;

    /// <summary>Whether a record is early data: before the server's keys every protected one, with them what they do not open.</summary>
    /// <exception cref="FatalAlertException">There was too much of it.</exception>
    public bool IsPassedOver(ReadOnlySpan<byte> record)
    {
        if (!MayCome || (ContentType)record[0] != ContentType.application_data || state.Version != ProtocolVersion.TLSv13)
        {
            return false;
        }

        if (state.Reading is AeadRecordCipher cipher && cipher.Opens(record))
        {
            Over();
            return false;
        }

        // A record without content costs a decryption too.
        _passed += Math.Max(1, record.Length - RecordCipher.HeaderLength - Overhead);
        return _passed <= Most ? true : throw state.Fail("TOO_MUCH_EARLY_DATA", AlertDescription.unexpected_message);
    }
}
