using SslModule.Engine.Records;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>
/// Early data. The server never accepts it, and skips what the client sends of it (RFC 8446 section 4.2.10).
/// </summary>
internal sealed class RejectedEarlyData(HandshakeState state)
{
    // OpenSSL's default limit, which is also the maximum record length.
    private const int MaxLength = 1 << 14;

    // The content type and the tag.
    private const int Overhead = 1 + 16;

    private int _skipped;

    /// <summary>True from a ClientHello with the early_data extension until the first record that is not early data.</summary>
    public bool IsExpected { get; private set; }

    /// <summary>The ClientHello has the early_data extension.</summary>
    public void Offered(ReadOnlyMemory<byte> data)
        => IsExpected = data.IsEmpty ? true : throw state.Fail("BAD_EXTENSION", AlertDescription.decode_error);

    /// <summary>No more early data is expected, because the second ClientHello was received.</summary>
    public void End() => IsExpected = false;

    /// <summary>Whether a record is early data to skip: any protected record before the server has keys, then any that fails to decrypt.</summary>
    /// <exception cref="FatalAlertException">There was too much early data.</exception>
    public bool TrySkip(ReadOnlySpan<byte> record)
    {
        if (!IsExpected || (ContentType)record[0] != ContentType.application_data || state.Version != ProtocolVersion.TLSv13)
        {
            return false;
        }

        if (state.Reading is AeadRecordCipher cipher && cipher.CanOpen(record))
        {
            End();
            return false;
        }

        // Count empty records too: each costs a decryption.
        _skipped += Math.Max(1, record.Length - RecordCipher.HeaderLength - Overhead);
        return _skipped <= MaxLength ? true : throw state.Fail("TOO_MUCH_EARLY_DATA", AlertDescription.unexpected_message);
    }
}
