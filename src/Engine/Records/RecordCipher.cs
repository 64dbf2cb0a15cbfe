using System.Buffers.Binary;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Records;

/// <summary>
/// The record protection of a connection under one set of keys, with a sequence number for each direction (RFC 8446 section
/// 5.3).
/// </summary>
internal abstract class RecordCipher : IDisposable
{
    /// <summary>The length of a record header in bytes (RFC 8446 section 5.1).</summary>
    public const int HeaderLength = 5;

    /// <summary>
    /// The length of the first record in <paramref name="bytes"/>, header included, or of the header alone while that is
    /// incomplete.
    /// </summary>
    public static int RecordLength(ReadOnlySpan<byte> bytes)
        => HeaderLength + (bytes.Length < HeaderLength ? 0 : BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]));

    /// <summary>
    /// The number of full-size records that AES-GCM may protect under one key: 2^24.5 (RFC 8446 section 5.5), rounded down to a power of two.
    /// </summary>
    public const long GcmRecordLimit = 1L << 24;

    /// <summary>The number of records protected by the current write key.</summary>
    public long WriteSequence { get; protected internal set; }

    /// <summary>The number of records opened by the current read key.</summary>
    public long ReadSequence { get; protected internal set; }

    /// <summary>The limit for AES-CCM: 2^23 records (RFC 9147 section 4.5.3).</summary>
    public const long CcmRecordLimit = 1L << 23;

    /// <summary>The number of records that one key may protect; tests lower it.</summary>
    public long RecordLimit { get; set; } = long.MaxValue;

    /// <summary>True when the write key has reached the record limit.</summary>
    public bool NeedsKeyUpdate => HidesContentType && WriteSequence >= RecordLimit;

    /// <summary>True when the peer's key has reached the record limit without a key update.</summary>
    public bool NeedsPeerUpdate => HidesContentType && ReadSequence >= RecordLimit;

    /// <summary>True in TLS 1.3, whose records encrypt the content type (RFC 8446 section 5.2).</summary>
    public virtual bool HidesContentType => false;

    /// <summary>True when the IV of a record is the end of the previous record, which an attacker can see (CBC before TLS 1.1).</summary>
    public virtual bool HasKnownVector => false;

    /// <summary>The maximum length of a record that protects <paramref name="plaintextLength"/> bytes.</summary>
    public abstract int SealedLength(int plaintextLength);

    /// <summary>Protects a plaintext and writes the whole record, header included.</summary>
    /// <param name="contentType">The content type (RFC 8446 section 5.1).</param>
    /// <param name="recordVersion">The legacy_record_version of the header.</param>
    /// <param name="plaintext">At most 16384 bytes.</param>
    /// <param name="record">At least <see cref="SealedLength"/> bytes.</param>
    /// <returns>The length of the record in bytes.</returns>
    public abstract int Seal(ContentType contentType, ushort recordVersion, ReadOnlySpan<byte> plaintext, Span<byte> record);

    /// <summary>Opens the record at <paramref name="offset"/> in place.</summary>
    /// <param name="buffer">The buffer that holds the record, header included.</param>
    /// <param name="offset">The offset of the record's header.</param>
    /// <param name="fragmentLength">The length field of the header.</param>
    /// <param name="plaintextOffset">The offset of the plaintext in <paramref name="buffer"/>.</param>
    /// <param name="plaintextLength">The length of the plaintext.</param>
    /// <returns>The content type. Failures raise a <see cref="FatalAlertException"/>.</returns>
    public abstract ContentType Open(byte[] buffer, int offset, int fragmentLength, out int plaintextOffset, out int plaintextLength);

    /// <summary>Opens a record directly into <paramref name="destination"/>.</summary>
    /// <param name="record">The record, header included; not modified.</param>
    /// <param name="destination">Receives the plaintext. The bytes after the plaintext may be overwritten up to the length of the padding.</param>
    /// <param name="contentType">The content type.</param>
    /// <param name="plaintextLength">The length of the plaintext.</param>
    /// <returns>False when the plaintext does not fit or this is not supported. Failures raise a <see cref="FatalAlertException"/>.</returns>
    public virtual bool TryOpenInto(ReadOnlySpan<byte> record, Span<byte> destination, out ContentType contentType, out int plaintextLength)
    {
        contentType = 0;
        plaintextLength = 0;
        return false;
    }

    /// <summary>The maximum plaintext length in a fragment of a given length.</summary>
    public abstract int PlaintextLimit(int fragmentLength);

    /// <summary>Releases the keys; the cipher cannot be used any more.</summary>
    public abstract void Dispose();

    /// <summary>Aborts the connection before a sequence number would wrap (RFC 8446 section 5.3).</summary>
    protected static void CheckSequence(long sequence)
    {
        if (sequence == long.MaxValue)
        {
            throw Refuse("SEQUENCE_CTR_WRAPPED", AlertDescription.internal_error);
        }
    }

    /// <summary>Creates the error for a record that fails authentication.</summary>
    public static FatalAlertException Refuse(string reason, AlertDescription alert)
        => new(alert, Errors.TlsError.Ssl("SSL", reason, (byte)alert));

    /// <summary>Writes a record header (RFC 8446 section 5.1).</summary>
    public static void WriteHeader(Span<byte> record, ContentType type, ushort version, int fragmentLength)
    {
        record[0] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(record[1..], version);
        BinaryPrimitives.WriteUInt16BigEndian(record[3..], (ushort)fragmentLength);
    }
}
